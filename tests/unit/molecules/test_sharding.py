import hashlib
import itertools
import math
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from confaug.errors import UserError
from confaug.molecules.sharding import (
    read_manifest,
    read_work,
    shard_count,
    shard_molecules,
    shard_name,
    shard_of,
    shard_work,
    write_shards,
)
from confaug.molecules.structures import molecule_id
from confaug.tables.molecules import MOLECULES


def molecules(names: list[str], atoms: int = 3) -> pa.Table:
    rows = [
        {"molecule": name, "smiles": name, "modelled_smiles": name, "n_heavy_atoms": atoms}
        for name in names
    ]
    return pa.Table.from_pylist(rows, schema=MOLECULES.schema())


def write(names: list[str], count: int, manifest: Path) -> list[str]:
    table = molecules(names)
    shards = shard_molecules(table, count)
    return write_shards(shards, shard_work(shards, table), manifest)


def test_auto_count_is_a_power_of_two_with_at_most_64_molecules_each():
    assert [shard_count(n, "auto") for n in (1, 64, 65, 223, 1000)] == [1, 1, 2, 4, 16]
    assert shard_count(223, 3) == 3


def test_a_given_size_of_shards_holds_for_any_number_of_molecules():
    assert [shard_count(n, "auto", 8) for n in (8, 9, 100_000)] == [1, 2, 16384]


@given(st.integers(1, 1_048_576))
def test_shards_of_large_sets_are_few_and_bounded(n):
    shards = shard_count(n, "auto")
    assert shards & (shards - 1) == 0
    assert n / shards <= max(64, 2 * math.sqrt(n))
    assert shards == 1 or n / shards > max(64, 2 * math.sqrt(n)) / 2.05
    assert shards * 13 < 7_000  # jobs of six protocols: two for each of them, and one


def test_the_count_changes_seldom_while_a_set_grows():
    counts = [shard_count(n, "auto") for n in range(1000, 100_000)]
    assert sum(a != b for a, b in itertools.pairwise(counts)) == 4


def test_shard_is_the_hash_modulo_the_count():
    digest = int(hashlib.sha256(b"m0").hexdigest()[:16], 16)
    assert int(shard_name("m0", 7)) == digest % 7


@given(
    st.lists(st.text("abcdef0123456789", min_size=1), unique=True, min_size=1), st.integers(1, 20)
)
def test_shards_are_a_partition_whatever_the_order(names, count):
    forward = shard_molecules(molecules(names), count)
    backward = shard_molecules(molecules(names[::-1]), count)
    assert {k: v.to_pydict() for k, v in forward.items()} == {
        k: v.to_pydict() for k, v in backward.items()
    }
    assert sorted(m for t in forward.values() for m in t["molecule"].to_pylist()) == sorted(names)


def test_an_added_molecule_rewrites_one_shard_only(tmp_path):
    names = [f"m{i}" for i in range(50)]
    manifest = tmp_path / "manifest.json"
    everything = write(names, 4, manifest)
    assert everything == ["0", "1", "2", "3"]
    before = {p.name: p.stat().st_mtime_ns for p in tmp_path.glob("shard-*.csv")}
    assert write(names, 4, manifest) == []
    changed = write([*names, "new"], 4, manifest)
    assert changed == [shard_name(molecule_id("new"), 4)]
    after = {p.name: p.stat().st_mtime_ns for p in tmp_path.glob("shard-*.csv")}
    assert [n for n in before if before[n] != after[n]] == [f"shard-{changed[0]}.csv"]
    assert sum(read_manifest(manifest).values()) == 51
    assert sum(read_work(manifest).values()) == 51


def test_all_samples_of_a_structure_are_in_its_shard():
    structures = [f"{'C' * n}O" for n in range(1, 60)]
    alone = molecules([molecule_id(smiles) for smiles in structures])
    place = alone.column_names.index("smiles")
    alone = alone.set_column(place, "smiles", pa.array(structures))
    where = {
        name: shard
        for shard, table in shard_molecules(alone, "auto", 8).items()
        for name in table["molecule"].to_pylist()
    }
    samples = [(molecule_id(one, [("T", float(n))]), one) for one in structures for n in range(9)]
    many = molecules([name for name, _ in samples])
    many = many.set_column(place, "smiles", pa.array([smiles for _, smiles in samples]))
    found = shard_molecules(many, "auto", 8)
    assert sorted(found) == sorted(set(where.values()))
    structure = dict(samples)
    for shard, table in found.items():
        assert {where[molecule_id(structure[name])] for name in table["molecule"].to_pylist()} == {
            shard
        }


def test_shards_that_are_gone_are_removed(tmp_path):
    names = [f"m{i}" for i in range(50)]
    write(names, 4, tmp_path / "manifest.json")
    write(names, 2, tmp_path / "manifest.json")
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "manifest.json",
        "shard-0.csv",
        "shard-1.csv",
    ]


def test_the_shard_of_a_molecule_is_found(tmp_path):
    manifest = tmp_path / "shards" / "manifest.json"
    manifest.parent.mkdir()
    write([f"m{i}" for i in range(50)], 4, manifest)
    assert shard_of("m7", manifest) == shard_name(molecule_id("m7"), 4)
    with pytest.raises(UserError, match="no molecule m77"):
        shard_of("m77", manifest)


def test_work_grows_with_the_third_power_of_the_heavy_atoms():
    table = pa.concat_tables(
        [molecules(["small", "unit"], 16), molecules(["large"], 48), molecules(["odd"], 17)]
    )
    shards = shard_molecules(table, 1)
    assert shard_work(shards, table) == {"0": 30.2}  # 1 + 1 + 27 + 1.199..., rounded up
    column = table.column_names.index("n_heavy_atoms")
    small = table.set_column(column, "n_heavy_atoms", pa.array([1, 2, 3, 4]))
    assert shard_work(shards, small) == {"0": 4.0}


def test_a_manifest_without_work_can_be_read(tmp_path):
    manifest = tmp_path / "manifest.json"
    manifest.write_text('{"shards": {"0": 3}}')
    assert read_manifest(manifest) == {"0": 3}
    assert read_work(manifest) == {}
