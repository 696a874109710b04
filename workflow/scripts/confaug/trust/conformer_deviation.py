"""Whether the conformer standard deviation of a prediction says anything of its error."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import stats

from confaug.learning.predictions import float_column, rows_of_part

Floats = NDArray[np.float64]
NUMBERS = ("rho", "low", "high")


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's rank correlation with a confidence interval; NaN if one side is constant."""

    rho: float
    low: float
    high: float
    n: int

    @property
    def known(self) -> bool:
        """Whether there is a correlation: neither side is constant."""
        return not math.isnan(self.rho)

    @property
    def informative(self) -> bool:
        """Whether the whole interval is positive: a larger x goes with a larger y."""
        return self.low > 0

    def to_dict(self) -> dict[str, float | int | bool | None]:
        """Return the facts for JSON, which knows no NaN."""
        return {
            **{name: getattr(self, name) if self.known else None for name in NUMBERS},
            "molecules": self.n,
            "informative": self.informative,
        }

    @classmethod
    def from_dict(cls, entry: Mapping[str, Any]) -> "RankCorrelation":
        """Return the correlation that `to_dict` gave."""
        numbers = {name: math.nan if entry[name] is None else entry[name] for name in NUMBERS}
        return cls(**numbers, n=entry["molecules"])


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


def deviation_study(predictions: pa.Table) -> RankCorrelation:
    """Correlate conformer standard deviation and absolute error of labelled held-out molecules.

    If the whole interval is above 0, molecules whose conformers disagree are predicted worse.

    Parameters
    ----------
    predictions
        A PREDICTIONS table.
    """
    rows = rows_of_part(predictions, "test")
    errors = np.abs(float_column(rows, "prediction") - float_column(rows, "label"))
    return rank_correlation(float_column(rows, "standard_deviation"), errors)
