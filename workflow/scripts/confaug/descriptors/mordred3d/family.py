"""What a family of descriptors has to offer."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from confaug.descriptors.mordred3d.reasons import Reason
from confaug.descriptors.mordred3d.shapes import Shapes
from confaug.descriptors.mordred3d.topology import Topology


class Family(ABC):
    """Descriptors that belong together, made once per molecule and called per batch.

    A subclass lists `names`, prepares in its constructor whatever depends on the topology alone,
    and calculates its columns from `shapes.Shapes` for all conformers at once. Rows must not
    depend on each other.
    """

    names: ClassVar[tuple[str, ...]]

    def __init__(self, topology: Topology) -> None:
        self.topology = topology

    @abstractmethod
    def describe(self, shapes: Shapes) -> np.ndarray:
        """Return the values, float64 (conformers, names); NaN where undefined."""

    def reasons(self) -> list[Reason]:
        """Say which descriptors are undefined for every conformer of the molecule."""
        return []
