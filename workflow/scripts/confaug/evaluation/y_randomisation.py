"""Could the error be chance? Labels randomised among the training molecules, and a p-value.

References
----------
.. [1] Phipson, Smyth (2010), Permutation P-values should never be zero, Statistical Applications in
   Genetics and Molecular Biology 9, 39.
.. [2] Rücker, Rücker, Meringer (2007), y-Randomization and its variants in QSPR/QSAR, Journal of
   Chemical Information and Modeling 47, 2345.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from confaug.infrastructure import random_draws
from confaug.infrastructure.quantity import of_unit
from confaug.tables.evaluation import Y_RANDOMISATION_ERRORS
from confaug.tables.molecules import MOLECULES


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
        Together they name the draw. Permutation 0 is the table as it is.

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


def y_randomisation_summary(table: pa.Table, unit: str) -> dict[str, Any]:
    """Summarise a Y_RANDOMISATION_ERRORS table.

    Returns
    -------
    dict
        `observed`, `randomisations`, `randomised_mean`, `randomised_min` (as configured),
        `p_value`, `smallest_p_value` (that this number of randomisations can give) and `sentence`.
    """
    errors = dict(zip(table["randomisation"].to_pylist(), table["mae"].to_pylist(), strict=True))
    observed = errors.pop(0)
    randomised = list(errors.values())
    p_value, quantity = y_randomisation_p_value(observed, randomised), of_unit(unit)
    figures = (
        f"the error is {quantity.text(observed)} with the true labels and "
        f"{quantity.text(float(np.mean(randomised)))} on average over {len(randomised)} "
        f"randomisations of them (p = {p_value:.2g})"
    )
    if p_value <= 0.05:
        sentence = f"The model has learned something: {figures}."
    elif observed < min(randomised):
        sentence = (
            f"No randomisation came near, but {len(randomised)} are too few to exclude chance: "
            f"{figures}; 19 or more would do."
        )
    else:
        sentence = f"Chance cannot be excluded: {figures}."
    return {
        "observed": observed,
        "randomisations": len(randomised),
        "randomised_mean": float(np.mean(randomised)),
        "randomised_min": float(np.min(randomised)),
        "p_value": p_value,
        "smallest_p_value": 1 / (1 + len(randomised)),
        "sentence": sentence,
    }
