"""Loops over the atoms and bonds of a graph.

See `kernels` for how they are compiled and how a graph comes. Tables of elements are indexed by
atomic number.
"""

import numpy as np


def describe_vertices(
    numbers: np.ndarray,
    charges: np.ndarray,
    hydrogens: np.ndarray,
    bonds: np.ndarray,
    outer: np.ndarray,
    periods: np.ndarray,
    degrees: np.ndarray,
    deltas: np.ndarray,
) -> None:
    """Count neighbours, and calculate the valence delta and intrinsic state of Kier and Hall.

    Parameters
    ----------
    numbers, charges, hydrogens
        Atomic number, formal charge and number of implicit hydrogens of each atom, int64 (N,).
    bonds
        Atoms of each bond, int64 (B, 2).
    outer, periods
        Outer electrons, int64, and period of the elements, float64.
    degrees
        int64 (2, N), zeros, filled: number of neighbours, and of those that are not hydrogen.
    deltas
        float64 (3, N), filled: valence delta, 0 for hydrogen; number of heavy neighbours; intrinsic
        state, NaN for an atom without heavy neighbours.
    """
    for k in range(len(bonds)):
        i, j = bonds[k]
        degrees[0, i] += 1
        degrees[0, j] += 1
        if numbers[j] != 1:
            degrees[1, i] += 1
        if numbers[i] != 1:
            degrees[1, j] += 1
    for i in range(len(numbers)):
        z = numbers[i]
        attached = hydrogens[i] + degrees[0, i] - degrees[1, i]
        valence = 0.0
        if z != 1:
            valence = (outer[z] - charges[i] - attached) / (z - outer[z] - 1.0)
        deltas[0, i] = valence
        deltas[1, i] = degrees[1, i]
        deltas[2, i] = np.nan
        if degrees[1, i] > 0:
            ratio = 2.0 / periods[z]
            deltas[2, i] = (ratio * ratio * valence + 1.0) / degrees[1, i]


def find_state_indices(
    numbers: np.ndarray,
    hydrogens: np.ndarray,
    degrees: np.ndarray,
    outer: np.ndarray,
    periods: np.ndarray,
    distances: np.ndarray,
    far: float,
    states: np.ndarray,
) -> None:
    """Calculate the electrotopological state index of each atom.

    Parameters
    ----------
    numbers, hydrogens, degrees
        Atomic number, number of implicit hydrogens and of neighbours of each atom, int64 (N,).
    outer, periods
        Outer electrons, int64, and period of the elements, float64.
    distances
        float64 (N, N).
    far
        Distance from which on atoms do not act on each other.
    states
        float64 (N,), filled.
    """
    n = len(numbers)
    intrinsic = np.zeros(n)
    for i in range(n):
        if degrees[i] > 0:
            period = periods[numbers[i]]
            if np.isnan(period):
                period = 1.0
            valence = outer[numbers[i]] - hydrogens[i]
            intrinsic[i] = (4.0 / (period * period) * valence + 1.0) / degrees[i]
        states[i] = intrinsic[i]
    for i in range(n):
        for j in range(i):
            apart = distances[i, j] + 1.0
            if apart < far:
                shift = (intrinsic[i] - intrinsic[j]) / (apart * apart)
                states[i] += shift
                states[j] -= shift
