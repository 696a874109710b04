"""Fits with parameters that were chosen before."""

import numpy as np
import pytest

from confaug.learning.given_parameters import predict_held_out
from confaug.learning.learners import evaluate_baseline
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.rows import Rows
from confaug.learning.tuning.refit import refit
from confaug.learning.tuning.tuned import Tuned

LEARNERS = ("constant", "pls", "ridge", "gaussian_process", "extra_trees", "lightgbm_default")


@pytest.fixture(scope="module")
def data():
    random = np.random.default_rng(2)
    X = random.normal(size=(40, 6)).astype(np.float32)
    names = np.array([f"m{i:02d}" for i in range(40)])
    labels = 300 + 20 * X[:, 0] - 10 * X[:, 1] + random.normal(size=40)
    return Rows(X, tuple("abcdef"), names, np.zeros(40, int)), labels, np.arange(40) % 5 == 0


@pytest.mark.parametrize("learner", LEARNERS)
def test_a_fit_with_the_chosen_parameters_is_that_of_the_search(learner, data):
    rows, labels, held_out = data
    train, test = rows.take(~held_out), rows.take(held_out)
    searched = evaluate_baseline(
        learner, train, labels[~held_out], np.arange(32) % 4, test, labels[held_out], seed=3
    )
    found = predict_held_out(
        learner, searched.parameters, rows, labels, held_out, transform=LabelTransform(), seed=3
    )
    assert found.tolist() == searched.parts[-1].predictions.tolist()


def test_tuned_lightgbm_is_refitted_and_pooled(data):
    rows, labels, held_out = data
    tuned = Tuned(
        parameters={"objective": "regression", "num_leaves": 4, "learning_rate": 0.1},
        rounds=20, error=1.0, metric="mae", trial=1, trials=1, rows_per_molecule=None, seed=1,
        seeds=2, row_metrics={},
    )  # fmt: skip
    found = predict_held_out(
        "lightgbm", tuned, rows, labels, held_out, transform=LabelTransform("log10")
    )
    model = refit(rows.take(~held_out), labels[~held_out], tuned, LabelTransform("log10"))
    expected = model.transform.inverse(model.booster.predict(rows.X[held_out]))
    assert found == pytest.approx(expected)
    doubled = Rows(
        np.repeat(rows.X, 2, axis=0), rows.feature_names, np.repeat(rows.molecule, 2),
        np.tile([0, 1], 40),
    )  # fmt: skip
    twice = predict_held_out(
        "lightgbm", tuned, doubled, labels, held_out, transform=LabelTransform()
    )
    assert twice.shape == (8,)


def test_labels_that_are_held_out_have_no_say(data):
    rows, labels, held_out = data
    other = np.where(held_out, 1e6, labels)
    for learner, parameters in (("ridge", {"model__alpha": 1.0}), ("extra_trees", {})):
        one, two = (
            predict_held_out(learner, parameters, rows, given, held_out, transform=LabelTransform())
            for given in (labels, other)
        )
        assert one.tolist() == two.tolist()
