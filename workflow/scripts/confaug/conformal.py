"""Prediction intervals for molecules from out-of-fold residuals, and what conformer spread tells.

The unit is the molecule: one pooled out-of-fold residual each, from a model that has seen no
molecule of its group. Interval: prediction of the final model plus or minus the
ceil((n + 1) * coverage)-th smallest of the n absolute residuals. Were the residuals those of the
final model on further molecules, this would be split conformal prediction with exact coverage; with
out-of-fold residuals it is the cross-validation form of the jackknife interval. It has no guarantee
for unstable learners, which CV+ has (coverage of at least 2 * coverage - 1), but CV+ needs every
fold's model at prediction time, and both agree in practice (Barber et al. 2021). Two opposite
deviations are known: fold models see fewer molecules than the final one, which widens the
intervals, and hyper-parameters were chosen on the same residuals, which narrows them. The
coverage on held-out molecules is therefore measured and reported, next to what theory lets expect.

Where models learn logarithms of labels, so do the intervals: residuals are differences of decadic
logarithms, and an interval reaches from the prediction divided by a factor to the prediction times
it, so that it has no negative end.

MAPIE offers such intervals for estimators that it refits itself with one residual per row; it has
no way in for out-of-fold predictions that are already there and pooled per molecule.

References
----------
.. [1] Barber, Candès, Ramdas, Tibshirani (2021), Predictive inference with the jackknife+, Annals
   of Statistics 49, 486.
.. [2] Vovk (2012), Conditional validity of inductive conformal predictors, Proceedings of Machine
   Learning Research 25, 475.
.. [3] Papadopoulos, Vovk, Gammerman (2011), Regression conformal prediction with nearest
   neighbours, Journal of Artificial Intelligence Research 40, 815 (normalised residuals).
.. [4] Bonett, Wright (2000), Sample size requirements for estimating Pearson, Kendall and Spearman
   correlations, Psychometrika 65, 23.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy import stats

from confaug.decades import factor
from confaug.quantity import of_unit
from confaug.tables import COVERAGE, INTERVALS

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """What turns a prediction into an interval; plain numbers that a model bundle can carry.

    Attributes
    ----------
    coverage
        Share of molecules whose label is to be in the interval.
    molecules
        Number of out-of-fold residuals.
    quantile
        Half the width of an interval on the scale of `transform`, or its ratio to `spread + offset`
        if scaled; None if there are too few residuals for the coverage.
    scaled
        Whether widths follow the spread over a molecule's rows.
    offset
        Added to the spread of every molecule, so that a rigid molecule has an interval as well.
    transform
        Scale on which the models learn, `none` or `log10`.
    """

    coverage: float
    molecules: int
    quantile: float | None
    scaled: bool
    offset: float
    transform: str = "none"

    def ends(self, predictions: Floats, spread: Floats) -> tuple[Floats, Floats]:
        """Return the lower and upper end of the interval of every molecule; NaN if there is none.

        Parameters
        ----------
        predictions, spread
            Prediction of every molecule and standard deviation over its rows, in label units, shape
            (n,) each.
        """
        centre, spread = _on_scale(predictions, spread, self.transform)
        half = self.half_widths(spread)
        if self.transform == "log10":
            return np.power(10.0, centre - half), np.power(10.0, centre + half)
        return centre - half, centre + half

    def half_widths(self, spread: Floats) -> Floats:
        """Return half the width of every interval on the scale of `transform`; NaN without one."""
        quantile = np.nan if self.quantile is None else self.quantile
        return quantile * (spread + self.offset) if self.scaled else np.full(len(spread), quantile)

    def to_dict(self) -> dict[str, Any]:
        """Return the calibration for a JSON file; `Calibration(**entry)` reads it."""
        return asdict(self)


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's rank correlation with a confidence interval; NaN if one side is constant."""

    rho: float
    low: float
    high: float
    n: int


def conformal_rank(n: int, coverage: float) -> int:
    """Return which of n sorted residuals bounds the interval; above n there is no such interval.

    Examples
    --------
    >>> conformal_rank(70, 0.9)
    64
    """
    return math.ceil(round((n + 1) * coverage, 9))


def _on_scale(values: Floats, spread: Floats, transform: str) -> tuple[Floats, Floats]:
    """Return values and their spread on the scale of the transform.

    A spread in decades follows from one in label units by the slope of the logarithm at the value.
    """
    if transform != "log10":
        return values, spread
    positive = np.maximum(values, np.finfo(float).tiny)  # a linear model may predict less
    return np.log10(positive), spread / (positive * math.log(10))


def calibrate(
    residuals: Floats, spread: Floats, coverage: float = 0.9, transform: str = "none"
) -> Calibration:
    """Learn the width of intervals from out-of-fold residuals.

    Widths follow the spread over a molecule's rows only if the rank correlation between spread and
    absolute residual is above zero with 95 % confidence, on these training molecules alone.

    Parameters
    ----------
    residuals
        Label minus pooled out-of-fold prediction, one per training molecule, shape (n,), on the
        scale of `transform`.
    spread
        Standard deviation of the out-of-fold predictions over each molecule's rows, shape (n,), on
        that scale.
    coverage
        Share of molecules whose label is to be in the interval.
    transform
        Scale on which the models learn, `none` or `log10`.
    """
    sizes = np.abs(residuals)
    offset = float(np.median(spread)) if len(spread) else 0.0
    scaled = offset > 0 and rank_correlation(spread, sizes).low > 0
    scores = np.sort(sizes / (spread + offset) if scaled else sizes)
    rank = conformal_rank(len(scores), coverage)
    quantile = float(scores[rank - 1]) if rank <= len(scores) else None
    offset = offset if scaled else 0.0
    return Calibration(coverage, len(scores), quantile, scaled, offset, transform)


def calibrate_out_of_fold(
    labels: Floats,
    predictions: Floats,
    spread: Floats,
    coverage: float = 0.9,
    transform: str = "none",
) -> Calibration:
    """Learn the width of intervals from labels and out-of-fold predictions, all in label units.

    Parameters
    ----------
    labels, predictions, spread
        Label, pooled out-of-fold prediction and its standard deviation over the rows, of every
        training molecule, shape (n,) each.
    coverage, transform
        As for `calibrate`.

    Examples
    --------
    >>> labels, zeros = np.full(9, 1000.0), np.zeros(9)
    >>> found = calibrate_out_of_fold(labels, labels / 10, zeros, 0.9, "log10")
    >>> [float(end[0]) for end in found.ends(np.array([1.0]), np.zeros(1))]
    [0.1, 10.0]
    """
    measured, _ = _on_scale(labels, spread, transform)
    expected, spread = _on_scale(predictions, spread, transform)
    return calibrate(measured - expected, spread, coverage, transform)


def calibrate_on(
    predictions: pa.Table, coverage: float = 0.9, transform: str = "none"
) -> Calibration:
    """Learn the width of intervals from the out-of-fold part of a PREDICTIONS table."""
    rows = _part(predictions, "cross_validation")
    labels, expected = _array(rows, "label"), _array(rows, "prediction")
    return calibrate_out_of_fold(labels, expected, _array(rows, "spread"), coverage, transform)


def intervals(predictions: pa.Table, calibration: Calibration, part: str = "test") -> pa.Table:
    """Give every molecule of one part of a PREDICTIONS table its interval (INTERVALS)."""
    rows = _part(predictions, part, labelled=False)
    ends = calibration.ends(_array(rows, "prediction"), _array(rows, "spread"))
    low, high = (pa.array(end, from_pandas=True) for end in ends)
    label = rows["label"]
    covered = pc.and_(pc.greater_equal(label, low), pc.less_equal(label, high))
    columns = [rows["molecule"], label, rows["prediction"], low, high, covered]
    return pa.table(columns, names=INTERVALS.names).sort_by("molecule")


def coverage_row(
    variant: str, replicate: int, table: pa.Table, calibration: Calibration
) -> dict[str, Any] | None:
    """Return one row of COVERAGE from an INTERVALS table, or None without any interval.

    If theory holds, the number of covered molecules is beta-binomial (Vovk 2012): one draw of
    calibration molecules makes the true coverage a beta variate, and the test counts by it.
    """
    judged = table.filter(pc.is_valid(table["covered"]))
    if not len(judged):
        return None
    n, covered = len(judged), int(pc.sum(judged["covered"]).as_py())
    low, high = expected_coverage(calibration.molecules, n, calibration.coverage)
    width = judged["high"].to_numpy() - judged["low"].to_numpy()
    return {
        "variant": variant,
        "replicate": replicate,
        "target": calibration.coverage,
        "calibration_molecules": calibration.molecules,
        "test_molecules": n,
        "covered": covered,
        "coverage": covered / n,
        "expected_low": low,
        "expected_high": high,
        "median_width": float(np.median(width)),
        "scaled": calibration.scaled,
    }


def coverage_study(
    predictions: Mapping[str, Mapping[int, pa.Table]],
    coverage: float = 0.9,
    transform: str = "none",
) -> pa.Table:
    """Measure the coverage of every variant on every replicate (COVERAGE).

    Parameters
    ----------
    predictions
        PREDICTIONS tables with all parts, by variant and replicate. Those without out-of-fold
        predictions have no intervals and are left out.
    coverage, transform
        As for `calibrate`.
    """
    rows = []
    for variant, tables in predictions.items():
        for replicate, table in tables.items():
            calibration = calibrate_on(table, coverage, transform)
            judged = intervals(table, calibration)
            rows.append(coverage_row(variant, replicate, judged, calibration))
    return coverage_table(rows)


def expected_coverage(n_calibration: int, n_test: int, coverage: float) -> tuple[float, float]:
    """Return the 2.5 and 97.5 % quantiles of the share of covered test molecules under theory."""
    rank = conformal_rank(n_calibration, coverage)
    law = stats.betabinom(n_test, rank, n_calibration + 1 - rank)
    return float(law.ppf(0.025) / n_test), float(law.ppf(0.975) / n_test)


def coverage_table(rows: Sequence[dict[str, Any] | None]) -> pa.Table:
    """Return rows of `coverage_row` as a COVERAGE table."""
    return pa.Table.from_pylist([row for row in rows if row], schema=COVERAGE.schema())


def coverage_summary(
    table: pa.Table, variant: str, unit: str, decades: float | None = None
) -> dict[str, Any]:
    """Summarise the coverage of one variant over replicates.

    Parameters
    ----------
    table
        COVERAGE.
    unit
        Of the labels.
    decades
        Typical half width of an interval, where logarithms are learned.

    Returns
    -------
    dict
        `replicates`, `target`, `coverage` (mean over replicates), `lowest`, `highest`,
        `within_expected` (replicates), `median_width` (mean over replicates), `sentence`;
        `half_width_decades` where logarithms are learned. Without any interval: `replicates` 0 and
        the sentence.
    """
    rows = [row for row in table.to_pylist() if row["variant"] == variant]
    if not rows:
        words = "There are too few training molecules for prediction intervals of this coverage."
        return {"replicates": 0, "sentence": words}
    shares = [row["coverage"] for row in rows]
    within = sum(row["expected_low"] <= row["coverage"] <= row["expected_high"] for row in rows)
    width = float(np.mean([row["median_width"] for row in rows]))
    target, mean = rows[0]["target"], float(np.mean(shares))
    where = (
        f"of {rows[0]['test_molecules']} held-out molecules"
        if len(rows) == 1
        else f"of held-out molecules on average over {len(rows)} replicates"
    )
    typical = (
        f"A typical interval is {of_unit(unit).text(width)} wide."
        if decades is None
        else f"A typical interval reaches from the prediction divided by {factor(decades)} to the "
        f"prediction times {factor(decades)}."
    )
    sentence = (
        f"Intervals meant to hold {target:.0%} of labels held {mean:.0%} {where}; "
        f"{within} of {len(rows)} {'is' if len(rows) == 1 else 'are'} within what chance allows. "
        f"{typical}"
    )
    return {
        "replicates": len(rows),
        "target": target,
        "coverage": mean,
        "lowest": min(shares),
        "highest": max(shares),
        "within_expected": within,
        "median_width": width,
        **({} if decades is None else {"half_width_decades": decades}),
        "sentence": sentence,
    }


def rank_correlation(x: Floats, y: Floats, confidence: float = 0.95) -> RankCorrelation:
    """Return Spearman's rank correlation with the interval of Bonett and Wright (2000).

    Examples
    --------
    >>> rank_correlation(np.arange(10.0), np.arange(10.0) ** 2).rho
    1.0
    """
    n = len(x)
    if n < 5 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return RankCorrelation(np.nan, np.nan, np.nan, n)
    rho = round(float(stats.spearmanr(x, y).statistic), 12)
    if abs(rho) == 1:
        return RankCorrelation(rho, rho, rho, n)
    half = stats.norm.ppf((1 + confidence) / 2) * math.sqrt((1 + rho**2 / 2) / (n - 3))
    low, high = np.tanh([np.arctanh(rho) - half, np.arctanh(rho) + half])
    return RankCorrelation(rho, float(low), float(high), n)


def spread_against_error(spread: Floats, errors: Floats) -> dict[str, Any]:
    """Say whether molecules whose conformers disagree are predicted worse.

    Parameters
    ----------
    spread, errors
        Standard deviation of the predictions over a molecule's rows, and its absolute error, shape
        (molecules,).

    Returns
    -------
    dict
        `rho`, `low`, `high` (95 %; None if there is no spread), `molecules`, `informative` and
        `sentence`.
    """
    found = rank_correlation(spread, errors)
    if math.isnan(found.rho):
        words = "All rows of a molecule give one prediction, so there is no spread to learn from."
        return {
            "rho": None,
            "low": None,
            "high": None,
            "molecules": found.n,
            "informative": False,
            "sentence": words,
        }
    figures = (
        f"rank correlation {found.rho:.2f}, 95% interval {found.low:.2f} to {found.high:.2f}, "
        f"{found.n} molecules"
    ).replace("-", "−")
    if found.low > 0:
        strength = "somewhat" if found.rho < 0.4 else "clearly"
        words = f"Molecules whose conformers disagree are predicted {strength} worse ({figures})."
    elif found.high < 0:
        words = f"Molecules whose conformers disagree are predicted better, not worse ({figures})."
    else:
        words = (
            f"The spread over conformers does not demonstrably tell how wrong a prediction is "
            f"({figures}); do not read it as an uncertainty."
        )
    return {
        "rho": found.rho,
        "low": found.low,
        "high": found.high,
        "molecules": found.n,
        "informative": found.low > 0,
        "sentence": words,
    }


def spread_study(predictions: pa.Table) -> dict[str, Any]:
    """Apply `spread_against_error` to the labelled test part of a PREDICTIONS table."""
    rows = _part(predictions, "test")
    errors = np.abs(_array(rows, "prediction") - _array(rows, "label"))
    return spread_against_error(_array(rows, "spread"), errors)


def _part(predictions: pa.Table, part: str, labelled: bool = True) -> pa.Table:
    """Return the rows of one part, if asked only those with a label."""
    rows = predictions.filter(pc.equal(predictions["part"], part))
    return rows.filter(pc.is_valid(rows["label"])) if labelled else rows


def _array(table: pa.Table, name: str) -> Floats:
    """Return a column as an array, NaN for nulls."""
    return table[name].to_numpy(zero_copy_only=False).astype(float)
