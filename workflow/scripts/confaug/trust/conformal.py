"""Conformal prediction intervals for molecules, from out-of-fold residuals.

The unit is the molecule: each has one pooled out-of-fold residual, from a model trained without any
molecule of its group. The interval is the prediction of the final model plus or minus the
ceil((n + 1) * coverage)-th smallest of the n absolute residuals. If these were residuals of the
final model on new molecules, this would be split conformal prediction with exact coverage. With
out-of-fold residuals it is the cross-validation form of the jackknife interval, which has no
guarantee for unstable learners. CV+ has one (coverage of at least 2 * coverage - 1), but it needs
the models of all folds at prediction time, and in practice the two agree (Barber et al. 2021). Two
effects change the width in opposite directions: fold models are trained on fewer molecules than the
final one, which widens the intervals, and hyper-parameters were chosen on the same residuals, which
narrows them. The coverage on held-out molecules is therefore measured and reported beside the
coverage expected from theory.

Residuals of one structure under different conditions are not independent, and new molecules are of
other structures. Each structure therefore weighs the same, whatever its number of samples: a
residual counts as one over that number (Dunn, Wasserman and Ramdas 2023), and n is the number of
structures.

Where models learn logarithms of labels, residuals are differences of decadic logarithms. An
interval then extends from the prediction divided by a factor to the prediction times that factor,
so its lower end is positive.

MAPIE calls the method `base` and CV+ `plus`. It offers them for estimators that it refits itself,
with one residual per row, and cannot use existing out-of-fold predictions that are pooled per
molecule. Where both apply, the intervals are equal.

References
----------
.. [1] Barber, Candès, Ramdas, Tibshirani (2021), Predictive inference with the jackknife+, Annals
   of Statistics 49, 486.
.. [2] Vovk (2012), Conditional validity of inductive conformal predictors, Proceedings of Machine
   Learning Research 25, 475.
.. [3] Papadopoulos, Vovk, Gammerman (2011), Regression conformal prediction with nearest
   neighbours, Journal of Artificial Intelligence Research 40, 815 (normalised residuals).
.. [4] Dunn, Wasserman, Ramdas (2023), Distribution-free prediction sets for two-layer hierarchical
   models, Journal of the American Statistical Association 118, 2491 (pooling of the distribution
   functions of groups).
.. [5] Bonett, Wright (2000), Sample size requirements for estimating Pearson, Kendall and Spearman
   correlations, Psychometrika 65, 23.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from confaug.learning.predictions import float_column, rows_of_part
from confaug.tables.trust import INTERVALS
from confaug.trust.conformer_deviation import rank_correlation

Floats = NDArray[np.float64]
#: More than rounding adds to a sum of weights, and less than any weight.
ROUNDING = 1e-6


@dataclass(frozen=True)
class Calibration:
    """What turns a prediction into an interval; plain numbers, fit for a JSON file.

    Attributes
    ----------
    coverage
        Share of molecules whose label is to be in the interval.
    molecules
        Number of molecules with out-of-fold residuals; samples of one structure count once.
    quantile
        Half the width of an interval on the scale of `transform`, or its ratio to
        `deviation + offset` if scaled; None if there are too few residuals for the coverage.
    scaled
        Whether widths follow the standard deviation over a molecule's rows.
    offset
        Added to the deviation of every molecule, so that rigid molecules have intervals too.
    transform
        Scale on which the models learn, `none` or `log10`.
    """

    coverage: float
    molecules: int
    quantile: float | None
    scaled: bool
    offset: float
    transform: str = "none"

    def ends(self, predictions: Floats, deviation: Floats) -> tuple[Floats, Floats]:
        """Return the lower and upper end of the interval of every molecule; NaN if there is none.

        Parameters
        ----------
        predictions, deviation
            Prediction of every molecule and standard deviation over its rows, in label units, shape
            (n,) each.
        """
        centre, deviation = on_scale(predictions, deviation, self.transform)
        half = self.half_widths(deviation)
        if self.transform == "log10":
            return np.power(10.0, centre - half), np.power(10.0, centre + half)
        return centre - half, centre + half

    def half_widths(self, deviation: Floats) -> Floats:
        """Return half the width of every interval on the scale of `transform`; NaN without one."""
        quantile = np.nan if self.quantile is None else self.quantile
        return (
            quantile * (deviation + self.offset)
            if self.scaled
            else np.full(len(deviation), quantile)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the calibration for a JSON file; `Calibration(**entry)` reads it."""
        return asdict(self)


def conformal_rank(n: int, coverage: float) -> int:
    """Return which of n sorted residuals bounds the interval; there is no interval if it exceeds n.

    Examples
    --------
    >>> conformal_rank(70, 0.9)
    64
    """
    return math.ceil(round((n + 1) * coverage, 9))


def on_scale(values: Floats, deviation: Floats, transform: str) -> tuple[Floats, Floats]:
    """Return values and their deviation on the scale of the transform.

    A deviation in decades follows from one in label units by the slope of the logarithm at
    the value.
    """
    if transform != "log10":
        return values, deviation
    positive = np.maximum(values, np.finfo(float).tiny)  # a linear model may predict less
    return np.log10(positive), deviation / (positive * math.log(10))


def calibrate(
    residuals: Floats,
    deviation: Floats,
    coverage: float,
    transform: str = "none",
    structures: Sequence[str] | None = None,
) -> Calibration:
    """Learn the width of intervals from out-of-fold residuals.

    Widths follow the standard deviation over a molecule's rows only if the rank correlation
    between that deviation and the absolute residual is above zero with 95 %
    confidence, on these training molecules alone.

    Parameters
    ----------
    residuals
        Label minus pooled out-of-fold prediction, one per training molecule, shape (n,), on the
        scale of `transform`.
    deviation
        Standard deviation of the out-of-fold predictions over each molecule's rows, shape (n,), on
        that scale.
    coverage
        Share of molecules whose label is to be in the interval.
    transform
        Scale on which the models learn, `none` or `log10`.
    structures
        Structure of every training molecule; None where no two have the same.
    """
    sizes = np.abs(residuals)
    offset = float(np.median(deviation)) if len(deviation) else 0.0
    scaled = offset > 0 and rank_correlation(deviation, sizes).low > 0
    scores = sizes / (deviation + offset) if scaled else sizes
    weights = _weights(structures, len(scores))
    order = np.argsort(scores, kind="stable")
    reached = np.cumsum(weights[order])
    n = round(float(reached[-1])) if len(scores) else 0
    rank = conformal_rank(n, coverage)
    place = int(np.searchsorted(reached, rank - ROUNDING))
    quantile = float(scores[order[place]]) if rank <= n else None
    offset = offset if scaled else 0.0
    return Calibration(coverage, n, quantile, scaled, offset, transform)


def _weights(structures: Sequence[str] | None, n: int) -> Floats:
    """Return one over the number of molecules that share the structure of each of n molecules."""
    if structures is None:
        return np.ones(n)
    counts = Counter(structures)
    return np.array([1 / counts[one] for one in structures])


def calibrate_out_of_fold(
    labels: Floats,
    predictions: Floats,
    deviation: Floats,
    coverage: float,
    transform: str = "none",
    structures: Sequence[str] | None = None,
) -> Calibration:
    """Learn the width of intervals from labels and out-of-fold predictions, all in label units.

    Parameters
    ----------
    labels, predictions, deviation
        Label, pooled out-of-fold prediction and its standard deviation over the rows, of every
        training molecule, shape (n,) each.
    coverage, transform, structures
        As for `calibrate`.

    Examples
    --------
    >>> labels, zeros = np.full(9, 1000.0), np.zeros(9)
    >>> found = calibrate_out_of_fold(labels, labels / 10, zeros, 0.9, "log10")
    >>> [float(end[0]) for end in found.ends(np.array([1.0]), np.zeros(1))]
    [0.1, 10.0]
    """
    measured, _ = on_scale(labels, deviation, transform)
    expected, deviation = on_scale(predictions, deviation, transform)
    return calibrate(measured - expected, deviation, coverage, transform, structures)


def calibrate_on(
    predictions: pa.Table,
    coverage: float,
    transform: str = "none",
    structures: Mapping[str, str] | None = None,
) -> Calibration:
    """Learn the width of intervals from the out-of-fold part of a PREDICTIONS table.

    Parameters
    ----------
    coverage, transform
        As for `calibrate`.
    structures
        Structure by molecule; None where no two molecules have the same.
    """
    rows = rows_of_part(predictions, "cross_validation")
    labels, expected = float_column(rows, "label"), float_column(rows, "prediction")
    deviation = float_column(rows, "standard_deviation")
    names = rows["molecule"].to_pylist()
    shared = None if structures is None else [structures[name] for name in names]
    return calibrate_out_of_fold(labels, expected, deviation, coverage, transform, shared)


def intervals(predictions: pa.Table, calibration: Calibration, part: str = "test") -> pa.Table:
    """Give every molecule of one part of a PREDICTIONS table its interval (INTERVALS)."""
    rows = rows_of_part(predictions, part, labelled=False)
    ends = calibration.ends(
        float_column(rows, "prediction"), float_column(rows, "standard_deviation")
    )
    low, high = (pa.array(end, from_pandas=True) for end in ends)
    label = rows["label"]
    covered = pc.and_(pc.greater_equal(label, low), pc.less_equal(label, high))
    columns = [rows["molecule"], label, rows["prediction"], low, high, covered]
    return pa.table(columns, names=INTERVALS.names).sort_by("molecule")
