import json
import math
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from learning_study import make_study, rows_of

from confaug.config.settings.tuning import TuningSettings
from confaug.errors import UserError
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.mean_booster import model_seeds
from confaug.learning.predictions import error_metrics, pool_means
from confaug.learning.rows import Rows
from confaug.learning.tuning import folds as fold_module
from confaug.learning.tuning import pruning as pruning_module
from confaug.learning.tuning import study as study_module
from confaug.learning.tuning.folds import FoldTrainer, _stopping_round, run_trial
from confaug.learning.tuning.history import Trial
from confaug.learning.tuning.optimiser import ACQUISITIONS, suggest
from confaug.learning.tuning.pruning import is_hopeless
from confaug.learning.tuning.refit import refit
from confaug.learning.tuning.results import history_table, tuned_model
from confaug.learning.tuning.space import search_space
from confaug.learning.tuning.study import Tuner, tune
from confaug.learning.tuning.tuned import Tuned
from confaug.tables.engine import check_table, read_table, write_table

SECTION = {
    "initial_points": 3,
    "iterations": 2,
    "max_rounds": 40,
    "early_stopping_rounds": 5,
    "rows_per_molecule": 6,
    "fixed": {"bagging_freq": 1, "bagging_fraction": 0.8, "max_bin": 31},
    "space": {
        "num_leaves": {"type": "int", "low": 3, "high": 8},
        "learning_rate": {"type": "log", "low": 0.05, "high": 0.3},
        "min_molecules_in_leaf": {"type": "float", "low": 1, "high": 3},
        "extra_trees": {"type": "choice", "values": [False, True]},
    },
}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    study = make_study(tmp_path_factory.mktemp("study"))
    names = study.molecules[:16]
    rows = rows_of(study, ("mordred_2d", "augmented_3d"), names)
    labels = np.array([study.labels[name] for name in rows.molecules])
    return rows, labels, np.arange(16) % 4


@pytest.fixture(scope="module")
def settings():
    return TuningSettings(**SECTION)


@pytest.fixture(scope="module")
def undisturbed(data, settings):
    return tune(*data, settings)


def same(first, second):
    assert first.trials == second.trials
    assert first.best == second.best
    np.testing.assert_array_equal(
        first.cross_validation.predictions, second.cross_validation.predictions
    )
    assert tuned_model(first) == tuned_model(second)


# The search space


def test_the_space_is_sorted_whatever_the_order_in_the_configuration(settings):
    names = [parameter.name for parameter in search_space(settings)]
    assert names == sorted(SECTION["space"])
    turned = {**SECTION, "space": dict(reversed(SECTION["space"].items()))}
    assert search_space(TuningSettings(**turned)) == search_space(settings)


def test_every_acquisition_that_can_be_configured_is_there():
    configurable = TuningSettings.model_fields["acquisition"].annotation
    assert set(ACQUISITIONS) == set(get_args(configurable))


# Suggestions


def test_parameters_that_were_tried_twice_are_no_news_for_the_console(settings, capfd):
    again = suggest(settings, [])
    trials = [Trial(number, again, 30.0, 10) for number in range(settings.initial_points)]
    suggest(settings, trials)
    assert "".join(capfd.readouterr()) == ""


def test_a_suggestion_depends_on_the_seed_and_the_earlier_trials_alone(settings):
    trials = []
    for number in range(6):
        parameters = suggest(settings, trials)
        np.random.seed(number)  # noqa: NPY002  the global state must not matter
        assert suggest(settings, trials) == parameters
        trials.append(Trial(number, parameters, 30.0 - parameters["num_leaves"], 10))
    other = settings.model_copy(update={"seed": 2})
    assert suggest(other, []) != suggest(settings, [])
    assert len({json.dumps(trial.parameters, sort_keys=True) for trial in trials}) == 6


def test_the_optimiser_finds_a_planted_optimum():
    section = {**SECTION, "initial_points": 6, "iterations": 14}
    settings = TuningSettings(**section)
    trials = []
    for number in range(settings.trials):
        p = suggest(settings, trials)
        error = (
            abs(math.log(p["learning_rate"] / 0.1))
            + abs(p["num_leaves"] - 6)
            + 2 * p["extra_trees"]
        )
        trials.append(Trial(number, p, error, 1))
    assert min(t.error for t in trials[6:]) < min(t.error for t in trials[:6])
    best = min(trials, key=lambda trial: trial.error).parameters
    assert best["num_leaves"] == 6
    assert not best["extra_trees"]
    assert best["learning_rate"] == pytest.approx(0.1, rel=0.3)


@pytest.mark.parametrize("acquisition", ACQUISITIONS)
def test_every_acquisition_function_suggests(settings, acquisition):
    trials = [
        Trial(number, suggest(settings, []), 30.0 + number, 10)
        for number in range(settings.initial_points)
    ]
    suggestion = suggest(settings.model_copy(update={"acquisition": acquisition}), trials)
    assert set(suggestion) == set(SECTION["space"])


# Cross-validation


def test_no_molecule_is_on_both_sides_of_a_fold_and_filters_see_training_rows(
    data, settings, monkeypatch
):
    rows, labels, folds = data
    seen = []
    original = fold_module.select_features

    def spy(X, names):
        seen.append(X.copy())
        return original(X, names)

    monkeypatch.setattr(fold_module, "select_features", spy)
    for fold in range(4):
        held_out = folds == fold
        trainer = FoldTrainer(rows, labels, held_out, settings, LabelTransform())
        train, valid = trainer._train, trainer._valid
        assert not set(train.molecules) & set(valid.molecules)
        assert sorted([*train.molecules, *valid.molecules]) == rows.molecules.tolist()
        np.testing.assert_array_equal(seen[-1], rows.X[np.isin(rows.molecule, train.molecules)])
        assert trainer._data.num_data() == len(train.molecule)


def test_bin_edges_and_features_do_not_depend_on_held_out_molecules(data, settings):
    """Poisoning the rows that are left out must not change what is predicted elsewhere."""
    rows, labels, folds = data
    held_out = folds == 0
    poisoned = rows.X.copy()
    poisoned[rows.mask(held_out)] *= 1e6
    others = rows.of_molecules(rows.molecules[~held_out])
    answers = []
    for X in (rows.X, poisoned):
        trainer = FoldTrainer(replace(rows, X=X), labels, held_out, settings, LabelTransform())
        answers.append((trainer.features, trainer.predict({}, 10, others)))
    assert answers[0][0] == answers[1][0]
    np.testing.assert_array_equal(answers[0][1], answers[1][1])


def test_labels_of_held_out_molecules_do_not_influence_their_predictions(data, settings):
    rows, labels, folds = data
    held_out = folds == 0
    changed = np.where(held_out, labels + 500, labels)
    answers = [
        FoldTrainer(rows, own, held_out, settings, LabelTransform()).predict({}, 10, rows)
        for own in (labels, changed)
    ]
    np.testing.assert_array_equal(*answers)


def test_random_labels_cannot_be_predicted(data, settings):
    """Rows of one molecule repeat its label: a leak between folds would give an error near 0."""
    rows, _, folds = data
    labels = np.random.default_rng(9).normal(300, 50, 16)
    study = tune(rows, labels, folds, settings)
    constant = np.mean(np.abs(labels - np.median(labels)))
    pooled = error_metrics(study.cross_validation.labels, study.cross_validation.predictions)
    assert pooled["mae"] > 0.75 * constant


def test_the_error_of_a_trial_is_that_of_its_out_of_fold_predictions(data, settings):
    settings = settings.model_copy(update={"rows_per_molecule": None, "seeds": 1})
    study = tune(*data, settings)
    pooled = error_metrics(study.cross_validation.labels, study.cross_validation.predictions)
    assert pooled["mae"] == pytest.approx(study.best.error, rel=1e-9)
    assert study.best.error == min(trial.error for trial in study.trials)
    assert study.cross_validation.n_rows.tolist() == [9] * 16


def test_rmse_can_be_minimised(data, settings):
    settings = settings.model_copy(
        update={"metric": "rmse", "rows_per_molecule": None, "iterations": 0, "seeds": 1}
    )
    study = tune(*data, settings)
    pooled = error_metrics(study.cross_validation.labels, study.cross_validation.predictions)
    assert pooled["rmse"] == pytest.approx(study.best.error, rel=1e-9)


def test_log10_is_undone_in_out_of_fold_predictions(data, settings):
    rows, labels, folds = data
    study = tune(rows, labels, folds, settings, transform=LabelTransform("log10"))
    assert study.cross_validation.predictions.min() > 100
    assert study.best.error < np.mean(np.abs(labels - np.median(labels)))


def test_one_fold_is_not_enough(data, settings):
    rows, labels, _ = data
    with pytest.raises(UserError, match="at least two folds"):
        tune(rows, labels, np.zeros(16, dtype=np.int64), settings)


def test_the_result_does_not_depend_on_threads(data, settings, undisturbed):
    same(tune(*data, settings, threads=3), undisturbed)


@pytest.mark.parametrize("transform", ["none", "log10"])
def test_a_tuner_gives_other_labels_the_study_of_a_tuner_of_its_own(data, settings, transform):
    rows, labels, folds = data
    by = LabelTransform(transform)
    tuner = Tuner(rows, folds, settings, transform=by, threads=2)
    others = np.random.default_rng(5).permutation(labels) * 3 + 700
    for own in (labels + 500, others, labels + 500):
        same(tuner.tune(own), tune(rows, own, folds, settings, transform=by))


def test_early_stopping_is_exact_whatever_the_chunk(data, settings, undisturbed, monkeypatch):
    monkeypatch.setattr(fold_module, "CHUNK", 1)
    monkeypatch.setattr(pruning_module, "CHUNK", 1)
    monkeypatch.setattr(pruning_module, "_WINDOW", 1000)
    same(tune(*data, settings), undisturbed)


@pytest.mark.parametrize(
    "boosting",
    [
        {"boosting": "gbdt"},
        {"boosting": "dart", "drop_rate": 0.5},
        {"boosting": "dart", "drop_rate": 0.5, "xgboost_dart_mode": True, "uniform_drop": True},
    ],
)
def test_the_error_of_a_round_is_that_of_a_model_with_so_many_rounds(data, settings, boosting):
    """Dropout changes earlier trees, so that a model is not the beginning of a longer one."""
    rows, labels, folds = data
    fixed = {**settings.fixed, "num_leaves": 4, **boosting}
    held_out = folds == 0
    settings = settings.model_copy(update={"fixed": fixed, "seeds": 1})
    trainer = FoldTrainer(rows, labels, held_out, settings, LabelTransform())
    trainer.start({})
    curve = trainer.advance(12)
    left_out = rows.take(rows.mask(held_out))
    for rounds in (1, 7, 12):
        again = fold_module.pool_means(left_out, trainer.predict({}, rounds, left_out))
        np.testing.assert_allclose(curve[rounds - 1], again, rtol=1e-12)
    assert len({tuple(row) for row in curve.tolist()}) == len(curve), "every round changes it"


def test_a_flat_curve_stops_and_a_long_one_is_followed():
    assert _stopping_round([5, 4, 3, 3, 3], 3) is None
    assert _stopping_round([5, 4, 3, 3, 3, 3.5], 3) == 6
    assert _stopping_round([5, 4, 3, 3, 3, 2.9], 3) is None


def test_a_rule_that_is_never_met_changes_nothing(data, settings, undisturbed):
    same(tune(*data, settings.model_copy(update={"pruning": "never"})), undisturbed)


def test_a_trial_that_was_better_than_the_best_is_never_abandoned():
    """Its last error lies above the best error so far, its lowest below."""
    curve = [29.0, *(60 - 0.001 * np.arange(109))]
    assert is_hopeless(curve, 1000, 28.0)
    assert not is_hopeless(curve, 1000, 30.0)


# The history


def test_a_killed_study_continues_and_ends_like_an_undisturbed_one(
    data, settings, undisturbed, tmp_path, monkeypatch
):
    path = tmp_path / "trials.jsonl"
    original = run_trial

    def dies_in_fourth(number, *rest):
        if number == 3:
            raise KeyboardInterrupt
        return original(number, *rest)

    monkeypatch.setattr(study_module, "run_trial", dies_in_fourth)
    with pytest.raises(KeyboardInterrupt):
        tune(*data, settings, workfile=path)
    assert len(path.read_text().splitlines()) == 4
    with path.open("a") as file:
        file.write('{"trial": 3, "parameters": {"num_le')  # killed while writing
    done = []

    def counts(number, *rest):
        done.append(number)
        return original(number, *rest)

    monkeypatch.setattr(study_module, "run_trial", counts)
    same(tune(*data, settings, workfile=path), undisturbed)
    assert done == [3, 4]
    finished = path.read_bytes()
    same(tune(*data, settings, workfile=path), undisturbed)
    assert done == [3, 4], "a finished study has nothing left to do"
    assert path.read_bytes() == finished


def test_more_iterations_continue_a_finished_study(data, settings, tmp_path, undisturbed):
    path = tmp_path / "trials.jsonl"
    short = tune(*data, settings.model_copy(update={"iterations": 1}), workfile=path)
    assert short.trials == undisturbed.trials[:4]
    same(tune(*data, settings, workfile=path), undisturbed)
    again = tune(*data, settings.model_copy(update={"iterations": 1}), workfile=path)
    assert again.trials == short.trials


@pytest.mark.parametrize("what", ["labels", "folds", "rows", "settings", "further"])
def test_a_history_of_another_study_is_not_used(data, settings, tmp_path, what):
    settings = settings.model_copy(update={"initial_points": 2, "iterations": 0})
    path = tmp_path / "trials.jsonl"
    rows, labels, folds = data
    tune(rows, labels, folds, settings, workfile=path)
    first = path.read_text().splitlines()[0]
    further = ""
    if what == "labels":
        labels = labels + np.eye(16)[0]
    elif what == "folds":
        folds = folds[::-1].copy()
    elif what == "rows":
        rows = replace(rows, X=rows.X + np.float32(1))
    elif what == "settings":
        settings = settings.model_copy(update={"fixed": {**settings.fixed, "lambda_l2": 1.0}})
    else:
        further = "another code"
    study = tune(rows, labels, folds, settings, workfile=path, fingerprint=further)
    assert path.read_text().splitlines()[0] != first
    assert study.trials == tune(rows, labels, folds, settings).trials


def test_the_table_of_trials_has_one_typed_column_per_parameter(undisturbed, tmp_path):
    table, spec = history_table(undisturbed)
    check_table(table, spec)
    write_table(table, tmp_path / "history.csv", spec)
    again = read_table(tmp_path / "history.csv", spec).to_pylist()
    assert [entry["trial"] for entry in again] == [1, 2, 3, 4, 5]
    assert [entry["kind"] for entry in again] == ["initial"] * 3 + ["suggested"] * 2
    for entry, trial in zip(again, undisturbed.trials, strict=True):
        assert {name: entry[name] for name in trial.parameters} == trial.parameters
    assert again[-1]["best_error"] == undisturbed.best.error


# The final model


def test_the_final_model_is_trained_on_all_rows_with_the_tuned_rounds(data, undisturbed):
    rows, labels, _ = data
    booster, features, molecules, _ = refit(
        rows, labels, tuned_model(undisturbed), LabelTransform()
    )
    assert booster.num_trees() == 3 * undisturbed.best.rounds, "one model from each seed"
    assert molecules.tolist() == rows.molecules.tolist()
    assert "constant2D" not in features
    assert "repeated2D" not in features
    root = booster.dump_model()["tree_info"][0]["tree_structure"]
    assert root["internal_weight"] == pytest.approx(0.8 * 16, rel=0.15), "weights count molecules"


def test_the_final_model_is_the_mean_of_models_from_its_seeds(data, undisturbed):
    rows, labels, _ = data
    tuned = tuned_model(undisturbed)
    mean = refit(rows, labels, tuned, LabelTransform())
    X = rows.with_features(mean.features)
    single = [
        refit(rows, labels, tuned.model_copy(update={"seed": seed, "seeds": 1}), LabelTransform())
        for seed in model_seeds(tuned.seed, tuned.seeds)
    ]
    each = [model.booster.predict(X) for model in single]
    assert all(np.std(values - each[0]) > 0.01 for values in each[1:])
    np.testing.assert_allclose(
        mean.booster.predict(X), np.mean(each, axis=0), rtol=1e-9, atol=1e-12
    )


def test_out_of_fold_predictions_are_those_of_models_made_like_the_final_one(data, settings):
    rows, labels, folds = data
    study = tune(rows, labels, folds, settings.model_copy(update={"rows_per_molecule": None}))
    for fold in range(4):
        left_out, kept = rows.take(rows.mask(folds == fold)), folds != fold
        fitted = rows.take(rows.mask(kept))
        model = refit(fitted, labels[kept], tuned_model(study), LabelTransform())
        values = model.booster.predict(left_out.with_features(model.features))
        expected = pool_means(left_out, model.transform.inverse(values))
        found = study.cross_validation.predictions[folds == fold]
        np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_the_number_of_seeds_changes_no_trial(data, settings, undisturbed, tmp_path):
    one = tune(*data, settings.model_copy(update={"seeds": 1}), workfile=tmp_path / "history")
    assert one.trials == undisturbed.trials
    assert tuned_model(one).seeds == 1
    changed = one.cross_validation.predictions != undisturbed.cross_validation.predictions
    assert changed.all()
    lines = (tmp_path / "history").read_text()
    tune(*data, settings, workfile=tmp_path / "history")
    assert (tmp_path / "history").read_text() == lines, "the trials are not run again"


def test_a_molecule_with_more_rows_counts_no_more_than_the_others():
    """One molecule with 50 rows and one with 1: the mean lies in the middle."""
    molecule = np.array(["ma"] * 50 + ["mb"])
    X = np.arange(51, dtype=np.float32)[:, None]
    rows = Rows(X, ("f",), molecule, np.array([*range(50), 0]))
    parameters = {"num_leaves": 2, "min_molecules_in_leaf": 10}
    tuned = Tuned.model_construct(parameters=parameters, rounds=1, seed=1)
    booster, _, _, transform = refit(rows, np.array([100.0, 200.0]), tuned, LabelTransform())
    np.testing.assert_allclose(transform.inverse(booster.predict(X)), 150.0, rtol=1e-6)
