"""Could the error be chance? Labels randomised among the training molecules, and a p-value.

References
----------
.. [1] Phipson, Smyth (2010), Permutation P-values should never be zero, Statistical Applications in
   Genetics and Molecular Biology 9, 39.
.. [2] Rücker, Rücker, Meringer (2007), y-Randomization and its variants in QSPR/QSAR, Journal of
   Chemical Information and Modeling 47, 2345.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from confaug.infrastructure import random_draws
from confaug.learning.predictions import error_metrics, read_predictions
from confaug.tables.evaluation import Y_RANDOMISATION_ERRORS
from confaug.tables.molecules import MOLECULES

#: With a p-value above this, chance is not ruled out.
SIGNIFICANT = 0.05
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
    randomised_mean, randomised_min
        Mean and smallest error under randomised labels, as configured.
    p_value
        As `y_randomisation_p_value` gives it.
    smallest_p_value
        The smallest that so many randomisations can give.
    """

    observed: float
    randomisations: int
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
    molecules: pa.Table, split: pa.Table, seed: int, randomisation: int
) -> pa.Table:
    """Return the molecules with the labels of the training part dealt out anew.

    Labels move between molecules, never between rows of one molecule, and never into or out of the
    training part: the test labels stay what they are, so that held-out errors under
    randomised labels are those of models that cannot have learned anything.

    Parameters
    ----------
    molecules, split
        MOLECULES and SPLIT tables.
    seed, randomisation
        Together they name the draw. Randomisation 0 is the table as it is.

    Examples
    --------
    >>> columns = {name: pa.nulls(3, MOLECULES.schema().field(name).type)
    ...            for name in MOLECULES.names}
    >>> columns |= {"molecule": pa.array(["a", "b", "c"]), "label": pa.array([1.0, 2.0, 3.0])}
    >>> split = pa.table({"molecule": ["a", "b"], "part": ["train", "train"]})
    >>> randomise_labels(pa.table(columns), split, seed=1, randomisation=1)["label"].to_pylist()[2]
    3.0
    """
    if randomisation == 0:
        return molecules
    pairs = zip(split["molecule"].to_pylist(), split["part"].to_pylist(), strict=True)
    training = sorted(molecule for molecule, part in pairs if part == "train")
    names = molecules["molecule"].to_pylist()
    labels = dict(zip(names, molecules["label"].to_pylist(), strict=True))
    givers = sorted(
        training, key=lambda name: random_draws.rank(f"label of {name}", seed, randomisation)
    )
    labels |= {taker: labels[giver] for taker, giver in zip(training, givers, strict=True)}
    position = molecules.column_names.index("label")
    randomised = pa.array([labels[name] for name in names], MOLECULES.schema().field("label").type)
    return molecules.set_column(position, "label", randomised)


def out_of_fold_mae(predictions: pa.Table) -> float:
    """Return the MAE of the out-of-fold part of a PREDICTIONS table, pooled per molecule."""
    part = read_predictions(predictions, "cross_validation")
    return float(error_metrics(part.labels, part.predictions)["mae"] or 0.0)


def y_randomisation_p_value(observed: float, randomised: Sequence[float]) -> float:
    """Return the chance of an error as low as the observed one if labels meant nothing.

    The observed labels are one of the equally likely arrangements under the null, hence the 1 in
    numerator and denominator (Phipson and Smyth 2010); the p-value is never 0.

    Examples
    --------
    >>> y_randomisation_p_value(30.0, [60.0, 62.0, 58.0])
    0.25
    """
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
        randomised_mean=float(np.mean(randomised)),
        randomised_min=float(np.min(randomised)),
        p_value=y_randomisation_p_value(observed, randomised),
        smallest_p_value=1 / (1 + len(randomised)),
    )
