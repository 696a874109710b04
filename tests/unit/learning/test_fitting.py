"""A model fitted on all molecules predicts what the study's own learners would, whichever it is."""

import numpy as np
import pytest
from learning_study import make_study, rows_of

from confaug.config.settings.tuning import TuningSettings
from confaug.learning import learners
from confaug.learning.fitting import fit_baseline, fit_tuned
from confaug.learning.learners import evaluate_baseline
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.rows import select_columns
from confaug.learning.stored_learner import StoredLearner
from confaug.learning.tuning.study import tune

LEARNERS = ("constant", "pls", "ridge", "gaussian_process", "extra_trees", "lightgbm_default")
LOG10 = LabelTransform("log10")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    study = make_study(tmp_path_factory.mktemp("study"), n_molecules=60)
    rows = rows_of(study, ("mordred_2d", "mean_3d"))
    labels = np.array([study.labels[name] for name in rows.molecules])
    return rows, labels, np.arange(60) % 5


@pytest.fixture(autouse=True)
def few_trees(monkeypatch):
    monkeypatch.setattr(learners, "TREES", 30)


def predicted(model, rows):
    """Predictions in label units, as a bundle makes them."""
    X = select_columns(rows.X, rows.feature_names, list(model.features))
    return model.transform.inverse(model.learned.predict(X))


@pytest.mark.parametrize("learner", LEARNERS)
def test_another_learner_predicts_as_its_pipeline_does(data, learner):
    rows, labels, folds = data
    given = {"transform": LOG10, "metric": "mae", "seed": 1}
    model = fit_baseline(learner, rows, labels, folds, **given)
    expected = evaluate_baseline(learner, rows, labels, folds, None, None, **given)
    out_of_fold, train = expected.parts
    np.testing.assert_array_equal(model.cross_validation.predictions, out_of_fold.predictions)
    np.testing.assert_allclose(predicted(model, rows), train.predictions, rtol=1e-9)
    assert isinstance(model.learned, StoredLearner) == (learner != "lightgbm_default")
    assert set(model.features) <= set(rows.feature_names)
    assert model.n_offered == len(rows.feature_names)
    assert model.tuned is None
    assert [fit.name for fit in model.fits] == [*(f"fold {n}" for n in range(5)), "final"]
    assert model.fits[-1].molecules.tolist() == rows.molecules.tolist()


def test_tuned_lightgbm_is_refitted_on_all_molecules(data):
    rows, labels, folds = data
    settings = TuningSettings(initial_points=3, iterations=1, max_rounds=30)
    model = fit_tuned(rows, labels, folds, settings, transform=LabelTransform())
    study = tune(rows, labels, folds, settings)
    assert model.tuned.error == study.best.error
    np.testing.assert_array_equal(
        model.cross_validation.predictions, study.cross_validation.predictions
    )
    assert model.learned.feature_name() == list(model.features)
    assert model.learned.num_trees() == settings.seeds * study.best.rounds
    assert model.fits[-1].molecules.tolist() == rows.molecules.tolist()
    errors = np.abs(predicted(model, rows) - labels)
    assert errors.mean() < np.abs(model.cross_validation.predictions - labels).mean()


def test_the_text_of_default_lightgbm_names_its_features(data):
    rows, labels, folds = data
    model = fit_baseline(
        "lightgbm_default", rows, labels, folds, transform=LOG10, metric="mae", seed=1
    )
    assert model.learned.feature_name() == list(rows.feature_names)
