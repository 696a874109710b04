"""Labels of any size and offset are learned alike, whatever precision a learner computes in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from learning_study import make_study, rows_of

from confaug.config.lightgbm_parameters import canonical_parameters
from confaug.config.settings.tuning import TuningSettings
from confaug.errors import UserError
from confaug.learning import learners
from confaug.learning.learners import evaluate_baseline
from confaug.learning.lightgbm_learner import (
    LabelTransform,
    centre_and_scale,
    lightgbm_parameters,
    train_models,
)
from confaug.learning.pipelines import LabelScaler
from confaug.learning.rows import Rows
from confaug.learning.tuning.refit import refit
from confaug.learning.tuning.results import tuned_model
from confaug.learning.tuning.study import tune

LEARNERS = ("constant", "pls", "ridge", "gaussian_process", "extra_trees", "lightgbm_default")
#: The factors and offsets of affine changes of unit; offsets in median absolute deviations.
CHANGES = [(1e-12, 0), (3.7, 0), (1e12, 0), (1e36, 0), (1, -5.2), (1e-12, 1e8), (1e12, 1e8)]
TUNING = {
    "initial_points": 2,
    "iterations": 2,
    "max_rounds": 40,
    "fixed": {"bagging_fraction": 0.8, "bagging_freq": 1},
    "space": {
        "num_leaves": {"type": "int", "low": 3, "high": 8},
        "learning_rate": {"type": "log", "low": 0.05, "high": 0.3},
        "min_molecules_in_leaf": {"type": "float", "low": 1, "high": 3},
    },
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    study = make_study(tmp_path_factory.mktemp("study"), n_molecules=60)

    train, test = study.molecules[:42], study.molecules[42:]
    labels = np.array([study.labels[name] for name in study.molecules])
    return {
        kind: (rows_of(study, kind, train), rows_of(study, kind, test))
        for kind in (("mordred_2d", "mean_3d"), ("mordred_2d", "augmented_3d"))
    } | {"labels": labels}


def predict_plain(study, learner, labels):
    """Return all predictions of a plain learner: out of fold, of training and of held out."""
    train, test = study[("mordred_2d", "mean_3d")]
    parts = evaluate_baseline(
        learner, train, labels[:42], np.arange(42) % 5, test, labels[42:]
    ).parts
    return np.concatenate([part.predictions for part in parts])


def predict_tuned(study, labels):
    """Return out-of-fold predictions of the tuned learner, and those of its final model."""
    train, test = study[("mordred_2d", "augmented_3d")]
    tuned = tune(train, labels[:42], np.arange(42) % 5, TuningSettings(**TUNING))
    model = refit(train, labels[:42], tuned_model(tuned), LabelTransform())
    values = model.transform.inverse(model.booster.predict(test.with_features(model.features)))
    return np.concatenate([tuned.cross_validation.predictions, values])


@pytest.mark.parametrize("learner", [*LEARNERS, "lightgbm"])
def test_predictions_follow_the_unit_of_the_labels(study, learner, monkeypatch):
    monkeypatch.setattr(learners, "TREES", 20)
    labels = study["labels"]
    spread = centre_and_scale(labels)[1]

    def predict(labels):
        return (
            predict_tuned(study, labels)
            if learner == "lightgbm"
            else predict_plain(study, learner, labels)
        )

    plain = predict(labels)
    for factor, offset in CHANGES:
        shift = factor * offset * spread
        expected = factor * plain + shift
        changed = predict(factor * labels + shift)
        np.testing.assert_allclose(changed, expected, rtol=1e-9, err_msg=f"{factor} {offset}")
        # With a great offset the labels themselves have only half of a double's digits left.
        np.testing.assert_allclose(changed - expected, 0, atol=1e-5 * factor * spread)


@given(
    labels=st.lists(st.integers(-1000, 1000), min_size=3, max_size=30).filter(
        lambda values: len(set(values)) > 1
    ),
    factor=st.floats(1e-12, 1e12),
    offset=st.floats(-1e3, 1e3),
)
def test_learners_see_the_same_labels_in_every_unit(labels, factor, offset):
    labels = np.array(labels, float)
    changed = factor * labels + factor * offset
    before = LabelTransform().fitted(labels)
    after = LabelTransform().fitted(changed)
    seen = before.forward(labels)
    np.testing.assert_allclose(after.forward(changed), seen, rtol=1e-9, atol=1e-9)
    returned = after.inverse(after.forward(changed))
    np.testing.assert_allclose(returned, changed, rtol=1e-9, atol=1e-9 * after.scale)
    assert np.isfinite(seen.astype(np.float32)).all()


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([1, 2, 3, 4, 5], (3, 1)),
        ([1, 2, 3, 4, 1e9], (3, 1)),
        ([0, 0, 0, 0, 5], (0, 1)),
        ([7, 7], (7, 1)),
        ([0, 0], (0, 1)),
        ([1e99, 2e99, 3e99], (2e99, 1e99)),
        ([1e-99, 2e-99, 3e-99], (2e-99, 1e-99)),
    ],
)
def test_centre_and_scale_are_robust_and_never_nothing(labels, expected):
    assert centre_and_scale(np.array(labels, float)) == pytest.approx(expected, rel=1e-12, abs=0)


def test_labels_far_apart_stay_finite_in_single_precision():
    labels = np.array([1.0, 2.0, 3.0, 4.0, 1e99])
    seen = LabelTransform().fitted(labels).forward(labels).astype(np.float32)
    assert np.isfinite(seen).all()


@pytest.mark.parametrize(
    "parameters",
    [
        {"lambda_l1": 30.0},
        {"min_gain_to_split": 2000.0},
        {"max_delta_step": 4.0},
        {"objective": "huber", "alpha": 8.0, "lambda_l1": 5.0, "min_gain_to_split": 300.0},
        {"objective": "regression_l1", "lambda_l1": 0.3, "min_gain_to_split": 0.2},
        {"cegb_penalty_split": 20.0},
        {"lambda_l2": 3.0, "min_molecules_in_leaf": 4.0, "path_smooth": 2.0},
    ],
)
def test_parameters_keep_their_meaning_in_label_units(parameters):
    """A model on scaled labels with scaled parameters is the one that LightGBM fits without."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(120, 3)).astype(np.float32)
    rows = Rows(X, ("a", "b", "c"), np.array([f"m{i:03d}" for i in range(120)]), np.zeros(120, int))
    labels = 300 + 40 * X[:, 0].astype(float) + 20 * rng.normal(size=120)
    given = {"num_leaves": 8, **parameters}

    def fit(transform, given):
        translated = lightgbm_parameters(given, seed=1, scale=transform.scale)
        own = transform.forward(labels)
        (booster,) = train_models(rows, own, translated, 30, list("abc"), seeds=[1])
        return transform.inverse(booster.predict(X))

    expected = fit(LabelTransform(), given)
    scaled = fit(LabelTransform().fitted(labels), given)
    # Leaves that are limited alike can be equally good; chance then decides between splits.
    assert np.median(np.abs(scaled - expected)) < 1e-5 * np.std(labels)
    others = [name for name in parameters if name != "objective"]
    free = fit(LabelTransform(), {k: v for k, v in given.items() if k not in others})
    assert np.median(np.abs(free - expected)) > 1e-2 * np.std(labels), "the parameters do something"


def test_plain_learners_fit_the_scale_inside_the_folds(study, monkeypatch):
    """Labels carry the mark of their fold here; each fit but the last misses one of the marks."""
    seen, original = [], LabelScaler.fit
    folds = np.arange(42) % 3

    def spy(self, y, _=None):
        seen.append({round(value) for value in np.ravel(y).tolist()})
        return original(self, y)

    monkeypatch.setattr(LabelScaler, "fit", spy)
    labels = folds + np.linspace(-0.4, 0.4, 42)
    evaluate_baseline("ridge", study[("mordred_2d", "mean_3d")][0], labels, folds, None, None)
    assert seen.count({0, 1, 2}) == 1, "only the last fit sees all training molecules"
    assert all(len(marks) == 2 for marks in seen if marks != {0, 1, 2})


def test_the_root_of_labels_is_refused():
    with pytest.raises(UserError, match="reg_sqrt"):
        canonical_parameters({"reg_sqrt": True})
