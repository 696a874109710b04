"""The learners that the augmented model has to beat, and the mean of the best.

Every learner is a scikit-learn pipeline whose imputer, filter and scalers are fitted inside the
training folds, with a small grid that is searched on the same folds as those of the tuned model.
"""

import logging
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, RegressorMixin, TransformerMixin
from sklearn.compose import TransformedTargetRegressor
from sklearn.cross_decomposition import PLSRegression
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Kernel, Matern, WhiteKernel
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, PredefinedSplit, cross_validate
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from confaug.errors import UserError
from confaug.evaluation import Fit, Predictions, error_metrics, pool_predictions
from confaug.learners import LabelTransform, lgb, select_features
from confaug.representations import Rows
from confaug.tables import BOOL, FLOAT, TEXT, Column, TableSpec

logger = logging.getLogger("confaug")
Values = NDArray[np.float64]
CONSENSUS = TableSpec(
    "consensus members",
    (
        Column("variant", TEXT, "candidate, the best by cross-validation first"),
        Column("mae_cross_validation", FLOAT, "its out-of-fold MAE", "as configured"),
        Column("member", BOOL, "whether it is one of those that are averaged"),
    ),
    key=("variant",),
)
TREES = 200
SCORINGS = {"mae": "neg_mean_absolute_error", "rmse": "neg_root_mean_squared_error"}


class DescriptorFilter(TransformerMixin, BaseEstimator):
    """Keep the descriptors that can tell the training rows apart.

    The same rule as for the tuned learner (`learners.select_features`); a column with gaps is
    kept only if at least half of the training rows have a value, because its gaps are filled.
    """

    def fit(self, X: NDArray[np.float32], y: object = None) -> "DescriptorFilter":
        """Choose columns from training rows."""
        X = np.asarray(X, dtype=np.float32)
        self.n_samples_seen_ = len(X)
        known = np.flatnonzero(np.isfinite(X).mean(axis=0) >= 0.5)
        names = [str(column) for column in known]
        self.columns_ = np.array([int(name) for name in select_features(X[:, known], names)])
        varied = np.nanmax(X[:, self.columns_], axis=0) > np.nanmin(X[:, self.columns_], axis=0)
        self.columns_ = self.columns_[varied]
        if not len(self.columns_):
            raise UserError(
                "no descriptor that most training molecules have differs between them; "
                "leave out the variants with a learner of its kind, or add molecules"
            )
        return self

    def transform(self, X: NDArray[np.float32]) -> Values:
        """Return the chosen columns."""
        return np.asarray(X, dtype=np.float64)[:, self.columns_]


class Clip(TransformerMixin, BaseEstimator):
    """Limit scaled descriptors, so that a molecule unlike all others is not extrapolated wildly."""

    def __init__(self, limit: float = 5.0) -> None:
        self.limit = limit

    def fit(self, X: Values, y: object = None) -> "Clip":
        """Learn nothing."""
        self.fitted_ = True
        return self

    def transform(self, X: Values) -> Values:
        """Return the values, none farther from 0 than the limit."""
        return np.clip(X, -self.limit, self.limit)


class GaussianProcess(RegressorMixin, BaseEstimator):
    """Gaussian process regression with one length scale for all descriptors.

    Its starting length scale is the root of the number of descriptors, the typical distance of
    standardised rows; amplitude, length scale and noise are then fitted by marginal likelihood.

    Parameters
    ----------
    kernel
        ``rbf`` or ``matern`` (smoothness 3/2).
    """

    def __init__(self, kernel: str = "rbf") -> None:
        self.kernel = kernel

    def fit(self, X: Values, y: Values) -> "GaussianProcess":
        """Fit the hyper-parameters and the regression."""
        scale = float(np.sqrt(X.shape[1]))
        bounds = (scale / 30, scale * 30)
        shape: Kernel = (
            RBF(scale, bounds) if self.kernel == "rbf" else Matern(scale, bounds, nu=1.5)
        )
        kernel = ConstantKernel(1.0, (1e-2, 1e3)) * shape + WhiteKernel(0.1, (1e-3, 1e1))
        self.process_ = GaussianProcessRegressor(kernel, normalize_y=True, random_state=0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a value at its bound is fine
            self.process_.fit(X, y)
        return self

    def predict(self, X: Values) -> Values:
        """Return the mean of the process."""
        return self.process_.predict(X)


class PartialLeastSquares(RegressorMixin, BaseEstimator):
    """Partial least squares with as many components as asked for, or as the rows allow.

    Parameters
    ----------
    n_components
        Components wanted.
    """

    def __init__(self, n_components: int = 2) -> None:
        self.n_components = n_components

    def fit(self, X: Values, y: Values) -> "PartialLeastSquares":
        """Fit the components and the regression on them."""
        possible = min(self.n_components, X.shape[1], len(X) - 1)
        self.regression_ = PLSRegression(max(1, possible), scale=False).fit(X, y)
        return self

    def predict(self, X: Values) -> Values:
        """Predict rows."""
        return np.ravel(self.regression_.predict(X))


class LabelScaler(TransformerMixin, BaseEstimator):
    """Transform labels as configured, then centre and scale them (`learners.LabelTransform`).

    Parameters
    ----------
    name
        ``none`` or ``log10``.
    """

    def __init__(self, name: str = "none") -> None:
        self.name = name

    def fit(self, y: Values, _: object = None) -> "LabelScaler":
        """Learn centre and scale from training labels."""
        self.fitted_ = LabelTransform(self.name).fitted(y)
        return self

    def transform(self, y: Values) -> Values:
        """Transform labels for learning."""
        return self.fitted_.forward(y)

    def inverse_transform(self, y: Values) -> Values:
        """Bring learned values back to label units."""
        return self.fitted_.inverse(y)


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
        f"learner {name!r} is not known; use constant, pls, ridge, gaussian_process, extra_trees, "
        "lightgbm_default or lightgbm"
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
    """

    parts: list[Predictions]
    fits: list[Fit]


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
            f"learner {learner!r} takes one row per molecule; "
            "use learner lightgbm with representations of conformers"
        )
    transform = transform or LabelTransform()
    transform.forward(labels)  # a label that cannot be transformed is named here
    recipe = make_learner(learner, seed)
    model = TransformedTargetRegressor(
        Pipeline(list(recipe.steps)),
        transformer=LabelScaler(transform.name),
        check_inverse=False,
    )
    parts = PredefinedSplit(folds)
    grid = {f"regressor__{name}": values for name, values in recipe.grid.items()}
    with threadpool_limits(limits=1):  # the order of a BLAS sum may depend on its threads
        search = GridSearchCV(
            model, grid, scoring=SCORINGS[metric], cv=parts, n_jobs=1, error_score="raise"
        )
        search.fit(train.X, labels)
        logger.info("%s: best of the grid %s", learner, search.best_params_ or "(no grid)")
        out_of_fold, fits = _cross_validate(search.best_estimator_, train, labels, parts)
        fits.append(_fit_of("final", search.best_estimator_, train.molecules))
        results = [
            pool_predictions("cross_validation", train, labels, out_of_fold),
            pool_predictions("train", train, labels, np.ravel(search.predict(train.X))),
        ]
        if test is not None and test_labels is not None:
            values = np.ravel(search.predict(test.X))
            results.append(pool_predictions("test", test, test_labels, values))
    return Baseline(results, fits)


def _cross_validate(
    model: TransformedTargetRegressor, train: Rows, labels: Values, folds: PredefinedSplit
) -> tuple[Values, list[Fit]]:
    """Predict molecules by the fit that left out their fold; return also what those were given."""
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
    """Say what a fitted pipeline was given, and what its filter and scaler count themselves."""
    steps = fitted.regressor_.named_steps
    seen = {int(steps[step].n_samples_seen_) for step in ("filter", "scale") if step in steps}
    if len(seen) > 1:
        raise ValueError(f"{name}: filter and scaler were fitted on different rows")
    return Fit(name, molecules, np.ones(len(molecules), np.int64), next(iter(seen), None))


@dataclass(frozen=True)
class Consensus:
    """Mean of the predictions of several variants.

    Attributes
    ----------
    members
        Names of the variants, the best by cross-validation first.
    errors
        Cross-validation error (MAE) of every candidate.
    parts
        The mean predictions.
    """

    members: tuple[str, ...]
    errors: dict[str, float]
    parts: list[Predictions]


def combine_best(
    candidates: Mapping[str, Sequence[Predictions]],
    size: int = 3,
    families: Mapping[str, str] | None = None,
) -> Consensus:
    """Average the predictions of the best variants, chosen by cross-validation alone.

    Parameters
    ----------
    candidates
        Predictions of each variant, by its name.
    size
        Number of variants to average; all if there are fewer.
    families
        Family of each variant, for example its learner. At most one member of each family is
        taken, its best, because models that err alike gain little from being averaged. The
        family ``constant`` is no candidate unless there is no other. None makes no such
        difference.

    Raises
    ------
    UserError
        If there is no candidate, or candidates have not predicted the same molecules.
    """
    if not candidates or size < 1:
        raise UserError("a consensus needs at least one variant")
    if families is not None:
        learned = {n: parts for n, parts in candidates.items() if families[n] != "constant"}
        candidates = learned or candidates
    by_part = {name: {p.part: p for p in parts} for name, parts in candidates.items()}
    errors = {
        name: float(
            np.mean(np.abs(p["cross_validation"].predictions - p["cross_validation"].labels))
        )
        for name, p in by_part.items()
    }
    ranking = sorted(errors, key=lambda name: (errors[name], name))
    if families is not None:
        ranking = _best_of_each(ranking, families)
    members = tuple(ranking[:size])
    parts = [
        _mean_part([by_part[name][part] for name in members])
        for part in ("cross_validation", "train", "test")
        if all(part in by_part[name] for name in members)
    ]
    return Consensus(members, errors, parts)


def _best_of_each(ranking: Sequence[str], families: Mapping[str, str]) -> list[str]:
    """Keep the first of each family."""
    first: dict[str, str] = {}
    for name in ranking:
        first.setdefault(families[name], name)
    return list(first.values())


def _mean_part(parts: Sequence[Predictions]) -> Predictions:
    """Average one part over variants; the spread is the one between the variants."""
    first = parts[0]
    for other in parts[1:]:
        if not np.array_equal(other.molecules, first.molecules):
            raise UserError(
                f"the variants of a consensus have not predicted the same {first.part} molecules"
            )
    values = np.vstack([part.predictions for part in parts])
    mean = values.mean(axis=0)
    return Predictions(
        first.part,
        first.molecules,
        first.labels,
        mean,
        values.std(axis=0),
        np.full(len(mean), len(parts), dtype=np.int64),
        error_metrics(np.tile(first.labels, len(parts)), values.ravel()),
    )


def consensus_table(consensus: Consensus) -> pa.Table:
    """List the candidates by cross-validation error and say which are members."""
    order = sorted(consensus.errors, key=lambda name: (consensus.errors[name], name))
    return pa.table(
        {
            "variant": order,
            "mae_cross_validation": [consensus.errors[name] for name in order],
            "member": [name in consensus.members for name in order],
        }
    )
