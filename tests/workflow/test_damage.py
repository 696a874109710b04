"""Damaged bits of results are noticed by what reads them."""

import random
import shutil

import pyarrow.parquet as pq
import pytest

from confaug.errors import UserError
from confaug.prediction.predictor import load_predictor
from confaug.tables.parquet import read_parquet

FLIPS = 60
KINDS = (
    "conformers/*/repeat-1/shard-0.parquet",
    "descriptors_3d/*/repeat-1/shard-0.parquet",
    "descriptors_2d/rdkit_2d/shard-0.parquet",
    "augmented.parquet",
    "distribution.parquet",
)


def test_every_kind_of_parquet_file_is_tested(finished):
    known = {path for kind in KINDS for path in finished.results.glob(kind)}
    suffixes = {path.relative_to(finished.results).parts[0] for path in known}
    found = finished.results.rglob("*.parquet")
    assert {path.relative_to(finished.results).parts[0] for path in found} == suffixes


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_bit_is_named_or_changes_nothing(finished, kind, tmp_path):
    path = next(finished.results.glob(kind))
    good, content = pq.read_table(path, partitioning=None).to_pandas(), path.read_bytes()
    damaged, told = tmp_path / path.name, 0
    for bit in random.Random(kind).sample(range(8 * len(content)), FLIPS):
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        damaged.write_bytes(changed)
        try:
            assert read_parquet(damaged).to_pandas().equals(good), f"bit {bit}"
        except UserError:
            told += 1
    assert told > 0.8 * FLIPS


@pytest.mark.parametrize("name", ["bundle.json", "model.txt", "model.npy", "training_2d.npy"])
def test_a_flipped_bit_of_a_bundle_is_named_or_changes_nothing(finished, name, tmp_path):
    bundle = next(finished.results.glob("models/*/replicate-1/bundle"))
    shutil.copytree(bundle, tmp_path / "bundle")
    good, content = load_predictor(bundle, 0.9), (bundle / name).read_bytes()
    told = 0
    for bit in random.Random(name).sample(range(8 * len(content)), FLIPS):
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        (tmp_path / "bundle" / name).write_bytes(changed)
        try:
            found = load_predictor(tmp_path / "bundle", 0.9).bundle.description
            assert found == good.bundle.description
        except UserError as error:
            told += name in str(error)
    assert told > 0.8 * FLIPS


def test_a_job_names_the_damaged_file_and_deleting_it_helps(study):
    path = study.results / "conformers" / "dg_uff" / "repeat-1" / "shard-0.parquet"
    good = path.read_bytes()
    changed = bytearray(good)
    changed[len(good) // 2] ^= 1
    path.write_bytes(changed)
    (study.results / "descriptors_3d" / "dg_uff" / "repeat-1" / "shard-0.parquet").unlink()
    target = "results/quick/descriptors_3d/dg_uff/repeat-1/shard-0.parquet"
    failed = study.snakemake(target, check=False)
    name = "results/quick/conformers/dg_uff/repeat-1/shard-0.parquet"
    assert f"{name} is damaged" in failed.stdout
    assert "delete it and run again" in failed.stdout
    path.unlink()
    study.snakemake(target)
    assert path.read_bytes() == good
