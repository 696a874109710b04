"""Whether more conformers, protocols or molecules would help."""

from dataclasses import dataclass

from confaug.evaluation.enough import LearningCurves, summarise_curves
from confaug.report.quantity import Quantity
from confaug.report.results import Results
from confaug.report.wording.enough import enough_sentences


@dataclass(frozen=True)
class EnoughView:
    """What the section shows: learning curves, and the variant that has no conformers."""

    quantity: Quantity
    curves: LearningCurves
    reference: str | None

    @classmethod
    def of(cls, results: Results) -> "EnoughView":
        """Select what the section needs."""
        curves = summarise_curves(
            results["learning_curves"], results["replicate_errors"], results.reference
        )
        return cls(results.quantity, curves, results.reference)


def enough_section(view: EnoughView) -> list[str]:
    """Say how much data is enough; nothing if no curve was measured."""
    return enough_sentences(view.curves, view.quantity, view.reference)
