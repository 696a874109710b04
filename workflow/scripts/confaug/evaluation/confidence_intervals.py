"""Confidence intervals of means over molecules and replicates that are crossed."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
BOOTSTRAP_SAMPLES = 4999


@dataclass(frozen=True)
class Estimate:
    """A mean over replicates and molecules, and how sure it is.

    `low_resampled` and `high_resampled` are Nadeau and Bengio's corrected resampled t interval;
    NaN with one replicate. `freedom` are the degrees of freedom of the standard error.
    """

    value: float
    low: float
    high: float
    standard_error: float
    p_value: float
    low_resampled: float
    high_resampled: float
    freedom: float


def crossed_interval(
    values: Floats, groups: NDArray[np.int64], overlap: float, confidence: float = 0.95
) -> Estimate:
    """Estimate the mean of a quantity measured on molecules in replicates of a split.

    With several replicates the interval is that of the module's description, with Welch and
    Satterthwaite's degrees of freedom. With one replicate it is a BCa bootstrap over groups of
    molecules, and says nothing about other training sets.

    Parameters
    ----------
    values
        Absolute errors or paired differences of them, shape (replicates, molecules), NaN where a
        molecule was not tested.
    groups
        Number of the group of every molecule, shape (molecules,).
    overlap
        Mean share of training molecules that two replicates have in common. At 1 (a fixed training
        set) its choice cannot be judged and is left out of the variance.
    confidence
        Of the interval, two-sided.

    Examples
    --------
    >>> values = np.array([[1.0, 2.0, 3.0, np.nan], [np.nan, 2.5, 2.5, 1.0]])
    >>> crossed_interval(values, np.arange(4), overlap=0.25).value
    2.0
    """
    values = values[~np.isnan(values).all(axis=1)]  # a replicate without labels says nothing
    n_replicates = len(values)
    if not n_replicates:
        return Estimate(*[np.nan] * 8)
    sizes = np.count_nonzero(~np.isnan(values), axis=1)
    means = np.nanmean(values, axis=1)
    value = float(means.mean())
    weighted = np.where(np.isnan(values), 0.0, (values - value) / (n_replicates * sizes)[:, None])
    by_group = np.bincount(groups, weights=weighted.sum(axis=0))
    tested = np.bincount(groups, weights=(~np.isnan(values)).sum(axis=0)) > 0
    n_groups = int(tested.sum())
    molecules = n_groups / max(n_groups - 1, 1) * float((by_group**2).sum())
    if n_replicates == 1:
        low, high = _bootstrap_over_groups(values[0], groups, confidence)
        freedom = float(n_groups - 1)
        p_value = _p_value(value, molecules, freedom)
        return Estimate(value, low, high, molecules**0.5, p_value, np.nan, np.nan, freedom)
    between = float(means.var(ddof=1))
    training = between / n_replicates + _shared_training_variance(values, between, overlap)
    variance = molecules + training
    freedom = _degrees_of_freedom([molecules, training], [n_groups - 1, n_replicates - 1])
    half = _half_width(variance, freedom, confidence)
    resampled = _half_width(
        between * (1 / n_replicates + _test_ratio(values)), n_replicates - 1, confidence
    )
    return Estimate(
        value,
        value - half,
        value + half,
        variance**0.5,
        _p_value(value, variance, freedom),
        value - resampled,
        value + resampled,
        freedom,
    )


def _bootstrap_over_groups(
    values: Floats, groups: NDArray[np.int64], confidence: float
) -> tuple[float, float]:
    """Return the BCa bootstrap interval of a mean over molecules, resampled by group.

    NaN if there is one group only.
    """
    tested = ~np.isnan(values)
    sums = np.bincount(groups[tested], weights=values[tested])
    counts = np.bincount(groups[tested]).astype(float)
    sums, counts = sums[counts > 0], counts[counts > 0]
    mean = float(sums.sum() / counts.sum())
    if len(sums) < 2:
        return np.nan, np.nan
    if np.ptp(sums / counts) == 0:  # nothing varies, and the bootstrap has no acceleration
        return mean, mean
    result = stats.bootstrap(
        (sums, counts),
        lambda s, c, axis: s.sum(axis=axis) / c.sum(axis=axis),
        paired=True,
        vectorized=True,
        n_resamples=BOOTSTRAP_SAMPLES,
        batch=500,
        confidence_level=confidence,
        rng=np.random.default_rng(20070701),
    )
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


def _shared_training_variance(values: Floats, between: float, overlap: float) -> float:
    """Return the variance of the mean that overlapping training sets hide from replicates.

    What the choice of test molecules contributes to the variance between replicates is taken off
    first; the share (1 - test / all) is that of drawing without replacement. The correlation of two
    replicates is the square of the overlap, see `comparison`.
    """
    correlation = overlap**2
    if correlation >= 1:
        return 0.0
    n_tested = np.count_nonzero(~np.isnan(values), axis=1)
    if n_tested.min() < 2:  # nothing is known of the variance between molecules: take none off
        return between * correlation / (1 - correlation)
    drawn = 1 - n_tested.mean() / values.shape[1]
    from_testing = float(np.mean(np.nanvar(values, axis=1, ddof=1) / n_tested)) * drawn
    return float(max(between - from_testing, 0.0) * correlation / (1 - correlation))


def _test_ratio(values: Floats) -> float:
    """Return test size over training size, when all other molecules train."""
    n_tested = np.count_nonzero(~np.isnan(values), axis=1).mean()
    return float(n_tested / max(values.shape[1] - n_tested, 1))


def _degrees_of_freedom(variances: list[float], freedoms: list[int]) -> float:
    """Return Welch and Satterthwaite's degrees of freedom of a sum of variances."""
    # `math.fsum` is exact; the built-in sum rounds differently from one Python to the next.
    denominator = math.fsum(v * v / max(f, 1) for v, f in zip(variances, freedoms, strict=True))
    return math.fsum(variances) ** 2 / denominator if denominator else 1.0


def _half_width(variance: float, freedom: float, confidence: float) -> float:
    """Return half the width of a t interval."""
    return float(stats.t.ppf((1 + confidence) / 2, freedom) * variance**0.5)


def _p_value(value: float, variance: float, freedom: float) -> float:
    """Return the two-sided p-value of a t statistic; 1 where nothing varies around zero."""
    if variance == 0:
        return 1.0 if value == 0 else 0.0
    return float(2 * stats.t.sf(abs(value) / variance**0.5, max(freedom, 1)))


def mean_of_known(values: Floats, axis: int) -> Floats:
    """Return means along an axis of what is not NaN, NaN where nothing is."""
    counts = np.count_nonzero(~np.isnan(values), axis=axis)
    sums = np.nansum(values, axis=axis)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def or_none(value: float) -> float | None:
    """Return a finite number, or None for an empty field."""
    return float(value) if np.isfinite(value) else None
