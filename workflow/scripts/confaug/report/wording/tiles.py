"""The key figures of the report, each with what it means."""

from collections.abc import Mapping, Sequence
from typing import Any

from confaug.evaluation.comparison import NO_DIFFERENCE
from confaug.evaluation.leakage_findings import LeakageFindings
from confaug.evaluation.rows import VariantErrors
from confaug.evaluation.verdict import TOO_FEW
from confaug.molecules.split_draws import Draws
from confaug.report.number_format import count, percent, whole_percent
from confaug.report.outcome import Outcome
from confaug.report.quantity import Quantity
from confaug.report.wording.decades import beside_label_units, factor
from confaug.report.wording.scope import splits_in_words
from confaug.trust.coverage import CoverageSummary

#: A figure and its meaning.
Tile = tuple[str, str]


def error_tile(outcome: Outcome, row: VariantErrors, labels: Mapping[str, Any]) -> Tile:
    """Give the error of the main variant.

    Parameters
    ----------
    labels
        The document on the labels, which says how repeated measurements vary.
    """
    quantity, confidence = outcome.quantity, outcome.verdict.confidence
    meaning = f"mean error of {row.variant} on new molecules"
    if row.low is not None:
        low = max(row.low, 0.0)  # an error cannot be less, whatever the formula says
        meaning += f" ({whole_percent(confidence)} interval {quantity.between(low, row.high)})"
    meaning += beside_label_units(outcome.decades(row.variant))
    repeated = labels.get("replicates", {})
    if repeated.get("scatter") is not None:
        meaning += (
            f"; repeated measurements of the same molecule vary by "
            f"{quantity.text(repeated['scatter'])} (standard deviation, "
            f"{count(repeated['molecules'], 'molecule')} with repeats)"
        )
    return quantity.text(row.mae), meaning


def difference_tile(outcome: Outcome) -> list[Tile]:
    """Give the relative difference to the same learner without conformers, if it was judged."""
    row = outcome.verdict.comparisons.reference
    if outcome.verdict.verdict == TOO_FEW or row is None or row.relative_difference is None:
        return []
    meaning = "error compared with the same learner without conformers"
    meaning += "; this may be chance" if row.verdict == NO_DIFFERENCE else ""
    return [(percent(row.relative_difference, signed=True), meaning)]


def interval_tile(
    coverage: CoverageSummary | None, decades: float | None, quantity: Quantity
) -> list[Tile]:
    """Say how wide prediction intervals are, and how many held-out labels they contain.

    Parameters
    ----------
    coverage
        Of the main variant; None without any interval.
    decades
        Half the width of an interval of logarithms, if those are learned.
    """
    if coverage is None:
        return []
    share = (
        f"contained the measured value of {whole_percent(coverage.coverage)} of held-out molecules "
        f"(target: {whole_percent(coverage.target)})"
    )
    if decades is not None:
        meaning = f"dividing and multiplying a prediction by it gives an interval, which {share}"
        return [(f"factor of {factor(decades)}", meaning)]
    return [(f"± {quantity.text(coverage.median_width / 2)}", f"around a prediction {share}")]


def split_tile(parts: Sequence[str], draws: Draws) -> Tile:
    """Count the training and held-out molecules of a split."""
    return (
        f"{parts.count('train')} + {parts.count('test')}",
        f"training and held-out molecules, in {splits_in_words(draws)}",
    )


def leakage_tile(findings: LeakageFindings | None) -> list[Tile]:
    """Say what was found on both sides of a split; nothing if it was not checked."""
    if findings is None:
        return []
    shared = findings.shared_blocks
    if not shared:
        return [("No leakage", "no structure is on both sides of any split")]
    return [
        (
            f"{shared} × shared",
            "a connectivity block, such as that of two stereoisomers, is in two parts or folds "
            "of a split, so errors may look too small; only whole structures were kept apart "
            "(splits: group_by is molecule), and this was checked",
        )
    ]
