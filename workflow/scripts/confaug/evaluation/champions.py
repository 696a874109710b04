"""The best variant of each group that a study asks about, chosen by out-of-fold errors alone.

What conformers add is a question about the best model without them, and not about the same learner
without them: a learner that gains from conformers may still be worse than another that does not
need them. Because held-out molecules have no say in the choice, the difference of two such variants
on them is an honest one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from confaug.config.kinds import AS_GIVEN, OWN_KIND
from confaug.config.roles import candidates, needs_conformers
from confaug.config.settings.variants import Variant
from confaug.evaluation.rows import VariantErrors


@dataclass(frozen=True)
class Champions:
    """The variant with the lowest out-of-fold error in each group; None where a group is empty.

    Attributes
    ----------
    with_conformers, without_conformers
        Among the candidates of a recommendation.
    modelled, as_given
        Among those without conformers, where a study describes both: variants of the structure that
        is modelled, and of the structure as given alone.
    """

    with_conformers: str | None = None
    without_conformers: str | None = None
    modelled: str | None = None
    as_given: str | None = None

    @property
    def pairs(self) -> dict[str, tuple[str, str]]:
        """The variants to compare, by the name of the question."""
        asked = {
            "conformers": (self.with_conformers, self.without_conformers),
            "structure": (self.modelled, self.as_given),
        }
        return {name: (a, b) for name, (a, b) in asked.items() if a and b}


def find_champions(
    errors: Mapping[str, VariantErrors], variants: Mapping[str, Variant]
) -> Champions:
    """Find the best variant of every group.

    Parameters
    ----------
    errors
        Errors by variant.
    variants
        The variants of the configuration.
    """
    named = [name for name in candidates(variants) if variants[name].learner != "constant"]

    def best(names: Iterable[str]) -> str | None:
        scored = ((errors[name].mae_cross_validation, name) for name in names if name in errors)
        return min(
            ((error, name) for error, name in scored if error is not None), default=(0, None)
        )[1]

    plain = [name for name in named if not needs_conformers(variants[name])]
    forms = {name: _forms(variants[name]) for name in plain}
    as_given = [name for name in plain if forms[name] == {True}]
    modelled = [name for name in plain if False in forms[name]]
    return Champions(
        with_conformers=best(name for name in named if name not in plain),
        without_conformers=best(plain),
        modelled=best(modelled) if as_given else None,
        as_given=best(as_given) if modelled else None,
    )


def _forms(variant: Variant) -> set[bool]:
    """Tell of every kind that describes a structure whether that is the structure as given."""
    described = [kind for kind in variant.molecule_kinds if kind != OWN_KIND]
    return {kind.endswith(AS_GIVEN) for kind in described}
