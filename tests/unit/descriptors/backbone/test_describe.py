"""Backbone descriptors of a shard: one row for each molecule, empty without a repeat unit."""

import numpy as np
import pyarrow as pa
import pytest

from confaug.descriptors.backbone import declaration
from confaug.descriptors.backbone.declaration import BACKBONE_NAMES, describe_backbone
from confaug.descriptors.backbone.describe import NAMES_BACKBONE
from confaug.descriptors.describe_2d import describe_shard_2d
from confaug.descriptors.molecule_kinds import describe_shard
from confaug.tables.descriptors import BACKBONE
from confaug.tables.engine import read_table, write_table
from confaug.tables.molecules import SHARD

UNITS = {"mb": "*CC(*)c1ccccc1", "ma": None, "mc": "*CCO*"}


def shard_of(units):
    rows = [
        {"molecule": name, "smiles": "CC", "smiles_as_given": "CC", "repeat_unit": unit}
        for name, unit in units.items()
    ]
    return pa.Table.from_pylist(rows, schema=SHARD.schema())


def describe_shard_backbone(shard, seconds):
    return describe_shard("backbone", shard, seconds, describe_shard_2d)


def values_of(table, molecule):
    row = table["molecule"].to_pylist().index(molecule)
    return np.array([table[name][row].as_py() for name in NAMES_BACKBONE])


def test_each_row_is_that_of_its_unit_and_empty_without_one():
    table, failures = describe_shard_backbone(shard_of(UNITS), 60)
    assert table["molecule"].to_pylist() == ["ma", "mb", "mc"]
    assert table.column_names == ["molecule", *NAMES_BACKBONE]
    assert tuple(f"backbone_{name}" for name in BACKBONE_NAMES) == NAMES_BACKBONE
    assert np.isnan(values_of(table, "ma")).all()
    for molecule in ("mb", "mc"):
        np.testing.assert_array_equal(
            values_of(table, molecule), describe_backbone(UNITS[molecule])
        )
    assert failures.num_rows == 0


def test_isotopes_are_left_out_of_account():
    table, _ = describe_shard_backbone(shard_of({"m": "*C([2H])C(*)C"}), 60)
    np.testing.assert_array_equal(values_of(table, "m"), describe_backbone("*CC(*)C"))


@pytest.mark.parametrize("units", [{}, {"m1": None, "m2": None}])
def test_shards_without_units_make_tables_of_their_molecules(units, tmp_path):
    table, failures = describe_shard_backbone(shard_of(units), 60)
    write_table(table, tmp_path / "shard-0.parquet", BACKBONE)
    assert read_table(tmp_path / "shard-0.parquet", BACKBONE).num_rows == len(units)
    assert failures.num_rows == 0


def test_a_unit_that_cannot_be_described_is_a_failure_with_a_reason():
    table, failures = describe_shard_backbone(shard_of({"m1": "*CC", "m2": "*CCO*"}), 60)
    (failure,) = failures.to_pylist()
    assert (failure["stage"], failure["molecule"]) == ("describe_2d", "m1")
    assert "two open ends" in failure["reason"]
    assert np.isnan(values_of(table, "m1")).all()
    assert not np.isnan(values_of(table, "m2")).any()


def test_a_unit_that_raises_is_missing_alone(monkeypatch):
    def fails(chain):
        raise ZeroDivisionError("float division by zero")

    broken = declaration.Descriptor("chain_atoms", "atoms", "always fails", fails)
    monkeypatch.setattr(declaration, "BACKBONE_DESCRIPTORS", (broken,))
    table, failures = describe_shard_backbone(shard_of({"m1": "*CCO*", "m2": None}), 60)
    (failure,) = failures.to_pylist()
    assert failure["molecule"] == "m1"
    assert failure["reason"] == "36 values of backbone: ZeroDivisionError: float division by zero"
    assert np.isnan(values_of(table, "m1")).all()


def test_a_unit_that_takes_too_long_is_given_up(monkeypatch):
    def endless(chain):
        while True:
            pass

    slow = declaration.Descriptor("chain_atoms", "atoms", "never ends", endless)
    monkeypatch.setattr(declaration, "BACKBONE_DESCRIPTORS", (slow,))
    table, failures = describe_shard_backbone(shard_of({"m": "*CCO*"}), 1)
    assert failures["reason"][0].as_py().startswith("36 values of backbone: ")
    assert np.isnan(values_of(table, "m")).all()
