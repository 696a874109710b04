"""The best variant of each group that a study asks about, chosen anew in every replicate.

What conformers add is a question about the best model without them, and not about the same learner
without them: a learner that gains from conformers may still be worse than another that does not
need them.

The best variant is that of the lowest out-of-fold error of a replicate, and is judged on the
molecules that this replicate held out. One choice for all replicates would look at these molecules,
too, because others train on them: of eight equally good variants, it would take the one that suits
the molecules of the study best, and overstate it by as much (winner's curse).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from confaug.config.kinds import AS_GIVEN, OWN_KIND
from confaug.config.roles import Roles, candidates, needs_conformers
from confaug.config.settings.variants import Variant
from confaug.evaluation.comparison import paired_differences, variant_summary
from confaug.evaluation.confidence_intervals import mean_of_known
from confaug.evaluation.errors import Floats, Study
from confaug.evaluation.rows import Difference, differences_by_pair, errors_by_variant


@dataclass(frozen=True)
class GroupComparison:
    """The best variants of one group compared with the best ones of another.

    Attributes
    ----------
    difference
        Between what was chosen from either group; its variant and reference are names of groups.
    errors
        Mean absolute error on held-out molecules of what was chosen from either group.
    chosen
        For either group the variant that was chosen in each replicate, in their order.
    """

    difference: Difference
    errors: tuple[float, float]
    chosen: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def times_chosen(self) -> tuple[dict[str, int], dict[str, int]]:
        """For either group how often each variant was chosen, the most frequent first."""
        first, second = (dict(Counter(sorted(names)).most_common()) for names in self.chosen)
        return first, second


@dataclass(frozen=True)
class GroupComparisons:
    """Comparisons of groups of variants; None where a group is empty.

    Attributes
    ----------
    conformers
        Variants with conformers and those without.
    structure
        Of those without conformers, where a study describes both: variants of the structure that is
        modelled, and of the structure as given alone.
    classical
        The primary variant and the classical ones.
    """

    conformers: GroupComparison | None = None
    structure: GroupComparison | None = None
    classical: GroupComparison | None = None


def compare_groups(
    study: Study, variants: Mapping[str, Variant], roles: Roles, confidence: float = 0.95
) -> GroupComparisons:
    """Compare the best variants of all groups that a study asks about.

    Parameters
    ----------
    study
        Errors of all variants.
    variants
        The variants of the configuration.
    roles
        Those of the variants that were evaluated.
    confidence
        Of the intervals.
    """
    with_conformers, plain = by_need_of_conformers(variants)
    forms = {name: _forms(variants[name]) for name in plain}

    groups: dict[str, dict[str, Sequence[str]]] = {
        "conformers": {
            "with_conformers": with_conformers,
            "without_conformers": plain,
        },
        "structure": {
            "modelled": [name for name in plain if False in forms[name]],
            "as_given": [name for name in plain if forms[name] == {True}],
        },
        "classical": {
            "primary": [roles.primary] if roles.primary else [],
            "classical": roles.classical,
        },
    }
    return GroupComparisons(
        **{question: compare_two(study, pair, confidence) for question, pair in groups.items()}
    )


def by_need_of_conformers(variants: Mapping[str, Variant]) -> tuple[list[str], list[str]]:
    """Return the candidates that need conformers, and those that do not, without constants."""
    named = [name for name in candidates(variants) if variants[name].learner != "constant"]
    plain = [name for name in named if not needs_conformers(variants[name])]
    return [name for name in named if name not in plain], plain


def compare_two(
    study: Study, groups: Mapping[str, Sequence[str]], confidence: float = 0.95
) -> GroupComparison | None:
    """Compare the best variants of two groups, by their names; None if a group has none."""
    chosen = {group: best_in_each(study, names) for group, names in groups.items()}
    if not all(chosen.values()):
        return None
    own = of_groups(study, chosen)
    one, other = groups
    errors = errors_by_variant(variant_summary(own, confidence))
    rows = differences_by_pair(paired_differences(own, [other], confidence))
    return GroupComparison(
        difference=rows[one, other],
        errors=(errors[one].mae, errors[other].mae),
        chosen=(chosen[one], chosen[other]),
    )


def of_groups(study: Study, chosen: Mapping[str, Sequence[str]]) -> Study:
    """Return the errors of what was chosen from groups, one variant in each replicate."""
    return replace(
        study,
        test={group: _picked(study.test, names) for group, names in chosen.items()},
        cross_validation={
            group: _picked(study.cross_validation, names)
            for group, names in chosen.items()
            if all(name in study.cross_validation for name in names)
        },
        train={},
    )


def best_in_each(study: Study, names: Sequence[str]) -> tuple[str, ...]:
    """Return the variant of the lowest out-of-fold error in each replicate, the first of equals.

    Empty if there is none in some replicate.
    """
    known = sorted(name for name in names if name in study.test and name in study.cross_validation)
    if not known:
        return ()
    maes = np.stack([mean_of_known(np.abs(study.cross_validation[name]), 1) for name in known])
    if np.isnan(maes).all(axis=0).any():
        return ()
    return tuple(known[place] for place in np.nanargmin(maes, axis=0))


def _picked(errors: Mapping[str, Floats], names: Sequence[str]) -> Floats:
    """Return the errors of one variant in each replicate, shape (replicates, molecules)."""
    return np.stack([errors[name][row] for row, name in enumerate(names)])


def _forms(variant: Variant) -> set[bool]:
    """Tell of every kind that describes a structure whether that is the structure as given."""
    described = [kind for kind in variant.molecule_kinds if kind != OWN_KIND]
    return {kind.endswith(AS_GIVEN) for kind in described}
