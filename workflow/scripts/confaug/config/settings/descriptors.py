"""Settings of the descriptors."""

from typing import Literal

from confaug.config.settings.base import Positive, Section


class DescriptorSettings(Section):
    """From structures to numbers."""

    engine: Literal["batched", "mordred"] = "batched"
    """Program that computes the 2D and 3D descriptors: the batched engine of this project, or stock
    mordred. Their values are equal; in 2D, stock mordred does not finish some large polycycles."""
    seconds_per_molecule_2d: Positive = 120
    """Time limit for the 2D descriptors of a molecule, in seconds of processor time. Descriptors
    that are not finished in time are missing."""
