"""Proximity to the training molecules, in 2D descriptors and in fingerprints."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rdkit import DataStructs

from confaug.trust.similarity import similarities

Floats = NDArray[np.float64]
N_NEIGHBOURS = 5
#: Bounds the memory of distances.
MOLECULES_AT_A_TIME = 1000
#: Error of a squared distance from a matrix product, relative to the squares that are subtracted:
#: far more than rounding causes with some thousand descriptors.
PRODUCT_ERROR = 1e-10


def proximity(
    names: Sequence[str],
    values: Floats,
    prints: list[DataStructs.ExplicitBitVect],
    training: Sequence[str],
    training_values: Floats,
    training_prints: list[DataStructs.ExplicitBitVect],
) -> tuple[Floats, Floats]:
    """Compare molecules with the training molecules other than themselves.

    Returns
    -------
    tuple of ndarray
        Mean distance to the nearest ones, and similarity to the most similar one, by molecule.
    """
    place = {name: i for i, name in enumerate(training)}
    nearest, highest = np.empty(len(names)), np.empty(len(names))
    for i, name in enumerate(names):
        similar = similarities([prints[i]], training_prints)[0]
        if name in place:
            similar[place[name]] = -1.0
        highest[i] = similar.max()
    for start in range(0, len(names), MOLECULES_AT_A_TIME):
        piece = slice(start, start + MOLECULES_AT_A_TIME)
        itself = [place.get(name) for name in names[piece]]
        nearest[piece] = _mean_nearest(values[piece], training_values, itself)
    return nearest, highest


def _mean_nearest(values: Floats, training_values: Floats, itself: Sequence[int | None]) -> Floats:
    """Return the mean distance of molecules to their nearest training molecules.

    A matrix product gives all squared distances to some decimals, which shows the training
    molecules that can be among the nearest. The distances to those alone are then calculated.

    Parameters
    ----------
    itself
        Place of every molecule among the training molecules, which is left out.
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
