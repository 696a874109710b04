"""Search the hyper-parameters of a variant by cross-validation, and fit it with the best ones."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from confaug.config.lightgbm_parameters import safe_name
from confaug.config.settings.tuning import TuningSettings
from confaug.learning.datasets import LearningData
from confaug.learning.fitted_model import FittedModel, fit_as_tuned
from confaug.learning.learners import evaluate_baseline
from confaug.learning.lightgbm_learner import LabelTransform, lgb
from confaug.learning.rows import Rows, Values
from confaug.learning.stored_learner import StoredLearner
from confaug.learning.storing import store
from confaug.learning.tuning.results import tuned_model
from confaug.learning.tuning.study import tune


def fit_variant(
    data: LearningData,
    settings: TuningSettings,
    *,
    transform: LabelTransform,
    workfile: str | Path | None = None,
    fingerprint: str = "",
    threads: int = 1,
) -> FittedModel:
    """Fit a variant on all training molecules, with hyper-parameters from its cross-validation.

    Parameters
    ----------
    data
        The training molecules with their folds, and the variant.
    settings
        Search space and budget of tuned LightGBM; the others take its metric and its seed.
    transform
        Applied to labels before learning.
    workfile, fingerprint, threads
        As for `confaug.learning.tuning.study.tune`.

    Raises
    ------
    UserError
        If the molecules do not suffice to learn from.
    """
    rows = data.rows("train")
    labels, folds = data.labels_of(rows.molecules), data.folds_of(rows.molecules)
    if data.variant.learner != "lightgbm":
        return fit_baseline(
            data.variant.learner,
            rows,
            labels,
            folds,
            transform=transform,
            metric=settings.metric,
            seed=settings.seed,
        )
    return fit_tuned(
        rows,
        labels,
        folds,
        settings,
        transform=transform,
        workfile=workfile,
        fingerprint=fingerprint,
        threads=threads,
    )


def fit_tuned(
    rows: Rows,
    labels: Values,
    folds: NDArray[np.int64],
    settings: TuningSettings,
    *,
    transform: LabelTransform,
    workfile: str | Path | None = None,
    fingerprint: str = "",
    threads: int = 1,
) -> FittedModel:
    """Tune LightGBM by grouped cross-validation, and fit it on all rows.

    Parameters
    ----------
    rows, labels, folds, settings, workfile, fingerprint, threads
        As for `confaug.learning.tuning.study.tune`.
    transform
        Applied to labels before learning.

    Raises
    ------
    UserError
        If there are fewer than two folds, or no feature differs between the molecules.
    """
    study = tune(
        rows,
        labels,
        folds,
        settings,
        transform=transform,
        workfile=workfile,
        fingerprint=fingerprint,
        threads=threads,
    )
    model = fit_as_tuned(
        rows,
        labels,
        tuned_model(study),
        study.cross_validation,
        transform=transform,
        threads=threads,
    )
    return replace(model, fits=[*study.fits, *model.fits])


def fit_baseline(
    learner: str,
    rows: Rows,
    labels: Values,
    folds: NDArray[np.int64],
    *,
    transform: LabelTransform,
    metric: str,
    seed: int,
) -> FittedModel:
    """Search the grid of another learner by grouped cross-validation, and fit it on all rows.

    Parameters
    ----------
    learner
        Name in the configuration, see `learners.make_learner`.
    rows, labels, folds, transform, metric, seed
        As for `learners.evaluate_baseline`.

    Raises
    ------
    UserError
        If the learner is unknown, or the rows are more than one per molecule.
    """
    found = evaluate_baseline(
        learner, rows, labels, folds, None, None, transform=transform, metric=metric, seed=seed
    )
    names = rows.feature_names
    learned: lgb.Booster | StoredLearner
    if learner == "lightgbm_default":
        features = tuple(names)
        learned = _named(found.model.regressor_.named_steps["model"].booster_, features)
    else:
        learned, columns = store(learner, found.model)
        features = tuple(names[column] for column in columns)
    return FittedModel(
        learned=learned,
        features=features,
        n_offered=len(names),
        transform=found.model.transformer_.fitted_,
        tuned=None,
        cross_validation=found.parts[0],
        fits=found.fits,
    )


def _named(booster: lgb.Booster, features: Sequence[str]) -> lgb.Booster:
    """Give the features of a LightGBM model, which scikit-learn has numbered, their names."""
    names = " ".join(safe_name(name) for name in features)
    text, line = booster.model_to_string(), f"feature_names={names}"
    return lgb.Booster(model_str=re.sub(r"(?m)^feature_names=.*$", lambda _: line, text, count=1))
