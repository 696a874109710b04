"""Labels that are probably wrong, judged by the labels alone. No label is removed for it.

A label is far from the others if the gap between them is wide compared with the range of all
others. Gaps are measured on scales that shorten heavy tails: the inverse hyperbolic sine of the
distance from the median, in robust standard deviations, and for positive labels also the logarithm.
Skewed labels, labels over decades and several groups of labels therefore pass, and a decimal point
misplaced by three digits does not.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from confaug.infrastructure.sums import sum_in_order

Floats = NDArray[np.float64]
#: Numbers that stand for a missing value in many tables.
SENTINELS = (-1.0, 0.0, *(sign * float("9" * n) for n in range(2, 7) for sign in (1, -1)))
#: With fewer different labels, nothing is judged.
LEAST_LABELS = 5
#: Share of the labels that may be doubtful; more of them are a group of their own.
MOST = 0.25
#: Gap on the scale of the inverse hyperbolic sine, and its ratio to the extent of the others.
SINE_GAP, SINE_RATIO = 2.5, 0.75
#: Gap in decades, and its ratio to the extent of the others.
DECADE_GAP, DECADE_RATIO = 2.0, 1.5
#: With few labels their range is uncertain; with this many, a gap must be twice as wide.
FEW = 7
#: Ratio of the quartiles of positive labels from which only the logarithmic scale suits them.
SKEWED = 3.0
#: Robust standard deviations by which a sentinel is separated from all other labels.
SENTINEL_GAP = 2.0
ZERO_CELSIUS = 273.15


def doubtful_labels(labels: Sequence[float]) -> dict[float, str]:
    """Find labels that are probably not measured values, or in another unit than the others.

    Three kinds are looked for in this order, each among the labels that are left: numbers that
    stand for a missing value, values far from all others, and a group that differs by 273.15
    (kelvin among degrees Celsius, or the reverse).

    Parameters
    ----------
    labels
        The different labels of every molecule; where fewer than five of all are different, nothing
        is judged.

    Returns
    -------
    dict
        A reason by label.

    Examples
    --------
    >>> list(doubtful_labels([1.1, 1.2, 0.9, 1.3, 1.0, -999]))
    [-999.0]
    """
    rest, found = np.asarray(labels, dtype=np.float64), dict[float, str]()
    for judge in (_sentinels, _far_away, _other_temperatures):
        if len(np.unique(rest)) >= LEAST_LABELS:
            found |= judge(rest)
            rest = rest[~np.isin(rest, list(found))]
    return found


def robust_scale(values: Floats) -> float:
    """Return the median absolute deviation, scaled to a normal's standard deviation.

    Examples
    --------
    >>> round(robust_scale(np.array([1.0, 2.0, 3.0, 4.0, 100.0])), 4)
    1.4826
    """
    return float(1.4826 * np.median(np.abs(values - np.median(values))))


def gross_distance(
    labels: Iterable[float], limit: float | None, logarithmic: bool = False
) -> Callable[[Sequence[float]], bool]:
    """Return a function that tells whether labels of one structure cannot all be right.

    They cannot if they are farther apart than `limit` robust standard deviations of all labels and
    by more than a factor of two (or differ in sign). Labels that are learned as logarithms, and
    positive labels over decades, are compared as logarithms; more than a factor of 100 is gross.

    Parameters
    ----------
    labels
        One label per molecule; from fewer than five different ones nothing is concluded.
    limit
        ``cleaning.gross_conflict``; None never tells.
    logarithmic
        Whether labels are learned as logarithms.
    """
    values = np.array(list(labels), dtype=np.float64)
    known = len(np.unique(values)) >= LEAST_LABELS
    logarithmic = logarithmic or (known and _over_decades(values))
    scale = robust_scale(np.log10(values) if logarithmic else values) if known else 0.0

    def is_gross(given: Sequence[float]) -> bool:
        if limit is None or scale == 0 or len(given) < 2:
            return False
        low, high = min(given), max(given)
        if logarithmic:
            return math.log10(high / low) > min(limit * scale, DECADE_GAP)
        small, large = sorted((abs(low), abs(high)))
        return high - low > limit * scale and (low * high <= 0 or large > 2 * small)

    return is_gross


def replicate_scatter(groups: Iterable[Sequence[float]]) -> dict[str, Any]:
    """Measure how repeated measurements of one molecule scatter.

    Parameters
    ----------
    groups
        The labels of each molecule's rows. Equal labels are probably copies, and say nothing.

    Returns
    -------
    dict
        ``molecules`` with different labels, ``scatter``, their pooled standard deviation in the
        unit of the labels (None without any), and ``copies``, molecules with equal labels alone.
    """
    repeated = [np.array(labels, float) for labels in groups if len(labels) > 1]
    different = [labels for labels in repeated if np.ptp(labels) > 0]
    freedom = sum(len(labels) - 1 for labels in different)
    squares = sum_in_order(float(((labels - labels.mean()) ** 2).sum()) for labels in different)
    return {
        "molecules": len(different),
        "scatter": math.sqrt(squares / freedom) if freedom else None,
        "copies": len(repeated) - len(different),
    }


def _sentinels(values: Floats) -> dict[float, str]:
    """Return numbers that often stand for a missing value, if they are apart from other labels."""
    others = values[~np.isin(values, SENTINELS)]
    found: dict[float, str] = {}
    if len(np.unique(others)) < LEAST_LABELS:
        return found
    for value in sorted(set(values.tolist()) & set(SENTINELS)):
        gap = max(others.min() - value, value - others.max())
        few = (values == value).mean() <= MOST
        apart = gap > SENTINEL_GAP * robust_scale(others) and gap > 0.5 * np.ptp(others)
        if few and (apart or (value <= -999 and others.min() > 0)):
            found[value] = (
                f"is far from all others ({_extent(others)}); it may stand for a missing value"
            )
    return found


def _far_away(values: Floats) -> dict[float, str]:
    """Return labels separated by a wide gap from all others, on a scale that suits them."""
    spread = robust_scale(values)
    far: NDArray[np.bool_] = np.zeros(len(values), dtype=bool)
    if spread > 0 and not _over_decades(values):
        sine = np.arcsinh((values - np.median(values)) / spread)
        far |= _beyond_gap(sine, SINE_GAP, SINE_RATIO)
    if (values > 0).all():
        far |= _beyond_gap(np.log10(values), DECADE_GAP, DECADE_RATIO)
    others = values[~far]
    return {value: _far_reason(value, others) for value in sorted(set(values[far].tolist()))}


def _over_decades(values: Floats) -> bool:
    """Say whether only a logarithmic scale suits labels."""
    lower, upper = np.quantile(values, [0.25, 0.75])
    return bool((values > 0).all() and upper > SKEWED * lower)


def _beyond_gap(scaled: Floats, gap: float, ratio: float) -> NDArray[np.bool_]:
    """Mark values at either end that are separated from all others by a wide gap."""
    far: NDArray[np.bool_] = np.zeros(len(scaled), dtype=bool)
    for sign in (1, -1):
        order = np.sort(sign * scaled)
        first = len(order) - max(1, int(MOST * len(order)))
        for i in range(first, len(order)):
            inner = order[i - 1] - order[0]
            several = 1 + (order[i] < order[-1])  # a second group is less unusual than one error
            wide = several * ratio * (1 + FEW / len(order)) * inner
            if order[i] - order[i - 1] > max(gap, wide):
                far |= sign * scaled >= order[i]
                break
    return far


def _far_reason(value: float, others: Floats) -> str:
    """Say how a label is far from the others, and what the cause may be."""
    middle = float(np.median(others))
    ratio = value / middle if middle else math.inf
    reason = f"is far from all others ({_extent(others)})"
    if value in SENTINELS or abs(value) >= 1e20:
        return f"{reason}; it may stand for a missing value"
    for factor in (1000.0, 0.001):
        if ratio > 0 and abs(math.log10(ratio / factor)) < 0.5:
            return f"{reason}, about {factor:g} times as large; it may be in another unit"
    return f"{reason}; check it at its source"


def _other_temperatures(values: Floats) -> dict[float, str]:
    """Return a group of labels that lies 273.15 apart from the others."""
    if _over_decades(values):
        return {}
    order = np.unique(values)
    gaps = [(high - low, low) for low, high in pairwise(order.tolist())]
    width, low = max(gaps)
    lower, upper = values[values <= low], values[values > low]
    fewer, more = sorted((lower, upper), key=len)
    apart = abs(float(np.median(upper) - np.median(lower)) - ZERO_CELSIUS)
    if (
        len(np.unique(more)) < LEAST_LABELS
        or len(fewer) > MOST * len(values)
        or np.ptp(more) > min(ZERO_CELSIUS, 10 * robust_scale(more))  # no heavy tails
        or width < (1 + FEW / len(values)) * max(np.ptp(lower), np.ptp(upper))
        or apart > 0.5 * max(np.ptp(more), 0.1 * ZERO_CELSIUS)
    ):
        return {}
    reason = f"differs by about 273 from the others ({_extent(more)}); it may be in another unit"
    return dict.fromkeys(sorted(set(fewer.tolist())), reason)


def _extent(values: Floats) -> str:
    return f"{values.min():.4g} to {values.max():.4g}"
