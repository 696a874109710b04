"""How much is enough: what the learning curves show."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

#: An error this close to that of everything counts as the same.
CLOSE = 0.02
#: The levels of a curve in their order, each with its errors by replicate.
Curve = list[tuple[str, list[float]]]
Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Level:
    """One point of a curve: what there was, and the error averaged over replicates."""

    name: str
    error: float


@dataclass(frozen=True)
class LearningCurves:
    """Learning curves, averaged over replicates.

    Attributes
    ----------
    conformers, protocols, molecules
        Levels of the curves in their order; none where a curve was not measured.
    replicates
        Splits that they were measured on.
    plain
        Error of the reference variant, without conformers, on the same splits; None if not known.
    """

    conformers: tuple[Level, ...]
    protocols: tuple[Level, ...]
    molecules: tuple[Level, ...]
    replicates: int
    plain: float | None

    @property
    def enough_conformers(self) -> Level:
        """The fewest conformers with an error within `CLOSE` of that of all."""
        limit = (1 + CLOSE) * self.conformers[-1].error
        return next(level for level in self.conformers if level.error <= limit)

    @property
    def single_protocols(self) -> tuple[Level, ...]:
        """The protocols by themselves, without all of them together."""
        return tuple(level for level in self.protocols if level.name != "all")

    @property
    def last_change(self) -> float:
        """Relative change of the error by the last step over training molecules."""
        before, after = self.molecules[-2:]
        return (after.error - before.error) / before.error if before.error else 0.0


def curve(rows: Rows, axis: str) -> Curve:
    """Return the curve over one axis of LEARNING_CURVES."""
    kept = [row for row in rows if row["axis"] == axis]
    kept.sort(key=lambda row: (row["order"], row["replicate"]))
    levels: dict[str, list[float]] = defaultdict(list)
    for row in kept:
        levels[row["level"]].append(row["mae"])
    return list(levels.items())


def plain_error(rows: Rows, replicate_errors: Rows, reference: str | None) -> float | None:
    """Return the error of the reference variant on the replicates of the learning curves.

    Parameters
    ----------
    rows, replicate_errors
        Rows of LEARNING_CURVES and REPLICATE_ERRORS.
    """
    replicates = {row["replicate"] for row in rows}
    found = [
        row["mae"]
        for row in replicate_errors
        if row["variant"] == reference and row["replicate"] in replicates
    ]
    return float(np.mean(found)) if found else None


def summarise_curves(
    rows: Collection[Mapping[str, Any]], replicate_errors: Rows, reference: str | None
) -> LearningCurves:
    """Average learning curves over replicates; see `plain_error` for the parameters."""
    levels = {
        axis: tuple(Level(name, float(np.mean(maes))) for name, maes in curve(rows, axis))
        for axis in ("conformers", "protocols", "molecules")
    }
    return LearningCurves(
        **levels,
        replicates=len({row["replicate"] for row in rows}),
        plain=plain_error(rows, replicate_errors, reference),
    )
