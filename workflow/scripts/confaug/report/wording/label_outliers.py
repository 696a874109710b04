"""Sentences about molecules whose label may be wrong."""

from confaug.infrastructure.text import plain_number
from confaug.report.quantity import Quantity
from confaug.trust.label_outliers import LabelOutlier


def outlier_reason(outlier: LabelOutlier, quantity: Quantity) -> str:
    """Say what speaks against a label; measured labels are written as they are, unrounded."""
    if outlier.kind == "unlike_neighbours":
        labels = outlier.neighbour_labels
        return (
            f"the label is {_measured(outlier.label, quantity)}, but a model that has not seen it "
            f"expects {quantity.text(outlier.expected)}, and its {len(labels)} most similar "
            f"training molecules have {plain_number(labels[0])} to "
            f"{_measured(labels[-1], quantity)}"
        )
    if outlier.kind == "contradictory_rows":
        given = (f"{_measured(label, quantity)} in row {row}" for row, label in outlier.rows)
        return f"its rows disagree: {', '.join(given)}"
    return outlier.remark


def unjudged_sentence(unjudged: int, molecules: int) -> str:
    """Say how many labels could not be compared with those of similar molecules, if any."""
    if not unjudged:
        return ""
    return (
        f"{unjudged} of {molecules} training molecules could not be judged by their neighbours, "
        "because fewer than two others are similar to them."
    )


def _measured(label: float, quantity: Quantity) -> str:
    """Write a label of the input table with its unit."""
    return f"{plain_number(label)} {quantity.unit}".strip()
