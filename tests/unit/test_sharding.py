import hashlib
import itertools
import math

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from confaug.sharding import read_manifest, shard_count, shard_molecules, shard_name, write_shards


def molecules(names: list[str]) -> pa.Table:
    return pa.table({"molecule": names, "smiles": ["C" * (len(name) + 1) for name in names]})


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
    everything = write_shards(shard_molecules(molecules(names), 4), manifest)
    assert everything == ["0", "1", "2", "3"]
    before = {p.name: p.stat().st_mtime_ns for p in tmp_path.glob("shard-*.csv")}
    assert write_shards(shard_molecules(molecules(names), 4), manifest) == []
    changed = write_shards(shard_molecules(molecules([*names, "new"]), 4), manifest)
    assert changed == [shard_name("new", 4)]
    after = {p.name: p.stat().st_mtime_ns for p in tmp_path.glob("shard-*.csv")}
    assert [n for n in before if before[n] != after[n]] == [f"shard-{changed[0]}.csv"]
    assert sum(read_manifest(manifest).values()) == 51


def test_shards_that_are_gone_are_removed(tmp_path):
    names = [f"m{i}" for i in range(50)]
    write_shards(shard_molecules(molecules(names), 4), tmp_path / "manifest.json")
    write_shards(shard_molecules(molecules(names), 2), tmp_path / "manifest.json")
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "manifest.json",
        "shard-0.csv",
        "shard-1.csv",
    ]
