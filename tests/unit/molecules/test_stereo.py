import pytest
from rdkit import Chem

from confaug.molecules.smiles import mol_with_hydrogens
from confaug.molecules.stereo import stereoisomers
from confaug.molecules.structures import read_structure


@pytest.mark.parametrize(
    ("smiles", "count"),
    [("CCO", 1), ("C[C@H](F)Cl", 1), ("CC(F)Cl", 2), ("FC(Cl)C(F)Cl", 3), ("C[Si]", 1), ("N", 1)],
)
def test_stereoisomers(smiles, count):
    found = stereoisomers(mol_with_hydrogens(smiles), 10)
    assert len(found) == count
    assert len({read_structure(Chem.MolToSmiles(mol)).smiles for mol in found}) == count
    numbers = [atom.GetAtomicNum() for atom in mol_with_hydrogens(smiles).GetAtoms()]
    for mol in found:
        assert [atom.GetAtomicNum() for atom in mol.GetAtoms()] == numbers
        assert Chem.MolToSmiles(Chem.RemoveHs(mol), isomericSmiles=False) == Chem.CanonSmiles(
            smiles, useChiral=False
        )


def test_of_many_stereoisomers_a_fixed_choice_is_made():
    chain = mol_with_hydrogens("C(F)(Cl)" * 40)
    first, second = ([Chem.MolToSmiles(m) for m in stereoisomers(chain, 5)] for _ in range(2))
    assert first == second
    assert len(set(first)) == 5
