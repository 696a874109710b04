"""Descriptors that do not grow with the chain, beside RDKit's own functions."""

import numpy as np
import pyarrow as pa
import pytest
from rdkit import Chem
from rdkit.Chem import Descriptors

from confaug.descriptors.intensive import (
    NAMES_INCREMENTS,
    NAMES_PER_ATOM,
    describe_shard_increments,
    describe_shard_per_atom,
    extensive_columns,
)
from confaug.descriptors.rdkit_2d import NAMES_RDKIT
from confaug.tables.descriptors import RDKIT_2D_INCREMENTS, RDKIT_2D_PER_ATOM
from confaug.tables.engine import check_table


def shard(*rows):
    columns = {"molecule": [f"m{i}" for i in range(len(rows))]}
    columns |= {key: [row[key] for row in rows] for key in ("smiles", "repeat_unit")}
    return pa.table(columns, schema=pa.schema([(name, pa.string()) for name in columns]))


def row(smiles, unit=None):
    return {"smiles": smiles, "repeat_unit": unit}


def test_what_is_extensive_is_what_a_chemist_expects():
    found = dict(zip(NAMES_RDKIT, extensive_columns().tolist(), strict=True))
    for name in ("MolWt", "HeavyAtomCount", "MolMR", "NumHAcceptors", "TPSA", "fr_ester"):
        assert found[f"rdkit_{name}"], name
    for name in ("qed", "BalabanJ", "FpDensityMorgan1", "FractionCSP3", "Ipc", "MaxPartialCharge"):
        assert not found[f"rdkit_{name}"], name


def test_extensive_descriptors_are_divided_by_heavy_atoms_and_others_are_left():
    smiles = ["CCO", "c1ccccc1C", "[H][H]"]
    table, _ = describe_shard_per_atom(shard(*map(row, smiles)), 60.0)
    check_table(table, RDKIT_2D_PER_ATOM)
    assert table.column_names == ["molecule", *NAMES_PER_ATOM]
    mols = [Chem.MolFromSmiles(text) for text in smiles]
    weights = [Descriptors.MolWt(mol) / max(1, mol.GetNumHeavyAtoms()) for mol in mols]
    np.testing.assert_allclose(table["per_atom_rdkit_MolWt"].to_numpy(), weights)
    expected = [Descriptors.qed(mol) for mol in mols[:2]]
    np.testing.assert_array_equal(table["per_atom_rdkit_qed"].to_numpy()[:2], expected)


def test_an_increment_is_that_of_one_more_unit():
    rows = [row("C=Cc1ccccc1", "*CC(*)c1ccccc1"), row("CCO"), row("C1CO1", "*CCO*")]
    table, failures = describe_shard_increments(shard(*rows), 60.0)
    check_table(table, RDKIT_2D_INCREMENTS)
    assert table.column_names == ["molecule", *NAMES_INCREMENTS]
    weight = table["per_unit_rdkit_MolWt"].to_numpy()
    assert weight[[0, 2]] == pytest.approx([104.152, 44.053], abs=1e-3)
    assert np.isnan(weight[1]), "no repeat unit"
    assert table["per_unit_rdkit_RingCount"].to_pylist()[0] == 1
    assert failures.num_rows == 0


def test_a_chain_that_would_be_too_large_is_a_failure_of_its_own():
    large = row("C" * 200, f"*{'C' * 200}*")
    table, failures = describe_shard_increments(shard(large, row("C1CO1", "*CCO*")), 60.0)
    (failure,) = failures.to_pylist()
    assert (failure["molecule"], failure["stage"]) == ("m0", "describe_2d")
    assert "fewer units" in failure["reason"]
    assert np.isfinite(table["per_unit_rdkit_MolWt"].to_numpy()).tolist() == [False, True]


def test_rows_do_not_depend_on_their_neighbours():
    rows = [row("C=CC", "*CC(*)C"), row("CC"), row("C1CO1", "*CCO*"), row("C=CCl", "*CC(*)Cl")]
    whole, _ = describe_shard_increments(shard(*rows), 60.0)
    alone, _ = describe_shard_increments(shard(rows[3]), 60.0)
    for name in NAMES_INCREMENTS:
        assert whole[name].to_numpy()[3:].tobytes() == alone[name].to_numpy().tobytes()


def test_an_empty_shard():
    for describe in (describe_shard_per_atom, describe_shard_increments):
        table, failures = describe(shard(), 60.0)
        assert (table.num_rows, failures.num_rows) == (0, 0)
