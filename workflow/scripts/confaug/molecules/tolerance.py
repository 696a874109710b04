"""How far two labels of one structure may differ, proposed from the labels of a table.

Two measurements with a normal error differ by less than about three times their median difference
in 19 of 20 cases. The proposal is that, but at least 1 % and at most 5 % of the range that holds
nine of ten labels: no model needs labels to agree better than the first, and a difference beyond
the second is worth a look, however often it occurs.
"""

import math
import statistics
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

#: Structures with different labels from which their median difference is known well enough.
FEWEST_REPEATS = 3
#: Times the median difference.
TIMES = 3
#: Shares of the range of the labels that a tolerance is between.
LEAST_SHARE, LARGEST_SHARE = 0.01, 0.05
#: Ratio of the largest to the smallest label from which no single difference suits all of them.
DECADES = 1000
#: What a tolerance is derived from: repeated labels, or the range of all.
REPEATS, RANGE, NONE = "repeats", "range", "none"


@dataclass(frozen=True)
class Tolerance:
    """A largest difference of two labels of one structure that agree.

    Attributes
    ----------
    value
        In the unit of the labels, with one digit; 0 if nothing is proposed.
    source
        `REPEATS`, `RANGE` or `NONE`.
    repeated
        Structures with different labels.
    usual
        Their median difference; None if there are too few.
    share
        The share of the range that the value is, before it was rounded.
    """

    value: float
    source: str
    repeated: int = 0
    usual: float | None = None
    share: float | None = None


def propose_tolerance(labels: Iterable[tuple[Hashable, float]]) -> Tolerance:
    """Propose a tolerance for labels that occur several times.

    Parameters
    ----------
    labels
        Every label with what tells its structure, and the conditions it was measured under, from
        others.

    Examples
    --------
    >>> rows = [(i // 2, 300.0 + i + i % 2) for i in range(20)]
    >>> propose_tolerance(rows).value, propose_tolerance(rows).source
    (0.8, 'range')
    """
    by_structure: dict[Hashable, list[float]] = defaultdict(list)
    for structure, label in labels:
        by_structure[structure].append(label)
    known = [label for group in by_structure.values() for label in group]
    if len(known) < 2 or _spans_decades(known):
        return Tolerance(0.0, NONE)
    parts = statistics.quantiles(known, n=20, method="inclusive")
    width = parts[-1] - parts[0]
    spreads = [max(group) - min(group) for group in by_structure.values()]
    differing = [spread for spread in spreads if spread > 0]
    usual = statistics.median(differing) if len(differing) >= FEWEST_REPEATS else None
    least, largest = LEAST_SHARE * width, LARGEST_SHARE * width
    value = least if usual is None else min(max(TIMES * usual, least), largest)
    if not value or not math.isfinite(value):
        return Tolerance(0.0, NONE)
    source = REPEATS if usual is not None and least < value < largest else RANGE
    return Tolerance(float(f"{value:.1g}"), source, len(differing), usual, value / width)


def _spans_decades(labels: list[float]) -> bool:
    """Tell whether the labels are positive and differ by orders of magnitude."""
    return min(labels) > 0 and max(labels) / min(labels) >= DECADES
