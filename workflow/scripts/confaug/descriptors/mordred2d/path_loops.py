"""Loops that enumerate paths.

See `kernels` for how they are compiled and how a graph comes.
"""

from math import sqrt

import numpy as np


def sum_over_paths(
    starts: np.ndarray,
    atoms: np.ndarray,
    orders: np.ndarray,
    deltas: np.ndarray,
    longest: int,
    longest_chi: int,
    most_steps: int,
    sums: np.ndarray,
) -> int:
    """Enumerate the simple paths of up to so many bonds, each once.

    Parameters
    ----------
    starts, atoms
        Neighbour lists.
    orders
        Order of the bond to each neighbour, float64.
    deltas
        Two kinds of vertex degrees, float64 (N, 2).
    longest, longest_chi
        Number of bonds of the longest paths, and of those that connectivity is summed over.
    most_steps
        Where to stop.
    sums
        float64 (longest + 1, 6), zeros, filled per length: number of paths; sum of the products of
        bond orders; for each kind of degree, sum of the product's inverse square root over the
        path's atoms, and number of paths whose product is not positive.

    Returns
    -------
    int
        Number of steps made; above `most_steps` if not all paths were seen.
    """
    n = len(starts) - 1
    steps = 0
    on_path = np.zeros(n, np.bool_)
    path = np.zeros(longest + 1, np.int64)
    cursor = np.zeros(longest + 1, np.int64)
    order = np.ones(longest + 1)
    product = np.ones((longest + 1, 2))
    for source in range(n):
        depth = 0
        path[0] = source
        cursor[0] = starts[source]
        on_path[source] = True
        product[0, 0] = deltas[source, 0]
        product[0, 1] = deltas[source, 1]
        while depth >= 0:
            i = path[depth]
            k = cursor[depth]
            if k == starts[i + 1]:
                on_path[i] = False
                depth -= 1
                continue
            cursor[depth] = k + 1
            j = atoms[k]
            if on_path[j]:
                continue
            steps += 1
            if steps > most_steps:
                return steps
            depth += 1
            order[depth] = order[depth - 1] * orders[k]
            product[depth, 0] = product[depth - 1, 0] * deltas[j, 0]
            product[depth, 1] = product[depth - 1, 1] * deltas[j, 1]
            if j > source:  # the other direction of the same path is not counted
                row = sums[depth]
                row[0] += 1.0
                row[1] += order[depth]
                if depth <= longest_chi:
                    for kind in range(2):
                        if product[depth, kind] > 0.0:
                            row[2 + kind] += 1.0 / sqrt(product[depth, kind])
                        else:
                            row[4 + kind] += 1.0
            if depth == longest:
                depth -= 1
                continue
            path[depth] = j
            cursor[depth] = starts[j]
            on_path[j] = True
    return steps


def sum_over_weighted_paths(
    starts: np.ndarray,
    atoms: np.ndarray,
    limit: float,
    most_steps: int,
    sums: np.ndarray,
) -> int:
    """Sum the inverse square roots of the weights of all simple paths from each atom.

    A bond's weight is the product of the numbers of neighbours of its atoms, a path's the product
    of its bonds' weights; paths are not continued beyond a limit.

    Parameters
    ----------
    starts, atoms
        Neighbour lists.
    limit
        Weight from which on a path is not continued.
    most_steps
        Where to stop.
    sums
        float64 (N,), filled.

    Returns
    -------
    int
        Number of steps made; above `most_steps` if not all paths were seen.
    """
    n = len(starts) - 1
    steps = 0
    weights = np.empty(len(atoms))
    for i in range(n):
        for k in range(starts[i], starts[i + 1]):
            weights[k] = (starts[i + 1] - starts[i]) * (starts[atoms[k] + 1] - starts[atoms[k]])
    roots = 1.0 / np.sqrt(weights)
    on_path = np.zeros(n, np.bool_)
    path = np.zeros(n, np.int64)
    cursor = np.zeros(n, np.int64)
    weight = np.ones(n)
    root = np.ones(n)
    for source in range(n):
        total = 0.0
        depth = 0
        path[0] = source
        cursor[0] = starts[source]
        on_path[source] = True
        while depth >= 0:
            i = path[depth]
            k = cursor[depth]
            if k == starts[i + 1]:
                on_path[i] = False
                depth -= 1
                continue
            cursor[depth] = k + 1
            j = atoms[k]
            if on_path[j]:
                continue
            steps += 1
            if steps > most_steps:
                return steps
            w = weight[depth] * weights[k]
            r = root[depth] * roots[k]
            total += r
            if w < limit:
                depth += 1
                path[depth] = j
                cursor[depth] = starts[j]
                on_path[j] = True
                weight[depth] = w
                root[depth] = r
        sums[source] = total
    return steps
