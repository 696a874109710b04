"""Pool predictions per molecule and measure errors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from confaug.learning.datasets import LearningData
from confaug.learning.rows import Rows, Values
from confaug.tables.learning import FITS, METRICS, PREDICTIONS

#: The part of molecules without a label, which are predicted and nothing else.
UNLABELLED = "unlabelled"
PARTS = ("train", "cross_validation", "test", UNLABELLED)
Metrics = dict[str, float | int | None]


@dataclass(frozen=True)
class Predictions:
    """Predictions of one part of the data, pooled per molecule.

    Attributes
    ----------
    part
        ``train``, ``cross_validation``, ``test`` or ``unlabelled``.
    molecules, labels, predictions, standard_deviation, n_rows
        One entry per molecule. A label that is not known is NaN. `standard_deviation` is over
        the molecule's rows, 0 for one row.
    row_metrics
        Errors row by row, before pooling.
    """

    part: str
    molecules: NDArray[np.str_]
    labels: Values
    predictions: Values
    standard_deviation: Values
    n_rows: NDArray[np.int64]
    row_metrics: Metrics


@dataclass(frozen=True)
class Fit:
    """What one fit was given, for the check that no held-out molecule was among it.

    Attributes
    ----------
    name
        ``final``, or ``fold N`` for the fit that fold N was left out of.
    molecules, rows
        The molecules and how many rows of each.
    seen
        Rows that its filters, scalers or bins counted themselves; None if it has none.
    """

    name: str
    molecules: NDArray[np.str_]
    rows: NDArray[np.int64]
    seen: int | None


def pool_means(rows: Rows, values: Values) -> Values:
    """Return the mean over each molecule's rows."""
    return np.add.reduceat(values, rows.starts) / rows.counts


def pool(rows: Rows, values: Values) -> tuple[Values, Values]:
    """Return the mean and the standard deviation over each molecule's rows.

    The deviation is that of the rows themselves (divided by n, not n - 1), so that the mean
    squared error over rows is the squared error of the mean plus the squared deviation. Differences
    to a molecule's first row are summed: if all rows are equal, the deviation is exactly 0 and not
    a rounding error, which would disturb the rank correlation with the errors.
    """
    first = values[rows.starts]
    mean = first + pool_means(rows, values - rows.expand(first))
    return mean, np.sqrt(pool_means(rows, (values - rows.expand(mean)) ** 2))


def pool_predictions(part: str, rows: Rows, labels: Values, values: Values) -> Predictions:
    """Pool row predictions per molecule.

    Parameters
    ----------
    labels
        One label per molecule of `rows`.
    values
        One prediction per row, in label units.
    """
    mean, standard_deviation = pool(rows, values)
    return Predictions(
        part,
        rows.molecules,
        np.asarray(labels, dtype=np.float64),
        mean,
        standard_deviation,
        rows.counts,
        error_metrics(rows.expand(np.asarray(labels, dtype=np.float64)), values),
    )


def error_metrics(labels: Values, predictions: Values) -> Metrics:
    """Measure errors; entries whose label is not known (NaN) are left out.

    Returns
    -------
    dict
        ``n``, ``mae``, ``rmse`` (label units), ``r2`` (None if labels are all equal or fewer
        than two), ``relative_error`` (mean of |error / label|, None if a label is 0). Errors are
        NaN if there is no label at all.
    """
    known = np.isfinite(labels)
    labels, predictions = labels[known], predictions[known]
    if labels.size == 0:
        return {"n": 0, "mae": np.nan, "rmse": np.nan, "r2": None, "relative_error": None}
    errors = predictions - labels
    variation = float(np.sum((labels - labels.mean()) ** 2))
    differ = labels.size > 1 and labels.min() < labels.max()
    return {
        "n": int(labels.size),
        "mae": float(np.mean(np.abs(errors))),
        "rmse": float(np.sqrt(np.mean(errors**2))),
        "r2": 1.0 - float(np.sum(errors**2)) / variation if differ else None,
        "relative_error": float(np.mean(np.abs(errors / labels))) if labels.all() else None,
    }


def predictions_table(parts: Sequence[Predictions]) -> pa.Table:
    """Put predictions into a table, sorted by molecule and part."""
    columns = {
        "molecule": np.concatenate([part.molecules for part in parts]),
        "part": np.concatenate([np.full(len(part.molecules), part.part) for part in parts]),
        "label": np.concatenate([part.labels for part in parts]),
        "prediction": np.concatenate([part.predictions for part in parts]),
        "standard_deviation": np.concatenate([part.standard_deviation for part in parts]),
        "n_rows": np.concatenate([part.n_rows for part in parts]),
    }
    arrays = {
        name: pa.array(values.tolist(), PREDICTIONS.schema().field(name).type)
        for name, values in columns.items()
    }
    table = pa.table(arrays)
    labels = pa.array(columns["label"], pa.float64(), mask=~np.isfinite(columns["label"]))
    table = table.set_column(2, "label", labels)
    return table.sort_by([("molecule", "ascending"), ("part", "ascending")])


def read_predictions(table: pa.Table, part: str, row_metrics: Metrics | None = None) -> Predictions:
    """Take one part out of a predictions table.

    Without `row_metrics`, the metrics of the molecules are used, which is correct for one row per
    molecule.
    """
    table = table.filter(pc.equal(table["part"], part)).sort_by("molecule")
    labels = table["label"].fill_null(np.nan).to_numpy()
    predictions = table["prediction"].to_numpy()
    return Predictions(
        part,
        table["molecule"].to_numpy().astype(np.str_),
        labels,
        predictions,
        table["standard_deviation"].to_numpy(),
        table["n_rows"].to_numpy(),
        row_metrics if row_metrics is not None else error_metrics(labels, predictions),
    )


def all_parts(table: pa.Table) -> list[Predictions]:
    """Take all parts out of a predictions table."""
    present = set(table["part"].to_pylist())
    return [read_predictions(table, part) for part in PARTS if part in present]


def evaluate_model(
    predict: Callable[[Rows], Values], data: LearningData, cross_validation: Predictions
) -> list[Predictions]:
    """Evaluate a fitted model on training molecules and on held-out molecules.

    Molecules without a label are predicted too.

    Parameters
    ----------
    predict
        Function that predicts rows in label units.
    cross_validation
        Out-of-fold predictions, which become a part of their own.
    """
    unlabelled = {name for name, label in data.labels.items() if np.isnan(label)} - {*data.parts}
    data = replace(data, parts={**data.parts, **dict.fromkeys(unlabelled, UNLABELLED)})
    parts = [cross_validation]
    for part in ("train", "test", UNLABELLED):
        if data.molecules(part):
            rows = data.rows(part)
            labels = data.labels_of(rows.molecules)
            parts.append(pool_predictions(part, rows, labels, predict(rows)))
    return parts


def metrics_table(parts: Sequence[Predictions]) -> pa.Table:
    """Measure the errors of every part, per molecule and per row."""
    entries: list[Mapping[str, object]] = []
    for part in sorted(parts, key=lambda part: PARTS.index(part.part)):
        pooled = error_metrics(part.labels, part.predictions)
        for level, metrics in (("molecule", pooled), ("row", part.row_metrics)):
            if metrics["n"]:
                entries.append({"part": part.part, "level": level, **metrics})
    return pa.Table.from_pylist(entries, schema=METRICS.schema())


def fits_table(fits: Sequence[Fit]) -> pa.Table:
    """List the molecules that every fit was given."""
    return pa.Table.from_pylist(
        [
            {"fit": fit.name, "molecule": molecule, "rows": rows, "seen": fit.seen}
            for fit in fits
            for molecule, rows in zip(fit.molecules.tolist(), fit.rows.tolist(), strict=True)
        ],
        schema=FITS.schema(),
    )


def rows_of_part(predictions: pa.Table, part: str, labelled: bool = True) -> pa.Table:
    """Return the rows of one part, if asked only those with a label."""
    rows = predictions.filter(pc.equal(predictions["part"], part))
    return rows.filter(pc.is_valid(rows["label"])) if labelled else rows


def float_column(table: pa.Table, name: str) -> NDArray[np.float64]:
    """Return a column as an array, NaN for nulls."""
    values: NDArray[np.float64] = table[name].to_numpy(zero_copy_only=False).astype(float)
    return values
