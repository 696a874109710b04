"""Which variant plays which part, as its representation and learner say."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from confaug.config.settings.variants import Variant

#: Representations with one row per conformer.
MANY_ROWS = ("augmented_3d", "augmented_2d_3d", "gaussian_noise", "duplicated")
CLASSICAL_LEARNERS = ("pls", "ridge", "gaussian_process", "extra_trees")
#: Representations that copy the augmentation without its physics.
CONTROLS = ("gaussian_noise", "duplicated")
#: What is compared like a variant without being one.
CONSENSUS, RECOMMENDED = "consensus", "recommended"


@dataclass(frozen=True)
class Roles:
    """Which variant plays which part in the verdict; None or empty where there is none.

    Attributes
    ----------
    primary
        The augmented variant that is judged.
    reference
        What it is judged against: tuned LightGBM on 2D descriptors.
    baseline
        LightGBM with default settings on 2D descriptors.
    classical
        Other learners on 2D descriptors.
    controls
        Variants that copy the augmentation without its physics, with their representations.
    constant
        The variant that gives every molecule the same value.
    """

    primary: str | None
    reference: str | None
    baseline: str | None
    classical: tuple[str, ...]
    controls: dict[str, str]
    constant: str | None = None

    @property
    def references(self) -> list[str]:
        """All variants that others are compared against."""
        single = [self.reference, self.baseline, *self.classical, *self.controls, self.constant]
        return [name for name in single if name]

    def present(self, variants: Collection[str]) -> "Roles":
        """Return the roles without variants that were not evaluated."""

        def kept(name: str | None) -> str | None:
            return name if name in variants else None

        return Roles(
            primary=kept(self.primary),
            reference=kept(self.reference),
            baseline=kept(self.baseline),
            classical=tuple(name for name in self.classical if name in variants),
            controls={name: kind for name, kind in self.controls.items() if name in variants},
            constant=kept(self.constant),
        )


def assign_roles(variants: Mapping[str, Variant]) -> Roles:
    """Find out from representation and learner which variant plays which part.

    Examples
    --------
    >>> assign_roles({"plain": Variant(representation="2d", learner="lightgbm")}).reference
    'plain'
    """

    def named(representation: str, learner: str) -> str | None:
        pair = (representation, learner)
        found = (n for n, v in variants.items() if (v.representation, v.learner) == pair)
        return next(found, None)

    return Roles(
        primary=named("augmented_2d_3d", "lightgbm") or named("augmented_3d", "lightgbm"),
        reference=named("2d", "lightgbm"),
        baseline=named("2d", "lightgbm_default"),
        classical=tuple(
            name
            for name, variant in variants.items()
            if variant.representation == "2d" and variant.learner in CLASSICAL_LEARNERS
        ),
        controls={
            name: variant.representation
            for name, variant in variants.items()
            if variant.representation in CONTROLS and variant.learner == "lightgbm"
        },
        constant=next((n for n, v in variants.items() if v.learner == "constant"), None),
    )


def candidates(variants: Mapping[str, Variant]) -> list[str]:
    """Return the variants that may be recommended: no controls, unless there is nothing else.

    Examples
    --------
    >>> plain = Variant(representation="2d", learner="lightgbm")
    >>> noise = Variant(representation="gaussian_noise", learner="lightgbm")
    >>> candidates({"plain": plain, "noise": noise}), candidates({"noise": noise})
    (['plain'], ['noise'])
    """
    useful = [name for name in variants if variants[name].representation not in CONTROLS]
    return useful or list(variants)


def needs_conformers(variant: Variant) -> bool:
    """Tell whether a new molecule has to be embedded before a variant can predict it."""
    return variant.representation != "2d"


def learned_rows(variants: Mapping[str, Variant], rows: int) -> dict[str, int]:
    """Return how many rows of a molecule each variant with many rows learns from, at most.

    Parameters
    ----------
    variants
        The variants by name.
    rows
        Rows of a molecule in the augmented table.

    Examples
    --------
    >>> every = Variant(representation="augmented_3d", learner="lightgbm")
    >>> some = every.model_copy(update={"rows_per_molecule": 5})
    >>> learned_rows({"all": every, "some": some}, 20)
    {'all': 20, 'some': 5}
    """
    return {
        name: min(rows, variant.rows_per_molecule or rows)
        for name, variant in variants.items()
        if variant.representation in MANY_ROWS
    }
