"""What a family of descriptors has to offer."""

from abc import ABC, abstractmethod
from collections.abc import Set
from typing import ClassVar

import numpy as np

from confaug.descriptors.mordred2d.molecule import Molecule
from confaug.descriptors.mordred2d.reasons import Reason


class Family(ABC):
    """Descriptors that are calculated together.

    A subclass sets `names` and calculates its values for one molecule at a time from what
    `molecule.Molecule` shares between the families. A family holds nothing of a molecule.
    """

    #: Names of the descriptors, in the order of the values.
    names: tuple[str, ...]
    #: Whether mordred defines the descriptors for a single component alone.
    needs_one_component: ClassVar[bool] = False
    #: Code and text of the reason for any gap of the family, if it has only one.
    only_reason: ClassVar[tuple[str, str] | None] = None

    @abstractmethod
    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values, float64 (names,); NaN or infinite where undefined."""

    def reasons(self, molecule: Molecule, lost: set[str]) -> list[Reason]:
        """Say which descriptors are undefined for this molecule, as far as it can be told.

        Parameters
        ----------
        molecule
            The molecule.
        lost
            Names that have no value. A reason may name others as well.
        """
        return []

    def only(self, wanted: Set[str]) -> "Family":
        """Return a family that calculates these of its names, and maybe others, at less cost."""
        return self

    def known_reasons(self, molecule: Molecule, lost: set[str]) -> list[Reason]:
        """Return `reasons`, or the one reason that comes before all others."""
        if self.needs_one_component and molecule.n_components != 1:
            text = "the descriptor is defined for molecules of one component"
            return [Reason("several_components", text, self.names)]
        return self.reasons(molecule, lost)
