"""What error a row-wise split, which leaks, would report."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from sklearn.base import RegressorMixin, clone
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline

from confaug.evaluation.leakage import in_comparison
from confaug.infrastructure import random_draws
from confaug.infrastructure.quantity import percent
from confaug.tables.descriptors import AUGMENTED
from confaug.tables.engine import check_table
from confaug.tables.evaluation import ROW_SPLIT_ERRORS
from confaug.tables.parquet import CheckedFile

logger = logging.getLogger("confaug")
Row = dict[str, Any]
Floats = NDArray[np.float64]
#: Conformers of a molecule in a row-wise split; more would only take longer to mislead.
AUGMENTED_ROWS = 6


# What a row-wise split would pretend


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

    The row-wise number is the mean error over test rows. For the honest number, the rows of a
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


def row_split_study(
    molecules: pa.Table,
    rows: Sequence[tuple[str, float]],
    descriptors_2d: pa.Table,
    augmented: pa.Table,
    split: pa.Table,
    published: Sequence[int] = (),
) -> pa.Table:
    """Measure what row-wise splits of a study's own tables would have pretended.

    Nothing of the result depends on the order of rows in any table.

    Parameters
    ----------
    molecules
        A MOLECULES table, for the groups.
    rows
        Molecule and label of the input rows, from `splitting.source_rows`.
    descriptors_2d
        A DESCRIPTORS_2D table; what input rows are described by.
    augmented
        An AUGMENTED table with any descriptors; `AUGMENTED_ROWS` conformers of every molecule,
        spread evenly over its rows, are split as rows of their own.
    split
        A SPLIT table; as large a share of the rows as of its molecules goes into training.
    published
        Numbers of training rows of published row-wise splits of the same rows.

    Returns
    -------
    pa.Table
        A ROW_SPLIT_ERRORS table.
    """
    group_of = dict(
        zip(molecules["molecule"].to_pylist(), molecules["group"].to_pylist(), strict=True)
    )
    described = {name: i for i, name in enumerate(descriptors_2d["molecule"].to_pylist())}
    rows = sorted(row for row in rows if row[0] in described)
    names = [name for name, _ in rows]
    share = pc.sum(pc.equal(split["part"], "train")).as_py() / len(split)
    X = _matrix(descriptors_2d)[[described[name] for name in names]]
    labels = np.array([label for _, label in rows])
    groups = [group_of[name] for name in names]
    found: list[Row] = []
    for size in dict.fromkeys([round(share * len(rows)), *published]):
        if 0 < size < len(rows):
            words = f"input rows, {size} of {len(rows)} in training"
            found += row_split_errors(X, labels, names, groups, size, words)
    kept = _spread_rows(augmented)
    names, labels = kept["molecule"].to_pylist(), kept["label"].to_numpy(zero_copy_only=False)
    groups, size = [group_of[name] for name in names], round(share * len(names))
    words = f"conformers, {size} of {len(names)} in training"
    found += row_split_errors(_matrix(kept), labels, names, groups, size, words, draws=3)
    return row_split_table(found)


def _matrix(table: pa.Table) -> Floats:
    """Return the descriptors of a table as a matrix."""
    declared = {"molecule", *AUGMENTED.names}
    columns = [name for name in table.column_names if name not in declared]
    return np.column_stack([table[name].to_numpy() for name in columns])


def read_spread_rows(augmented: str | Path, descriptors: Sequence[str]) -> pa.Table:
    """Read what `row_split_study` takes from an augmented table, and no more.

    Parameters
    ----------
    augmented
        The Parquet file; its row groups are read one after another.
    descriptors
        Names of the descriptors to read.

    Returns
    -------
    pa.Table
        An AUGMENTED table of `AUGMENTED_ROWS` labelled conformers of every molecule.
    """
    file = CheckedFile(augmented)
    places = np.array(_spread_places(file.read([*AUGMENTED.key, "label"])), dtype=np.int64)
    pieces, row = [], 0
    for group in range(file.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        here = np.sort(places[(places >= row) & (places < row + size)])
        piece = file.read_row_group(group, [*AUGMENTED.names, *descriptors])
        pieces.append(piece.take(here - row))
        row += size
    return check_table(pa.concat_tables(pieces), AUGMENTED)


def _spread_rows(augmented: pa.Table) -> pa.Table:
    """Take some labelled conformers of every molecule, evenly spread over its rows by key."""
    return augmented.take(_spread_places(augmented))


def _spread_places(augmented: pa.Table) -> list[int]:
    """Return where the rows of `_spread_rows` are."""
    order = pc.sort_indices(
        augmented.select(AUGMENTED.key), [(name, "ascending") for name in AUGMENTED.key]
    )
    rows_of: dict[str, list[int]] = defaultdict(list)
    valid = pc.and_(pc.is_valid(augmented["label"]), pc.is_valid(augmented["conformer"]))
    names = augmented["molecule"].to_pylist()
    usable = valid.to_numpy()
    for i in order.to_pylist():
        if usable[i]:
            rows_of[names[i]].append(i)
    return [
        rows[i]
        for rows in rows_of.values()
        for i in np.unique(np.linspace(0, len(rows) - 1, AUGMENTED_ROWS).round().astype(int))
    ]


def row_split_table(found: Iterable[Row]) -> pa.Table:
    """Return rows of `row_split_errors` as a ROW_SPLIT_ERRORS table."""
    return pa.Table.from_pylist(list(found), schema=ROW_SPLIT_ERRORS.schema())


def row_split_summary(table: pa.Table) -> list[Row]:
    """Summarise a ROW_SPLIT_ERRORS table: means over draws, and a sentence, for each kind of rows.

    A kind of rows of which none has its own structure in training cannot mislead, and is left out.

    Returns
    -------
    list of dict
        `rows`, `sentence`, and under `row` and `molecule` each: `mae`, `mae_sd` (between draws),
        `relative_error`, `share_seen`, `train_rows`, `test_rows`, `train_molecules`,
        `test_molecules` (means).
    """
    found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in table.to_pylist():
        found[row["rows"]][row["split_by"]].append(row)
    summary = []
    for rows, kinds in found.items():
        means: Row = {kind: _mean_over_draws(of_kind) for kind, of_kind in kinds.items()}
        if {"row", "molecule"} <= set(means) and means["row"]["share_seen"]:
            sentence = (
                f"Split by row ({rows}), {percent(means['row']['share_seen'], decimals=0)} of the "
                "test rows have their own structure in training, and the error looks "
                f"{in_comparison(means['row']['mae'], means['molecule']['mae'])}."
            )
            summary.append({"rows": rows, "sentence": sentence, **means})
    return summary


def _mean_over_draws(rows: list[Row]) -> Row:
    """Return the means of all figures over draws."""
    keys = ("mae", "relative_error", "share_seen", "train_rows", "test_rows")
    means: Row = {}
    for key in (*keys, "train_molecules", "test_molecules"):
        values = [row[key] for row in rows if row[key] is not None]
        means[key] = float(np.mean(values)) if values else None
    means["mae_sd"] = float(np.std([r["mae"] for r in rows], ddof=1)) if len(rows) > 1 else None
    return means


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
