"""2D descriptors: equal to stock mordred, bounded, and independent of the company."""

import warnings

import numpy as np
import pyarrow as pa
import pytest
from mordred import Calculator, McGowanVolume, Polarizability, descriptors
from mordred.error import MissingValueBase
from rdkit import Chem

from confaug.descriptors import describe_2d as descriptors_2d
from confaug.descriptors.describe_2d import (
    ENUMERATING,
    describe_shard_2d,
    family_columns,
    sum_in_order,
)
from confaug.descriptors.names import NAMES_2D
from confaug.molecules.structures import molecule_id
from confaug.tables.descriptors import DESCRIPTORS_2D
from confaug.tables.engine import check_table
from confaug.tables.failures import FAILURES
from confaug.tables.molecules import SHARD

SECONDS = 60.0
SMILES = [
    "C=CC(=O)OCc1ccccc1",
    "O=C(O)c1ccc(C(=O)O)cc1.OCCO",
    "[He]",
    "[H][H]",
    "[Cl-].[Na+]",
    "C[Se]C",
    "C[Si](C)(C)O[Si](C)(C)C",
    "CC(=O)[O-].C[NH3+]",
    "C1CC2CCC1C2",
]


def shard_of(*smiles):
    rows = [{"molecule": molecule_id(text), "smiles": text} for text in smiles]
    return pa.Table.from_pylist(rows, schema=SHARD.schema())


def values_of(table, smiles):
    place = table["molecule"].to_pylist().index(molecule_id(smiles))
    return np.array([table[name][place].as_py() for name in NAMES_2D])


@pytest.fixture(scope="module")
def described():
    return describe_shard_2d(shard_of(*SMILES), SECONDS)


@pytest.mark.parametrize("smiles", SMILES)
def test_values_are_those_of_stock_mordred(described, smiles):
    calculator = Calculator(descriptors, ignore_3D=True)
    with warnings.catch_warnings(action="ignore"):
        stock = list(calculator(Chem.MolFromSmiles(smiles)))
    assert tuple(map(str, calculator.descriptors)) == NAMES_2D
    expected = [np.nan if isinstance(one, MissingValueBase) else float(one) for one in stock]
    expected = np.where(np.isinf(expected), np.nan, expected)
    np.testing.assert_allclose(values_of(described[0], smiles), expected, rtol=1e-12, atol=1e-12)


def test_tables_are_as_declared(described):
    table, failures = described
    assert check_table(table, DESCRIPTORS_2D).column_names == ["molecule", *NAMES_2D]
    assert table["molecule"].to_pylist() == sorted(molecule_id(text) for text in SMILES)
    assert check_table(failures, FAILURES).num_rows == 0


def test_there_are_no_infinities(described):
    matrix = np.array([described[0][name].to_numpy() for name in NAMES_2D])
    assert not np.isinf(matrix).any()


def test_company_and_order_change_nothing(described):
    backwards, _ = describe_shard_2d(shard_of(*SMILES[:3][::-1]), SECONDS)
    for smiles in SMILES[:3]:
        np.testing.assert_array_equal(values_of(backwards, smiles), values_of(described[0], smiles))


def test_sums_do_not_depend_on_the_interpreter(described):
    tenths = [0.1] * 10  # the built-in sum gives 1.0 from Python 3.12 on
    assert sum_in_order(tenths) == 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 < 1
    assert (sum_in_order([True, 2]), sum_in_order([]), sum_in_order([[1]], [])) == (3, 0, [1])
    for module in (McGowanVolume, Polarizability):
        assert vars(module)["sum"] is sum_in_order


def test_the_families_share_out_every_column():
    columns = family_columns()
    assert list(columns) == ["others", *ENUMERATING]
    assert sorted(np.concatenate(list(columns.values()))) == list(range(1613))
    assert all(len(places) for places in columns.values())


def test_what_does_not_end_is_given_up_alone(monkeypatch):
    original = descriptors_2d._calculate_task

    def endless_for_rings(task, calculators):
        while task == ("C1CC1", "PathCount"):
            pass
        return original(task, calculators)

    monkeypatch.setattr(descriptors_2d, "_calculate_task", endless_for_rings)
    table, failures = describe_shard_2d(
        shard_of("C1CC1", "CC"),
        2 * len(family_columns()),
    )
    (row,) = failures.to_pylist()
    assert (row["stage"], row["molecule"]) == ("describe_2d", molecule_id("C1CC1"))
    assert row["reason"].startswith("21 descriptors of the family PathCount: given up after")
    lost = family_columns()["PathCount"]
    undisturbed, _ = describe_shard_2d(shard_of("C1CC1", "CC"), SECONDS)
    expected = values_of(undisturbed, "C1CC1")
    expected[lost] = np.nan
    np.testing.assert_array_equal(values_of(table, "C1CC1"), expected)
    np.testing.assert_array_equal(values_of(table, "CC"), values_of(undisturbed, "CC"))


def test_a_fullerene_keeps_its_other_descriptors():
    cage = (
        "c12c3c4c5c1c1c6c7c2c2c8c3c3c9c4c4c%10c5c5c1c1c6c6c%11c7c2c2c7c8c3c3c8c9c4c4c9c%10c5c5"
        "c1c1c6c6c%11c2c2c7c3c3c8c4c4c9c5c1c1c6c2c3c41"
    )
    # one second for each of the five parts, of which the quick ones need a fifth
    table, failures = describe_shard_2d(shard_of(cage), 5)
    given_up = [text.split()[5].rstrip(":") for text in failures["reason"].to_pylist()]
    assert "PathCount" in given_up
    assert "others" not in given_up
    assert np.isfinite(values_of(table, cage)).sum() > 1000


@pytest.mark.parametrize(
    ("labelled", "ordinary"),
    [
        ("[2H]C(Cl)(Cl)Cl", "ClC(Cl)Cl"),
        ("[2H]O[2H]", "O"),
        ("[2H]OC([2H])([2H])[2H]", "CO"),
        ("[3H]c1ccccc1", "c1ccccc1"),
        ("[2H]CCO", "CCO"),
        ("[13CH3]C[18OH]", "CCO"),
        ("[2H][C@H](C)O", "CCO"),
        ("[2H]/C=C/C", "C=CC"),
    ],
)
def test_isotopes_are_described_as_the_ordinary_ones(labelled, ordinary):
    labelled, ordinary = Chem.CanonSmiles(labelled), Chem.CanonSmiles(ordinary)
    assert labelled != ordinary
    table, _ = describe_shard_2d(shard_of(labelled, ordinary), SECONDS)
    np.testing.assert_array_equal(values_of(table, labelled), values_of(table, ordinary))
