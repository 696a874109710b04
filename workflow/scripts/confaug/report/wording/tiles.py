"""The key figures of the report, each with what it means."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from confaug.evaluation.comparison import NO_DIFFERENCE
from confaug.evaluation.leakage_findings import LeakageFindings
from confaug.evaluation.verdict import TOO_FEW
from confaug.molecules.split_draws import Draws
from confaug.report.number_format import count, percent
from confaug.report.outcome import Outcome
from confaug.report.quantity import Quantity
from confaug.report.wording.scope import splits_in_words


class Tile(NamedTuple):
    """One key figure with what it means."""

    figure: str
    meaning: str


def difference_tile(outcome: Outcome) -> list[Tile]:
    """Give the relative difference to the same learner without conformers, if it was judged."""
    row = outcome.verdict.comparisons.reference
    if outcome.verdict.verdict == TOO_FEW or row is None or row.relative_difference is None:
        return []
    meaning = "error compared with the same learner without conformers"
    meaning += "; this may be chance" if row.verdict == NO_DIFFERENCE else ""
    return [Tile(percent(row.relative_difference, signed=True), meaning)]


def scatter_tile(labels: Mapping[str, Any], quantity: Quantity) -> list[Tile]:
    """Say how repeated measurements vary, if there are any.

    Parameters
    ----------
    labels
        The document on the labels.
    """
    repeated = labels.get("replicates", {})
    if repeated.get("scatter") is None:
        return []
    meaning = (
        "standard deviation of repeated measurements of the same molecule "
        f"({count(repeated['molecules'], 'molecule')} with repeats)"
    )
    return [Tile(quantity.text(repeated["scatter"]), meaning)]


def split_tile(parts: Sequence[str], draws: Draws) -> Tile:
    """Count the training and held-out molecules of a split."""
    return Tile(
        f"{parts.count('train')} + {parts.count('test')}",
        f"training and held-out molecules, in {splits_in_words(draws)}",
    )


def leakage_tile(findings: LeakageFindings | None) -> list[Tile]:
    """Say what was found on both sides of a split; nothing if it was not checked."""
    if findings is None:
        return []
    shared = findings.shared_blocks
    if not shared:
        return [Tile("No leakage", "no structure is on both sides of any split")]
    return [
        Tile(
            f"{shared} × shared",
            "a connectivity block, such as that of two stereoisomers, is in two parts or folds "
            "of a split, so errors may look too small; only whole structures were kept apart "
            "(splits: group_by is molecule), and this was checked",
        )
    ]
