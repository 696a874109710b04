"""The first paragraphs of the report: can anything be predicted, and did augmentation help."""

from confaug.evaluation.comparison import HELPED, HURT, NO_DIFFERENCE
from confaug.evaluation.rows import Difference
from confaug.evaluation.verdict import JITTER, NOT_SHOWN, TOO_FEW, UNDETERMINED
from confaug.report.number_format import whole_percent
from confaug.report.outcome import Outcome
from confaug.report.wording.comparison import (
    BEST_OF_POLYMERS,
    BEST_WITH_CONFORMERS,
    CONTROLS,
    against_interval,
    errors_of_groups,
)
from confaug.report.wording.decades import error_in_decades
from confaug.report.wording.full_verdict import (
    AUGMENTATION_TO_COME,
    NO_CONFORMERS,
    verdict_words,
)
from confaug.report.wording.power import could_have_seen

NOT_ASKED_ADVICE = (
    "To find out whether augmentation helps, configure LightGBM without conformers and on an "
    "augmented representation."
)
WITHOUT_CONFORMERS = (
    "The recommended model does without conformers all the same: by cross-validation, no model "
    "that needs them is better by more than one standard error."
)
WITH_CONFORMERS = (
    "The recommended model needs conformers all the same: by cross-validation, every model without "
    "them is worse than the best by more than one standard error."
)


def leads(outcome: Outcome, conformers_asked: bool = True) -> list[str]:
    """Answer the question of the headline, then whether augmentation paid and what follows.

    Parameters
    ----------
    conformers_asked
        Whether any variant of the study reads conformers.
    """
    verdict = outcome.verdict
    if verdict.verdict == TOO_FEW:
        return [verdict_words(verdict, outcome.variants).headline]
    first = _predictive(outcome) if verdict.first_answer == NOT_SHOWN else []
    row = verdict.comparisons.reference
    if row is None:
        best = verdict.best_variant or ""
        advice = NOT_ASKED_ADVICE if conformers_asked else NO_CONFORMERS
        return [
            *first,
            f"On held-out molecules, {best} has the lowest mean error, {outcome.error(best)}. "
            f"{_chosen_before(outcome, best)}{AUGMENTATION_TO_COME if outcome.to_come else advice}",
            *_champions(outcome),
            *reservations(outcome),
            *_decades(outcome, [best]),
        ]
    compared = (
        "On held-out molecules, the same learner, tuned in the same way, has a mean error of "
        f"{outcome.error(row.variant)} with augmentation and {outcome.error(row.reference)} "
        f"without it, {_difference(outcome, row)}.",
        against_interval(row),
        _conformers(outcome, row.verdict),
    )
    return [
        *first,
        " ".join(filter(None, compared)),
        *reservations(outcome),
        *_champions(outcome),
        *_decades(outcome, [row.variant, row.reference]),
    ]


def _chosen_before(outcome: Outcome, best: str) -> str:
    """Say why another model is recommended than the one with the lowest error; ends in a blank."""
    model = outcome.recommendation.model
    if model == best or not outcome.verdict.recommends:
        return ""
    return (
        f"The model that is recommended is another one, {model}, because it is chosen by "
        "cross-validation and not by these errors, which only judge it. "
    )


def _champions(outcome: Outcome) -> list[str]:
    """Say what conformers, and the form of the structure, add to the best model without them."""
    rows, told = outcome.verdict.comparisons, []
    asked = [(rows.conformers, BEST_WITH_CONFORMERS), (rows.structure, BEST_OF_POLYMERS)]
    for found, openings in asked:
        if found is not None:
            row = found.difference
            told.append(
                f"{openings[row.verdict]}: {errors_of_groups(found, outcome.quantity.text)}, "
                f"{_difference(outcome, row)}."
            )
    return told


def reservations(outcome: Outcome) -> list[str]:
    """Say what belongs beside the verdict wherever it stands, so that no more is read into it."""
    return [*_could_have_missed(outcome), *_unexplained(outcome)]


def _could_have_missed(outcome: Outcome) -> list[str]:
    """Say how large a difference would have been seen, where none was; nothing elsewhere."""
    rows = outcome.verdict.comparisons
    judged = rows.reference
    if judged is None and rows.conformers is not None:
        judged = rows.conformers.difference
    if judged is None or judged.verdict != NO_DIFFERENCE:
        return []
    sentence = could_have_seen(outcome.verdict, outcome.quantity.text)
    return [sentence] if sentence else []


def _unexplained(outcome: Outcome) -> list[str]:
    """Name the controls that may explain a gain as well as the shapes do."""
    verdict = outcome.verdict
    if verdict.cause != UNDETERMINED:
        return []
    replaced = [
        f"{CONTROLS[verdict.roles.controls[row.reference]]} ({outcome.error(row.reference)})"
        for row in verdict.comparisons.controls
        if row.verdict != HELPED
    ]
    if not replaced:
        return []
    return [
        "The gain is not shown to come from the shapes of the molecules: with "
        f"{' or '.join(replaced)} in place of conformers, the mean error is not demonstrably "
        "higher."
    ]


def _conformers(outcome: Outcome, augmentation: str) -> str:
    """Say what that means for conformers, beside what is recommended."""
    verdict, needs = outcome.verdict, outcome.recommendation.needs_conformers
    if not verdict.recommends:
        return ""
    if verdict.cause == JITTER:
        return (
            "Rows with noise in place of conformers do as well, so the same benefit can be had "
            "without computing any conformers."
        )
    if needs:
        return "" if augmentation == HELPED else WITH_CONFORMERS
    return {
        HELPED: WITHOUT_CONFORMERS,
        NO_DIFFERENCE: "Conformers cost computing time and have shown no benefit here.",
        HURT: "Leave out the conformers: they make predictions worse.",
    }[augmentation]


def _predictive(outcome: Outcome) -> list[str]:
    """Compare the errors with those of a constant value; the headline tells the outcome."""
    row = outcome.verdict.predictive.comparison
    if row is None:
        return []
    opening = "Predictions are worse than a constant value: on" if row.verdict == HURT else "On"
    return [
        f"{opening} held-out molecules, the mean error is {outcome.error(row.variant)} for "
        f"the variant chosen by cross-validation and {outcome.error(row.reference)} for a constant "
        f"value, {_difference(outcome, row)}. {against_interval(row)}".rstrip()
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
