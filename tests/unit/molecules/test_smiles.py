import pytest

from confaug.molecules.smiles import (
    canonical_smiles,
    mol_with_hydrogens,
    parse_smiles,
    smiles_of_ordinary_isotopes,
)
from confaug.molecules.smiles_checks import StructureError


def test_hydrogens_follow_the_heavy_atoms():
    numbers = [atom.GetAtomicNum() for atom in mol_with_hydrogens("CO").GetAtoms()]
    assert numbers == [6, 8, 1, 1, 1, 1]


@pytest.mark.parametrize("text", ["", "CC OC1", "\u0421CO", "CC>>CO", "C~C"])
def test_what_rdkit_would_read_as_something_else_is_refused(text):
    with pytest.raises(StructureError):
        parse_smiles(text)


@pytest.mark.parametrize(
    ("labelled", "ordinary"), [("[2H]C(Cl)(Cl)Cl", "ClC(Cl)Cl"), ("[13CH3]O", "CO"), ("CO", "CO")]
)
def test_isotopes_become_ordinary(labelled, ordinary):
    assert smiles_of_ordinary_isotopes(labelled) == ordinary


def test_canonical_smiles_stay_the_same():
    once = canonical_smiles(parse_smiles("OC(=O)CCCCC(=O)O.OCCO"))
    assert canonical_smiles(parse_smiles(once)) == once
