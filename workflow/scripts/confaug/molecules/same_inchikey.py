"""Structures that InChI does not tell apart."""

from collections.abc import Iterator, Mapping
from itertools import permutations

from confaug.infrastructure.text import quoted
from confaug.molecules.rows import Row
from confaug.molecules.tautomers import find_tautomers


def flag_twins(by_smiles: Mapping[str, list[Row]]) -> None:
    """Warn in the rows of molecules that may be one substance in two forms."""
    told: set[tuple[str, str]] = set()
    for group in find_tautomers(by_smiles):
        told.update(permutations(group, 2))
        for smiles in group:
            others = ", ".join(quoted(other) for other in group if other != smiles)
            for row in by_smiles[smiles]:
                row.warnings.append(f"may be a tautomer of {others}, another molecule in the table")
    for group in _equal_inchikeys(by_smiles):
        for smiles in group:
            twins = [one for one in group if one != smiles and (smiles, one) not in told]
            for row in by_smiles[smiles] if twins else ():
                row.warnings.append(
                    f"has the same InChIKey as {', '.join(map(quoted, twins))}, another molecule "
                    "in the table; if both are one substance, write them in the same way"
                )


def _equal_inchikeys(by_smiles: Mapping[str, list[Row]]) -> Iterator[tuple[str, ...]]:
    """Yield SMILES that InChI does not tell apart, such as two ways to write the charges."""
    groups: dict[str, list[str]] = {}
    for smiles, rows in by_smiles.items():
        structure = rows[0].structure
        if structure and structure.inchikey:
            groups.setdefault(structure.inchikey, []).append(smiles)
    yield from (tuple(sorted(group)) for group in groups.values() if len(group) > 1)
