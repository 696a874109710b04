"""Errors and intervals in decades, for a property whose decadic logarithm is learned.

An error in label units says little of labels that range over decades: the largest alone decide it.
A difference of logarithms weighs every molecule alike; 0.3 decades are a factor of two.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Parts of PREDICTIONS that are judged, by the names that the errors have in the verdict.
PARTS = {"held_out": "test", "out_of_fold": "cross_validation"}


def mean_error(labels: Floats, predictions: Floats) -> float:
    """Return the mean absolute difference of decadic logarithms.

    Parameters
    ----------
    labels, predictions
        In label units, shape (n,). A prediction that is not positive counts as the smallest number.

    Examples
    --------
    >>> mean_error(np.array([1.0, 100.0]), np.array([10.0, 100.0]))
    0.5
    """
    tiny = np.finfo(float).tiny
    logarithms = (np.log10(np.maximum(values, tiny)) for values in (labels, predictions))
    return float(np.mean(np.abs(np.subtract(*logarithms))))


def mean_errors(
    predictions: Mapping[str, Mapping[int, pa.Table]],
) -> dict[str, dict[str, float | None]]:
    """Return the errors of every variant, means over replicates.

    Parameters
    ----------
    predictions
        PREDICTIONS tables by variant and replicate.

    Returns
    -------
    dict
        By variant, `held_out` and `out_of_fold`; None where there are no such predictions.
    """
    return {
        variant: {name: _mean_of_part(tables.values(), part) for name, part in PARTS.items()}
        for variant, tables in predictions.items()
    }


def half_width(intervals: pa.Table) -> float | None:
    """Return the median half width of intervals, None without any.

    Unless the calibration is scaled, all intervals have this width.

    Parameters
    ----------
    intervals
        A table with `low` and `high` in label units, such as INTERVALS.
    """
    known = intervals.filter(
        pc.and_(pc.greater(intervals["low"], 0), pc.is_valid(intervals["high"]))
    )
    if not len(known):
        return None
    low, high = (np.log10(known[end].to_numpy()) for end in ("low", "high"))
    return float(np.median(high - low)) / 2


def _mean_of_part(tables: Iterable[Any], part: str) -> float | None:
    """Return the mean over replicates of the error of one part."""
    errors = []
    for table in tables:
        rows = table.filter(pc.and_(pc.equal(table["part"], part), pc.is_valid(table["label"])))
        if len(rows):
            errors.append(mean_error(rows["label"].to_numpy(), rows["prediction"].to_numpy()))
    return float(np.mean(errors)) if errors else None
