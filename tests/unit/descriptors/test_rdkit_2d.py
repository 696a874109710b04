"""RDKit's descriptors: equal to RDKit's functions, bounded, and every gap with a reason."""

import math

import numpy as np
import pytest
from rdkit import Chem
from rdkit.Chem import Descriptors
from shard_tables import shard_of

from confaug.descriptors import rdkit_2d
from confaug.descriptors.names import NAMES_2D, NAMES_3D
from confaug.descriptors.per_molecule import MOST_ATOMS
from confaug.descriptors.rdkit_2d import FAMILIES, NAMES_RDKIT, PREFIX, describe_shard_rdkit
from confaug.molecules.structures import molecule_id
from confaug.tables.descriptors import RDKIT_2D
from confaug.tables.engine import check_table, write_table
from confaug.tables.failures import FAILURES

SECONDS = 60.0
ORDINARY = [
    "C=CC(=O)OCc1ccccc1",
    "O=C(O)c1ccc(C(=O)O)cc1.OCCO",
    "C[Si](C)(C)O[Si](C)(C)C",
    "CC(=O)[O-].C[NH3+]",
    "C",
]
#: Structures with undefined descriptors.
ODD = ["[He]", "[H][H]", "[Cl-].[Na+]", "C[Se]C", "*CC*", "N[Pt](N)(Cl)Cl"]


def values_of(table, smiles):
    place = table["molecule"].to_pylist().index(molecule_id(smiles))
    return {name: table[name][place].as_py() for name in NAMES_RDKIT}


def reasons_of(failures, smiles):
    return [row["reason"] for row in failures.to_pylist() if row["molecule"] == molecule_id(smiles)]


@pytest.fixture(scope="module")
def described():
    return describe_shard_rdkit(shard_of(*ORDINARY, *ODD), SECONDS)


def stock(smiles):
    """Return what RDKit's own functions give; what they raise is NaN."""
    values = {}
    for name, function in Descriptors.descList:
        try:
            value = float(function(Chem.MolFromSmiles(smiles)))
        except ZeroDivisionError:
            value = math.nan
        values[PREFIX + name] = value if math.isfinite(value) else math.nan
    return values


@pytest.mark.parametrize("smiles", ORDINARY + ODD)
def test_values_are_those_of_rdkit(described, smiles):
    found, expected = values_of(described[0], smiles), stock(smiles)
    assert sorted(found) == sorted(expected)
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-12, nan_ok=True), name


def test_names_are_no_others():
    assert len(NAMES_RDKIT) == len(set(NAMES_RDKIT)) == 217
    assert not set(NAMES_RDKIT) & {*NAMES_2D, *NAMES_3D}
    assert not any(name.startswith(PREFIX) for name in (*NAMES_2D, *NAMES_3D))


def test_tables_are_as_declared(described):
    table, failures = described
    assert check_table(table, RDKIT_2D).column_names == ["molecule", *NAMES_RDKIT]
    assert table["molecule"].to_pylist() == sorted(map(molecule_id, ORDINARY + ODD))
    assert check_table(failures, FAILURES).num_rows


def test_every_gap_has_a_reason(described):
    table, failures = described
    for smiles in ORDINARY:
        assert reasons_of(failures, smiles) == []
        assert np.isfinite(list(values_of(table, smiles).values())).all()
    for smiles in ODD:
        missing = {name for name, value in values_of(table, smiles).items() if math.isnan(value)}
        named = {
            name
            for reason in reasons_of(failures, smiles)
            for name in reason.partition(": ")[0].split(", ")
        }
        assert missing
        assert named == missing
    assert reasons_of(failures, "[H][H]") == ["rdkit_SPS: ZeroDivisionError: division by zero"]
    assert len(reasons_of(failures, "C[Se]C")) == 2  # partial charges, and BCUT2D


def test_company_and_order_change_nothing(described, tmp_path):
    few = ORDINARY[:3]
    for name, smiles in (("one", few), ("other", few[::-1])):
        write_table(describe_shard_rdkit(shard_of(*smiles), SECONDS)[0], tmp_path / name, RDKIT_2D)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    alone, _ = describe_shard_rdkit(shard_of(few[0]), SECONDS)
    assert values_of(alone, few[0]) == values_of(described[0], few[0])


@pytest.mark.parametrize(
    ("labelled", "ordinary"),
    [("[2H]C(Cl)(Cl)Cl", "ClC(Cl)Cl"), ("[13CH3]C[18OH]", "CCO"), ("[2H][C@H](C)O", "CCO")],
)
def test_isotopes_are_described_as_the_ordinary_ones(labelled, ordinary):
    table, _ = describe_shard_rdkit(shard_of(labelled, ordinary), SECONDS)
    assert values_of(table, labelled) == values_of(table, ordinary)


def test_what_does_not_end_is_given_up_alone(monkeypatch):
    functions = dict(rdkit_2d._functions())
    original = functions["BCUT2D_MWHI"]

    def endless_for_rings(mol):
        while mol.GetRingInfo().NumRings():
            pass
        return original(mol)

    functions["BCUT2D_MWHI"] = endless_for_rings
    expected, _ = describe_shard_rdkit(shard_of("C1CC1", "CC"), SECONDS)
    monkeypatch.setattr(rdkit_2d, "_functions", lambda: functions)
    table, failures = describe_shard_rdkit(shard_of("C1CC1", "CC"), len(FAMILIES))
    (row,) = failures.to_pylist()
    assert (row["stage"], row["molecule"]) == ("describe_2d", molecule_id("C1CC1"))
    assert row["reason"].startswith("8 values of BCUT2D: ")
    assert values_of(table, "CC") == values_of(expected, "CC")
    known = values_of(expected, "C1CC1")
    for name, value in values_of(table, "C1CC1").items():
        if name in FAMILIES["BCUT2D"]:
            assert math.isnan(value)
        else:
            assert value == known[name]


def test_a_descriptor_that_raises_is_missing_alone(monkeypatch):
    def fails(mol):
        raise RuntimeError("no such luck")

    functions = {**rdkit_2d._functions(), "qed": fails}
    monkeypatch.setattr(rdkit_2d, "_functions", lambda: functions)
    table, failures = describe_shard_rdkit(shard_of("CCO"), SECONDS)
    values = values_of(table, "CCO")
    assert [name for name, value in values.items() if math.isnan(value)] == ["rdkit_qed"]
    assert reasons_of(failures, "CCO") == ["rdkit_qed: RuntimeError: no such luck"]


@pytest.mark.parametrize(
    ("smiles", "reason"),
    [("C" * (MOST_ATOMS + 1), f"more than {MOST_ATOMS} atoms"), ("C1CC", "SMILES")],
)
def test_what_is_too_large_or_no_structure_has_one_reason(smiles, reason):
    table, failures = describe_shard_rdkit(shard_of(smiles, "CC"), SECONDS)
    assert np.isnan(list(values_of(table, smiles).values())).all()
    assert np.isfinite(list(values_of(table, "CC").values())).all()
    (found,) = reasons_of(failures, smiles)
    assert reason in found
