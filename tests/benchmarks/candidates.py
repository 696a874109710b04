"""Make a table of candidates: monomer-like molecules put together from pieces of the bundled ones.

    python tests/benchmarks/candidates.py 100000 candidates.csv

Every bond outside of rings cuts a bundled molecule in two. Two pieces of different molecules are
joined. The same number always gives the same table, and a smaller table is the beginning of a
larger one.
"""

import argparse
import csv
import hashlib
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from rdkit import Chem, rdBase

TABLE = Path(__file__).parents[2] / "resources" / "polymer_tg.csv"
#: Heavy atoms of a piece, and the number of pieces: half of their pairs are more than enough.
SMALLEST, LARGEST, PIECES = 2, 14, 800


def bundled() -> list[str]:
    """Return the canonical SMILES of the bundled table."""
    return sorted(set(map(Chem.MolToSmiles, bundled_mols())))


def bundled_mols() -> list[Chem.Mol]:
    """Return the molecules of the bundled table; one of its SMILES is invalid and left out."""
    with TABLE.open(encoding="utf-8", newline="") as file, rdBase.BlockLogs():
        mols = [Chem.MolFromSmiles(row["smiles"]) for row in csv.DictReader(file)]
    return [mol for mol in mols if mol is not None]


def pieces() -> list[str]:
    """Return pieces of the bundled molecules, each with one open end, in the order of a hash."""
    found = set()
    for mol in bundled_mols():
        for bond in mol.GetBonds():
            if bond.IsInRing() or bond.GetBondType() != Chem.BondType.SINGLE:
                continue
            halves = Chem.FragmentOnBonds(mol, [bond.GetIdx()], dummyLabels=[(0, 0)])
            for half in Chem.GetMolFrags(halves, asMols=True):
                ends = sum(not atom.GetAtomicNum() for atom in half.GetAtoms())
                if ends == 1 and SMALLEST <= half.GetNumHeavyAtoms() - 1 <= LARGEST:
                    found.add(Chem.MolToSmiles(half, isomericSmiles=False))
    return sorted(found, key=_digest)[:PIECES]


def candidates(count: int) -> Iterator[str]:
    """Yield different canonical SMILES, always the same ones in the same order."""
    pairs = sorted(combinations(pieces(), 2), key=lambda pair: _digest("|".join(pair)))
    seen: set[str] = set()
    for pair in pairs:
        if len(seen) == count:
            return
        smiles = _joined(*map(Chem.MolFromSmiles, pair))
        if smiles not in seen:
            seen.add(smiles)
            yield smiles
    if len(seen) < count:
        raise SystemExit(f"there are only {len(seen)} candidates; ask for fewer than {count}")


def _joined(first: Chem.Mol, second: Chem.Mol) -> str:
    """Join two molecules at their open ends."""
    both = Chem.RWMol(Chem.CombineMols(first, second))
    ends = [atom for atom in both.GetAtoms() if not atom.GetAtomicNum()]
    neighbours = [end.GetNeighbors()[0].GetIdx() for end in ends]
    both.AddBond(*neighbours, Chem.BondType.SINGLE)
    for index in sorted((end.GetIdx() for end in ends), reverse=True):
        both.RemoveAtom(index)
    Chem.SanitizeMol(both)
    return Chem.MolToSmiles(both)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def write_candidates(count: int, path: str | Path) -> None:
    """Write a table with the columns `smiles` and `name`."""
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["smiles", "name"])
        writer.writerows((s, f"candidate {i}") for i, s in enumerate(candidates(count), 1))


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("table", type=Path)
    options = parser.parse_args()
    write_candidates(options.count, options.table)


if __name__ == "__main__":
    main()
