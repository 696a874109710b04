"""The apparent error under a row-wise split, which leaks, beside that of a split by molecule."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.base import RegressorMixin, clone
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline

from confaug.infrastructure import random_draws
from confaug.tables.evaluation import ROW_SPLIT_ERRORS

logger = logging.getLogger("confaug")
Row = dict[str, Any]
Floats = NDArray[np.float64]


def cheap_learner(seed: int = 0) -> RegressorMixin:
    """Return extremely randomised trees on median-imputed descriptors, which need no tuning."""
    trees = ExtraTreesRegressor(n_estimators=50, max_features=0.1, random_state=seed, n_jobs=1)
    return make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), trees)


def row_split_errors(
    X: Floats,
    labels: Floats,
    molecules: Sequence[str],
    groups: Sequence[str],
    train_rows: int,
    rows: str,
    draws: int = 20,
    seed: int = 1,
    learner: RegressorMixin | None = None,
) -> list[Row]:
    """Compare a row-wise split, which leaks, with a split by molecule of the same share.

    The row-wise error is the mean over test rows. For the error by molecule, the rows of a
    molecule get its median label, and its predictions are averaged: an error per molecule.

    Parameters
    ----------
    X, labels
        Descriptors and label of every row, shapes (rows, descriptors) and (rows,).
    molecules, groups
        Molecule and group of every row.
    train_rows
        Rows in training; molecules are split in the same proportion.
    rows
        What the rows are, for the table.
    draws
        Random splits of either kind.
    learner
        A scikit-learn regressor; by default `cheap_learner`.

    Returns
    -------
    list of dict
        Rows of a ROW_SPLIT_ERRORS table.
    """
    X = np.clip(np.where(np.isfinite(X), X, np.nan), -1e30, 1e30)
    names, group_names = np.asarray(molecules), np.asarray(groups)
    learner = learner or cheap_learner()
    share = train_rows / len(labels)
    found = []
    for draw in range(1, draws + 1):
        order = _row_order(names, seed, draw)
        train = np.zeros(len(labels), bool)
        train[order[:train_rows]] = True
        found.append(_row_error(learner, X, labels, names, train))
        train = np.isin(group_names, _first_groups(names, group_names, share, seed, draw))
        found.append(_molecule_error(learner, X, labels, names, train))
        found[-2].update(rows=rows, split_by="row", draw=draw)
        found[-1].update(rows=rows, split_by="molecule", draw=draw)
        logger.info(
            "%s, draw %d of %d: MAE %.3g by row, %.3g by molecule",
            *(rows, draw, draws, found[-2]["mae"], found[-1]["mae"]),
        )
    return found


def row_split_table(found: Iterable[Row]) -> pa.Table:
    """Return rows of `row_split_errors` as a ROW_SPLIT_ERRORS table."""
    return pa.Table.from_pylist(list(found), schema=ROW_SPLIT_ERRORS.schema())


def _row_order(names: NDArray[Any], seed: int, draw: int) -> NDArray[np.int64]:
    """Return the rows in a random order that does not depend on their order in the table."""
    times: Counter[str] = Counter()
    ranks = []
    for name in names:
        times[name] += 1
        ranks.append(random_draws.rank(f"{name}\0{times[name]}", seed, draw))
    return np.argsort(np.array(ranks), kind="stable")


def _first_groups(
    names: NDArray[Any], groups: NDArray[Any], share: float, seed: int, draw: int
) -> list[str]:
    """Return groups in random order until they have the share of the molecules."""
    group_of = dict(zip(names.tolist(), groups.tolist(), strict=True))
    sizes = Counter(group_of.values())
    wanted = min(max(round(share * len(group_of)), 1), len(group_of) - 1)
    chosen: list[str] = []
    taken = 0
    for group in sorted(sizes, key=lambda group: random_draws.rank(group, seed, draw)):
        if taken + sizes[group] <= wanted:
            chosen.append(group)
            taken += sizes[group]
    return chosen


def _row_error(
    learner: RegressorMixin, X: Floats, labels: Floats, names: NDArray[Any], train: NDArray[np.bool]
) -> Row:
    """Fit on some rows and judge on the others, row by row."""
    predicted = clone(learner).fit(X[train], labels[train]).predict(X[~train])
    return _figures(predicted, labels[~train], names, train)


def _molecule_error(
    learner: RegressorMixin, X: Floats, labels: Floats, names: NDArray[Any], train: NDArray[np.bool]
) -> Row:
    """Fit on some molecules and judge on the others, molecule by molecule."""
    codes = np.unique(names, return_inverse=True)[1]
    median = np.array([np.median(labels[codes == code]) for code in range(codes.max() + 1)])
    # Rows of one molecule with equal descriptors are one and the same: fitting them once suffices.
    # NaN is unlike itself, so a number stands for it (descriptors are within 1e30).
    comparable = np.where(np.isnan(X), 2e30, X)
    _, first = np.unique(np.column_stack([codes, comparable]), axis=0, return_index=True)
    kept = np.zeros(len(labels), bool)
    kept[first] = True
    fitted = clone(learner).fit(X[train & kept], median[codes[train & kept]])
    tested = ~train & kept
    predicted = np.bincount(codes[tested], fitted.predict(X[tested]), len(median))
    counts = np.bincount(codes[tested], minlength=len(median))
    has = counts > 0
    return _figures(predicted[has] / counts[has], median[has], names[kept], train[kept])


def _figures(
    predicted: Floats, labels: Floats, names: NDArray[Any], train: NDArray[np.bool]
) -> Row:
    """Return the errors and counts of one split."""
    errors = np.abs(predicted - labels)
    seen = np.isin(names[~train], names[train])
    return {
        "train_rows": int(train.sum()),
        "test_rows": int((~train).sum()),
        "train_molecules": len(np.unique(names[train])),
        "test_molecules": len(np.unique(names[~train])),
        "share_seen": float(seen.mean()),
        "mae": float(errors.mean()),
        "relative_error": float(np.mean(errors / np.abs(labels))) if np.all(labels) else None,
    }
