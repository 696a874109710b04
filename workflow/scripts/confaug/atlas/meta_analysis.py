r"""A summary of effects that differ between studies: the random-effects model.

The effect of study :math:`i` is estimated as :math:`y_i`, with a known sampling variance
:math:`v_i`. True effects scatter around their mean :math:`\mu` with variance :math:`\tau^2`, so
that the weights are :math:`w_i = 1 / (v_i + \tau^2)`. The variance between studies is that of Paule
and Mandel: it makes the weighted sum of squares as large as its expectation,

.. math:: Q(\tau^2) = \sum_i w_i (y_i - \hat\mu)^2 = k - 1.

The interval of the mean is that of Hartung and Knapp, which holds for few studies, too; it is never
narrower than the usual one. The prediction interval says where the effect of a further study of the
same kind would lie.

References
----------
.. [1] Paule, Mandel (1982), Consensus values and weighting factors, J. Res. Natl. Bur. Stand. 87,
   377.
.. [2] Hartung, Knapp (2001), A refined method for the meta-analysis of controlled clinical trials
   with binary outcome, Statistics in Medicine 20, 3875.
.. [3] Higgins, Thompson (2002), Quantifying heterogeneity in a meta-analysis, Statistics in
   Medicine 21, 1539.
.. [4] Higgins, Thompson, Spiegelhalter (2009), A re-evaluation of random-effects meta-analysis,
   J. R. Stat. Soc. A 172, 137.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Summary:
    """Effects of several studies in one.

    Attributes
    ----------
    studies
        Their number.
    mean, low, high
        The mean effect with its interval.
    between
        Standard deviation of the true effects between studies.
    inconsistency
        Share of the scatter of the estimates that is not their sampling error, I².
    p_homogeneous
        p-value of Cochran's test of equal effects.
    low_next, high_next
        Prediction interval: where the effect of a further study would lie; None below three
        studies.
    """

    studies: int
    mean: float
    low: float
    high: float
    between: float
    inconsistency: float
    p_homogeneous: float
    low_next: float | None
    high_next: float | None


def summarise(effects: ArrayLike, standard_errors: ArrayLike, confidence: float = 0.95) -> Summary:
    """Summarise the effects of several studies by the random-effects model.

    Parameters
    ----------
    effects
        One of each study, shape (studies,).
    standard_errors
        Those of the effects, greater than 0.
    confidence
        Of both intervals.

    Raises
    ------
    ValueError
        If there are fewer than two studies, or a standard error is not positive.

    Examples
    --------
    >>> round(summarise([1.0, 2.0, 3.0], [0.5, 0.5, 0.5]).mean, 6)
    2.0
    """
    y, v = np.asarray(effects, float), np.asarray(standard_errors, float) ** 2
    k = len(y)
    if k < 2:
        raise ValueError("a summary needs at least two studies")
    if not np.all(v > 0):
        raise ValueError("every study needs a positive standard error")
    q = _sum_of_squares(0.0, y, v)
    between = _variance_between(y, v)
    weights = 1 / (v + between)
    mean = float((weights * y).sum() / weights.sum())
    # With this variance between studies, Hartung and Knapp's factor is 1, or raised to 1.
    error = float(np.sqrt(1 / weights.sum()))
    half = float(stats.t.ppf((1 + confidence) / 2, k - 1)) * error
    low_next = high_next = None
    if k > 2:
        reach = float(stats.t.ppf((1 + confidence) / 2, k - 2)) * np.sqrt(between + error**2)
        low_next, high_next = mean - float(reach), mean + float(reach)
    return Summary(
        studies=k,
        mean=mean,
        low=mean - half,
        high=mean + half,
        between=float(np.sqrt(between)),
        inconsistency=max(0.0, (q - (k - 1)) / q) if q > 0 else 0.0,
        p_homogeneous=float(stats.chi2.sf(q, k - 1)),
        low_next=low_next,
        high_next=high_next,
    )


def _variance_between(y: Floats, v: Floats) -> float:
    """Return the variance between studies by Paule and Mandel's equation, at least 0."""
    expected = len(y) - 1
    if _sum_of_squares(0.0, y, v) <= expected:
        return 0.0
    # At this variance, all weights are so small that the sum is below its expectation.
    most = float(((y - y.mean()) ** 2).sum()) + float(v.max())
    root = optimize.brentq(lambda t: _sum_of_squares(t, y, v) - expected, 0.0, most, xtol=1e-12)
    return float(root)


def _sum_of_squares(between: float, y: Floats, v: Floats) -> float:
    """Return the weighted sum of squares around the weighted mean."""
    weights = 1 / (v + between)
    mean = (weights * y).sum() / weights.sum()
    return float((weights * (y - mean) ** 2).sum())
