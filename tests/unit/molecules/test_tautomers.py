from confaug.molecules.tautomers import find_tautomers


def test_tautomers_are_found_and_isomers_are_not():
    smiles = ["CC(C)=O", "C=C(C)O", "Oc1ccccn1", "O=c1cccc[nH]1", "C[C@H](F)Cl", "C[C@@H](F)Cl"]
    smiles += ["CCC=O", "C=CCO", "F/C=C/F", "F/C=C\\F"]
    assert find_tautomers(reversed(smiles)) == [
        ("C=C(C)O", "CC(C)=O"),
        ("O=c1cccc[nH]1", "Oc1ccccn1"),
    ]
