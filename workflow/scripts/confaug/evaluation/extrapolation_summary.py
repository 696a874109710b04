"""What predictions of held-out ends and clusters amount to: see `extrapolation_facts`."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from confaug.evaluation.extrapolation import LEAST, OUTSIDE, mean_interval
from confaug.evaluation.extrapolation_facts import (
    End,
    Extrapolation,
    Gain,
    Shortfall,
    Subject,
    UsualErrors,
)
from confaug.evaluation.held_out import CLUSTERS, FOLDS, HIGHEST, LOWEST

#: Families of learners whose predictions are means of training labels, or sums of such means.
TREES = ("extra_trees", "lightgbm")
CONSTANT = "constant"
#: Error rate of all comparisons of trees with other learners together.
ERROR_RATE = 0.05
Row = Mapping[str, Any]


def summarise_extrapolation(
    predictions: pa.Table,
    groups: Mapping[str, str],
    subject: Subject,
    families: Mapping[str, str],
    share: float,
    left_out: Mapping[str, str],
) -> Extrapolation:
    """Summarise an EXTRAPOLATION_PREDICTIONS table.

    Parameters
    ----------
    groups
        Group of every molecule.
    families
        Kind of learner of every variant.
    """
    found = _Predictions(predictions)
    errors = sorted(
        (
            UsualErrors(name, found.mae(name, FOLDS) or 0.0, found.mae(name, CLUSTERS))
            for name in found.variants
        ),
        key=lambda one: (one.folds, one.variant),
    )
    ranking = [one.variant for one in errors if one.variant in families]
    trees = next((name for name in ranking if families[name] in TREES), None)
    rivals = [name for name in ranking if families[name] not in (*TREES, CONSTANT)]
    ends = [end for end in (HIGHEST, LOWEST) if len(found.outside(end)) >= LEAST]
    comparisons = max(len(rivals) * len(ends), 1)
    return Extrapolation(
        refusal=None,
        molecules=len(found.at[subject.name, FOLDS]),
        share=share,
        subject=subject,
        trees=trees,
        errors=tuple(errors),
        ends=tuple(
            _end(name, found, groups, trees, rivals, 1 - ERROR_RATE / comparisons) for name in ends
        ),
        left_out=dict(left_out),
    )


class _Predictions:
    """Rows of EXTRAPOLATION_PREDICTIONS by variant, by what is held out, and by molecule."""

    def __init__(self, table: pa.Table) -> None:
        self.at: dict[tuple[str, str], dict[str, Row]] = {}
        for row in table.to_pylist():
            self.at.setdefault((row["variant"], row["held_out"]), {})[row["molecule"]] = row
        self.variants = list(dict.fromkeys(variant for variant, _ in self.at))

    def mae(self, variant: str, held_out: str) -> float | None:
        """Return the mean absolute error; None if this was not held out."""
        rows = self.at.get((variant, held_out), {}).values()
        errors = [abs(row["prediction"] - row["label"]) for row in rows]
        return float(np.mean(errors)) if errors else None

    def outside(self, end: str) -> list[str]:
        """Return the molecules at an end whose label is beyond those of training."""
        rows = self.at.get((self.variants[0], end), {}) if self.variants else {}
        return [name for name, row in rows.items() if row["region"] == OUTSIDE]

    def short(self, variant: str, held_out: str, end: str) -> NDArray[np.float64]:
        """Return by how much each molecule at an end is predicted too near the middle."""
        rows = self.at[variant, held_out]
        sign = 1.0 if end == HIGHEST else -1.0
        return np.array(
            [sign * (rows[m]["label"] - rows[m]["prediction"]) for m in self.outside(end)]
        )


def _end(
    name: str,
    found: _Predictions,
    groups: Mapping[str, str],
    trees: str | None,
    rivals: Sequence[str],
    confidence: float,
) -> End:
    """Summarise one end of the labels."""
    molecules = found.outside(name)
    own = [groups[molecule] for molecule in molecules]
    limit = "training_high" if name == HIGHEST else "training_low"
    rows = found.at[found.variants[0], name]
    shortfalls, gains = [], []
    for variant in found.variants:
        short = found.short(variant, name, name)
        usual = float(np.mean(found.short(variant, FOLDS, name)))
        some = [found.at[variant, name][molecule] for molecule in molecules]
        beyond = sum(_is_beyond(row, name) for row in some)
        shortfalls.append(Shortfall(variant, *mean_interval(short, own), usual, beyond))
    for rival in rivals if trees else ():
        less = found.short(str(trees), name, name) - found.short(rival, name, name)
        gains.append(Gain(rival, str(trees), *mean_interval(less, own, confidence)))
    return End(name, len(molecules), rows[molecules[0]][limit], tuple(shortfalls), tuple(gains))


def _is_beyond(row: Row, end: str) -> bool:
    """Tell whether a prediction is beyond the labels of training, at the end in question."""
    if end == HIGHEST:
        return bool(row["prediction"] > row["training_high"])
    return bool(row["prediction"] < row["training_low"])
