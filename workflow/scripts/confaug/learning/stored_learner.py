"""Fitted learners of scikit-learn as plain numbers, which predict without scikit-learn.

A model bundle may come from a stranger. Formats that rebuild Python objects, pickle first of all,
run or construct what the file names, and compiled trees follow whatever child a file states, beyond
their own memory if need be. So nothing is rebuilt here: what a fit has learned is a few
two-dimensional arrays of doubles, checked before use, and predicting is the learner's own formula.
That also outlives versions of scikit-learn, whose objects do not load in others.

A prediction depends on its row alone, not on the rows beside it, as matrix products of BLAS do in
their last digits: any division of candidates into pieces gives the same bytes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from confaug.learning.minmax_kernel import minmax_similarities
from confaug.learning.rows import Matrix

Floats = NDArray[np.float64]
#: Rows whose distances to training molecules, or places in trees, are held at a time.
ROWS_AT_A_TIME = 1024
#: Columns of the node table of trees.
NODE_COLUMNS = ("left", "right", "feature", "threshold", "value")
LEAF = -1
#: Counts up to this one are exact in double precision, and so are sums of millions of them.
MOST_COUNT = 2.0**31


class StoredLearnerError(ValueError):
    """The numbers are not those of a fitted learner."""


@dataclass(frozen=True)
class StoredLearner:
    """What one fit has learned, in the scale of the transformed labels.

    Attributes
    ----------
    learner
        Name in the configuration: ``constant``, ``pls``, ``ridge``, ``gaussian_process``,
        ``tanimoto_gaussian_process`` or ``extra_trees``.
    numbers
        Single values by name.
    arrays
        Two-dimensional arrays of doubles by name; `ARRAYS` lists those of each learner.
    """

    learner: str
    numbers: Mapping[str, float]
    arrays: Mapping[str, Floats]

    def predict(self, X: Matrix) -> Floats:
        """Predict rows.

        Parameters
        ----------
        X
            Shape (n_rows, n_features), the features that the fit has kept; gaps are NaN.

        Returns
        -------
        numpy.ndarray
            Shape (n_rows,), in the scale of the transformed labels.
        """
        rows = np.asarray(X, dtype=np.float64)
        prepared = _prepared(self, rows) if "fill" in self.arrays else rows
        return _PREDICTING[self.learner](self, prepared)


def check_stored(stored: StoredLearner, n_features: int) -> None:
    """Make sure that a learner predicts finite work: right shapes, finite numbers, sound trees.

    Parameters
    ----------
    n_features
        Number of the features that the fit has kept.

    Raises
    ------
    StoredLearnerError
        Saying what is wrong.
    """
    if stored.learner not in ARRAYS:
        raise StoredLearnerError(f"the learner {stored.learner!r:.50} is not known")
    wanted, numbers = ARRAYS[stored.learner], NUMBERS[stored.learner]
    if set(stored.arrays) != set(wanted) or set(stored.numbers) != set(numbers):
        raise StoredLearnerError("arrays or numbers of the learner are missing or too many")
    if not all(np.isfinite(value) for value in stored.numbers.values()):
        raise StoredLearnerError("a number of the learner is not finite")
    for name in wanted:
        _check_array(stored, name, wanted[name], n_features)
    for name in ("length_scale", "spread", "limit"):
        if stored.numbers.get(name, 1.0) <= 0:
            raise StoredLearnerError(f"{name} is not positive")
    if "scale" in stored.arrays and not (stored.arrays["scale"][1] > 0).all():
        raise StoredLearnerError("a descriptor has no positive scale")
    if stored.learner == "tanimoto_gaussian_process":
        _check_counts(stored)
    if stored.learner == "extra_trees":
        _check_trees(stored.arrays["nodes"], stored.arrays["sizes"][0], n_features)


#: Shapes of the arrays of each learner; "features" is the number of features, None any number.
_SCALED = {"fill": (1, "features"), "scale": (2, "features")}
ARRAYS: Mapping[str, Mapping[str, tuple[Any, Any]]] = {
    "constant": {},
    "ridge": {**_SCALED, "coefficients": (1, "features")},
    "pls": {**_SCALED, "coefficients": (1, "features"), "centre": (1, "features")},
    "gaussian_process": {**_SCALED, "training": (None, "features"), "weights": (1, None)},
    "tanimoto_gaussian_process": {
        "fill": (1, "features"),
        "training": (None, "features"),
        "weights": (1, None),
    },
    "extra_trees": {
        "fill": (1, "features"),
        "nodes": (None, len(NODE_COLUMNS)),
        "sizes": (1, None),
    },
}
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "constant": ("value",),
    "ridge": ("intercept", "limit"),
    "pls": ("intercept", "limit"),
    "gaussian_process": ("amplitude", "length_scale", "smooth", "mean", "spread", "limit"),
    "tanimoto_gaussian_process": ("mean",),
    "extra_trees": (),
}


def _check_array(stored: StoredLearner, name: str, shape: tuple[Any, Any], n_features: int) -> None:
    """Refuse an array of another shape, or with a value that is not finite."""
    array = stored.arrays[name]
    sizes = [n_features if size == "features" else size for size in shape]
    if array.ndim != 2 or any(
        found == 0 or (size is not None and found != size)
        for size, found in zip(sizes, array.shape, strict=True)
    ):
        raise StoredLearnerError(f"{name} has the shape {array.shape}")
    if not np.isfinite(array).all():
        raise StoredLearnerError(f"{name} has a value that is not finite")
    if name == "weights" and array.shape[1] != stored.arrays["training"].shape[0]:
        raise StoredLearnerError("weights and training molecules differ in number")


def _check_counts(stored: StoredLearner) -> None:
    """Refuse training molecules, or what gaps are filled with, that are no counts."""
    for name in ("fill", "training"):
        counts = stored.arrays[name]
        if (counts < 0).any() or (counts > MOST_COUNT).any() or (counts != np.floor(counts)).any():
            raise StoredLearnerError(f"{name} has a value that is no count")


def _check_trees(nodes: Floats, sizes: Floats, n_features: int) -> None:
    """Refuse trees in which a walk from the root would not end at a leaf of the same tree."""
    whole = np.concatenate([nodes[:, :3].ravel(), sizes])
    if not (whole == np.floor(whole)).all() or np.abs(whole).max() > len(nodes) + n_features:
        raise StoredLearnerError("trees have places that do not exist")
    if (sizes < 1).any() or sizes.sum() != len(nodes):
        raise StoredLearnerError("trees have other sizes than their nodes")
    ends = np.repeat(np.cumsum(sizes), sizes.astype(np.int64))
    place = np.arange(len(nodes)) - (ends - np.repeat(sizes, sizes.astype(np.int64)))
    size = np.repeat(sizes, sizes.astype(np.int64))
    left, right, feature = nodes[:, 0], nodes[:, 1], nodes[:, 2]
    leaf = (left == LEAF) & (right == LEAF)
    inner = (left > place) & (left < size) & (right > place) & (right < size)
    if not (leaf | (inner & (feature >= 0) & (feature < n_features))).all():
        raise StoredLearnerError("a tree has a node without a way to a leaf")


def _prepared(stored: StoredLearner, X: Floats) -> Floats:
    """Fill gaps with training medians; scale and limit where the learner asks for it."""
    filled = np.where(np.isnan(X), stored.arrays["fill"], X)
    if "scale" not in stored.arrays:
        return filled
    mean, scale = stored.arrays["scale"]
    limit = stored.numbers["limit"]
    limited: Floats = np.clip((filled - mean) / scale, -limit, limit)
    return limited


def _sums(X: Floats, weights: Floats) -> Floats:
    """Return the weighted sum of every row; each row is summed alone, whatever is beside it."""
    return np.array([np.sum(row * weights[0]) for row in X], dtype=np.float64)


def _predict_constant(stored: StoredLearner, X: Floats) -> Floats:
    return np.full(len(X), stored.numbers["value"])


def _predict_linear(stored: StoredLearner, X: Floats) -> Floats:
    centred = X - stored.arrays["centre"] if "centre" in stored.arrays else X
    return _sums(centred, stored.arrays["coefficients"]) + stored.numbers["intercept"]


def _predict_gaussian_process(stored: StoredLearner, X: Floats) -> Floats:
    """Return the mean of the process (Rasmussen and Williams 2006, equation 2.25)."""
    numbers = stored.numbers

    def covariances(rows: Floats, training: Floats) -> Floats:
        far = cdist(rows, training) / numbers["length_scale"]
        root = np.sqrt(3.0) * far
        covariance = np.exp(-0.5 * far**2) if numbers["smooth"] else (1.0 + root) * np.exp(-root)
        scaled: Floats = numbers["amplitude"] * covariance
        return scaled

    return _sums_over_training(stored, X, covariances) * numbers["spread"] + numbers["mean"]


def _predict_tanimoto_gaussian_process(stored: StoredLearner, X: Floats) -> Floats:
    """Return the mean of the process; a molecule without counts is unlike all others."""
    counts = np.maximum(X, 0.0)
    return _sums_over_training(stored, counts, minmax_similarities) + stored.numbers["mean"]


def _sums_over_training(
    stored: StoredLearner, X: Floats, covariances: Callable[[Floats, Floats], Floats]
) -> Floats:
    """Return the weighted sum of every row's covariances with the training molecules."""
    sums = [np.empty(0)]
    for start in range(0, len(X), ROWS_AT_A_TIME):
        between = covariances(X[start : start + ROWS_AT_A_TIME], stored.arrays["training"])
        sums.append(_sums(between, stored.arrays["weights"]))
    return np.concatenate(sums)


def _predict_extra_trees(stored: StoredLearner, X: Floats) -> Floats:
    """Return the mean over the trees; descriptors are in single precision, as in fitting."""
    rows = X.astype(np.float32).astype(np.float64)
    nodes = stored.arrays["nodes"]
    total, first = np.zeros(len(rows)), 0
    for size in stored.arrays["sizes"][0].astype(np.int64):
        tree = nodes[first : first + size]
        for start in range(0, len(rows), ROWS_AT_A_TIME):
            piece = slice(start, start + ROWS_AT_A_TIME)
            total[piece] += tree[_leaves(tree, rows[piece]), 4]
        first += size
    return total / len(stored.arrays["sizes"][0])


def _leaves(tree: Floats, rows: Floats) -> NDArray[np.intp]:
    """Return the leaf in which every row ends."""
    left, right, feature = (tree[:, column].astype(np.intp) for column in range(3))
    place = np.zeros(len(rows), np.intp)
    walking = np.flatnonzero(left[place] != LEAF)
    while len(walking):
        here = place[walking]
        goes_left = rows[walking, feature[here]] <= tree[here, 3]
        place[walking] = np.where(goes_left, left[here], right[here])
        walking = walking[left[place[walking]] != LEAF]
    return place


_PREDICTING: Mapping[str, Callable[[StoredLearner, Floats], Floats]] = {
    "constant": _predict_constant,
    "ridge": _predict_linear,
    "pls": _predict_linear,
    "gaussian_process": _predict_gaussian_process,
    "tanimoto_gaussian_process": _predict_tanimoto_gaussian_process,
    "extra_trees": _predict_extra_trees,
}
