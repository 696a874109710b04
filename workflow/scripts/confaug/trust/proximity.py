"""Proximity to the training molecules, in 2D descriptors and in fingerprints."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rdkit import DataStructs

from confaug.molecules.similarity import similarities

Floats = NDArray[np.float64]
N_NEIGHBOURS = 5
#: Bounds the memory of distances.
MOLECULES_AT_A_TIME = 1000
#: Error of a squared distance from a matrix product, relative to the squares that are subtracted:
#: far more than rounding causes with some thousand descriptors.
PRODUCT_ERROR = 1e-10


def proximity(
    values: Floats,
    prints: list[DataStructs.ExplicitBitVect],
    itself: Sequence[int | None],
    training_values: Floats,
    training_prints: list[DataStructs.ExplicitBitVect],
) -> tuple[Floats, Floats]:
    """Compare molecules with the training structures other than their own.

    Parameters
    ----------
    values, prints
        Standardised descriptors and fingerprints of the molecules.
    itself
        Place of every molecule's own structure among those of training, which is left out; None
        leaves out nothing.
    training_values, training_prints
        Those of the training structures.

    Returns
    -------
    tuple of ndarray
        Mean distance to the nearest ones, and similarity to the most similar one, by molecule.
    """
    nearest, highest = np.empty(len(values)), np.empty(len(values))
    for i, own in enumerate(itself):
        similar = similarities([prints[i]], training_prints)[0]
        if own is not None:
            similar[own] = -1.0
        highest[i] = similar.max()
    for start in range(0, len(values), MOLECULES_AT_A_TIME):
        piece = slice(start, start + MOLECULES_AT_A_TIME)
        nearest[piece] = _mean_nearest(values[piece], training_values, itself[piece])
    return nearest, highest


def _mean_nearest(values: Floats, training_values: Floats, itself: Sequence[int | None]) -> Floats:
    """Return the mean distance of molecules to their nearest training structures.

    A matrix product gives all squared distances to some decimals, which shows the training
    structures that can be among the nearest. The distances to those alone are then calculated.

    Parameters
    ----------
    itself
        Place of every molecule's own structure among those of training, which is left out.
    """
    squares = (training_values**2).sum(axis=1)
    sizes = (values**2).sum(axis=1)
    about = sizes[:, None] + squares - 2.0 * (values @ training_values.T)
    means = np.empty(len(values))
    for i, (row, own) in enumerate(zip(values, itself, strict=True)):
        if own is not None:
            about[i, own] = np.inf
        wanted = min(N_NEIGHBOURS, len(squares) - (own is not None))
        error = PRODUCT_ERROR * (sizes[i] + squares.max())
        limit = np.partition(about[i], wanted - 1)[wanted - 1] + 2 * error
        close = np.flatnonzero(about[i] <= limit)
        means[i] = np.sort(_distances(row, training_values[close]))[:wanted].mean()
    return means


def _distances(row: Floats, training_values: Floats) -> Floats:
    """Return root mean square differences of descriptors, shape (len(training_values),)."""
    distances: Floats = np.sqrt(np.mean((training_values - row) ** 2, axis=1))
    return distances
