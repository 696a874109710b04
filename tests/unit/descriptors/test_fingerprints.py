"""Morgan counts: folded sums of RDKit's unfolded counts, as integers."""

import numpy as np
import pyarrow as pa
import pytest
from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator
from shard_tables import shard_of, shard_of_samples, watch_arguments

from confaug.descriptors import fingerprints, per_molecule
from confaug.descriptors.fingerprints import (
    LENGTH,
    NAMES_MORGAN,
    RADIUS,
    count_shard_environments,
    morgan_counts,
)
from confaug.descriptors.names import NAMES_2D, NAMES_3D
from confaug.descriptors.per_molecule import MOST_ATOMS
from confaug.descriptors.rdkit_2d import NAMES_RDKIT
from confaug.molecules.structures import molecule_id
from confaug.tables.descriptors import MORGAN_COUNTS
from confaug.tables.engine import check_table, read_table, write_table
from confaug.tables.failures import FAILURES

SECONDS = 60.0
SMILES = ["C=CC(=O)OCc1ccccc1", "O=C(O)CCCCC(=O)O.OCCO", "[He]", "[Cl-].[Na+]", "*CC*"]


def counts_of(table, smiles):
    place = table["molecule"].to_pylist().index(molecule_id(smiles))
    return [table[name][place].as_py() for name in NAMES_MORGAN]


@pytest.fixture(scope="module")
def counted():
    return count_shard_environments(shard_of(*SMILES), SECONDS)


@pytest.mark.parametrize("smiles", SMILES)
def test_counts_are_sums_over_hashes_with_one_remainder(counted, smiles):
    unfolded = rdFingerprintGenerator.GetMorganGenerator(radius=RADIUS).GetSparseCountFingerprint(
        Chem.MolFromSmiles(smiles)
    )
    expected = [0] * LENGTH
    for number, count in unfolded.GetNonzeroElements().items():
        expected[number % LENGTH] += count
    assert counts_of(counted[0], smiles) == expected


def test_counts_grow_with_a_chain_in_which_nothing_new_occurs():
    short, long = (morgan_counts(Chem.MolFromSmiles("C" * n)).astype(int) for n in (8, 12))
    assert ((short > 0) == (long > 0)).all()
    grown = long - short
    assert grown[grown != 0].tolist() == [4] * (RADIUS + 1)  # four more of each inner environment


def test_tables_are_as_declared(counted, tmp_path):
    table, failures = counted
    assert check_table(table, MORGAN_COUNTS).column_names == ["molecule", *NAMES_MORGAN]
    assert {table.schema.field(name).type for name in NAMES_MORGAN} == {pa.int64()}
    assert check_table(failures, FAILURES).num_rows == 0
    write_table(table, tmp_path / "counts.parquet", MORGAN_COUNTS)
    assert read_table(tmp_path / "counts.parquet", MORGAN_COUNTS).equals(
        check_table(table, MORGAN_COUNTS)
    )


def test_names_are_no_others():
    assert len(set(NAMES_MORGAN)) == LENGTH
    assert not set(NAMES_MORGAN) & {*NAMES_2D, *NAMES_3D, *NAMES_RDKIT}


def test_company_and_order_change_nothing(counted, tmp_path):
    for name, smiles in (("one", SMILES), ("other", SMILES[::-1])):
        table, _ = count_shard_environments(shard_of(*smiles), SECONDS)
        write_table(table, tmp_path / name, MORGAN_COUNTS)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    alone, _ = count_shard_environments(shard_of(SMILES[1]), SECONDS)
    assert counts_of(alone, SMILES[1]) == counts_of(counted[0], SMILES[1])


@pytest.mark.parametrize(
    ("one", "other"),
    [("[2H]C(Cl)(Cl)Cl", "ClC(Cl)Cl"), ("C[C@H](O)F", "CC(O)F"), ("C/C=C/C", "C/C=C\\C")],
)
def test_isotopes_and_stereochemistry_are_left_aside(one, other):
    table, _ = count_shard_environments(shard_of(one, other), SECONDS)
    assert counts_of(table, one) == counts_of(table, other)


@pytest.mark.parametrize("smiles", ["C" * (MOST_ATOMS + 1), "C1CC"])
def test_what_cannot_be_counted_is_null_with_a_reason(smiles):
    table, failures = count_shard_environments(shard_of(smiles, "CC"), SECONDS)
    assert counts_of(table, smiles) == [None] * LENGTH
    assert sum(counts_of(table, "CC")) == 3  # two carbon atoms, and the molecule
    (row,) = failures.to_pylist()
    assert (row["stage"], row["molecule"]) == ("describe_2d", molecule_id(smiles))


def test_what_does_not_end_is_given_up(monkeypatch):
    original = fingerprints.morgan_counts

    def endless_for_rings(mol):
        while mol.GetRingInfo().NumRings():
            pass
        return original(mol)

    monkeypatch.setattr(fingerprints, "morgan_counts", endless_for_rings)
    table, failures = count_shard_environments(shard_of("C1CC1", "CC"), 1)
    assert counts_of(table, "C1CC1") == [None] * LENGTH
    assert np.sum(counts_of(table, "CC")) == 3
    (reason,) = failures["reason"].to_pylist()
    assert reason.startswith(f"{LENGTH} values of Morgan counts: ")


def test_a_molecule_that_raises_is_missing_alone(monkeypatch):
    def fails(mol):
        if mol.GetNumAtoms() == 2:
            raise RuntimeError("Pre-condition Violation")
        return morgan_counts(mol)

    monkeypatch.setattr(fingerprints, "morgan_counts", fails)
    table, failures = count_shard_environments(shard_of("CC", "CCC"), SECONDS)
    assert set(counts_of(table, "CC")) == {None}
    assert sum(counts_of(table, "CCC")) == 6
    (failure,) = failures.to_pylist()
    assert failure["molecule"] == molecule_id("CC")
    assert failure["reason"].endswith(
        "values of Morgan counts: RuntimeError: Pre-condition Violation"
    )


def test_a_structure_under_several_conditions_is_counted_once(monkeypatch):
    asked = watch_arguments(monkeypatch, per_molecule)
    shard = shard_of_samples([("m3", "CCO"), ("m1", "CCO"), ("m2", "*CC")])
    table, _ = count_shard_environments(shard, SECONDS)
    assert sorted(smiles for smiles, _ in asked) == ["*CC", "CCO"]
    first, second, third = table.to_pylist()
    assert [row.pop("molecule") for row in (first, second, third)] == ["m1", "m2", "m3"]
    assert first == third != second
