"""Which model to use: the lowest out-of-fold error, or a cheaper model that is as good.

The rule: take the candidate with the lowest out-of-fold error; if a cheaper one is within one
standard error of it, take that instead. A model without conformers is cheaper than one with them,
and a single model is cheaper than a mean of several; among equally cheap ones the lowest error
counts. It is the one-standard-error rule of cross-validation (Breiman et al. 1984), with the
standard error of the difference between two candidates over the same molecules: how hard a molecule
is cancels in it.
The standard error of the lowest error itself is two to three times as wide on data like the bundled
ones, and would let nearly every candidate pass.

The rule sees out-of-fold errors of training molecules alone. Applied inside every replicate, it can
be judged on the molecules that replicate held out, as any other variant.

References
----------
.. [1] Breiman, Friedman, Olshen, Stone (1984), Classification and Regression Trees, section 3.4.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from confaug.errors import UserError
from confaug.tables.evaluation import STANDINGS

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Candidate:
    """A model that might be recommended.

    Attributes
    ----------
    name
        Name of the variant.
    errors
        Absolute out-of-fold error of every training molecule, in the same order for all candidates.
    needs_conformers
        Whether a new molecule has to be embedded.
    models
        How many models are averaged.
    groups
        Number of the group of every molecule; None if each is a group of its own.
    """

    name: str
    errors: Floats
    needs_conformers: bool
    models: int = 1
    groups: NDArray[np.int64] | None = None

    @property
    def cost(self) -> tuple[bool, bool]:
        """What the candidate costs beyond the cheapest, in the order of what costs most."""
        return self.needs_conformers, self.models > 1

    @property
    def error(self) -> float:
        """Out-of-fold MAE."""
        return float(np.mean(self.errors))


@dataclass(frozen=True)
class Standing:
    """How a candidate compares with another one.

    Attributes
    ----------
    name
        Name of the variant.
    error
        Out-of-fold MAE.
    difference, standard_error
        Mean difference to the other over the molecules, and its standard error; 0 to itself.
    """

    name: str
    error: float
    difference: float
    standard_error: float

    @property
    def within(self) -> bool:
        """Whether the difference is at most its standard error."""
        return self.difference <= self.standard_error


@dataclass(frozen=True)
class Recommendation:
    """The outcome of the rule.

    Attributes
    ----------
    name
        The variant to use.
    standings
        All candidates compared with the best, the lowest error first.
    """

    name: str
    standings: tuple[Standing, ...]


def recommend(candidates: Sequence[Candidate]) -> Recommendation:
    """Apply the rule.

    Parameters
    ----------
    candidates
        All models that may be recommended; controls are not among them.

    Raises
    ------
    UserError
        If there is none.
    ValueError
        If candidates have errors of different numbers of molecules.

    Examples
    --------
    >>> hard = np.array([10.0, 40.0, 20.0, 30.0])
    >>> plain = Candidate("plain", hard + [1, -1, 1, 0], needs_conformers=False)
    >>> recommend([Candidate("shapes", hard, needs_conformers=True), plain]).name
    'plain'
    """
    if not candidates:
        raise UserError("there is no variant to recommend; configure one that is not a control")
    ranking = sorted(candidates, key=lambda one: (one.error, one.cost, one.name))
    standings = tuple(compare(candidate, ranking[0]) for candidate in ranking)
    within = [one for one, found in zip(ranking, standings, strict=True) if found.within]
    chosen = min(within, key=lambda one: (one.cost, one.error, one.name))
    return Recommendation(chosen.name, standings)


def compare(candidate: Candidate, other: Candidate) -> Standing:
    """Compare a candidate with another one, molecule by molecule."""
    if len(candidate.errors) != len(other.errors):
        raise ValueError("candidates have errors of different molecules")
    differences = candidate.errors - other.errors
    error = standard_error(differences, candidate.groups)
    return Standing(candidate.name, candidate.error, float(np.mean(differences)), error)


def standard_error(values: Floats, groups: NDArray[np.int64] | None = None) -> float:
    """Return the standard error of a mean over molecules, of which those of a group err alike.

    Parameters
    ----------
    values
        Shape (molecules,).
    groups
        Number of the group of every molecule, from 0; None if each is a group of its own, which
        gives the standard deviation divided by the square root of the number.

    Returns
    -------
    float
        0 for a single group, whose scatter says nothing.

    References
    ----------
    .. [1] Liang, Zeger (1986), Longitudinal data analysis using generalized linear models,
       Biometrika 73, 13: sums of deviations by group, times G / (G - 1) for G groups.

    Examples
    --------
    >>> round(standard_error(np.array([1.0, 2.0, 3.0])), 12)
    0.57735026919
    >>> doubled, groups = np.repeat([1.0, 2.0, 3.0], 2), np.repeat([0, 1, 2], 2)
    >>> round(standard_error(doubled, groups), 12)
    0.57735026919
    """
    deviations = values - np.mean(values)
    if groups is not None:
        deviations = np.bincount(groups, weights=deviations)
    count = len(deviations)
    if count < 2:
        return 0.0
    return float(np.sqrt(count / (count - 1) * np.sum(deviations**2)) / len(values))


def standings_table(found: Recommendation) -> pa.Table:
    """Return all candidates as a STANDINGS table."""
    rows = [
        {
            "variant": one.name,
            "mae_cross_validation": one.error,
            "difference": one.difference,
            "standard_error": one.standard_error,
            "within": one.within,
            "recommended": one.name == found.name,
        }
        for one in found.standings
    ]
    return pa.Table.from_pylist(rows, schema=STANDINGS.schema())


def chosen_in(standings: pa.Table) -> str:
    """Return the variant that a STANDINGS table says the rule takes."""
    (name,) = [row["variant"] for row in standings.to_pylist() if row["recommended"]]
    return str(name)
