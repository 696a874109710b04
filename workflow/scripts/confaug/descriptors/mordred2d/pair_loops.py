"""Loops over the pairs of atoms of a graph, and over classes of atoms.

See `kernels` for how they are compiled and how a graph comes.
"""

import numpy as np


def count_bonds_between(
    starts: np.ndarray, atoms: np.ndarray, unreachable: float, matrix: np.ndarray
) -> None:
    """Fill the matrix of distances in bonds by a breadth-first search from every atom.

    Parameters
    ----------
    starts, atoms
        Neighbour lists.
    unreachable
        What stands for the distance to another component.
    matrix
        float64 (N, N), filled.
    """
    n = len(starts) - 1
    queue = np.empty(n, np.int64)
    for source in range(n):
        row = matrix[source]
        row[:] = unreachable
        row[source] = 0.0
        queue[0] = source
        end = 1
        head = 0
        while head < end:
            i = queue[head]
            head += 1
            for k in range(starts[i], starts[i + 1]):
                j = atoms[k]
                if row[j] == unreachable:
                    row[j] = row[i] + 1.0
                    queue[end] = j
                    end += 1


def correlate_at_distances(
    distances: np.ndarray, weights: np.ndarray, centred: np.ndarray, values: np.ndarray
) -> None:
    """Calculate the autocorrelations of properties at all distances; see `autocorrelation`.

    Parameters
    ----------
    distances
        float64 (N, N).
    weights, centred
        Properties of the atoms, and the same less their means, float64 (P, N).
    values
        float64 (6, P, D + 1), filled: ATS, AATS, ATSC, AATSC, MATS, GATS.
    """
    n_properties, n = weights.shape
    longest = values.shape[2] - 1
    number = np.zeros(longest + 1)
    sums = np.zeros((longest + 1, 3, n_properties))
    plain, middle = weights.T.copy(), centred.T.copy()
    for i in range(n):
        for j in range(i + 1):
            if distances[i, j] > longest:
                continue
            d = int(distances[i, j])
            number[d] += 1.0
            row = sums[d]
            for p in range(n_properties):
                row[0, p] += plain[i, p] * plain[j, p]
                row[1, p] += middle[i, p] * middle[j, p]
                difference = plain[i, p] - plain[j, p]
                row[2, p] += difference * difference
    for p in range(n_properties):
        unknown = 0.0 * sums[0, 0, p]  # NaN if the property of an atom is
        variance = sums[0, 1, p] / n
        for d in range(longest + 1):
            values[0, p, d] = sums[d, 0, p] + unknown
            values[1, p, d] = sums[d, 0, p] / number[d] + unknown
            values[2, p, d] = sums[d, 1, p] + unknown
            values[3, p, d] = sums[d, 1, p] / number[d] + unknown
            values[4, p, d] = values[3, p, d] / variance
            values[5, p, d] = sums[d, 2, p] / (2.0 * number[d]) / (variance * n / (n - 1.0))
            values[5, p, d] += unknown


def find_topological_charges(
    distances: np.ndarray, starts: np.ndarray, atoms: np.ndarray, values: np.ndarray
) -> None:
    """Fill the descriptors of `distances.TopologicalCharges`.

    Parameters
    ----------
    distances
        float64 (N, N).
    starts, atoms
        Neighbour lists.
    values
        float64 (21,), zeros, filled: sums and means for distances of 1 to 10, sum of the means.
    """
    number = np.zeros(10)
    for i in range(len(distances)):
        for j in range(i):
            if distances[i, j] > 10.0:
                continue
            charge = 0.0
            for k in range(starts[i], starts[i + 1]):
                if atoms[k] != j:
                    charge += 1.0 / (distances[atoms[k], j] * distances[atoms[k], j])
            for k in range(starts[j], starts[j + 1]):
                if atoms[k] != i:
                    charge -= 1.0 / (distances[atoms[k], i] * distances[atoms[k], i])
            d = int(distances[i, j]) - 1
            number[d] += 1.0
            values[d] += abs(charge)
    for d in range(10):
        if number[d] > 0.0:
            values[10 + d] = values[d] / number[d]
        values[20] += values[10 + d]


def find_distance_edges(
    distances: np.ndarray, numbers: np.ndarray, degrees: np.ndarray, values: np.ndarray
) -> None:
    """Fill the descriptors of `distances.MolecularDistanceEdges`.

    Parameters
    ----------
    distances
        float64 (N, N).
    numbers, degrees
        Atomic number and number of neighbours of each atom, int64 (N,).
    values
        float64 (19,), filled: pairs of carbons, of oxygens, of nitrogens, the lower number of
        neighbours first.
    """
    n = len(distances)
    # Carbons with 1 to 4 neighbours, oxygens with 1 or 2, nitrogens with 1 to 3.
    groups = np.full(n, -1)
    for i in range(n):
        if degrees[i] == 0:
            continue
        if numbers[i] == 6 and degrees[i] <= 4:
            groups[i] = degrees[i] - 1
        elif numbers[i] == 8 and degrees[i] <= 2:
            groups[i] = 3 + degrees[i]
        elif numbers[i] == 7 and degrees[i] <= 3:
            groups[i] = 5 + degrees[i]
    number, sums = np.zeros((9, 9)), np.zeros((9, 9))
    for i in range(n):
        if groups[i] < 0:
            continue
        for j in range(i):
            if groups[j] >= 0:
                a = min(groups[i], groups[j])
                b = max(groups[i], groups[j])
                number[a, b] += 1.0
                sums[a, b] += np.log(distances[i, j])
    place = 0
    for first, end in ((0, 4), (4, 6), (6, 9)):
        for a in range(first, end):
            for b in range(a, end):
                values[place] = np.nan
                if number[a, b] > 0.0:
                    mean = np.exp(sums[a, b] / (2.0 * number[a, b]))
                    values[place] = number[a, b] / (mean * mean)
                place += 1


def sum_over_root_pairs(values: np.ndarray, distances: np.ndarray) -> tuple[float, float]:
    """Sum the roots of products over distance, over all pairs of atoms and over bonded pairs.

    Parameters
    ----------
    values
        float64 (N,).
    distances
        float64 (N, N).
    """
    roots = np.sqrt(values)
    every = 0.0
    bonded = 0.0
    for i in range(len(values)):
        for j in range(i):
            term = roots[i] * roots[j] / distances[i, j]
            every += term
            if distances[i, j] == 1.0:
                bonded += term
    return every, bonded


def classify_by_distances(rows: np.ndarray, nearest: int, classes: np.ndarray) -> None:
    """Give one number to the atoms whose sorted distances to the nearest others are equal.

    Parameters
    ----------
    rows
        Distances, each row ascending, float64 (N, N); differences below 1e-4 count as none.
    nearest
        How many of them are compared.
    classes
        int64 (N,), filled.
    """
    n = len(rows)
    for i in range(n):
        classes[i] = i
        for j in range(i):
            if classes[j] == j:
                same = True
                for k in range(min(n, nearest)):
                    if abs(rows[i, k] - rows[j, k]) > 1e-4:
                        same = False
                        break
                if same:
                    classes[i] = j
                    break


def list_connections(
    classes: np.ndarray,
    bonds: np.ndarray,
    orders: np.ndarray,
    keys: np.ndarray,
    amounts: np.ndarray,
) -> int:
    """List pairs of bonds that meet, with one key for all whose atoms have the same classes.

    Parameters
    ----------
    classes
        Class of each atom, int64 (N,).
    bonds, orders
        Atoms and order of each bond, int64 (B, 2) and float64 (B,).
    keys, amounts
        int64 and float64 with a place for each bond and pair of bonds, filled: the key, and how
        often the pair counts.

    Returns
    -------
    int
        How many places are filled.
    """
    n = len(classes)
    size = 0
    for k in range(len(bonds)):
        a, b = bonds[k]
        if orders[k] > 1.0:
            low = min(classes[a], classes[b])
            keys[size] = -1 - (low * n + max(classes[a], classes[b]))
            amounts[size] = orders[k] * (orders[k] - 1.0) / 2.0
            size += 1
        for m in range(k):
            c, d = bonds[m]
            if c in (a, b):
                centre = c
                far = d
            elif d in (a, b):
                centre = d
                far = c
            else:
                continue
            near = b if centre == a else a
            low = min(classes[far], classes[near])
            keys[size] = (low * n + classes[centre]) * n + max(classes[far], classes[near])
            amounts[size] = orders[k] * orders[m]
            size += 1
    return size
