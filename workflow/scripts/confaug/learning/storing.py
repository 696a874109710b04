"""Take out of a fitted pipeline of scikit-learn the numbers that it predicts with."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.compose import TransformedTargetRegressor

from confaug.learning.stored_learner import LEAF, Floats, StoredLearner


def store(
    learner: str, model: TransformedTargetRegressor
) -> tuple[StoredLearner, NDArray[np.intp]]:
    """Take out of a fitted pipeline what it has learned.

    Parameters
    ----------
    learner
        Name of the learner that `learners.make_learner` made the pipeline of.
    model
        The fitted pipeline.

    Returns
    -------
    StoredLearner
        The numbers.
    numpy.ndarray
        Which of the offered columns they refer to, in order.
    """
    steps = model.regressor_.named_steps
    numbers, arrays = _STORING[learner](steps["model"])
    if "filter" not in steps:
        return StoredLearner(learner, numbers, arrays), np.empty(0, np.intp)
    arrays["fill"] = _row(steps["fill"].statistics_)
    if "scale" in steps:
        arrays["scale"] = np.vstack([steps["scale"].mean_, steps["scale"].scale_])
        numbers["limit"] = float(steps["clip"].limit)
    return StoredLearner(learner, numbers, arrays), steps["filter"].columns_


def _row(values: Any) -> Floats:
    return np.atleast_2d(np.asarray(values, dtype=np.float64))


def _store_constant(model: Any) -> tuple[dict[str, float], dict[str, Floats]]:
    return {"value": float(np.ravel(model.constant_)[0])}, {}


def _store_ridge(model: Any) -> tuple[dict[str, float], dict[str, Floats]]:
    return {"intercept": float(model.intercept_)}, {"coefficients": _row(model.coef_)}


def _store_pls(model: Any) -> tuple[dict[str, float], dict[str, Floats]]:
    fitted = model.regression_
    # With unscaled descriptors the centre is all that stands between them and the coefficients.
    arrays = {"coefficients": _row(fitted.coef_), "centre": _row(fitted._x_mean)}
    return {"intercept": float(np.ravel(fitted.intercept_)[0])}, arrays


def _store_gaussian_process(model: Any) -> tuple[dict[str, float], dict[str, Floats]]:
    process = model.process_
    product = process.kernel_.k1  # noise, the other part, plays no part between different molecules
    numbers = {
        "amplitude": float(product.k1.constant_value),
        "length_scale": float(product.k2.length_scale),
        "smooth": float(model.kernel == "rbf"),
        "mean": float(process._y_train_mean),
        "spread": float(process._y_train_std),
    }
    return numbers, {"training": _row(process.X_train_), "weights": _row(process.alpha_)}


def _store_tanimoto_gaussian_process(model: Any) -> tuple[dict[str, float], dict[str, Floats]]:
    return {"mean": model.mean_}, {"training": model.X_train_, "weights": _row(model.weights_)}


def _store_extra_trees(model: Any) -> tuple[dict[str, float], dict[str, Floats]]:
    tables = []
    for tree in (estimator.tree_ for estimator in model.estimators_):
        leaf = tree.children_left < 0
        columns = (
            np.where(leaf, LEAF, tree.children_left),
            np.where(leaf, LEAF, tree.children_right),
            np.where(leaf, 0, tree.feature),
            np.where(leaf, 0.0, tree.threshold),
            tree.value[:, 0, 0],
        )
        tables.append(np.column_stack(columns).astype(np.float64))
    return {}, {"nodes": np.vstack(tables), "sizes": _row([len(table) for table in tables])}


_STORING: Mapping[str, Callable[[Any], tuple[dict[str, float], dict[str, Floats]]]] = {
    "constant": _store_constant,
    "ridge": _store_ridge,
    "pls": _store_pls,
    "gaussian_process": _store_gaussian_process,
    "tanimoto_gaussian_process": _store_tanimoto_gaussian_process,
    "extra_trees": _store_extra_trees,
}
