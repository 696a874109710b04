"""Settings of the descriptors."""

from typing import Annotated, Literal

from pydantic import Field

from confaug.config.settings.base import UNIQUE, Positive, Section


class DescriptorSettings(Section):
    """From structures to numbers."""

    engine: Literal["batched", "mordred"] = "batched"
    """Program that computes the 2D and 3D descriptors: the batched engine of this project, or stock
    mordred. Their values are equal; in 2D, stock mordred does not finish some large polycycles."""
    seconds_per_molecule_2d: Positive = 120
    """Time limit for the 2D descriptors of a molecule, in seconds of processor time. Descriptors
    that are not finished in time are missing."""
    partial_charges: Annotated[tuple[Literal["gasteiger", "mmff"], ...], UNIQUE] = ()
    """Atomic charges from which dipole moment, quadrupole moments and the like of each conformer
    are calculated, in addition to the 213 3D descriptors of mordred: Gasteiger's, those of MMFF94,
    both or none."""
    boltzmann_temperature: Annotated[float, Field(ge=1, le=10000)] = 298.15
    """Temperature of the Boltzmann-weighted means of `boltzmann_3d` and
    `ensemble_statistics_3d`, in K."""
    energy_window: Annotated[float, Field(gt=0, le=10000)] = 5
    """Conformers up to this far above the one of lowest energy have a weight in these means, in
    kcal/mol."""
