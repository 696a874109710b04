"""Random chains as text, whose cut and direction can be changed without the code under test."""

from random import Random

from hypothesis import strategies as st
from rdkit import Chem

from confaug.molecules.polymerisation.joining import chain_bonds, read_unit, rotate, unit_smiles

#: Diradicals whose SMILES can be put one behind the other: the chain enters at the first atom and
#: leaves from the last one outside brackets.
SEGMENTS = (
    "C",
    "O",
    "N",
    "S",
    "C(C)",
    "C(F)(F)",
    "C(=O)",
    "S(=O)(=O)",
    "[Si](C)(C)",
    "C(CC#N)",
    "C(c1ccccc1)",
    "C(C)(C(=O)OCC(C)C)",
    "[C@H](C)",
    "[C@](F)(CCl)",
    "C/C=C/C",
    "C/C=C\\C",
    "CC#CC",
    "c1ccc(cc1)",
    "c1cc(ccc1)",
    "c1cc2cc(ccc2cc1)",
    "c1c(C)cc(c(Cl)c1)",
    "C1CCC(CC1)",
    "C1(CCCCC1)",
    "N1C(=O)CC(C1=O)",
    "c1ccc(s1)",
    "C([2H])",
    "C(C[N+](C)(C)C)",
)

segments = st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=6)


def unit(parts: list[str]) -> str:
    """Write a unit of segments with its two open ends."""
    return f"*{''.join(parts)}*"


def rotated(parts: list[str], places: int) -> list[str]:
    """Cut the same chain some segments further on."""
    places %= len(parts)
    return parts[places:] + parts[:places]


def cut_anywhere(parts: list[str], data: st.DataObject) -> str:
    """Write the same chain cut at any of its bonds, which may be within a segment.

    The cut itself is that of the library.
    """
    mol = read_unit(unit(parts))
    bonds = chain_bonds(mol)
    return unit_smiles(rotate(mol, data.draw(st.sampled_from(bonds))) if bonds else mol)


def respelled(smiles: str, random: Random) -> str:
    """Write the same structure with its atoms in another order."""
    mol = Chem.MolFromSmiles(smiles)
    order = list(range(mol.GetNumAtoms()))
    random.shuffle(order)
    return Chem.MolToSmiles(Chem.RenumberAtoms(mol, order), canonical=False)
