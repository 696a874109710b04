"""What a comparison allows to be concluded and advised."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc

from confaug.config.roles import Roles
from confaug.evaluation.comparison import HELPED, HURT
from confaug.evaluation.errors import Predictions, Study
from confaug.evaluation.rows import Difference, VariantErrors

#: Paired differences by variant and reference.
Differences = Mapping[tuple[str, str], Difference]

#: With fewer labelled molecules, or fewer held out in a split, nothing is concluded. A 95 %
#: interval of a mean over n molecules reaches t / sqrt(n) standard deviations to either side: 0.84
#: for 8 and 1.24 for 5, so that only differences as large as those between molecules could be told
#: from zero; below 6 not even molecules that all agree would do (sign test, 2 / 2**5 = 0.06).
#: Twenty are those eight and twelve to learn from, four for each of three folds.
LEAST_LABELLED, LEAST_HELD_OUT = 20, 8
YES, NOT_SHOWN, NOT_ASKED = "yes", "not_shown", "not_asked"


@dataclass(frozen=True)
class StudySize:
    """How much a study has to conclude from.

    Attributes
    ----------
    labelled
        Molecules with a label.
    held_out
        Labelled molecules that are held out, in the split with the fewest.
    training
        Training molecules, in the split with the most.
    one_value
        Variants that give all held-out molecules of a split one value, and in how many splits.
    """

    labelled: int
    held_out: int
    training: int
    one_value: dict[str, int]

    @property
    def enough(self) -> bool:
        """Whether anything can be concluded."""
        return self.labelled >= LEAST_LABELLED and self.held_out >= LEAST_HELD_OUT

    def document(self) -> dict[str, Any]:
        """Return the size as it stands in the document of the verdict."""
        least = {"least_labelled": LEAST_LABELLED, "least_held_out": LEAST_HELD_OUT}
        return {**asdict(self), **least, "enough": self.enough}


@dataclass(frozen=True)
class Predictive:
    """Whether anything can be predicted.

    Attributes
    ----------
    verdict
        `YES`, `NOT_SHOWN` or `NOT_ASKED`.
    variant, constant
        The variant that would be advised, and the one that gives every molecule the same value.
    comparison
        The difference between the two; None if it was not asked for.
    """

    verdict: str
    variant: str | None
    constant: str | None
    comparison: Difference | None


@dataclass(frozen=True)
class Advice:
    """What one should use.

    Attributes
    ----------
    variant, kind
        The variant and its kind, a key of `contenders`; None where nothing is advised.
    beats
        Those of the other contenders that it is demonstrably better than.
    """

    variant: str | None = None
    kind: str | None = None
    beats: tuple[str, ...] = ()


def study_size(study: Study, predictions: Predictions) -> StudySize:
    """Count what a study has to conclude from."""
    tested = next(iter(study.test.values()))
    numbers = dict(zip(study.replicates, study.split_numbers, strict=True))
    one_value = {
        variant: len(
            {numbers[r] for r, table in predictions[variant].items() if _is_one_value(table)}
        )
        for variant in study.test
    }
    return StudySize(
        labelled=int(np.isfinite(study.labels).sum()),
        held_out=int(np.isfinite(tested).sum(axis=1).min()),
        training=int(study.train_sizes.max()),
        one_value={variant: count for variant, count in one_value.items() if count},
    )


def _is_one_value(table: Any) -> bool:
    """Tell whether several held-out molecules all get the same prediction."""
    values = table.filter(pc.equal(table["part"], "test"))["prediction"].to_numpy()
    return len(values) > 1 and bool(np.ptp(values) == 0)


def contenders(roles: Roles, best_classical: str | None) -> dict[str, str]:
    """Return the variants that one might be advised to use, by their kind."""
    kinds = {
        "plain": best_classical,
        "lightgbm": roles.reference,
        "lightgbm_default": roles.baseline,
        "augmented": roles.primary,
    }
    return {kind: name for kind, name in kinds.items() if name}


def advise(
    kinds: Mapping[str, str],
    variants: Mapping[str, VariantErrors],
    rows: Differences,
    constant: str | None,
) -> tuple[Predictive, Advice]:
    """Find out whether anything can be predicted, and what one should use.

    Advised is the variant without conformers that has the lowest out-of-fold error, unless another
    is demonstrably better on held-out molecules. The augmented variant, which costs more, is
    advised only if it is demonstrably better than that. A variant that is not demonstrably better
    than the constant is advised only if none is, and then nothing is.

    Parameters
    ----------
    kinds
        As `contenders` gives them.
    variants
        Errors by variant.
    rows
        Paired differences.
    constant
        The variant that gives every molecule the same value.
    """
    better = {
        kind: name
        for kind, name in kinds.items()
        if constant and rows[name, constant].verdict == HELPED
    }
    chosen = _choose(better or kinds, variants, rows)
    name = kinds.get(chosen or "")
    if constant is None or name is None:
        predictive = Predictive(NOT_ASKED, None, constant, None)
    else:
        shown = YES if better else NOT_SHOWN
        predictive = Predictive(shown, name, constant, rows[name, constant])
    if name is None or predictive.verdict == NOT_SHOWN:
        return predictive, Advice()
    beats = tuple(other for other in kinds.values() if _beats(name, other, rows))
    return predictive, Advice(name, chosen, beats)


def _choose(
    kinds: Mapping[str, str], variants: Mapping[str, VariantErrors], rows: Differences
) -> str | None:
    """Return the kind of contender that is advised; see `advise`."""

    def out_of_fold(kind: str) -> float:
        error = variants[kinds[kind]].mae_cross_validation
        return float("inf") if error is None else error

    without = sorted((kind for kind in kinds if kind != "augmented"), key=out_of_fold)
    if not without:
        return next(iter(kinds), None)
    chosen = without[0]
    for kind in [*without[1:], *(kind for kind in kinds if kind == "augmented")]:
        if _beats(kinds[kind], kinds[chosen], rows):
            chosen = kind
    return chosen


def _beats(variant: str, other: str, rows: Differences) -> bool:
    """Tell whether a variant is demonstrably better, from whichever row compares the two."""
    if (variant, other) in rows:
        return rows[variant, other].verdict == HELPED
    return (other, variant) in rows and rows[other, variant].verdict == HURT
