import numpy as np
import pytest
from rdkit import Chem
from rdkit.Chem import Descriptors

from confaug.descriptors.size import extensive_descriptors, increments, per_heavy_atom
from confaug.molecules.polymerisation.oligomers import oligomer

UNITS = ("*CC(*)c1ccccc1", "*CCOC(=O)c1ccc(C(=O)O*)cc1", "*CC(*)(C)C(=O)OC", "*CCCCCC(=O)N*")
NAMES = ("MolWt", "HeavyAtomCount", "MolMR", "RingCount", "FpDensityMorgan1", "BalabanJ", "qed")
EXTENSIVE = [True, True, True, True, False, False, False]


def series(units=UNITS, sizes=(2, 3, 4, 5)):
    mols = [[Chem.MolFromSmiles(oligomer(unit, n)) for n in sizes] for unit in units]
    return np.array(
        [[[getattr(Descriptors, name)(mol) for name in NAMES] for mol in row] for row in mols]
    )


def test_extensive_descriptors_of_oligomers():
    assert extensive_descriptors(series()).tolist() == EXTENSIVE


def test_increments_are_those_of_the_unit():
    values = series()
    masses = [Descriptors.MolWt(Chem.MolFromSmiles(unit)) for unit in UNITS]
    np.testing.assert_allclose(increments(values[:, 1], values[:, 0])[:, 0], masses, atol=1e-6)


def test_size_intensive_values_approach_those_of_the_chain():
    values = series(("*CC*",), (2, 5))[0]
    intensive = per_heavy_atom(values, values[:, 1].astype(int), np.array(EXTENSIVE))
    assert (intensive[:, 1] == 1).all()
    masses = intensive[:, 0]
    assert 14.027 < masses[1] < masses[0] < 15.1
    np.testing.assert_array_equal(intensive[:, 4:], values[:, 4:])


def test_missing_values():
    values = np.array([[[1.0, 1.0], [2.0, np.nan], [3.0, 3.0]]])
    assert extensive_descriptors(values).tolist() == [True, False]
    assert np.isnan(increments(values[:, 1], values[:, 0])[0, 1])


def test_constants_and_what_grows_otherwise_are_not_extensive():
    n = np.arange(2.0, 6.0)
    columns = np.stack([np.full(4, 7.0), n, 3 * n + 1, n**2, 1 / n, np.log(n)], axis=1)
    found = extensive_descriptors(columns[None])
    assert found.tolist() == [False, True, True, False, False, False]


def test_arguments_are_checked():
    with pytest.raises(ValueError, match="three sizes"):
        extensive_descriptors(np.zeros((1, 2, 3)))
    with pytest.raises(ValueError, match="shapes differ"):
        increments(np.zeros((2, 1)), np.zeros((1, 1)))
    with pytest.raises(ValueError, match="at least one heavy atom"):
        per_heavy_atom(np.ones((1, 1)), np.array([0]), np.array([True]))
