"""The conformer store: exact round trips and SD files."""

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdkit import Chem

from confaug.conformers.store import (
    ConformerSet,
    iter_molecules,
    mol_with_conformers,
    pack_conformers,
    write_sdf,
)
from confaug.errors import UserError
from confaug.molecules.smiles import mol_with_hydrogens
from confaug.molecules.structures import molecule_id
from confaug.tables.conformers import CONFORMERS
from confaug.tables.engine import read_table, write_table


def conformer_set(smiles, indices, seed=0):
    mol = mol_with_hydrogens(smiles)
    random = np.random.default_rng(seed)
    k = len(indices)
    return ConformerSet(
        molecule=molecule_id(smiles),
        smiles=smiles,
        atomic_numbers=np.array([a.GetAtomicNum() for a in mol.GetAtoms()], np.uint8),
        conformer=np.array(indices, np.int64),
        isomer=random.integers(0, 3, k),
        energy=np.where(np.arange(k) % 2, np.nan, random.normal(size=k)),
        converged=random.random(k) < 0.5,
        steps=np.full(k, 2000, np.int64),
        method=[f"way {i}" for i in range(k)],
        coordinates=random.normal(size=(k, mol.GetNumAtoms(), 3)),
    )


def assert_equal(one, other):
    assert (one.molecule, one.smiles, list(one.method)) == (
        other.molecule,
        other.smiles,
        list(other.method),
    )
    for name in (
        "atomic_numbers",
        "conformer",
        "isomer",
        "energy",
        "converged",
        "steps",
        "coordinates",
    ):
        left, right = getattr(one, name), getattr(other, name)
        assert left.dtype == right.dtype
        np.testing.assert_array_equal(left, right)


@given(
    st.lists(st.sampled_from(["C", "CCO", "[He]", "[H][H]", "O.CC"]), unique=True),
    st.lists(st.integers(0, 50), min_size=1, max_size=4, unique=True).map(sorted),
)
def test_packing_and_unpacking_are_inverse(smiles, indices):
    sets = [conformer_set(text, indices, seed=i) for i, text in enumerate(smiles)]
    unpacked = list(iter_molecules(pack_conformers(sets)))
    assert [one.molecule for one in unpacked] == sorted(one.molecule for one in sets)
    for one, other in zip(sorted(sets, key=lambda s: s.molecule), unpacked, strict=True):
        assert_equal(one, other)


def test_files_keep_every_bit(tmp_path):
    sets = [conformer_set("CCO", [0, 2, 5]), conformer_set("C", [1])]
    path = tmp_path / "conformers.parquet"
    write_table(pack_conformers(sets), path, CONFORMERS)
    for one in iter_molecules(read_table(path, CONFORMERS)):
        assert_equal(one, next(s for s in sets if s.molecule == one.molecule))


def test_unpacking_a_slice_gives_its_own_molecules():
    sets = [conformer_set(text, [0, 1], seed=i) for i, text in enumerate(["C", "CC", "CCC"])]
    table = pack_conformers(sets).slice(1)
    for one in iter_molecules(table):
        assert_equal(one, next(s for s in sets if s.molecule == one.molecule))


def test_the_molecule_carries_the_stored_conformers():
    one = conformer_set("CCO", [0, 3])
    mol = mol_with_conformers(one)
    assert [c.GetId() for c in mol.GetConformers()] == [0, 3]
    np.testing.assert_array_equal(mol.GetConformer(3).GetPositions(), one.coordinates[1])


def test_other_atoms_than_the_stored_are_refused():
    one = conformer_set("CCO", [0])
    wrong = ConformerSet(**{**vars(one), "smiles": "CCN"})
    with pytest.raises(UserError, match="other atoms than its SMILES CCN"):
        mol_with_conformers(wrong)


def test_sdf_holds_all_conformers_with_their_properties(tmp_path):
    ethanol, methane = conformer_set("CCO", [0, 3]), conformer_set("C", [1])
    path = tmp_path / "out.sdf"
    tables = [("dg", 1, pack_conformers([ethanol, methane])), ("dg", 2, pack_conformers([ethanol]))]
    assert write_sdf(tables, path) == 5
    records = list(Chem.SDMolSupplier(str(path), removeHs=False))
    assert len(records) == 5
    mine = [r for r in records if r.GetProp("molecule") == ethanol.molecule]
    assert [(r.GetProp("protocol"), r.GetProp("repeat"), r.GetProp("conformer")) for r in mine] == [
        ("dg", "1", "0"),
        ("dg", "1", "3"),
        ("dg", "2", "0"),
        ("dg", "2", "3"),
    ]
    assert float(mine[0].GetProp("energy")) == pytest.approx(ethanol.energy[0], abs=1e-6)
    assert not mine[1].HasProp("energy")
    assert mine[0].GetProp("converged") == ("yes" if ethanol.converged[0] else "no")
    np.testing.assert_allclose(
        mine[1].GetConformer().GetPositions(), ethanol.coordinates[1], atol=1e-4
    )


def test_sdf_of_one_molecule_by_identifier_or_smiles(tmp_path):
    tables = [("dg", 1, pack_conformers([conformer_set("CCO", [0]), conformer_set("C", [0, 1])]))]
    assert write_sdf(tables, tmp_path / "a.sdf", [molecule_id("C")]) == 2
    assert write_sdf(tables, tmp_path / "b.sdf", ["CCO"]) == 1
    with pytest.raises(UserError, match="no conformers of 'CCCC'"):
        write_sdf(tables, tmp_path / "c.sdf", ["CCCC"])
    assert not (tmp_path / "c.sdf").exists()


def test_coordinates_are_stored_byte_by_byte(tmp_path):
    path = tmp_path / "conformers.parquet"
    write_table(pack_conformers([conformer_set("CCO", [0, 2, 5])]), path, CONFORMERS)
    group = pq.ParquetFile(path).metadata.row_group(0)
    columns = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
    assert "BYTE_STREAM_SPLIT" in columns["coordinates.list.element"].encodings
    assert "BYTE_STREAM_SPLIT" not in columns["method.list.element"].encodings
