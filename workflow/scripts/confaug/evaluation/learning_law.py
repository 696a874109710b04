"""How the error falls with training molecules: an inverse power law, and what it foretells.

Errors of a learner against the number n of its training molecules follow error(n) = a + b n^-c,
with a floor a that more molecules of the kind do not go below (Cortes and others 1993; Viering and
Loog 2023 review where the law holds and where it does not). With few molecules c is mostly below 1
(Hestness and others 2017), and it is limited to that here.

For a given c the law is linear in a and b, so the least squares fit is a search over c alone
(variable projection, Golub and Pereyra 1973): all of a grid are tried, and no start has to be
chosen. The uncertainty is that of a bootstrap that draws replicates (random orders, if there are
one or two replicates) and held-out molecules by group, each with replacement (Owen 2007): the same
molecules are the test of all sizes, and what they have in common does not average out over
replicates. In simulations (see the tests) intervals of the error at twice the measured size hold
the truth about as often as stated with three replicates or more, and somewhat less often with one.
Intervals of the size that a required error takes do so over all studies; among those that are
narrow enough to be stated, less often where the required error is close to the floor. The law
itself is taken for true: the interval says nothing about a curve that bends
later on. So no more than `FARTHEST` times the measured size is foretold.

References
----------
.. [1] Cortes, Jackel, Solla, Vapnik, Denker (1993), Learning curves: asymptotic values and rate of
   convergence, Advances in Neural Information Processing Systems 6, 327.
.. [2] Viering, Loog (2023), The shape of learning curves: a review, IEEE Transactions on Pattern
   Analysis and Machine Intelligence 45, 7799.
.. [3] Hestness and others (2017), Deep learning scaling is predictable, empirically,
   arXiv:1712.00409.
.. [4] Golub, Pereyra (1973), The differentiation of pseudo-inverses and nonlinear least squares
   problems whose variables separate, SIAM Journal on Numerical Analysis 10, 413.
.. [5] Owen (2007), The pigeonhole bootstrap, Annals of Applied Statistics 1, 386.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from confaug.evaluation.training_sizes import SizeErrors
from confaug.infrastructure import random_draws
from confaug.tables.evaluation import LEARNING_LAWS

Floats = NDArray[np.float64]
#: Exponents that are tried.
EXPONENTS: Floats = np.arange(1, 101) / 100
SAMPLES = 1000
#: With fewer replicates than this, the random orders are drawn instead.
FEWEST_REPLICATES = 3
#: Fewer sizes do not determine the three numbers of a law with anything left to judge them by.
FEWEST_SIZES = 4


@dataclass(frozen=True)
class Laws:
    """The law of a study, and those of its bootstrap samples.

    Attributes
    ----------
    floor, scale, exponent
        Of error(n) = floor + scale / n ^ exponent; the study itself first, then the samples.
        Shape (1 + samples,) each.
    """

    floor: Floats
    scale: Floats
    exponent: Floats

    def errors(self, molecules: float) -> Floats:
        """Return the error that every law gives for a number of training molecules."""
        return self.floor + self.scale * molecules**-self.exponent

    def molecules(self, error: float) -> Floats:
        """Return the number of training molecules at which every law reaches an error.

        Infinite where the floor is not below the error.
        """
        above = error - self.floor
        reached = above > 0
        ratio = np.divide(self.scale, above, out=np.full_like(above, np.inf), where=reached)
        with np.errstate(over="ignore"):
            return np.where(reached, ratio ** (1 / self.exponent), np.inf)

    @classmethod
    def from_table(cls, table: pa.Table) -> "Laws | None":
        """Read a LEARNING_LAWS table; None if it is empty."""
        ordered = table.sort_by("sample")
        named = [ordered[name].to_numpy() for name in ("floor", "scale", "exponent")]
        return cls(*named) if len(ordered) else None


def fit_laws(sizes: Sequence[int], means: Floats) -> Laws:
    """Fit error(n) = a + b n^-c, with a and b not negative, to every row of mean errors.

    Parameters
    ----------
    sizes
        Numbers of training molecules, shape (sizes,).
    means
        Mean errors, shape (laws, sizes).

    Examples
    --------
    >>> laws = fit_laws([10, 20, 40, 80], np.array([[15.0, 12.5, 11.25, 10.625]]))
    >>> [round(float(one[0]), 6) for one in (laws.floor, laws.scale, laws.exponent)]
    [10.0, 50.0, 1.0]
    """
    n = np.asarray(sizes, dtype=float)
    best = np.full(len(means), np.inf)
    floor, scale, exponent = (np.zeros(len(means)) for _ in range(3))
    for c in EXPONENTS.tolist():
        a, b = _fit_linear(n**-c, means)
        residuals = means - a[:, None] - b[:, None] * n**-c
        squares = np.einsum("ij,ij->i", residuals, residuals)
        better = squares < best
        best[better], exponent[better] = squares[better], c
        floor[better], scale[better] = a[better], b[better]
    return Laws(floor, scale, exponent)


def _fit_linear(x: Floats, means: Floats) -> tuple[Floats, Floats]:
    """Fit a + b x to every row by least squares, with a and b not negative."""
    centred = x - x.mean()
    b = means @ centred / (centred @ centred)
    a = means.mean(axis=1) - b * x.mean()
    through_zero = means @ x / (x @ x)
    b = np.where(a < 0, through_zero, b)
    a = np.where(a < 0, 0.0, a)
    flat = b < 0
    return np.where(flat, means.mean(axis=1), a), np.where(flat, 0.0, b)


def laws_table(laws: Laws | None) -> pa.Table:
    """Return laws as a LEARNING_LAWS table, which is empty if there are none."""
    schema = LEARNING_LAWS.schema()
    if laws is None:
        return schema.empty_table()
    columns = [np.arange(len(laws.floor)), laws.floor, laws.scale, laws.exponent]
    return pa.table([pa.array(one) for one in columns], schema=schema)


def bootstrap_laws(errors: SizeErrors, groups: Mapping[str, str]) -> Laws | None:
    """Fit the law to a study and to bootstrap samples of it.

    Parameters
    ----------
    errors
        As measured.
    groups
        The group of every molecule.

    Returns
    -------
    Laws or None
        None with fewer than `FEWEST_SIZES` sizes.
    """
    if len(errors.sizes) < FEWEST_SIZES or not errors.draws:
        return None
    generator = np.random.default_rng(random_draws.integer("samples of the learning law"))
    replicates = [replicate for replicate, _ in errors.draws]
    units = replicates if len(set(replicates)) >= FEWEST_REPLICATES else range(len(replicates))
    weights = _drawn(generator, np.unique(list(units), return_inverse=True)[1])
    of_molecules = np.unique([groups[name] for name in errors.molecules], return_inverse=True)[1]
    by_molecule = _drawn(generator, of_molecules)
    tested = ~np.isnan(errors.errors)
    sums = np.einsum(
        "dsm,bm->bds", np.where(tested, errors.errors, 0.0), by_molecule, optimize=True
    )
    counts = np.einsum("dm,bm->bd", tested[:, 0].astype(float), by_molecule, optimize=True)
    # A sample may have none of the few molecules that a replicate holds out.
    weights = np.where(counts > 0, weights, 0.0)
    means = sums / np.maximum(counts, 1.0)[:, :, None]
    totals = weights.sum(axis=1)
    usable = totals > 0
    pooled = np.einsum("bd,bds->bs", weights, means)[usable] / totals[usable, None]
    return fit_laws(errors.sizes, pooled)


def _drawn(generator: np.random.Generator, units: NDArray[np.int64]) -> Floats:
    """Return how often every bootstrap sample has each member of some units.

    Shape (1 + samples, members); the first is the study itself, with each of them once.
    """
    count = int(units.max()) + 1
    picked = generator.integers(count, size=(SAMPLES, count))
    times = np.apply_along_axis(np.bincount, 1, picked, minlength=count)
    return np.vstack([np.ones(count), times])[:, units].astype(float)
