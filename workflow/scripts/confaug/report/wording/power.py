"""How large a difference a study could have seen, in words."""

from collections.abc import Callable

from confaug.evaluation.verdict import Verdict
from confaug.report.number_format import whole_percent


def could_have_seen(verdict: Verdict, value: Callable[[float], str]) -> str:
    """Say which differences a study would probably have missed; nothing if that is not known.

    Parameters
    ----------
    value
        Writes a difference with its unit.
    """
    visible, splits = verdict.smallest_visible, verdict.splits
    if visible is None:
        return ""
    share = ""
    if visible.relative is not None:
        share = f" ({whole_percent(visible.relative)} of the error without conformers)"
    number = "one split" if splits.one else f"{splits.different} splits"
    return (
        f"With {splits.molecules} molecules and {number}, a true difference of less than "
        f"{value(visible.difference)}{share} would probably not have been seen: fewer than "
        f"{whole_percent(visible.power)} of such studies would find it."
    )
