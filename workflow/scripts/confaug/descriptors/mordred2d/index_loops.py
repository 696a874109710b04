"""Loops that turn arrays of a graph into the values of a family of descriptors.

See `kernels` for how they are compiled. The descriptors are explained in the modules of their
families, which are named below.
"""

from math import log2

import numpy as np


def find_degree_indices(
    distances: np.ndarray,
    bonds: np.ndarray,
    degrees: np.ndarray,
    numbers: np.ndarray,
    values: np.ndarray,
) -> None:
    """Fill the descriptors of `degrees.DegreeIndices`.

    Parameters
    ----------
    distances
        float64 (N, N).
    bonds
        Atoms of each bond, int64 (B, 2).
    degrees, numbers
        Number of neighbours and atomic number of each atom, int64 (N,).
    values
        float64 (8,), zeros.
    """
    n, n_bonds = len(degrees), len(bonds)
    n_heavy_bonds = 0
    for k in range(n_bonds):
        i, j = bonds[k]
        product = degrees[i] * degrees[j]
        values[0] += np.sqrt((degrees[i] + degrees[j] - 2.0) / product)
        nearer = 0
        farther = 0
        for m in range(n):
            if distances[i, m] < distances[j, m]:
                nearer += 1
            elif distances[i, m] > distances[j, m]:
                farther += 1
        values[1] += np.sqrt((nearer + farther - 2.0) / (nearer * farther))
        values[3] += product
        values[5] += 1.0 / product
        if numbers[i] != 1 and numbers[j] != 1:
            n_heavy_bonds += 1
    n_others = 0
    for i in range(n):
        values[2] += degrees[i] * degrees[i]
        values[4] += 1.0 / np.float64(degrees[i] * degrees[i])
        if numbers[i] != 6:
            n_others += 1
    values[6] = abs(n_bonds * n_bonds - n * n + n) + n_others / 100.0
    values[7] = 1.0 + np.log2(np.float64(n_heavy_bonds))


def find_distance_indices(
    distances: np.ndarray, bonds: np.ndarray, degrees: np.ndarray, values: np.ndarray
) -> None:
    """Fill the descriptors of `distances.DistanceIndices`.

    Parameters
    ----------
    distances
        float64 (N, N).
    bonds
        Atoms of each bond, int64 (B, 2).
    degrees
        Number of neighbours of each atom, int64 (N,).
    values
        float64 (8,), zeros.
    """
    n, n_bonds = len(degrees), len(bonds)
    sums = np.zeros(n)
    diameter = 0.0
    radius = np.inf
    n_third = 0
    for i in range(n):
        farthest = 0.0
        for j in range(n):
            sums[i] += distances[i, j]
            farthest = max(farthest, distances[i, j])
            if distances[i, j] == 3.0:
                n_third += 1
        values[1] += farthest * degrees[i]
        values[6] += sums[i]
        diameter = max(diameter, farthest)
        radius = min(radius, farthest)
    n_cycles = n_bonds - n + 2
    if n_cycles != 0:
        for k in range(n_bonds):
            values[0] += 1.0 / np.sqrt(sums[bonds[k, 0]] * sums[bonds[k, 1]])
        values[0] *= n_bonds / n_cycles
    values[2] = diameter
    values[3] = radius
    values[4] = (diameter - radius) / np.float64(radius)
    values[5] = (diameter - radius) / np.float64(diameter)
    values[6] = values[6] // 2.0
    values[7] = n_third // 2


def find_path_descriptors(
    sums: np.ndarray, n_atoms: int, deltas: np.ndarray, values: np.ndarray
) -> None:
    """Fill the descriptors of `paths.Paths`.

    Parameters
    ----------
    sums
        Filled by `path_loops.sum_over_paths`, float64 (11, 6).
    n_atoms
        Number of atoms N.
    deltas
        Two kinds of vertex degrees, float64 (N, 2).
    values
        float64 (56,): 21 path counts, 32 connectivity indices, 3 shape indices.
    """
    total = np.float64(n_atoms)
    weighted = np.float64(n_atoms)
    for length in range(1, 11):
        total += sums[length, 0]
        weighted += sums[length, 1]
        if length > 1:
            values[length - 2] = sums[length, 0]
        values[9 + length] = np.log(sums[length, 1] + 1.0)
    values[9] = total
    values[20] = np.log(weighted + 1.0)
    for kind in range(2):
        first = 0.0
        unknown = 0.0
        for i in range(n_atoms):
            unknown += 0.0 * deltas[i, kind]  # NaN if one of them is
            if deltas[i, kind] > 0.0:
                first += deltas[i, kind] ** -0.5
            else:
                first = np.nan
        for length in range(8):
            value = first
            number = np.float64(n_atoms)
            if length > 0:
                number = sums[length, 0]
                value = sums[length, 2 + kind]
                if sums[length, 4 + kind] > 0.0:
                    value = np.nan
            values[21 + 16 * kind + length] = value + unknown
            values[29 + 16 * kind + length] = value / number + unknown
    a = np.float64(n_atoms)
    values[53] = a * (a - 1.0) * (a - 1.0) / (sums[1, 0] * sums[1, 0])
    values[54] = (a - 1.0) * (a - 2.0) * (a - 2.0) / (sums[2, 0] * sums[2, 0])
    most = (a - 2.0) * (a - 2.0) if n_atoms % 2 == 0 else (a - 1.0) * (a - 3.0)
    values[55] = most * (a - 3.0) / (sums[3, 0] * sums[3, 0])
    for place in range(3):
        if sums[1 + place, 0] == 0.0:
            values[53 + place] = np.nan


def find_information_content(
    codes: np.ndarray,
    orders: np.ndarray,
    masses: np.ndarray,
    numbers: np.ndarray,
    total_order: float,
    values: np.ndarray,
) -> None:
    """Fill the descriptors of `information.InformationContent`.

    Parameters
    ----------
    codes
        Classes of the atoms, one row per order, int64 (R, N).
    orders
        Atoms in the order of their classes, int64 (R, N).
    masses, numbers
        Mass and atomic number of each atom, float64 and int64 (N,).
    total_order
        Sum of the bond orders.
    values
        float64 (7, R), zeros.
    """
    n = codes.shape[1]
    log_atoms = np.log2(np.float64(n))
    log_bonds = np.nan
    if total_order > 0.0 and total_order != 1.0:
        log_bonds = np.log2(total_order)
    for r in range(codes.shape[0]):
        order = orders[r]
        start = 0
        while start < n:
            code = codes[r, order[start]]
            last = order[start]
            end = start
            while end < n and codes[r, order[end]] == code:
                last = max(last, order[end])
                end += 1
            size = end - start
            share = size / n
            term = -share * log2(share)
            values[0, r] += term
            values[5, r] += masses[last] * term
            values[6, r] += size * numbers[last] * term
            start = end
        values[1, r] = n * values[0, r]
        values[2, r] = values[0, r] / log_atoms
        values[3, r] = values[0, r] / log_bonds
        values[4, r] = log_atoms - values[0, r]


def sum_by_interval(
    surface: np.ndarray,
    states: np.ndarray,
    properties: np.ndarray,
    edges: np.ndarray,
    values: np.ndarray,
) -> None:
    """Sum the surface of atoms by the interval that properties are in, see `rdkit_sums`.

    Parameters
    ----------
    surface, states
        Share of the surface and state index of each atom, float64 (N,).
    properties
        float64 (P, N); what is NaN is in the last interval.
    edges
        Ascending edges for each property, and for the surface, in which the states are summed;
        padded with infinity, float64 (P + 1, E).
    values
        float64 (P + 1, E + 1), zeros, filled.
    """
    n_properties, n = properties.shape
    n_edges = edges.shape[1]
    for p in range(n_properties + 1):
        for i in range(n):
            place = surface[i]
            amount = states[i]
            if p < n_properties:
                place = properties[p, i]
                amount = surface[i]
            k = 0
            while k < n_edges and not place < edges[p, k]:
                k += 1
            values[p, k] += amount


def find_bertz_complexity(counts: np.ndarray, numbers: np.ndarray) -> float:
    """Return the descriptor of `degrees.BertzComplexity`.

    Parameters
    ----------
    counts
        Number of connections of each kind, float64.
    numbers
        Atomic numbers of the atoms, ascending, int64 (N,).
    """
    value = 0.0
    if len(counts) > 0:
        total = 0.0
        for k in range(len(counts)):
            total += counts[k]
        value = total * log2(total)
        for k in range(len(counts)):
            if counts[k] > 0.0:
                value -= counts[k] * log2(counts[k] / total)
    n = len(numbers)
    start = 0
    for i in range(n):
        if i == n - 1 or numbers[i + 1] != numbers[i]:
            size = i + 1 - start
            value -= size * log2(size / n)
            start = i + 1
    return value
