"""Loops that fill matrices and sum up their eigenvalues.

See `kernels` for how they are compiled.
"""

import numpy as np


def fill_barysz_matrices(
    weights: np.ndarray,
    carbon: np.ndarray,
    bonds: np.ndarray,
    orders: np.ndarray,
    matrices: np.ndarray,
    defined: np.ndarray,
) -> None:
    """Fill Barysz matrices, with lengths of shortest paths by Floyd and Warshall.

    Parameters
    ----------
    weights
        Properties of the atoms, float64 (K, N).
    carbon
        The same of carbon, float64 (K,).
    bonds, orders
        Atoms and order of each bond, int64 (B, 2) and float64 (B,).
    matrices
        float64 (K, N, N), filled.
    defined
        bool (K,), filled: whether all lengths are.
    """
    n = weights.shape[1]
    for k in range(len(weights)):
        matrix = matrices[k]
        matrix[:] = np.inf
        defined[k] = True
        for i in range(n):
            matrix[i, i] = 0.0
            if np.isnan(weights[k, i]):
                defined[k] = False
        for b in range(len(bonds)):
            i, j = bonds[b]
            product = weights[k, i] * weights[k, j] * orders[b]
            if product == 0.0:
                defined[k] = False
            matrix[i, j] = matrix[j, i] = carbon[k] * carbon[k] / product
        if not defined[k]:
            continue
        for middle in range(n):
            through = matrix[middle]
            for i in range(n):
                row = matrix[i]
                first = row[middle]
                for j in range(n):
                    row[j] = min(row[j], first + through[j])
        for i in range(n):
            matrix[i, i] = 1.0 - carbon[k] / weights[k, i]


def fill_burden_matrices(
    diagonals: np.ndarray,
    bonds: np.ndarray,
    orders: np.ndarray,
    degrees: np.ndarray,
    matrices: np.ndarray,
) -> None:
    """Fill Burden matrices; see `burden`.

    Parameters
    ----------
    diagonals
        Properties of the atoms, float64 (K, N).
    bonds, orders
        Atoms and order of each bond, int64 (B, 2) and float64 (B,).
    degrees
        Number of neighbours of each atom, int64 (N,).
    matrices
        float64 (K, N, N), filled.
    """
    n = diagonals.shape[1]
    for k in range(len(diagonals)):
        matrix = matrices[k]
        matrix[:] = 0.001
        for i in range(n):
            matrix[i, i] = diagonals[k, i]
        for b in range(len(bonds)):
            i, j = bonds[b]
            weight = orders[b] / 10.0
            if degrees[i] == 1 or degrees[j] == 1:
                weight += 0.01
            matrix[i, j] = matrix[j, i] = weight


def sum_up_spectra(
    eigenvalues: np.ndarray, leading: np.ndarray, bonds: np.ndarray, attributes: np.ndarray
) -> None:
    """Calculate the attributes of matrices from their eigenvalues; see `spectra`.

    Parameters
    ----------
    eigenvalues, leading
        Eigenvalues, and eigenvector of the largest one, float64 (K, N).
    bonds
        Atoms of each bond, int64 (B, 2).
    attributes
        float64 (K, 13), filled but for the trace.
    """
    n = eigenvalues.shape[1]
    for k in range(len(eigenvalues)):
        row, values = attributes[k], eigenvalues[k]
        largest, smallest, total = values[0], values[0], 0.0
        row[0] = row[3] = row[7] = 0.0
        for i in range(n):
            largest, smallest = max(largest, values[i]), min(smallest, values[i])
            total += values[i]
            row[0] += abs(values[i])
            row[7] += abs(leading[k, i])
        shift = max(largest, 0.0)
        exponentials = np.exp(-shift)
        for i in range(n):
            exponentials += np.exp(values[i] - shift)
            row[3] += abs(values[i] - total / n)
        row[1] = largest
        row[2] = largest - smallest
        row[4] = row[3] / n
        row[5] = shift + np.log(exponentials)
        row[8] = row[7] / n
        row[9] = np.log(0.1 * n * row[7])
        row[10] = 0.0
        for b in range(len(bonds)):
            i, j = bonds[b]
            row[10] += (leading[k, i] * leading[k, j]) ** -0.5
        row[11] = row[10] / n
        row[12] = np.log(0.1 * n * row[10])


def find_walk_counts(starts: np.ndarray, atoms: np.ndarray, values: np.ndarray) -> None:
    """Fill the descriptors of `degrees.WalkCounts`.

    Parameters
    ----------
    starts, atoms
        Neighbour lists.
    values
        float64 (21,), zeros, filled: walks of 1 to 10 bonds and their total, those of 2 to 10 that
        return to their start and their total.
    """
    n = len(starts) - 1
    walks, returning = np.zeros(11), np.zeros(11)
    for source in range(n):
        now = np.zeros(n)
        now[source] = 1.0
        for length in range(1, 11):
            after = np.zeros(n)
            for i in range(n):
                if now[i] > 0.0:
                    for k in range(starts[i], starts[i + 1]):
                        after[atoms[k]] += now[i]
            now = after
            walks[length] += now.sum()
            returning[length] += now[source]
    values[10] = n
    values[20] = n
    for length in range(1, 11):
        values[length - 1] = np.log(walks[length] + 1.0) if length > 1 else 0.5 * walks[1]
        values[10] += values[length - 1]
        if length > 1:
            values[9 + length] = np.log(returning[length] + 1.0)
            values[20] += values[9 + length]


def cut_ends(
    starts: np.ndarray, atoms: np.ndarray, protected: np.ndarray, kept: np.ndarray
) -> None:
    """Take away atoms with at most one neighbour until none is left, save the protected ones.

    Parameters
    ----------
    starts, atoms
        Neighbour lists.
    protected
        bool (N,).
    kept
        bool (N,), filled.
    """
    n = len(starts) - 1
    degrees = np.empty(n, np.int64)
    kept[:] = True
    for i in range(n):
        degrees[i] = starts[i + 1] - starts[i]
    for i in range(n):
        end = i
        while end >= 0 and kept[end] and not protected[end] and degrees[end] <= 1:
            kept[end] = False
            following = -1
            for k in range(starts[end], starts[end + 1]):
                if kept[atoms[k]]:
                    degrees[atoms[k]] -= 1
                    following = atoms[k]
            end = following
