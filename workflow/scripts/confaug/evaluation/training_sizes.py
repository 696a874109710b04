"""The error of the recommended model against the number of training molecules.

In every replicate the training molecules are put in several random orders, and the model is fitted
on the first of each, in growing numbers. It always predicts the molecules that the replicate holds
out. The members of the model, their parameters and their rounds are those found on the whole
training part, so a point shows what fewer molecules do to this model.
"""

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from confaug.errors import UserError
from confaug.evaluation.learning_curves import Part, group_after_group
from confaug.learning.consensus import average
from confaug.learning.rows import Values
from confaug.tables.evaluation import TRAINING_SIZES

logger = logging.getLogger("confaug")
#: Predicts the second molecules by a model of the first, in a replicate; both in ascending order.
Member = Callable[[int, Sequence[str], Sequence[str]], Values]
#: Sizes of the curve, the whole training part included; the smallest is this share of it.
SIZES, SMALLEST_SHARE, FEWEST = 6, 1 / 6, 8


@dataclass(frozen=True)
class SizeErrors:
    """Errors of every draw, size and molecule.

    Attributes
    ----------
    sizes
        Numbers of training molecules, ascending.
    draws
        Replicate and number of every random order.
    molecules
        Those that were held out at least once.
    errors
        Absolute errors in label units, shape (draws, sizes, molecules); NaN where a molecule was
        not held out.
    """

    sizes: tuple[int, ...]
    draws: tuple[tuple[int, int], ...]
    molecules: tuple[str, ...]
    errors: NDArray[np.float64]

    def table(self) -> pa.Table:
        """Return the mean error of every draw and size (TRAINING_SIZES)."""
        rows = [
            {
                "replicate": replicate,
                "draw": draw,
                "train_molecules": size,
                "test_molecules": int(np.count_nonzero(~np.isnan(self.errors[i, j]))),
                "mae": float(np.nanmean(self.errors[i, j])),
            }
            for i, (replicate, draw) in enumerate(self.draws)
            for j, size in enumerate(self.sizes)
        ]
        return pa.Table.from_pylist(rows, schema=TRAINING_SIZES.schema())


def choose_sizes(molecules: int) -> tuple[int, ...]:
    """Return growing numbers of training molecules in equal ratios, the last one all of them.

    >>> choose_sizes(70), choose_sizes(12), choose_sizes(5)
    ((12, 17, 24, 35, 49, 70), (8, 9, 10, 11, 12), (5,))
    """
    smallest = max(FEWEST, math.ceil(SMALLEST_SHARE * molecules))
    if smallest >= molecules:
        return (molecules,)
    return tuple(sorted({round(n) for n in np.geomspace(smallest, molecules, SIZES).tolist()}))


def draws_of(replicates: Sequence[int], orders: int) -> list[tuple[int, int]]:
    """Return replicate and number of so many random orders, or of slightly more.

    >>> draws_of([1, 2], 3), len(draws_of(range(100), 20))
    ([(1, 1), (1, 2), (2, 1), (2, 2)], 20)
    """
    used = sorted(replicates)[:orders]
    each = math.ceil(orders / max(len(used), 1))
    return [(replicate, draw) for replicate in used for draw in range(1, each + 1)]


def measure_training_sizes(
    members: Sequence[Member], parts: Mapping[int, Part], orders: int
) -> SizeErrors:
    """Measure the error of the mean of some members on growing parts of the training molecules.

    Parameters
    ----------
    members
        What the recommended model is made of.
    parts
        The molecules of every replicate.
    orders
        Number of random orders, over all replicates.

    Returns
    -------
    SizeErrors
        A size at which a member cannot be fitted is left out, in all draws.
    """
    tested = {replicate: labelled_test(part) for replicate, part in parts.items()}
    draws = draws_of([replicate for replicate, names in tested.items() if names], orders)
    sizes = choose_sizes(min((len(parts[replicate].train) for replicate, _ in draws), default=0))
    molecules = sorted({name for names in tested.values() for name in names})
    column = {name: i for i, name in enumerate(molecules)}
    errors = np.full((len(draws), len(sizes), len(molecules)), np.nan)
    judge = cache(partial(_judge, members, parts))
    fitted = np.ones(len(sizes), dtype=bool)
    for i, (replicate, draw) in enumerate(draws):
        order = group_after_group(parts[replicate], f"training size {draw}", replicate)
        places = [column[name] for name in tested[replicate]]
        for j, size in enumerate(sizes):
            try:
                errors[i, j, places] = judge(replicate, tuple(sorted(order[:size])))
            except UserError as error:
                logger.warning("WARNING: %d training molecules: %s", size, error)
                fitted[j] = False
    kept = tuple(size for size, able in zip(sizes, fitted, strict=True) if able)
    return SizeErrors(kept, tuple(draws), tuple(molecules), errors[:, fitted])


def labelled_test(part: Part) -> list[str]:
    """Return the held-out molecules that have a label, in ascending order."""
    known = {name for name, label in part.labels.items() if label is not None}
    return sorted(known.intersection(part.test))


def _judge(
    members: Sequence[Member], parts: Mapping[int, Part], replicate: int, train: tuple[str, ...]
) -> Values:
    """Return the absolute errors on held-out molecules of the mean of members fitted on some."""
    test = labelled_test(parts[replicate])
    predicted, _ = average([member(replicate, train, test) for member in members])
    truth = np.array([parts[replicate].labels[name] for name in test])
    logger.info("replicate %d, %d training molecules", replicate, len(train))
    errors: Values = np.abs(predicted - truth)
    return errors
