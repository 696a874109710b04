"""What more measurements promise, or why nothing can be said about that."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from confaug.evaluation.learning_law import Floats, Laws
from confaug.evaluation.rows import Interval

#: What can be said: how many molecules an error takes, which error some numbers of molecules give,
#: or why neither can be said.
REACHED, FORECAST = "reached", "forecast"
TOO_FEW_SIZES, FLAT = "too_few_sizes", "flat"
FLOOR, UNCERTAIN, BEYOND = "floor", "uncertain", "beyond"
#: Extrapolation ends at this many times the largest measured number of molecules.
FARTHEST = 4
#: An interval over more than this factor says nothing of use.
WIDEST = 10
#: A curve is flat unless it falls demonstrably by more than this share of its first error.
LEAST_FALL = 0.01


@dataclass(frozen=True)
class Forecast:
    """The error to expect of a model of some molecules."""

    molecules: int
    error: Interval


@dataclass(frozen=True)
class Outlook:
    """What more measurements promise.

    Attributes
    ----------
    answer
        `REACHED`, `FORECAST`, or a reason for saying nothing: `TOO_FEW_SIZES`, `FLAT`, `FLOOR` (the
        error demonstrably stays above the required one), `UNCERTAIN` (the interval is wider than
        `WIDEST`) or `BEYOND` (more than `FARTHEST` times what was measured).
    measured
        Largest number of training molecules of the curve.
    labelled
        Labelled molecules of the study, all of which the final model learns from.
    needed
        Training molecules at which the required error is reached, if the answer is `REACHED`.
    floor
        The error that the law never comes below; None without a law.
    forecasts
        The errors to expect with half and twice the measured molecules, and with all labelled ones,
        in ascending order of molecules, as far as they can be told.
    """

    answer: str
    measured: int
    labelled: int
    needed: Interval | None = None
    floor: Interval | None = None
    forecasts: tuple[Forecast, ...] = ()


def foresee(
    laws: Laws | None,
    sizes: Sequence[int],
    labelled: int,
    required: float | None,
    confidence: float = 0.95,
) -> Outlook:
    """Say what more measurements promise.

    Parameters
    ----------
    laws
        Fitted to the study and its samples; None if there were too few sizes.
    sizes
        Numbers of training molecules that were measured, in any order and number.
    labelled
        Labelled molecules of the study.
    required
        The required error; None for the errors that numbers of molecules give.
    confidence
        Of the intervals, two-sided.
    """
    smallest, measured = min(sizes, default=0), max(sizes, default=0)
    if laws is None:
        return Outlook(TOO_FEW_SIZES, measured, labelled)

    def interval(values: Floats) -> Interval:
        tail = (1 - confidence) / 2
        # "nearest", because between a number and infinity lies nothing
        low, high = np.quantile(values[1:], [tail, 1 - tail], method="nearest").tolist()
        return Interval(float(values[0]), low, high)

    first = laws.errors(smallest)
    fall = interval((first - laws.errors(measured)) / np.maximum(first, np.finfo(float).tiny))
    floor = interval(laws.floor)
    if fall.low is None or fall.low < LEAST_FALL:
        return Outlook(FLAT, measured, labelled, floor=floor)
    asked = {round(measured / 2), 2 * measured, labelled}
    forecasts = tuple(
        Forecast(n, interval(laws.errors(n)))
        for n in sorted(asked)
        if smallest <= n <= FARTHEST * measured
    )
    if required is None:
        wide = any(_too_wide(one.error) for one in forecasts)
        answer = UNCERTAIN if wide else FORECAST
        return Outlook(answer, measured, labelled, floor=floor, forecasts=() if wide else forecasts)
    needed = interval(laws.molecules(required))
    if floor.low is not None and floor.low >= required:
        answer = FLOOR
    elif math.isfinite(needed.value) and needed.value > FARTHEST * measured:
        answer = BEYOND
    else:
        answer = UNCERTAIN if _too_wide(needed) else REACHED
    return Outlook(
        answer,
        measured,
        labelled,
        needed=needed if answer == REACHED else None,
        floor=floor,
        forecasts=forecasts,
    )


def _too_wide(interval: Interval) -> bool:
    """Tell whether an interval goes over more than the factor `WIDEST`."""
    low, high = interval.low, interval.high
    return low is None or high is None or math.isinf(high) or high > WIDEST * low
