"""The kinds of columns with one row per molecule, declared once."""

from dataclasses import dataclass
from typing import Literal

#: The end of the name of a kind that describes the structure as given, where another form of it is
#: modelled.
AS_GIVEN = "_as_given"


@dataclass(frozen=True)
class StructureKind:
    """A kind of columns that is calculated from a structure.

    Attributes
    ----------
    structure
        Column of SHARD with the structure that is described: the modelled one, the one as given or
        the repeat unit. Only the first makes sense where polymers are not modelled.
    counts
        Whether its columns are counts, which a Tanimoto kernel can compare.
    """

    structure: Literal["smiles", "smiles_as_given", "repeat_unit"] = "smiles"
    counts: bool = False


#: By name; `confaug.descriptors.molecule_kinds` says how they are calculated.
STRUCTURE_KINDS: dict[str, StructureKind] = {
    "mordred_2d": StructureKind(),
    "rdkit_2d": StructureKind(),
    "rdkit_2d_per_atom": StructureKind(),
    "rdkit_2d_increments": StructureKind("repeat_unit"),
    "morgan_counts": StructureKind(counts=True),
    "backbone": StructureKind("repeat_unit"),
    f"mordred_2d{AS_GIVEN}": StructureKind("smiles_as_given"),
    f"rdkit_2d{AS_GIVEN}": StructureKind("smiles_as_given"),
    f"morgan_counts{AS_GIVEN}": StructureKind("smiles_as_given", counts=True),
}
#: The kinds that describe repeat units, which not every molecule has.
OF_UNITS = tuple(name for name, kind in STRUCTURE_KINDS.items() if kind.structure == "repeat_unit")
#: The kind that comes from the user's table and not from a structure.
OWN_KIND = "own_columns"
MOLECULE_KINDS: tuple[str, ...] = (*STRUCTURE_KINDS, OWN_KIND)
