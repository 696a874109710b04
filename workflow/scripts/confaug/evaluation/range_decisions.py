"""How often a prediction interval decides whether a molecule is in the range that is looked for."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class RangeDecisions:
    """Decisions on held-out molecules, one for each replicate that holds a molecule out.

    A molecule is decided to be inside if its interval lies within the range, outside if its
    interval has no value in common with it, and undecided otherwise.

    Attributes
    ----------
    low, high
        The range, in label units.
    inside, outside, undecided
        Numbers of decisions.
    wrongly_inside, wrongly_outside
        How many of them the label contradicts.
    within
        How many labels lie in the range.
    """

    low: float
    high: float
    inside: int = 0
    outside: int = 0
    undecided: int = 0
    wrongly_inside: int = 0
    wrongly_outside: int = 0
    within: int = 0

    @property
    def total(self) -> int:
        """Number of predictions."""
        return self.inside + self.outside + self.undecided

    def __add__(self, other: "RangeDecisions") -> "RangeDecisions":
        """Count the decisions of two replicates together."""
        return RangeDecisions(
            self.low,
            self.high,
            self.inside + other.inside,
            self.outside + other.outside,
            self.undecided + other.undecided,
            self.wrongly_inside + other.wrongly_inside,
            self.wrongly_outside + other.wrongly_outside,
            self.within + other.within,
        )


def decide_range(tables: Iterable[pa.Table], low: float, high: float) -> RangeDecisions:
    """Decide by prediction intervals which held-out molecules lie in a range.

    Parameters
    ----------
    tables
        INTERVALS tables, one for each replicate; molecules without a label or an interval are left
        out.
    low, high
        The range, in label units; its ends belong to it.
    """
    decisions = RangeDecisions(low, high)
    for table in tables:
        decisions += _decide(table, low, high)
    return decisions


def _decide(table: pa.Table, low: float, high: float) -> RangeDecisions:
    """Decide for the molecules of one INTERVALS table."""
    known = table.filter(pc.and_(pc.is_valid(table["label"]), pc.is_valid(table["low"])))
    label, start, end = (known[name].to_numpy() for name in ("label", "low", "high"))
    within = (low <= label) & (label <= high)
    inside = (low <= start) & (end <= high)
    outside = (end < low) | (start > high)

    def count(which: np.ndarray) -> int:
        return int(np.count_nonzero(which))

    return RangeDecisions(
        low,
        high,
        inside=count(inside),
        outside=count(outside),
        undecided=count(~inside & ~outside),
        wrongly_inside=count(inside & ~within),
        wrongly_outside=count(outside & within),
        within=count(within),
    )
