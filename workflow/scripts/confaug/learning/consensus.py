"""The consensus: the mean prediction of the best variants by cross-validation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from confaug.errors import UserError
from confaug.learning.predictions import Predictions, error_metrics
from confaug.learning.rows import Values


@dataclass(frozen=True)
class Consensus:
    """Mean of the predictions of several variants.

    Attributes
    ----------
    members
        Names of the variants, the best by cross-validation first.
    errors
        Cross-validation error (MAE) of every candidate.
    parts
        The mean predictions.
    """

    members: tuple[str, ...]
    errors: dict[str, float]
    parts: list[Predictions]


def combine_best(
    candidates: Mapping[str, Sequence[Predictions]],
    size: int,
    families: Mapping[str, str] | None = None,
) -> Consensus:
    """Average the predictions of the best variants, chosen by cross-validation alone.

    Parameters
    ----------
    candidates
        Predictions of each variant, by its name.
    size
        Number of variants to average; all if there are fewer.
    families
        Family of each variant, for example its learner. At most one member of each family is
        taken, its best, because averaging models with similar errors gains little. The family
        ``constant`` is a candidate only if there is no other. None ignores families.

    Raises
    ------
    UserError
        If there is no candidate, or candidates have not predicted the same molecules.
    """
    if not candidates or size < 1:
        raise UserError("a consensus needs at least one variant")
    by_part = {
        name: {p.part: p for p in candidates[name]} for name in _eligible(candidates, families)
    }
    errors = {
        name: float(
            np.mean(np.abs(p["cross_validation"].predictions - p["cross_validation"].labels))
        )
        for name, p in by_part.items()
    }
    members = choose_members(errors, size, families)
    parts = [
        mean_predictions([by_part[name][part] for name in members])
        for part in ("cross_validation", "train", "test")
        if all(part in by_part[name] for name in members)
    ]
    return Consensus(members, errors, parts)


def choose_members(
    errors: Mapping[str, float], size: int, families: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return the variants of a consensus, the lowest error first; see `combine_best`.

    Examples
    --------
    >>> errors = {"pls": 3.0, "trees": 1.0, "more_trees": 2.0}
    >>> choose_members(errors, 2, {"pls": "pls", "trees": "trees", "more_trees": "trees"})
    ('trees', 'pls')
    """
    ranking = sorted(_eligible(errors, families), key=lambda name: (errors[name], name))
    if families is not None:
        ranking = _best_of_each(ranking, families)
    return tuple(ranking[:size])


def _eligible(names: Iterable[str], families: Mapping[str, str] | None) -> list[str]:
    """Leave out the family `constant` if there is any other."""
    every = list(names)
    return [name for name in every if families and families[name] != "constant"] or every


def _best_of_each(ranking: Sequence[str], families: Mapping[str, str]) -> list[str]:
    """Keep the first of each family."""
    first: dict[str, str] = {}
    for name in ranking:
        first.setdefault(families[name], name)
    return list(first.values())


def mean_predictions(parts: Sequence[Predictions]) -> Predictions:
    """Average one part over variants; the standard deviation is that between variants."""
    first = parts[0]
    for other in parts[1:]:
        if not np.array_equal(other.molecules, first.molecules):
            raise UserError(
                f"the variants of the consensus have not predicted the same {first.part} molecules"
            )
    values = [part.predictions for part in parts]
    mean, deviation = average(values)
    return Predictions(
        first.part,
        first.molecules,
        first.labels,
        mean,
        deviation,
        np.full(len(mean), len(parts), dtype=np.int64),
        error_metrics(np.tile(first.labels, len(parts)), np.concatenate(values)),
    )


def average(members: Sequence[Values]) -> tuple[Values, Values]:
    """Return the mean of the members' predictions and the standard deviation between members.

    Members are added one after the other, so that a molecule's result does not depend on how many
    molecules are predicted with it.

    Examples
    --------
    >>> average([np.array([1.0]), np.array([3.0])])
    (array([2.]), array([1.]))
    """
    mean = _sum(members) / len(members)
    return mean, np.sqrt(_sum([(values - mean) ** 2 for values in members]) / len(members))


def _sum(arrays: Sequence[Values]) -> Values:
    """Add arrays in their order."""
    total = np.zeros_like(arrays[0])
    for array in arrays:
        total += array
    return total


def consensus_table(consensus: Consensus) -> pa.Table:
    """List the candidates by cross-validation error and say which are members."""
    order = sorted(consensus.errors, key=lambda name: (consensus.errors[name], name))
    return pa.table(
        {
            "variant": order,
            "mae_cross_validation": [consensus.errors[name] for name in order],
            "member": [name in consensus.members for name in order],
        }
    )


def members_in(table: pa.Table) -> list[str]:
    """Return the variants that a CONSENSUS table says are averaged."""
    return [row["variant"] for row in table.to_pylist() if row["member"]]
