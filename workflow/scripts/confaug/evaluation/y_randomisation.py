"""Could the error be chance? Labels randomised among the training molecules, and a p-value.

References
----------
.. [1] Besag, Clifford (1991), Sequential Monte Carlo p-values, Biometrika 78, 301.
.. [2] Phipson, Smyth (2010), Permutation P-values should never be zero, Statistical Applications in
   Genetics and Molecular Biology 9, 39.
.. [3] Rücker, Rücker, Meringer (2007), y-Randomization and its variants in QSPR/QSAR, Journal of
   Chemical Information and Modeling 47, 2345.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from confaug.infrastructure import random_draws
from confaug.learning.predictions import error_metrics, read_predictions
from confaug.tables.evaluation import Y_RANDOMISATION_ERRORS

#: With a p-value above this, chance is not ruled out.
SIGNIFICANT = 0.05
#: Randomisations end once so many errors are as low as the observed one.
CLEAR = 5
#: What the randomisations allow to be concluded: `TOO_FEW` if no randomised error is as low as the
#: observed one, but even that is not significant with so few of them.
LEARNED, TOO_FEW, NOT_RULED_OUT = "learned", "too_few", "not_ruled_out"


@dataclass(frozen=True)
class YRandomisation:
    """What the errors under randomised labels amount to.

    Attributes
    ----------
    observed
        Error under the true labels, as configured.
    randomisations
        How often the labels were randomised.
    stopped
        Whether they ended because `CLEAR` errors were as low as the observed one.
    randomised_mean, randomised_min
        Mean and smallest error under randomised labels, as configured.
    p_value
        As `y_randomisation_p_value` gives it.
    smallest_p_value
        The smallest that so many randomisations can give.
    """

    observed: float
    randomisations: int
    stopped: bool
    randomised_mean: float
    randomised_min: float
    p_value: float
    smallest_p_value: float

    @property
    def conclusion(self) -> str:
        """`LEARNED`, `TOO_FEW` or `NOT_RULED_OUT`."""
        if self.p_value <= SIGNIFICANT:
            return LEARNED
        return TOO_FEW if self.observed < self.randomised_min else NOT_RULED_OUT


def randomise_labels(
    labels: Mapping[str, float], seed: int, randomisation: int
) -> dict[str, float]:
    """Return the labels of the training molecules dealt out anew.

    Labels move between molecules, never between rows of one molecule.

    Parameters
    ----------
    labels
        By molecule, of the training part alone.
    seed, randomisation
        Together they name the draw.

    Examples
    --------
    >>> randomise_labels({"a": 1.0, "b": 2.0, "c": 3.0}, seed=1, randomisation=1)
    {'a': 2.0, 'b': 3.0, 'c': 1.0}
    """
    takers = sorted(labels)
    givers = sorted(
        takers, key=lambda name: random_draws.rank(f"label of {name}", seed, randomisation)
    )
    return {taker: labels[giver] for taker, giver in zip(takers, givers, strict=True)}


def randomise_until_clear(observed: float, errors: Iterable[float]) -> list[float]:
    """Take errors under randomised labels, one after the other, until the answer is clear.

    It is clear once `CLEAR` of them are as low as the observed one. No further one is asked for
    then (Besag and Clifford 1991).

    Examples
    --------
    >>> len(randomise_until_clear(60.0, iter([50.0, 70.0] * 100)))
    9
    """
    taken: list[float] = []
    for error in errors:
        taken.append(error)
        if _draws_until_clear(observed, taken) is not None:
            break
    return taken


def _draws_until_clear(observed: float, randomised: Sequence[float]) -> int | None:
    """Return how many randomisations it took until the answer was clear; None if it is not."""
    as_low = [number for number, error in enumerate(randomised, 1) if error <= observed]
    return as_low[CLEAR - 1] if len(as_low) >= CLEAR else None


def out_of_fold_mae(predictions: pa.Table) -> float:
    """Return the MAE of the out-of-fold part of a PREDICTIONS table, pooled per molecule."""
    part = read_predictions(predictions, "cross_validation")
    return float(error_metrics(part.labels, part.predictions)["mae"] or 0.0)


def y_randomisation_p_value(observed: float, randomised: Sequence[float]) -> float:
    """Return the chance of an error as low as the observed one if labels meant nothing.

    If `CLEAR` randomised errors are as low, it is `CLEAR` divided by the number of randomisations
    until then (Besag and Clifford 1991). Otherwise all planned randomisations were run. The
    observed labels are one of the equally likely arrangements under the null, hence the 1 in
    numerator and denominator (Phipson and Smyth 2010); the p-value is never 0. In both cases it is
    at most alpha with a probability of at most alpha if nothing can be learned.

    Parameters
    ----------
    randomised
        Errors in the order of the randomisations.

    Examples
    --------
    >>> y_randomisation_p_value(30.0, [60.0, 62.0, 58.0])
    0.25
    >>> y_randomisation_p_value(60.0, [50.0, 70.0, 51.0, 52.0, 71.0, 53.0, 72.0, 54.0])
    0.625
    """
    draws = _draws_until_clear(observed, randomised)
    if draws is not None:
        return CLEAR / draws
    return (1 + sum(error <= observed for error in randomised)) / (1 + len(randomised))


def y_randomisation_table(observed: float, randomised: Sequence[float]) -> pa.Table:
    """Return the errors as a Y_RANDOMISATION_ERRORS table; randomisation 0 is the true labels."""
    errors = [observed, *randomised]
    return pa.table(
        {"randomisation": list(range(len(errors))), "mae": errors},
        schema=Y_RANDOMISATION_ERRORS.schema(),
    )


def summarise_y_randomisation(table: pa.Table) -> YRandomisation:
    """Summarise a Y_RANDOMISATION_ERRORS table."""
    errors = dict(zip(table["randomisation"].to_pylist(), table["mae"].to_pylist(), strict=True))
    observed = errors.pop(0)
    randomised = list(errors.values())
    return YRandomisation(
        observed=observed,
        randomisations=len(randomised),
        stopped=_draws_until_clear(observed, randomised) is not None,
        randomised_mean=float(np.mean(randomised)),
        randomised_min=float(np.min(randomised)),
        p_value=y_randomisation_p_value(observed, randomised),
        smallest_p_value=1 / (1 + len(randomised)),
    )
