from dataclasses import replace

import numpy as np
import pytest
from learning_study import make_study, rows_of

from confaug.errors import UserError
from confaug.learning import learners
from confaug.learning.learners import SCORINGS, evaluate_baseline, make_learner
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.pipelines import DescriptorFilter
from confaug.learning.predictions import error_metrics

CLASSICAL = ("pls", "ridge", "gaussian_process", "extra_trees")
COUNTING = "tanimoto_gaussian_process"
LEARNERS = ("constant", *CLASSICAL, COUNTING, "lightgbm_default")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    study = make_study(tmp_path_factory.mktemp("study"), n_molecules=60)

    def rows(names):
        return rows_of(study, ("mordred_2d", "mean_3d"), names)

    train, test = rows(study.molecules[:40]), rows(study.molecules[40:])
    labels = np.array([study.labels[name] for name in train.molecules])
    test_labels = np.array([study.labels[name] for name in test.molecules])
    return train, labels, np.arange(40) % 5, test, test_labels


def mae(parts, name):
    part = next(part for part in parts if part.part == name)
    return error_metrics(part.labels, part.predictions)["mae"]


@pytest.fixture(autouse=True)
def few_trees(monkeypatch):
    monkeypatch.setattr(learners, "TREES", 30)


def test_the_constant_is_the_mean_or_the_median_of_the_training_labels(data):
    parts = evaluate_baseline("constant", *data).parts
    predicted = set(parts[2].predictions.tolist())
    assert len(predicted) == 1
    center = [float(np.mean(data[1])), float(np.median(data[1]))]
    assert any(predicted.pop() == pytest.approx(value) for value in center)


def test_lightgbm_with_defaults_cannot_split_fewer_than_40_molecules(data):
    """It wants 20 rows in a leaf, which is the failure that the augmentation is to cure."""
    out_of_fold = evaluate_baseline("lightgbm_default", *data).parts[0]
    for fold in range(5):
        assert np.ptp(out_of_fold.predictions[data[2] == fold]) == 0


@pytest.mark.parametrize("learner", CLASSICAL)
def test_classical_learners_beat_the_constant(data, learner):
    parts = evaluate_baseline(learner, *data).parts
    assert [part.part for part in parts] == ["cross_validation", "train", "test"]
    assert [len(part.labels) for part in parts] == [40, 40, 20]
    constant = np.mean(np.abs(data[4] - np.median(data[1])))
    assert mae(parts, "test") < 0.75 * constant
    assert mae(parts, "cross_validation") < 0.75 * np.mean(np.abs(data[1] - np.mean(data[1])))


@pytest.fixture(scope="module")
def counted(data):
    """The same molecules, described by counts that the labels depend on."""
    train, _, folds, test, _ = data
    rng = np.random.default_rng(3)
    several = []
    for rows in (train, test):
        X = rng.poisson(1.0, size=(len(rows.X), 12)).astype(np.float32)
        labels = 300 + 20 * X[:, 0] - 15 * X[:, 1] + 10 * np.minimum(X[:, 2], X[:, 3])
        names = tuple(f"count{i}" for i in range(12))
        several.append((replace(rows, X=X, feature_names=names), labels.astype(np.float64)))
    (train, labels), (test, test_labels) = several
    return train, labels, folds, test, test_labels


def test_the_process_on_counts_beats_the_constant(counted):
    parts = evaluate_baseline(COUNTING, *counted).parts
    constant = np.mean(np.abs(counted[4] - np.median(counted[1])))
    assert mae(parts, "test") < 0.75 * constant
    assert mae(parts, "train") < mae(parts, "cross_validation")


def test_the_process_on_counts_refuses_other_descriptors(data):
    with pytest.raises(UserError, match="takes counts, but there are descriptors that"):
        evaluate_baseline(COUNTING, *data)


def test_out_of_fold_predictions_are_those_of_models_that_have_not_seen_the_fold(data, monkeypatch):
    monkeypatch.setattr(
        learners, "make_learner", lambda *_: replace(make_learner("ridge"), grid={})
    )
    train, labels, folds, _, _ = data
    changed = np.where(folds == 0, labels + 1000, labels)
    first = evaluate_baseline("ridge", train, labels, folds, None, None).parts[0]
    second = evaluate_baseline("ridge", train, changed, folds, None, None).parts[0]
    same = folds == 0
    np.testing.assert_array_equal(first.predictions[same], second.predictions[same])
    assert not np.allclose(first.predictions[~same], second.predictions[~same])


def test_scalers_and_filters_see_training_rows_only(data, monkeypatch):
    """Every fit of the filter is recorded; held-out rows carry a mark that none may contain."""
    train, labels, folds, _, _ = data
    X = train.X.copy()
    X[:, 0] = folds
    seen = []
    original = DescriptorFilter.fit

    def spy(self, X, y=None):
        seen.append(sorted(set(X[:, 0].tolist())))
        return original(self, X, y)

    monkeypatch.setattr(DescriptorFilter, "fit", spy)
    evaluate_baseline("ridge", replace(train, X=X), labels, folds, None, None)
    missing = [set(range(5)) - {int(fold) for fold in marks} for marks in seen]
    assert missing.count(set()) == 1, "only the last fit sees all training molecules"
    assert all(len(left_out) <= 1 for left_out in missing)


@pytest.mark.parametrize("learner", ["ridge", "extra_trees", "constant", COUNTING])
def test_every_fit_says_what_it_was_given(data, counted, learner):
    train, folds = data[0], data[2]
    given = counted if learner == COUNTING else data
    fits = {fit.name: fit for fit in evaluate_baseline(learner, *given).fits}
    assert sorted(fits) == ["final", *(f"fold {fold}" for fold in range(5))]
    for fold in range(5):
        given = fits[f"fold {fold}"]
        assert given.molecules.tolist() == train.molecules[folds != fold].tolist()
        assert given.seen == (None if learner == "constant" else 32)
    assert fits["final"].molecules.tolist() == train.molecules.tolist()


@pytest.mark.parametrize("learner", ["ridge", "extra_trees"])
def test_log10_is_undone(data, learner):
    train, labels, folds, test, test_labels = data
    transform = LabelTransform("log10")
    parts = evaluate_baseline(
        learner, train, labels, folds, test, test_labels, transform=transform
    ).parts
    assert mae(parts, "test") < 40
    with pytest.raises(UserError, match="not positive"):
        evaluate_baseline(learner, train, labels - 1000, folds, None, None, transform=transform)


def test_baselines_are_reproducible(data, counted):
    for learner, given in ((COUNTING, counted), ("extra_trees", data), ("gaussian_process", data)):
        first, second = (evaluate_baseline(learner, *given).parts for _ in range(2))
        np.testing.assert_array_equal(first[2].predictions, second[2].predictions)


def test_many_rows_per_molecule_and_unknown_learners_are_refused(data):
    train, labels, folds, _, _ = data
    twice = replace(
        train,
        X=np.repeat(train.X, 2, axis=0),
        molecule=np.repeat(train.molecule, 2),
        rank=np.tile([0, 1], 40),
    )
    with pytest.raises(UserError, match="'pls' takes one row per molecule"):
        evaluate_baseline("pls", twice, labels, folds, None, None)
    with pytest.raises(UserError, match="learner 'forest' is not known"):
        make_learner("forest")


def test_few_molecules_do_not_break_pls(data):
    train, labels, _, _, _ = data
    few = train.of_molecules(train.molecules[:6])
    parts = evaluate_baseline("pls", few, labels[:6], np.arange(6) % 3, None, None).parts
    assert np.isfinite(parts[0].predictions).all()


@pytest.mark.parametrize(
    ("fill", "opening"), [(7.0, "no descriptor differs"), (np.nan, "every descriptor is missing")]
)
def test_descriptors_that_do_not_vary_end_in_one_sentence(data, fill, opening):
    train, labels, folds, _, _ = data
    same = replace(train, X=np.full_like(train.X, fill))
    with pytest.raises(UserError, match=f"^{opening}"):
        evaluate_baseline("ridge", same, labels, folds, None, None)


def test_all_learners_of_the_configuration_are_known():
    for learner in LEARNERS:
        assert make_learner(learner).steps[-1][0] == "model"
    assert set(SCORINGS) == {"mae", "rmse"}
