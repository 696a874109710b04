"""What more measurements promise, in words."""

from confaug.evaluation.outlook import (
    BEYOND,
    FARTHEST,
    FLAT,
    FLOOR,
    REACHED,
    TOO_FEW_SIZES,
    UNCERTAIN,
    WIDEST,
    Forecast,
    Outlook,
)
from confaug.evaluation.rows import Interval
from confaug.report.number_format import two_digits
from confaug.report.quantity import Quantity


def outlook_sentences(found: Outlook, required: float | None, quantity: Quantity) -> list[str]:
    """Say how many more molecules are needed, or what more of them promise.

    Parameters
    ----------
    required
        The required error; None without one.
    """
    first = _answer(found, required, quantity)
    forecasts = [_forecast(one, found, quantity) for one in found.forecasts]
    if not forecasts:
        return [first] if first else []
    expected = (
        f"By the learning curve, the error to expect is {', '.join(forecasts)} training molecules."
    )
    return [*([first] if first else []), expected]


def more_molecules(needed: float, labelled: int) -> str:
    """Say how many molecules are needed besides those that are labelled.

    >>> more_molecules(411.3, 223), more_molecules(100.0, 223)
    ('190', '0')
    """
    return two_digits(max(needed - labelled, 0.0))


def _answer(found: Outlook, required: float | None, quantity: Quantity) -> str:
    """Answer how many molecules the required error takes, or say why nobody can."""
    error = "a lower error" if required is None else f"an error of {quantity.text(required)}"
    if found.answer == REACHED and found.needed:
        return _reached(found.needed, found.labelled, error)
    if found.answer == FLOOR and found.floor:
        return (
            f"More molecules of this kind alone would probably not give {error}: by the learning "
            f"curve, the error does not come below {_with_interval(found.floor, quantity)}. Better "
            "labels or other descriptors might help."
        )
    return {
        TOO_FEW_SIZES: f"{found.measured} training molecules are too few to tell from a learning "
        f"curve how many it takes for {error}.",
        FLAT: f"The error does not demonstrably fall with training molecules, up to the "
        f"{found.measured} that were measured. So nothing says that more molecules of this kind "
        "would help.",
        UNCERTAIN: f"How many molecules it takes for {error} is too uncertain to say: the interval "
        f"covers more than a factor of {WIDEST}.",
        BEYOND: f"It probably takes more than {FARTHEST * found.measured} training molecules for "
        f"{error}, {FARTHEST} times those that were measured. The learning curve says nothing so "
        "far away.",
    }.get(found.answer, "")


def _reached(needed: Interval, labelled: int, error: str) -> str:
    """Say how many molecules are needed, and how many more that is."""
    low, high = needed.low or 0.0, needed.high or 0.0
    total = (
        f"By the learning curve, it takes about {two_digits(needed.value)} training molecules for "
        f"{error} (95% interval {two_digits(low)} to {two_digits(high)})"
    )
    if needed.value <= labelled:
        doubt = "" if high <= labelled else ", but the interval does not exclude that it takes more"
        return f"{total}. The final model learns from all {labelled}{doubt}."
    return (
        f"{total}. You have {labelled}, so measure about "
        f"{more_molecules(needed.value, labelled)} more "
        f"({more_molecules(low, labelled)} to {more_molecules(high, labelled)})."
    )


def _forecast(one: Forecast, found: Outlook, quantity: Quantity) -> str:
    """Write the error to expect with a number of training molecules."""
    whose = " (the final model)" if one.molecules == found.labelled else ""
    return f"{_with_interval(one.error, quantity)} with {one.molecules}{whose}"


def _with_interval(error: Interval, quantity: Quantity) -> str:
    """Write an error with its interval."""
    return f"{quantity.text(error.value)} ({quantity.between(error.low, error.high)})"
