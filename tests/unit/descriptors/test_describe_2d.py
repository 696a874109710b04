"""2D descriptors by either engine: equal to mordred, bounded, and independent of the company."""

import os
import warnings

import numpy as np
import pytest
from mordred import Calculator, descriptors
from mordred.error import MissingValueBase
from mordred2d_cases import ENDLESS
from rdkit import Chem
from shard_tables import shard_of, shard_of_samples, watch_arguments

from confaug.descriptors import describe_2d, mordred2d, stock_2d
from confaug.descriptors.describe_2d import ENGINES, describe_shard_2d
from confaug.descriptors.names import NAMES_2D
from confaug.molecules.structures import molecule_id
from confaug.tables.descriptors import DESCRIPTORS_2D
from confaug.tables.engine import check_table
from confaug.tables.failures import FAILURES

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


def values_of(table, smiles):
    place = table["molecule"].to_pylist().index(molecule_id(smiles))
    return np.array([table[name][place].as_py() for name in NAMES_2D])


@pytest.fixture(scope="module", params=ENGINES)
def engine(request):
    return request.param


@pytest.fixture(scope="module")
def described(engine):
    return describe_shard_2d(shard_of(*SMILES), SECONDS, engine)


@pytest.mark.parametrize("smiles", SMILES)
def test_values_are_those_of_stock_mordred(described, smiles):
    calculator = Calculator(descriptors, ignore_3D=True)
    with warnings.catch_warnings(action="ignore"):
        stock = list(calculator(Chem.MolFromSmiles(smiles)))
    assert tuple(map(str, calculator.descriptors)) == NAMES_2D
    expected = [np.nan if isinstance(one, MissingValueBase) else float(one) for one in stock]
    expected = np.where(np.isinf(expected), np.nan, expected)
    np.testing.assert_allclose(values_of(described[0], smiles), expected, rtol=1e-9, atol=1e-9)


def test_tables_are_as_declared(described):
    table, failures = described
    assert check_table(table, DESCRIPTORS_2D).column_names == ["molecule", *NAMES_2D]
    assert table["molecule"].to_pylist() == sorted(molecule_id(text) for text in SMILES)
    assert check_table(failures, FAILURES).num_rows == 0


def test_there_are_no_infinities(described):
    matrix = np.array([described[0][name].to_numpy() for name in NAMES_2D])
    assert not np.isinf(matrix).any()


def test_company_and_order_change_nothing(described, engine):
    backwards, _ = describe_shard_2d(shard_of(*SMILES[:3][::-1]), SECONDS, engine)
    for smiles in SMILES[:3]:
        np.testing.assert_array_equal(values_of(backwards, smiles), values_of(described[0], smiles))


def test_an_unknown_engine_is_refused():
    with pytest.raises(ValueError, match="'dragon' is not one of batched, mordred"):
        describe_shard_2d(shard_of("C"), SECONDS, "dragon")


@pytest.mark.parametrize("few", [[], ["C"]])
def test_small_shards_give_whole_tables(few, engine):
    table, failures = describe_shard_2d(shard_of(*few), SECONDS, engine)
    assert check_table(table, DESCRIPTORS_2D).num_rows == len(few)
    assert failures.num_rows == 0


def disturb(monkeypatch, action):
    """Let the batched engine do something else with three-membered rings."""
    original = describe_2d._calculate

    def disturbed(smiles, calculator):
        if "C1CC1" in smiles:
            action()
        return original(smiles, calculator)

    monkeypatch.setattr(describe_2d, "_calculate", disturbed)


def test_molecules_are_calculated_together_as_singly(monkeypatch):
    smiles = ("CC", "C1CC1", "CCO", "C" * 300, "N" * 20)
    together, _ = describe_shard_2d(shard_of(*smiles), SECONDS)
    for limits in ({"BATCH": 1}, {"BATCH": 2, "BATCH_LENGTH": 5}):
        for name, value in limits.items():
            monkeypatch.setattr(describe_2d, name, value)
        table, _ = describe_shard_2d(shard_of(*smiles), SECONDS)
        for text in smiles:
            np.testing.assert_array_equal(values_of(table, text), values_of(together, text))


@pytest.mark.parametrize(
    ("lengths", "sizes"),
    [
        ((), []),
        ((1,) * 70, [32, 32, 6]),
        ((1500, 400, 100, 1, 5000, 1), [3, 1, 1, 1]),
    ],
)
def test_batches_are_many_small_molecules_or_few_large_ones(lengths, sizes):
    smiles = ["C" * length for length in lengths]
    batches = list(describe_2d._batches(smiles))
    assert [len(batch) for batch in batches] == sizes
    assert [text for batch in batches for text in batch] == smiles


def test_some_names_give_their_columns_alone(described, engine):
    names = ["nHeavyAtom", "Xp-1d", "ATS2m"]
    table, _ = describe_shard_2d(shard_of(*SMILES[:3]), SECONDS, engine, names)
    assert table.column_names == ["molecule", *names]
    whole = described[0].to_pandas().set_index("molecule").loc[table["molecule"].to_pylist()]
    np.testing.assert_array_equal(table.to_pandas()[names].to_numpy(), whole[names].to_numpy())


def endless():
    while True:
        pass


def huge():
    bytearray(2 * describe_2d.MEMORY)


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (endless, "1613 descriptors: given up after 5 s of processor time"),
        (huge, "1613 descriptors: given up at 2 GiB of memory"),
    ],
)
def test_a_molecule_that_needs_too_much_is_given_up_alone(action, reason, monkeypatch):
    shard = shard_of("CC", "C1CC1", "CCO")
    undisturbed, _ = describe_shard_2d(shard, 5)
    disturb(monkeypatch, action)
    table, failures = describe_shard_2d(shard, 5)
    (row,) = failures.to_pylist()
    assert (row["stage"], row["molecule"]) == ("describe_2d", molecule_id("C1CC1"))
    assert row["reason"] == reason
    assert np.isnan(values_of(table, "C1CC1")).all()
    for smiles in ("CC", "CCO"):
        np.testing.assert_array_equal(values_of(table, smiles), values_of(undisturbed, smiles))


def test_a_molecule_that_raises_is_missing_alone(monkeypatch):
    def fails(calculator, mols):
        if mols[0].GetNumAtoms() == 2:
            raise ZeroDivisionError("division by zero")
        return original(calculator, mols)

    original = mordred2d.Mordred2D.__call__
    monkeypatch.setattr(mordred2d.Mordred2D, "__call__", fails)
    table, failures = describe_shard_2d(shard_of("CC", "CCO"), SECONDS)
    assert failures["reason"].to_pylist() == [
        "1613 descriptors: ZeroDivisionError: division by zero"
    ]
    assert np.isnan(values_of(table, "CC")).all()
    assert np.isfinite(values_of(table, "CCO")).any()


def test_a_structure_under_several_conditions_is_described_once(monkeypatch):
    def fails(calculator, mols):
        raise ZeroDivisionError(f"call {mols[0].GetNumAtoms()}")

    asked = watch_arguments(monkeypatch, describe_2d)
    shard = shard_of_samples([("m3", "CCO"), ("m1", "CCO"), ("m2", "CC")])
    first, second, third = describe_shard_2d(shard, SECONDS)[0].to_pylist()
    assert asked == [("CCO", "CC")]
    assert [row.pop("molecule") for row in (first, second, third)] == ["m1", "m2", "m3"]
    assert repr(first) == repr(third) != repr(second)
    monkeypatch.setattr(mordred2d.Mordred2D, "__call__", fails)
    failures = describe_shard_2d(shard, SECONDS)[1].to_pylist()
    assert sorted(row["molecule"] for row in failures) == ["m1", "m2", "m3"]


def test_an_enumeration_without_end_is_a_failure_and_costs_its_own_descriptors(monkeypatch):
    monkeypatch.setattr(mordred2d.paths, "MOST_STEPS", 10)
    table, failures = describe_shard_2d(shard_of("c1ccccc1"), SECONDS)
    reasons = failures["reason"].to_pylist()
    assert [reason.split(":")[0] for reason in reasons] == ["too_many_paths"] * 2
    values = values_of(table, "c1ccccc1")
    assert np.isnan(values[NAMES_2D.index("MPC2")])
    assert np.isfinite(values[NAMES_2D.index("DetourIndex")])


def test_compiling_is_not_the_time_of_a_molecule(monkeypatch):
    prepared = []
    kernels = type(mordred2d.Mordred2D().kernels)
    monkeypatch.setattr(kernels, "prepare", lambda self: prepared.append(os.getpid()))
    describe_shard_2d(shard_of("C"), SECONDS)
    assert prepared == [os.getpid()]  # in this process, before the one that has the limit


def test_a_fullerene_has_every_value_that_stock_mordred_gives_up():
    cage = ENDLESS["buckminsterfullerene"]
    table, failures = describe_shard_2d(shard_of(cage), SECONDS)
    assert failures.num_rows == 0
    # one second for each of the five parts, of which the quick ones need a fifth
    stock, given_up = describe_shard_2d(shard_of(cage), 5, "mordred")
    lost = {text.split()[5].rstrip(":") for text in given_up["reason"].to_pylist()}
    assert "PathCount" in lost
    assert "others" not in lost
    values, expected = values_of(table, cage), values_of(stock, cage)
    for family, places in stock_2d.family_columns().items():
        if family in lost:
            assert np.isfinite(values[places]).any()
        else:
            np.testing.assert_allclose(values[places], expected[places], rtol=1e-9, atol=1e-9)


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
def test_isotopes_are_described_as_the_ordinary_ones(labelled, ordinary, engine):
    labelled, ordinary = Chem.CanonSmiles(labelled), Chem.CanonSmiles(ordinary)
    assert labelled != ordinary
    table, _ = describe_shard_2d(shard_of(labelled, ordinary), SECONDS, engine)
    np.testing.assert_array_equal(values_of(table, labelled), values_of(table, ordinary))
