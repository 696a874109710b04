"""The first paragraphs of the report: can anything be predicted, and did augmentation help."""

from confaug.evaluation.comparison import HELPED, HURT, NO_DIFFERENCE
from confaug.evaluation.rows import Difference
from confaug.evaluation.verdict import TOO_FEW
from confaug.report.number_format import whole_percent
from confaug.report.outcome import Outcome
from confaug.report.wording.decades import error_in_decades
from confaug.report.wording.full_verdict import verdict_words


def leads(outcome: Outcome) -> list[str]:
    """Answer in turn whether anything can be predicted, and whether augmentation paid."""
    verdict = outcome.verdict
    if verdict.verdict == TOO_FEW:
        return [verdict_words(verdict, outcome.variants).headline]
    row = verdict.comparisons.reference
    if row is None:
        best = verdict.best_variant or ""
        return [
            *_predictive(outcome),
            f"On held-out molecules, {best} has the lowest mean error, {outcome.error(best)}.",
            *_decades(outcome, [best]),
        ]
    return [
        *_predictive(outcome),
        "On held-out molecules, the same learner, tuned in the same way, has a mean error of "
        f"{outcome.error(row.variant)} with augmentation and {outcome.error(row.reference)} "
        f"without it, {_difference(outcome, row)}.",
        *_decades(outcome, [row.variant, row.reference]),
    ]


def _predictive(outcome: Outcome) -> list[str]:
    """Compare the errors with those of a constant value, if that was asked."""
    row = outcome.verdict.predictive.comparison
    if row is None:
        return []
    opening = {
        HELPED: "Predictions are better than a constant value",
        NO_DIFFERENCE: "There is no evidence that predictions are better than a constant value",
        HURT: "Predictions are worse than a constant value",
    }[row.verdict]
    return [
        f"{opening}: on held-out molecules, the mean error is {outcome.error(row.variant)} for "
        f"{row.variant} and {outcome.error(row.reference)} for a constant value, "
        f"{_difference(outcome, row)}."
    ]


def _difference(outcome: Outcome, row: Difference) -> str:
    """Write a difference of errors with its interval."""
    quantity, confidence = outcome.quantity, outcome.verdict.confidence
    return (
        f"a difference of {quantity.text(row.difference, signed=True)} "
        f"({whole_percent(confidence)} interval {quantity.between(row.low, row.high, signed=True)})"
    )


def _decades(outcome: Outcome, variants: list[str]) -> list[str]:
    """Give errors on the scale that is learned, if that is of logarithms."""
    known = [(name, outcome.decades(name)) for name in variants]
    errors = [f"{error_in_decades(error)} for {name}" for name, error in known if error is not None]
    if not errors:
        return []
    return [
        "The largest labels dominate these errors. On the logarithmic scale, on which the models "
        f"learn, every molecule counts equally; there, the mean error is {' and '.join(errors)}."
    ]
