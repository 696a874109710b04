"""The verdict in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from confaug.config.roles import RECOMMENDED
from confaug.evaluation.comparison import HELPED, HURT, NO_DIFFERENCE
from confaug.evaluation.rows import VariantErrors
from confaug.evaluation.study_size import LEAST_HELD_OUT, LEAST_LABELLED, StudySize
from confaug.evaluation.verdict import (
    JITTER,
    NOT_ASKED,
    NOT_SHOWN,
    PHYSICS,
    TOO_FEW,
    UNDETERMINED,
    Verdict,
)
from confaug.infrastructure.text import counted
from confaug.report.wording.comparison import (
    BEST_OF_POLYMERS,
    BEST_PLAIN,
    BEST_WITH_CONFORMERS,
    ComparisonWords,
    against_interval,
)
from confaug.report.wording.power import could_have_seen
from confaug.report.wording.scope import scope

#: LightGBM's default for `min_data_in_leaf`; two leaves need twice as many rows.
DEFAULT_ROWS_PER_LEAF = 20
CAUSES = {
    PHYSICS: "Conformer geometry therefore carries information that the controls do not have.",
    JITTER: (
        "More rows per molecule explain the gain; there is no evidence that conformer geometry "
        "contributes."
    ),
    UNDETERMINED: (
        "The data do not show whether the gain comes from conformer geometry or merely from the "
        "number of rows."
    ),
    NOT_ASKED: "",
}
AUGMENTATION_TO_COME = (
    "Whether augmentation helps is not known yet: the variants with conformers are still to come."
)

NO_CONFORMERS = (
    "No variant of this study asks for conformers, so whether augmentation helps was not tested."
)


@dataclass(frozen=True)
class VerdictWords:
    """The verdict in words.

    Attributes
    ----------
    headline
        The answer to the first question that is open.
    sentences
        What else there is to say.
    scope
        What the intervals cover.
    """

    headline: str
    sentences: tuple[str, ...]
    scope: str


def verdict_words(
    verdict: Verdict,
    variants: Mapping[str, VariantErrors],
    to_come: Sequence[str] = (),
    conformers_asked: bool = True,
) -> VerdictWords:
    """Put a verdict into words.

    Parameters
    ----------
    variants
        Errors by variant, best first.
    to_come
        Variants that are still to be evaluated.
    conformers_asked
        Whether any variant of the study reads conformers.
    """
    if verdict.size is not None and verdict.verdict == TOO_FEW:
        return VerdictWords(too_few(verdict.size), (), scope(verdict.splits))
    words = ComparisonWords(variants, verdict.unit, verdict.confidence)
    predictive = _predictive(verdict, words)
    if to_come:
        headline = AUGMENTATION_TO_COME
    else:
        headline = _on_augmentation(verdict, words) if conformers_asked else NO_CONFORMERS
    sentences = [*_comparisons(verdict, words), CAUSES[verdict.cause], _best(verdict, words)]
    if verdict.first_answer == NOT_SHOWN:
        headline, sentences = predictive, [headline, *sentences]
    else:
        sentences = [predictive, *sentences]
    return VerdictWords(headline, tuple(filter(None, sentences)), scope(verdict.splits))


def _comparisons(verdict: Verdict, words: ComparisonWords) -> list[str]:
    """Describe every comparison, and what else bears on it."""
    rows, controls = verdict.comparisons, verdict.roles.controls
    return [
        could_have_seen(verdict, words.value) if rows.reference else "",
        words.of_groups(BEST_WITH_CONFORMERS, rows.conformers) if rows.conformers else "",
        "" if rows.reference else could_have_seen(verdict, words.value),
        words.of_groups(BEST_OF_POLYMERS, rows.structure) if rows.structure else "",
        words.resampled(rows.reference) if rows.reference else "",
        words.against_baseline(rows.baseline) if rows.baseline else "",
        *_single_values(verdict, words),
        words.of_groups(BEST_PLAIN, rows.classical) if rows.classical else "",
        *(words.against_control(row, controls[row.reference]) for row in rows.controls),
    ]


def too_few(size: StudySize) -> str:
    """Say that a study is too small to conclude anything from, and why."""
    labelled, held_out, things = f"{size.labelled} labelled molecules", str(size.held_out), ""
    if (size.labelled_groups, size.held_out_groups) != (size.labelled, size.held_out):
        labelled += f" in {counted(size.labelled_groups, 'group')} that no split divides"
        held_out += f" in {counted(size.held_out_groups, 'group')}"
        things = "groups of "
    return (
        f"Nothing can be concluded: there are {labelled}, of which {held_out} are held out. With "
        f"fewer than {LEAST_LABELLED} {things}labelled molecules, or fewer than {LEAST_HELD_OUT} "
        "held out in a split, random variation exceeds any difference between models that could be "
        "expected."
    )


def _predictive(verdict: Verdict, words: ComparisonWords) -> str:
    """Say whether anything can be predicted."""
    row = verdict.predictive.comparison
    if row is None:
        return (
            "Whether anything can be predicted was not tested: there is no variant with the "
            "learner constant."
        )
    opening = {
        HELPED: "Predictions are better than a constant value",
        NO_DIFFERENCE: "There is no evidence that predictions are better than a constant value",
        HURT: "Predictions are worse than a constant value",
    }[row.verdict]
    return (
        f"{opening}: {words.figures(row)}. Here, {row.variant} is what cross-validation chose in "
        f"each split; {row.reference} always predicts the same value. {against_interval(row)}"
    ).rstrip()


def _on_augmentation(verdict: Verdict, words: ComparisonWords) -> str:
    """Say whether the augmentation helped."""
    row = verdict.comparisons.reference
    if row is None:
        plain = "LightGBM on the same columns without conformers"
        missing = plain if verdict.roles.primary else "an augmented variant"
        return f"Whether augmentation helped was not tested: {missing} is not among the variants."
    opening = {
        HELPED: "Augmentation helped",
        HURT: "Augmentation made predictions worse",
        NO_DIFFERENCE: "No difference can be shown",
    }[row.verdict]
    if row.replicates == 1 and row.verdict != NO_DIFFERENCE:
        opening += " on this one split"
    sentence = f"{opening}: {words.figures(row)}; {words.wins(row)}."
    return f"{sentence} {words.limits(row)}".rstrip()


def _single_values(verdict: Verdict, words: ComparisonWords) -> list[str]:
    """Name the variants that give all held-out molecules the same value, and why."""
    size, roles, found = verdict.size, verdict.roles, []
    for name, count in (size.one_value if size else {}).items():
        if name == roles.constant:
            continue
        splits = words.variants[name].replicates
        where = "" if splits == 1 else f" in {count} of {splits} splits"
        text = f"{name} predicts the same value for all held-out molecules{where}"
        if size and name == roles.baseline and size.training < 2 * DEFAULT_ROWS_PER_LEAF:
            text += (
                f": LightGBM's defaults require {DEFAULT_ROWS_PER_LEAF} rows in every leaf, and "
                f"{size.training} training molecules cannot be split that way. A gain over it is a "
                "gain over a constant"
            )
        found.append(f"{text}.")
    return found


def _best(verdict: Verdict, words: ComparisonWords) -> str:
    """Say which variant has the lowest error."""
    name, compared = verdict.best_variant, set(words.variants) - {RECOMMENDED}
    if name is None or len(compared) < 2:
        return ""
    return (
        f"Of all {len(compared)} variants, {name} has the lowest mean error on held-out "
        f"molecules, {words.value(words.variants[name].mae)}; it was selected on these errors, so "
        "its error is optimistic."
    )
