"""The names of the columns of every kind that is calculated from a structure."""

from collections.abc import Sequence

from confaug.descriptors.names import AS_GIVEN, NAMES_2D


def column_names(kind: str) -> Sequence[str]:
    """Return the names of a kind's columns, as its table has them."""
    structure = kind.removesuffix(AS_GIVEN)
    if structure == "rdkit_2d":
        from confaug.descriptors.rdkit_2d import NAMES_RDKIT

        return NAMES_RDKIT
    if structure == "rdkit_2d_per_atom":
        from confaug.descriptors.intensive import NAMES_PER_ATOM

        return NAMES_PER_ATOM
    if structure == "rdkit_2d_increments":
        from confaug.descriptors.intensive import NAMES_INCREMENTS

        return NAMES_INCREMENTS
    if structure == "morgan_counts":
        from confaug.descriptors.fingerprints import NAMES_MORGAN

        return NAMES_MORGAN
    if structure == "backbone":
        from confaug.descriptors.backbone.describe import NAMES_BACKBONE

        return NAMES_BACKBONE
    return NAMES_2D
