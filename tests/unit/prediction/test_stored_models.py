"""Models of every learner, copied elsewhere and loaded in a new process, predict the same bytes."""

import json
import shutil
from typing import get_args

import numpy as np
import pytest
from new_python import run_python
from prediction_study import (
    NEW,
    PROTOCOLS,
    TRAINING,
    fit_members,
    identifier,
    learning_files,
    make_model,
    make_shard,
)

from confaug.config.relations import COUNTING
from confaug.config.settings.variants import Learner, Variant
from confaug.learning.predictions import pool
from confaug.learning.representations import build_rows
from confaug.prediction.bundle import Member
from confaug.prediction.predictor import load_predictor
from confaug.prediction.shards import predict_shard

MODELS = {
    **{
        name: {
            f"{name}_2d": Variant(
                representation="morgan_counts" if name == COUNTING else "mordred_2d", learner=name
            )
        }
        for name in get_args(Learner)
    },
    "mean_of_conformers": {
        "pooled": Variant(representation=("mordred_2d", "mean_3d"), learner="gaussian_process")
    },
    "consensus": {
        "trees": Variant(representation="mordred_2d", learner="extra_trees"),
        "process": Variant(representation=("mordred_2d", "mean_3d"), learner="gaussian_process"),
        "rows": Variant(
            representation=("mordred_2d", "augmented_3d"), learner="lightgbm", rows_per_molecule=3
        ),
    },
}
#: Predicts a shard by every bundle of a folder, and prints the bytes of the predictions.
ELSEWHERE = """
import json, pickle, sys
from pathlib import Path
from confaug.prediction.predictor import load_predictor
from confaug.prediction.shards import predict_shard
from confaug.tables.engine import read_table
from confaug.tables.molecules import SHARD

shard, columns, three, *folders = sys.argv[1:]
found = {}
for folder in folders:
    pickle.load = pickle.loads = pickle.Unpickler = None  # forbidden while a model is read
    predictor = load_predictor(folder, 0.9)
    needed = json.loads(three) if predictor.conformers_asked else []
    two = json.loads(columns)
    rows = predict_shard(predictor, read_table(shard, SHARD), two, needed).to_pylist()
    found[Path(folder).name] = [
        [row[key].hex() for key in ("prediction", "standard_deviation", "low", "high")]
        for row in rows
    ]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shards")
    return make_shard(folder / "training", tuple(TRAINING)), make_shard(folder / "new", NEW)


@pytest.fixture(scope="module")
def bundles(shards, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return {
        name: make_model(folder / name, shards[0], variants) for name, variants in MODELS.items()
    }


def predict(predictor, shard):
    needed = shard.descriptors_3d if predictor.conformers_asked else []
    return predict_shard(predictor, shard.shard, shard.columns, needed).to_pylist()


def test_copied_bundles_predict_the_same_bytes_in_a_new_process(bundles, shards, tmp_path):
    copies = [shutil.copytree(path, tmp_path / name) for name, path in bundles.items()]
    new = shards[1]
    shard = new.descriptors_2d.parents[1] / "shard-0.csv"
    two = json.dumps({kind: str(path) for kind, path in new.columns.items()})
    three = json.dumps([str(path) for path in new.descriptors_3d])
    arguments = (str(shard), two, three, *map(str, copies))
    found = json.loads(run_python(ELSEWHERE, *arguments, cwd=tmp_path))
    assert list(found) == list(MODELS)
    for name, path in bundles.items():
        rows = predict(load_predictor(path, 0.9), new)
        keys = ("prediction", "standard_deviation", "low", "high")
        assert found[name] == [[row[key].hex() for key in keys] for row in rows], name
    predictions = {tuple(row[0] for row in rows) for rows in found.values()}
    assert len(predictions) == len(MODELS), "different models predict differently"


@pytest.mark.parametrize("name", MODELS)
def test_a_loaded_model_predicts_what_the_fitted_one_does(bundles, shards, tmp_path, name):
    members, _ = fit_members(tmp_path / "again", shards[0], MODELS[name])
    predictor = load_predictor(bundles[name], 0.9)
    pooled = []
    for loaded, fitted in zip(predictor.bundle.members, members.values(), strict=True):
        variant = loaded.facts.variant
        rows = build_rows(
            variant,
            learning_files(tmp_path / "again", shards[0]),
            sorted(identifier(smiles) for smiles in TRAINING),
            protocols=PROTOCOLS,
            rows_per_molecule=variant.rows_per_molecule,
        )
        fresh = Member(fitted.learned, loaded.facts, fitted.transform)
        expected = fresh.predict_rows(rows.X, rows.feature_names)
        found = loaded.predict_rows(rows.X, rows.feature_names)
        np.testing.assert_array_equal(found, expected)
        pooled.append(pool(rows, expected)[0])
    shard_rows = predict(predictor, shards[0])
    means = np.mean(pooled, axis=0)
    np.testing.assert_array_equal([row["prediction"] for row in shard_rows], means)
    if len(pooled) > 1:
        between = [row["standard_deviation"] for row in shard_rows]
        np.testing.assert_allclose(between, np.std(pooled, axis=0), rtol=1e-12)


def test_the_pieces_of_a_shard_do_not_change_a_consensus(bundles, shards, monkeypatch):
    from confaug.prediction import shards as module

    predictor = load_predictor(bundles["consensus"], 0.9)
    expected = predict(predictor, shards[1])
    monkeypatch.setattr(module, "ROWS_AT_A_TIME", 5)
    assert predict(predictor, shards[1]) == expected


def test_a_consensus_says_how_many_conformers_it_used(bundles, shards):
    predictor = load_predictor(bundles["consensus"], 0.9)
    assert predictor.conformers_asked == 4
    assert {row["conformers"] for row in predict(predictor, shards[1])} == {4}
    limited = load_predictor(bundles["ridge"], 0.9)
    assert limited.conformers_asked == 0
    assert {row["conformers"] for row in predict(limited, shards[1])} == {0}


def test_a_consensus_with_a_member_of_3d_alone_needs_conformers(shards, tmp_path):
    variants = {
        "ridge": Variant(representation="mordred_2d", learner="ridge"),
        "shapes": Variant(representation="augmented_3d", learner="lightgbm"),
    }
    predictor = load_predictor(make_model(tmp_path / "m", shards[0], variants), 0.9)
    new = shards[1]
    rows = predict_shard(predictor, new.shard, new.columns, []).to_pylist()
    for row in rows:
        assert "no conformer could be made" in row["reason"]
        assert row["prediction"] is None


def test_equal_fits_give_equal_files(bundles, shards, tmp_path):
    again = make_model(tmp_path / "again", shards[0], MODELS["consensus"])
    for path in again.iterdir():
        assert path.read_bytes() == (bundles["consensus"] / path.name).read_bytes(), path.name


def test_numbers_are_plain_and_texts_empty_where_there_are_none(bundles):
    for name, path in bundles.items():
        numbers = np.load(path / "model.npy", allow_pickle=False)
        assert (numbers.size > 0) == (name not in ("constant", "lightgbm", "lightgbm_default"))
        has_text = name in ("consensus", "lightgbm", "lightgbm_default")
        assert ((path / "model.txt").stat().st_size > 0) == has_text, name
