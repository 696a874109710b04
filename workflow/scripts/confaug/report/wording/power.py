"""How large a difference a study could have seen, in words."""

from collections.abc import Callable

from confaug.evaluation.verdict import Verdict
from confaug.report.number_format import whole_percent


def could_have_seen(verdict: Verdict, value: Callable[[float], str]) -> str:
    """Say how large a difference must be for a study to find it; nothing if that is not known.

    Parameters
    ----------
    value
        Writes a difference with its unit.
    """
    visible, splits = verdict.smallest_visible, verdict.splits
    if visible is None:
        return ""
    number = "one split" if splits.one else f"{splits.different} splits"
    size = f"With {splits.molecules} molecules and {number}"
    if visible.relative is not None and visible.relative >= 1:
        return (
            f"{size}, no gain could have been shown reliably: a true difference would have to be "
            "as large as the error itself."
        )
    share = ""
    if visible.relative is not None:
        share = f" ({whole_percent(visible.relative)} of the error without conformers)"
    return (
        f"{size}, a true difference has to be at least {value(visible.difference)}{share} for "
        f"{whole_percent(visible.power)} of such studies to find it; smaller ones may be missed."
    )
