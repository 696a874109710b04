"""What the comparison says about the augmentation: the facts of the verdict.

Whether a single difference helped, hurt or shows nothing is judged in `comparison.judge`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa
from pydantic import TypeAdapter

from confaug.config.roles import RECOMMENDED, Roles
from confaug.evaluation.champions import GroupComparison, GroupComparisons
from confaug.evaluation.comparison import HELPED
from confaug.evaluation.power import VisibleDifference, smallest_visible_difference
from confaug.evaluation.rows import (
    Difference,
    VariantErrors,
    differences_by_pair,
    errors_by_variant,
)
from confaug.evaluation.study_size import StudySize
from confaug.molecules.split_draws import Draws

#: Paired differences by variant and reference.
Differences = Mapping[tuple[str, str], Difference]
#: Whether anything can be predicted.
YES, NOT_SHOWN, NOT_ASKED = "yes", "not_shown", "not_asked"
#: The verdict of a study that is too small to conclude anything from.
TOO_FEW = "too_few"
#: Why the augmentation helped: the geometry of the conformers, or the number of rows alone.
PHYSICS, JITTER, UNDETERMINED = "physics", "jitter", "undetermined"


@dataclass(frozen=True)
class Predictive:
    """Whether anything can be predicted.

    Attributes
    ----------
    verdict
        `YES`, `NOT_SHOWN` or `NOT_ASKED`.
    comparison
        The difference between what the rule of the recommendation chose in every replicate and the
        variant that gives every molecule the same value; None if it was not asked for.
    """

    verdict: str
    comparison: Difference | None


@dataclass(frozen=True)
class Comparisons:
    """Differences that a study is made for, as far as there are such variants.

    Attributes
    ----------
    conformers, structure, classical
        Of the best variants of groups, see `GroupComparisons`.
    reference, baseline
        Of the primary variant to the reference and to the baseline.
    controls
        Of the primary variant to the noise controls.
    """

    conformers: GroupComparison | None = None
    structure: GroupComparison | None = None
    classical: GroupComparison | None = None
    reference: Difference | None = None
    baseline: Difference | None = None
    controls: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What the comparison allows to be said.

    Attributes
    ----------
    predictive
        Whether anything can be predicted.
    size
        How much there is to conclude from, if that was judged.
    verdict
        On the augmentation: `helped`, `no_difference` or `hurt`, as `confaug.evaluation.comparison`
        has them, `NOT_ASKED` or `TOO_FEW`.
    cause
        Why it helped: `PHYSICS`, `JITTER`, `UNDETERMINED` or `NOT_ASKED`.
    splits
        What the replicates are.
    decades
        Errors in decades by variant and part, where logarithms are learned.
    unit
        Unit of the property; may be empty.
    confidence
        Of all intervals.
    best_classical
        The classical variant with the lowest out-of-fold error.
    best_variant
        The variant with the lowest error on held-out molecules; the consensus may be it.
    roles
        Those of the variants that were evaluated.
    comparisons
        Differences between variants.
    smallest_visible
        How large a difference between the primary variant and the reference, or else between the
        best variants with and without conformers, a study like this one would have seen; None if
        neither is known or the study is too small.
    """

    predictive: Predictive
    size: StudySize | None
    verdict: str
    cause: str
    splits: Draws
    decades: Mapping[str, Mapping[str, float | None]] | None
    unit: str
    confidence: float
    best_classical: str | None
    best_variant: str | None
    roles: Roles
    comparisons: Comparisons
    smallest_visible: VisibleDifference | None

    @property
    def first_answer(self) -> str:
        """The answer to the first question that is open: a verdict, or `NOT_SHOWN`."""
        unable = self.predictive.verdict == NOT_SHOWN and self.verdict != TOO_FEW
        return NOT_SHOWN if unable else self.verdict

    @property
    def recommends(self) -> bool:
        """Whether a model can be recommended: there is enough to conclude from, and it predicts."""
        return self.first_answer not in (TOO_FEW, NOT_SHOWN)

    def document(self) -> dict[str, Any]:
        """Return the facts as they stand in a JSON document."""
        return {**asdict(self), "size": self.size.document() if self.size else None}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Verdict":
        """Read what `document` gives; other keys are left out."""
        return TypeAdapter(cls).validate_python(document)


def give_verdict(
    summary: pa.Table,
    differences: pa.Table,
    roles: Roles,
    unit: str,
    draws: Draws,
    confidence: float = 0.95,
    size: StudySize | None = None,
    decades: Mapping[str, Mapping[str, float | None]] | None = None,
    groups: GroupComparisons | None = None,
) -> Verdict:
    """Turn the tables of the comparison into a verdict.

    The first question is whether anything can be predicted: whether what the rule of the
    recommendation chooses is demonstrably better than always giving the same value.

    Parameters
    ----------
    summary, differences
        VARIANT_SUMMARY and PAIRED_DIFFERENCES tables.
    roles
        Which variants are compared.
    unit
        Unit of the property; may be empty.
    draws
        What the replicates are.
    size
        How much there is to conclude from, if that shall be judged.
    decades
        Errors in decades as `confaug.evaluation.decades.mean_errors` gives them, where logarithms
        are learned.
    groups
        Groups of variants that are compared as such.
    """
    variants, rows = errors_by_variant(summary), differences_by_pair(differences)
    roles = roles.present(variants)
    comparisons = _comparisons(rows, roles, groups or GroupComparisons())
    reference = comparisons.reference
    verdict = reference.verdict if reference else NOT_ASKED
    cause = _cause(verdict, comparisons.controls, rows, roles)
    visible = _smallest_visible(comparisons, variants, confidence)
    if size is not None and not size.enough:
        verdict, cause, visible = TOO_FEW, NOT_ASKED, None
    return Verdict(
        predictive=_predictive(rows, roles.constant),
        size=size,
        verdict=verdict,
        cause=cause,
        splits=draws,
        decades=decades,
        unit=unit,
        confidence=confidence,
        best_classical=_best_classical(variants, roles),
        best_variant=next((name for name in variants if name != RECOMMENDED), None),
        roles=roles,
        comparisons=comparisons,
        smallest_visible=visible,
    )


def _predictive(rows: Differences, constant: str | None) -> Predictive:
    """Find out whether the models predict better than a constant value does."""
    row = rows.get((RECOMMENDED, constant or ""))
    if row is None:
        return Predictive(NOT_ASKED, None)
    return Predictive(YES if row.verdict == HELPED else NOT_SHOWN, row)


def _best_classical(variants: Mapping[str, VariantErrors], roles: Roles) -> str | None:
    """Return the classical variant with the lowest out-of-fold error."""
    errors = {name: variants[name].mae_cross_validation for name in roles.classical}
    scored = [(error, name) for name, error in errors.items() if error is not None]
    return min(scored)[1] if scored else next(iter(roles.classical), None)


def _comparisons(rows: Differences, roles: Roles, groups: GroupComparisons) -> Comparisons:
    """Put the differences of the primary variant beside those of groups."""
    primary = roles.primary

    def to(other: str | None) -> Difference | None:
        return rows[primary, other] if primary and other else None

    return Comparisons(
        conformers=groups.conformers,
        structure=groups.structure,
        classical=groups.classical,
        reference=to(roles.reference),
        baseline=to(roles.baseline),
        controls=tuple(rows[primary, name] for name in roles.controls) if primary else (),
    )


def _smallest_visible(
    comparisons: Comparisons, variants: Mapping[str, VariantErrors], confidence: float
) -> VisibleDifference | None:
    """Find out how large a difference that conformers make could have been seen."""
    row, groups = comparisons.reference, comparisons.conformers
    if row is not None:
        return smallest_visible_difference(row, variants[row.reference].mae, confidence)
    if groups is not None:
        return smallest_visible_difference(groups.difference, groups.errors[1], confidence)
    return None


def _cause(verdict: str, controls: tuple[Difference, ...], rows: Differences, roles: Roles) -> str:
    """Tell physics from jitter: it beats its controls, or they help as much."""
    if verdict != HELPED or not controls:
        return NOT_ASKED
    if all(row.verdict == HELPED for row in controls):
        return PHYSICS
    control_verdicts = [rows[name, roles.reference or ""].verdict for name in roles.controls]
    beaten_by_none = all(row.verdict != HELPED for row in controls)
    return JITTER if beaten_by_none and HELPED in control_verdicts else UNDETERMINED
