import hashlib

import pytest

from confaug.structures import StructureError, mol_with_hydrogens, molecule_id, parse_smiles


def test_molecule_id_is_the_start_of_the_hash():
    assert molecule_id("CCO") == "m" + hashlib.sha256(b"CCO").hexdigest()[:12]


def test_hydrogens_follow_the_heavy_atoms():
    numbers = [atom.GetAtomicNum() for atom in mol_with_hydrogens("CO").GetAtoms()]
    assert numbers == [6, 8, 1, 1, 1, 1]


@pytest.mark.parametrize("text", ["", "C(", "not a structure"])
def test_no_structure_is_an_error(text):
    with pytest.raises(StructureError):
        parse_smiles(text)
