"""Descriptors that do not grow with the molecule: per heavy atom, and per unit of a chain.

Many descriptors are extensive: those of a trimer are about three times those of the unit, so that
they tell the size of the oligomer that somebody chose before anything else. Divided by the number
of heavy atoms, or as the increment from one oligomer to the next longer one, which has no
contribution of end groups any more, they describe the polymer.
"""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

#: Increments that differ by less, relative to the largest, count as equal.
TOLERANCE = 1e-6


def per_heavy_atom(
    values: Matrix, heavy_atoms: NDArray[np.int64], extensive: NDArray[np.bool_]
) -> Matrix:
    """Divide the extensive descriptors by the number of heavy atoms.

    Parameters
    ----------
    values
        Descriptors, shape (molecules, descriptors).
    heavy_atoms
        Heavy atoms of each molecule, shape (molecules,), at least 1.
    extensive
        Which descriptors are extensive, shape (descriptors,); the others stay as they are.

    Returns
    -------
    numpy.ndarray
        A new matrix of the shape of `values`.

    Examples
    --------
    >>> per_heavy_atom(np.array([[30.0, 5.0]]), np.array([2]), np.array([True, False]))
    array([[15.,  5.]])
    """
    if (np.asarray(heavy_atoms) < 1).any():
        raise ValueError("every molecule has at least one heavy atom")
    divisors = np.where(extensive, np.asarray(heavy_atoms)[:, None], 1)
    return values / divisors


def increments(longer: Matrix, shorter: Matrix) -> Matrix:
    """Return what one more unit adds to each descriptor.

    Parameters
    ----------
    longer, shorter
        Descriptors of oligomers of n + 1 and of n units of the same polymers with the same end
        groups, shape (polymers, descriptors) each. NaN where either is.

    Examples
    --------
    >>> increments(np.array([[44.0]]), np.array([[30.0]]))
    array([[14.]])
    """
    if longer.shape != shorter.shape:
        raise ValueError(f"shapes differ: {longer.shape} and {shorter.shape}")
    return longer - shorter


def extensive_descriptors(series: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which descriptors grow by the same amount with every unit of a chain.

    A descriptor is extensive if its increments are equal along every series, and not zero in all of
    them. Shares, indices and topological descriptors that grow otherwise are not.

    Parameters
    ----------
    series
        Descriptors of oligomers of n, n + 1, n + 2, ... units, shape (polymers, sizes,
        descriptors) with at least three sizes. Short oligomers differ by their ends: begin with two
        units or more. A descriptor with a missing value is not extensive.

    Returns
    -------
    numpy.ndarray
        Booleans, shape (descriptors,).

    Examples
    --------
    Mass grows with the chain, and its square does so too, but not evenly:

    >>> masses = np.array([[30.0, 44.0, 58.0]])
    >>> extensive_descriptors(np.stack([masses, masses**2], axis=2))
    array([ True, False])
    """
    if series.ndim != 3 or series.shape[1] < 3:
        raise ValueError("at least three sizes of oligomers are needed to tell")
    steps = np.diff(series, axis=1)
    with np.errstate(invalid="ignore"):
        scale = np.abs(steps).max(axis=(0, 1))
        uneven = np.abs(np.diff(steps, axis=1)).max(axis=(0, 1))
        return np.asarray((scale > 0) & (uneven <= TOLERANCE * scale))
