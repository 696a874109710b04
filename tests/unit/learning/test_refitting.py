"""A variant is fitted again with what its study has chosen, and with nothing else."""

import json

import numpy as np
import pytest

from confaug.learning.learners import evaluate_baseline
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.predictions import pool_means
from confaug.learning.refitting import Refitting, read_chosen
from confaug.learning.rows import Rows
from confaug.learning.tuning.refit import refit
from confaug.learning.tuning.tuned import Tuned

NAMES = np.array([f"m{i:02d}" for i in range(40)])
X = np.random.default_rng(1).normal(size=(40, 5)).astype(np.float32)
LABELS = dict(zip(NAMES.tolist(), (X[:, 0] * 3 + 10).tolist(), strict=True))
ROWS = Rows(X, tuple("abcde"), NAMES, np.zeros(40, dtype=np.int64))
TRAIN, TEST = NAMES[::2].tolist(), NAMES[1::2].tolist()
TUNED = {
    "parameters": {"num_leaves": 4, "min_data_in_leaf": 2},
    "rounds": 10,
    "error": 1.0,
    "metric": "mae",
    "trial": 1,
    "trials": 1,
    "rows_per_molecule": None,
    "seed": 1,
    "row_metrics": {},
}


def values(names):
    return np.array([LABELS[name] for name in names])


@pytest.mark.parametrize("learner", ["ridge", "extra_trees"])
def test_the_whole_training_part_gives_the_study_s_own_predictions(learner):
    train, test = ROWS.of_molecules(TRAIN), ROWS.of_molecules(TEST)
    folds = np.arange(20) % 3
    found = evaluate_baseline(learner, train, values(TRAIN), folds, test, values(TEST))
    again = Refitting(learner, ROWS, LABELS, {1: found.parameters}, LabelTransform(), seed=1)
    np.testing.assert_array_equal(again.predict(1, TRAIN, TEST), found.parts[-1].predictions)


def test_tuned_models_are_refitted_as_they_were_tuned():
    tuned = Tuned(**TUNED)
    model = refit(ROWS.of_molecules(TRAIN), values(TRAIN), tuned, LabelTransform())
    test = ROWS.of_molecules(TEST)
    raw = np.asarray(model.booster.predict(test.with_features(model.features), num_threads=1))
    again = Refitting("lightgbm", ROWS, LABELS, {1: tuned}, LabelTransform(), seed=1)
    expected = pool_means(test, model.transform.inverse(raw))
    np.testing.assert_array_equal(again.predict(1, TRAIN, TEST), expected)


def test_what_was_chosen_is_read_for_one_variant_by_replicate(tmp_path):
    paths = []
    for place, document in {
        "ridge/replicate-2/grid.json": {"parameters": {"model__alpha": 1.0}},
        "ridge/replicate-10/grid.json": {"parameters": {"model__alpha": 2.0}},
        "trees/replicate-2/grid.json": {"parameters": {}},
        "mine/replicate-2/tuned.json": TUNED,
    }.items():
        paths.append(tmp_path / place)
        paths[-1].parent.mkdir(parents=True)
        paths[-1].write_text(json.dumps(document))
    assert read_chosen(paths, "ridge") == {2: {"model__alpha": 1.0}, 10: {"model__alpha": 2.0}}
    assert read_chosen(paths, "mine") == {2: Tuned(**TUNED)}
