"""The learners that the augmented model is compared with.

Every learner is a scikit-learn pipeline whose filter, imputer and scaler are fitted in the training
folds, with a small grid that is searched on the same folds as the tuned model.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.compose import TransformedTargetRegressor
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, PredefinedSplit, cross_validate
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from confaug.errors import UserError
from confaug.learning.lightgbm_learner import LabelTransform, lgb
from confaug.learning.pipelines import (
    Clip,
    DescriptorFilter,
    GaussianProcess,
    LabelScaler,
    PartialLeastSquares,
)
from confaug.learning.predictions import Fit, Predictions, pool_predictions
from confaug.learning.rows import Rows, Values
from confaug.learning.tanimoto_process import Counts, TanimotoGaussianProcess

logger = logging.getLogger("confaug")
TREES = 200
SCORINGS = {"mae": "neg_mean_absolute_error", "rmse": "neg_root_mean_squared_error"}


@dataclass(frozen=True)
class Learner:
    """A learner and the grid that is searched for it."""

    steps: Sequence[tuple[str, Any]]
    grid: Mapping[str, Sequence[Any]] = field(default_factory=dict)


def make_learner(name: str, seed: int = 1) -> Learner:
    """Return a learner by its name in the configuration.

    Raises
    ------
    UserError
        If the name is unknown.
    """
    filled = [("filter", DescriptorFilter()), ("fill", SimpleImputer(strategy="median"))]
    scaled = [*filled, ("scale", StandardScaler()), ("clip", Clip())]
    if name == "constant":
        steps = [("model", DummyRegressor())]
        return Learner(steps, {"model__strategy": ["mean", "median"]})
    if name == "pls":
        grid: dict[str, Sequence[Any]] = {"model__n_components": [1, 2, 3, 4, 6, 8, 12]}
        return Learner([*scaled, ("model", PartialLeastSquares())], grid)
    if name == "ridge":
        return Learner(
            [*scaled, ("model", Ridge(solver="svd"))],
            {"model__alpha": [10.0**power for power in range(7)]},
        )
    if name == "gaussian_process":
        return Learner(
            [*scaled, ("model", GaussianProcess())], {"model__kernel": ["rbf", "matern"]}
        )
    if name == "tanimoto_gaussian_process":
        empty = SimpleImputer(strategy="constant", fill_value=0.0, keep_empty_features=True)
        counted = [("filter", Counts()), ("fill", empty)]
        return Learner([*counted, ("model", TanimotoGaussianProcess())])
    if name == "extra_trees":
        trees = ExtraTreesRegressor(n_estimators=TREES, random_state=seed, n_jobs=1)
        grid = {"model__max_features": [0.1, 0.33], "model__min_samples_leaf": [1, 2]}
        return Learner([*filled, ("model", trees)], grid)
    if name == "lightgbm_default":
        model = lgb.LGBMRegressor(
            random_state=seed, n_jobs=1, deterministic=True, force_col_wise=True, verbosity=-1
        )
        return Learner([("model", model)])
    raise UserError(
        f"learner {name!r} is not known; use constant, pls, ridge, gaussian_process, "
        "tanimoto_gaussian_process, extra_trees, lightgbm_default or lightgbm"
    )


class Baseline(NamedTuple):
    """A learner judged on one replicate.

    Attributes
    ----------
    parts
        Predictions of the parts cross_validation (out of fold, at the best place of the grid),
        train and, if there are any, test.
    fits
        What the fit of each fold, and the final one, was given.
    model
        The pipeline that was fitted on all training molecules.
    parameters
        The place of the grid that was chosen, as `make_model` takes it.
    """

    parts: list[Predictions]
    fits: list[Fit]
    model: TransformedTargetRegressor
    parameters: dict[str, Any]


def make_model(
    recipe: Learner, transform: LabelTransform, parameters: Mapping[str, Any] | None = None
) -> TransformedTargetRegressor:
    """Return a learner with its transform of labels, not fitted yet.

    Parameters
    ----------
    parameters
        A place of the grid; None leaves the parameters of the recipe.
    """
    pipeline = Pipeline(list(recipe.steps)).set_params(**(parameters or {}))
    return TransformedTargetRegressor(
        pipeline, transformer=LabelScaler(transform.name), check_inverse=False
    )


def evaluate_baseline(
    learner: str,
    train: Rows,
    labels: Values,
    folds: NDArray[np.int64],
    test: Rows | None,
    test_labels: Values | None,
    *,
    transform: LabelTransform | None = None,
    metric: str = "mae",
    seed: int = 1,
) -> Baseline:
    """Search a learner's grid by grouped cross-validation, fit it, and predict.

    Parameters
    ----------
    learner
        Name in the configuration, see `make_learner`.
    train, test
        Rows with one row per molecule; `test` may be None.
    labels, folds
        Label and fold of each training molecule, in the order of the rows.
    metric
        What the grid search minimises: ``mae`` or ``rmse``, mean over folds.

    Returns
    -------
    Baseline
        Predictions, and what each fit was given.

    Raises
    ------
    UserError
        If the learner is unknown or the representation has many rows per molecule.
    """
    if train.counts.max() > 1:
        raise UserError(
            f"learner {learner!r} takes one row per molecule; use learner lightgbm for "
            "representations with one row per conformer"
        )
    transform = transform or LabelTransform()
    transform.forward(labels)  # a label that cannot be transformed is named here
    recipe = make_learner(learner, seed)
    model = make_model(recipe, transform)
    with threadpool_limits(limits=1):  # the order of a BLAS sum may depend on its threads
        best = _search(model, recipe.grid, train, labels, folds, SCORINGS[metric])
        logger.info("%s: best of the grid %s", learner, best.parameters or "(no grid)")
        out_of_fold, fits = _cross_validate(best.model, train, labels, PredefinedSplit(folds))
        fits.append(_fit_of("final", best.model, train.molecules))
        parts = [
            pool_predictions("cross_validation", train, labels, out_of_fold),
            pool_predictions("train", train, labels, np.ravel(best.model.predict(train.X))),
        ]
        if test is not None and test_labels is not None:
            values = np.ravel(best.model.predict(test.X))
            parts.append(pool_predictions("test", test, test_labels, values))
    chosen = {name.removeprefix("regressor__"): value for name, value in best.parameters.items()}
    return Baseline(parts, fits, best.model, chosen)


class _Best(NamedTuple):
    """The best place of a grid, and the model that was fitted there to all training molecules."""

    parameters: Mapping[str, Any]
    model: TransformedTargetRegressor


def _search(
    model: TransformedTargetRegressor,
    grid: Mapping[str, Sequence[Any]],
    train: Rows,
    labels: Values,
    folds: NDArray[np.int64],
    scoring: str,
) -> _Best:
    """Search a grid by cross-validation."""
    search = GridSearchCV(
        model,
        {f"regressor__{name}": values for name, values in grid.items()},
        scoring=scoring,
        cv=PredefinedSplit(folds),
        n_jobs=1,
        error_score="raise",
    )
    search.fit(train.X, labels)
    return _Best(search.best_params_, search.best_estimator_)


def _cross_validate(
    model: TransformedTargetRegressor, train: Rows, labels: Values, folds: PredefinedSplit
) -> tuple[Values, list[Fit]]:
    """Predict molecules out of fold; return also what the fit of each fold was given."""
    done = cross_validate(
        model, train.X, labels, cv=folds, return_estimator=True, return_indices=True
    )
    values, fits = np.empty(len(labels)), []
    indices = zip(done["indices"]["train"], done["indices"]["test"], strict=True)
    for fitted, (given, left_out) in zip(done["estimator"], indices, strict=True):
        values[left_out] = np.ravel(fitted.predict(train.X[left_out]))
        fold = folds.test_fold[left_out[0]]
        fits.append(_fit_of(f"fold {fold}", fitted, train.molecules[given]))
    return values, fits


def _fit_of(name: str, fitted: TransformedTargetRegressor, molecules: NDArray[np.str_]) -> Fit:
    """Return what a fitted pipeline was given, and the rows that its filter and scaler counted."""
    steps = fitted.regressor_.named_steps
    seen = {int(steps[step].n_samples_seen_) for step in ("filter", "scale") if step in steps}
    if len(seen) > 1:
        raise ValueError(f"{name}: filter and scaler were fitted on different rows")
    return Fit(name, molecules, np.ones(len(molecules), np.int64), next(iter(seen), None))
