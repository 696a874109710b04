"""Write a table of measured refractive indices of small organic liquids.

The values are those of the CRC Handbook of Chemistry and Physics as the package `chemicals` carries
them; structures and names come from the same package.

    python docs/tutorial/refractive_index.py refractive_index.csv
"""

import csv
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from chemicals.identifiers import search_chemical
from chemicals.refractivity import RI_data_CRC_organic
from rdkit import Chem

N_MOLECULES = 120
TEMPERATURE = 293.15  # K, at which most values were measured
ELEMENTS = {"C", "N", "O", "F", "S", "Cl", "Br"}
HEAVY_ATOMS = range(4, 9)


def main(path: str) -> None:
    """Write the table: number in the CAS registry, name, SMILES and refractive index."""
    rows = sorted(small_liquids(), key=lambda row: hashlib.sha256(row[0].encode()).digest())
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["cas", "name", "smiles", "n"])
        writer.writerows(sorted(rows[:N_MOLECULES]))


def small_liquids() -> Iterator[tuple[str, str, str, float]]:
    """Yield the small organic molecules that were measured at 20 °C."""
    table = RI_data_CRC_organic
    measured = table[(table["RIT"] - TEMPERATURE).abs() < 0.1]["RI"]
    for cas, index in measured.items():
        try:
            known = search_chemical(cas)
        except ValueError:  # not among the structures of the package
            continue
        mol = Chem.MolFromSmiles(known.smiles)
        if mol is not None and is_small(mol):
            yield cas, known.common_name, known.smiles, float(index)


def is_small(mol: Chem.Mol) -> bool:
    """Tell whether a molecule is one neutral component of a few common atoms."""
    return (
        len(Chem.GetMolFrags(mol)) == 1
        and Chem.GetFormalCharge(mol) == 0
        and mol.GetNumHeavyAtoms() in HEAVY_ATOMS
        and {atom.GetSymbol() for atom in mol.GetAtoms()} <= ELEMENTS
    )


if __name__ == "__main__":
    main(sys.argv[1])
