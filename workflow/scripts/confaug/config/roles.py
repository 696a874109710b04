"""Which variant plays which part, as its representation and learner say."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from confaug.config.settings.variants import Variant

#: Kinds with one row per conformer.
MANY_ROWS = ("augmented_3d", "noise_3d", "duplicated_3d")
#: The augmentation itself, and the kinds that copy it without its physics.
AUGMENTED, CONTROLS = "augmented_3d", ("noise_3d", "duplicated_3d")
#: What the applicability domain is measured in, whatever a model learns from.
DOMAIN_KIND = "rdkit_2d"
CLASSICAL_LEARNERS = (
    "pls",
    "ridge",
    "gaussian_process",
    "tanimoto_gaussian_process",
    "extra_trees",
)
#: What is compared like a variant without being one.
CONSENSUS, CONSENSUS_2D, RECOMMENDED = "consensus", "consensus_2d", "recommended"


@dataclass(frozen=True)
class Roles:
    """Which variant plays which part in the verdict; None or empty where there is none.

    Attributes
    ----------
    primary
        The augmented variant that is judged.
    reference
        What it is judged against: tuned LightGBM on the same columns, but without conformers.
    baseline
        LightGBM with default settings, on the same columns without conformers.
    classical
        Other learners without conformers.
    controls
        Variants that copy the augmentation without its physics, on the same columns, with their
        kinds of conformers.
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
    >>> assign_roles({"plain": Variant(representation="rdkit_2d", learner="lightgbm")}).reference
    'plain'
    """
    tuned = _tuned(variants)
    augmented = [name for name, v in tuned.items() if v.conformer_kind == AUGMENTED]
    plain = {name: v for name, v in variants.items() if not needs_conformers(v)}
    judged = [name for name in augmented if _like(plain, "lightgbm", variants[name])]
    primary = next(iter([*judged, *augmented]), None)
    like = variants[primary] if primary else None
    return Roles(
        primary=primary,
        reference=_like(plain, "lightgbm", like),
        baseline=_like(plain, "lightgbm_default", like),
        classical=tuple(n for n, v in plain.items() if v.learner in CLASSICAL_LEARNERS),
        controls={
            name: v.conformer_kind
            for name, v in tuned.items()
            if v.conformer_kind in CONTROLS and (like is None or _same_columns(v, like))
        },
        constant=next((n for n, v in variants.items() if v.learner == "constant"), None),
    )


def _tuned(variants: Mapping[str, Variant]) -> dict[str, Variant]:
    """Return the variants of tuned LightGBM."""
    return {name: v for name, v in variants.items() if v.learner == "lightgbm"}


def _like(plain: Mapping[str, Variant], learner: str, other: Variant | None) -> str | None:
    """Return the variant of a learner with the columns of another one; the first without another.

    What is compared with other columns as well would tell nothing of the augmentation.
    """
    names = [name for name, variant in plain.items() if variant.learner == learner]
    same = [name for name in names if other is None or _same_columns(plain[name], other)]
    return next(iter(same), None)


def _same_columns(one: Variant, other: Variant) -> bool:
    """Tell whether two variants have the same columns of molecules, in whichever order."""
    return set(one.molecule_kinds) == set(other.molecule_kinds)


def examined(variants: Mapping[str, Variant]) -> str | None:
    """Return the variant of tuned LightGBM that a study examines closely.

    It is the augmented one, else the one without conformers that others are compared with, else the
    first that may be recommended.
    """
    roles = assign_roles(variants)
    tuned = _tuned(variants)
    useful = [name for name in candidates(variants) if name in tuned]
    return roles.primary or roles.reference or next(iter([*useful, *tuned]), None)


def candidates(variants: Mapping[str, Variant]) -> list[str]:
    """Return the variants that may be recommended: no controls, unless there is nothing else.

    Examples
    --------
    >>> plain = Variant(representation="rdkit_2d", learner="lightgbm")
    >>> noise = Variant(representation=["rdkit_2d", "noise_3d"], learner="lightgbm")
    >>> candidates({"plain": plain, "noise": noise}), candidates({"noise": noise})
    (['plain'], ['noise'])
    """
    useful = [name for name in variants if variants[name].conformer_kind not in CONTROLS]
    return useful or list(variants)


def needs_conformers(variant: Variant) -> bool:
    """Tell whether a new molecule has to be embedded before a variant can predict it."""
    return variant.conformer_kind is not None


def molecule_kinds(variants: Iterable[Variant]) -> list[str]:
    """Return the kinds of columns with one row per molecule that a study describes, each once.

    The applicability domain needs its own kind, whatever the variants read.

    Examples
    --------
    >>> molecule_kinds([Variant(representation="mordred_2d", learner="ridge")])
    ['rdkit_2d', 'mordred_2d']
    """
    named = (kind for variant in variants for kind in variant.molecule_kinds)
    return list(dict.fromkeys([DOMAIN_KIND, *named]))


def learner_family(variant: Variant) -> str:
    """Return the kind of a variant's learner: models of one kind err alike, whatever they read."""
    return variant.learner.removesuffix("_default")


def plan_consensuses(variants: Mapping[str, Variant], size: int) -> dict[str, list[str]]:
    """Return the variants that each consensus of a study is chosen from, by its name.

    `consensus` is chosen from all candidates. `consensus_2d` is chosen from those that need no
    conformers. It is made if some candidates need conformers and at least two kinds of learner, the
    constant not counted, do not.

    Parameters
    ----------
    variants
        The variants by name.
    size
        How many variants a consensus averages; there is none if it is 0.

    Examples
    --------
    >>> plain = {
    ...     "ridge_2d": Variant(representation="mordred_2d", learner="ridge"),
    ...     "pls_2d": Variant(representation="mordred_2d", learner="pls"),
    ... }
    >>> shapes = Variant(representation="augmented_3d", learner="lightgbm")
    >>> plan_consensuses({**plain, "shapes": shapes}, 3)["consensus_2d"]
    ['ridge_2d', 'pls_2d']
    >>> list(plan_consensuses(plain, 3))
    ['consensus']
    """
    if not size:
        return {}
    every = candidates(variants)
    without = [name for name in every if not needs_conformers(variants[name])]
    kinds = {learner_family(variants[name]) for name in without} - {"constant"}
    second = size > 1 and len(without) < len(every) and len(kinds) > 1
    return {CONSENSUS: every, **({CONSENSUS_2D: without} if second else {})}


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
        if variant.conformer_kind in MANY_ROWS
    }
