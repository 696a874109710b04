"""Whether the conformer standard deviation of a prediction says anything of its error."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import stats

from confaug.learning.predictions import float_column, rows_of_part

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's rank correlation with a confidence interval; NaN if one side is constant."""

    rho: float
    low: float
    high: float
    n: int


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


def deviation_against_error(deviation: Floats, errors: Floats) -> dict[str, Any]:
    """Say whether molecules whose conformers disagree are predicted worse.

    Parameters
    ----------
    deviation, errors
        Standard deviation of the predictions over a molecule's rows, and its absolute error, shape
        (molecules,).

    Returns
    -------
    dict
        `rho`, `low`, `high` (95 %; None if there is no deviation), `molecules`, `informative` and
        `sentence`.
    """
    found = rank_correlation(deviation, errors)
    if math.isnan(found.rho):
        words = (
            "All rows of a molecule give one prediction, so there is no deviation to learn from."
        )
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
            "The conformer standard deviation does not demonstrably tell how wrong a prediction is "
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


def deviation_study(predictions: pa.Table) -> dict[str, Any]:
    """Apply `deviation_against_error` to the labelled test part of a PREDICTIONS table."""
    rows = rows_of_part(predictions, "test")
    errors = np.abs(float_column(rows, "prediction") - float_column(rows, "label"))
    return deviation_against_error(float_column(rows, "standard_deviation"), errors)
