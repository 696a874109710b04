"""Whether the recommended model is good enough: the box at the top of the report."""

from dataclasses import dataclass, replace

from confaug.evaluation.outlook import FORECAST
from confaug.evaluation.usability import MET, TOO_FEW, Usability
from confaug.report.quantity import Quantity
from confaug.report.results import Results
from confaug.report.wording.outlook import outlook_sentences
from confaug.report.wording.usability import (
    NOTHING_COMPARED,
    Check,
    Compared,
    advice,
    checks,
    requirement_checks,
)


@dataclass(frozen=True)
class UsabilityBox:
    """What the box shows.

    Attributes
    ----------
    advice
        One sentence of advice.
    required
        What was required, with answers.
    checks
        Questions about any model, with answers.
    outlook
        What more measurements promise.
    """

    advice: str
    required: tuple[Check, ...]
    checks: tuple[Check, ...]
    outlook: tuple[str, ...]


@dataclass(frozen=True)
class UsabilityView:
    """What the box is made from; no facts if they were not collected."""

    facts: Usability | None
    quantity: Quantity
    compared: Compared = NOTHING_COMPARED

    @classmethod
    def of(cls, results: Results) -> "UsabilityView":
        """Select what the box needs."""
        outcome = results.outcome
        compared = Compared(
            guess=outcome.verdict.predictive.comparison,
            randomised=outcome.main,
            recommended=outcome.recommendation.model,
        )
        return cls(results.usability, results.quantity, compared)


def usability_box(view: UsabilityView) -> UsabilityBox | None:
    """Say whether the model is good enough; None if that was not assessed."""
    found, quantity = view.facts, view.quantity
    if found is None:
        return None
    return UsabilityBox(
        advice=advice(found, quantity),
        required=tuple(requirement_checks(found, quantity)),
        checks=tuple(checks(found, quantity, view.compared)),
        outlook=tuple(_outlook(found, quantity)),
    )


def _outlook(found: Usability, quantity: Quantity) -> list[str]:
    """Say what more measurements promise, where that does not contradict the advice.

    Of too few molecules, no learning curve says anything; where the requirement is met, nobody asks
    how many more it takes.
    """
    outlook = found.outlook
    if outlook is None or found.grade == TOO_FEW:
        return []
    if found.grade == MET:
        outlook = replace(outlook, answer=FORECAST)
    return outlook_sentences(outlook, found.required, quantity)
