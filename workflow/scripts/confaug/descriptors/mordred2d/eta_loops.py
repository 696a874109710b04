"""Loops behind the ETA indices, see `eta`.

See `kernels` for how they are compiled. Tables of elements are indexed by atomic number.
"""

import numpy as np


def count_mobile_electrons(
    numbers: np.ndarray,
    bonds: np.ndarray,
    types: np.ndarray,
    is_aromatic: np.ndarray,
    epsilons: np.ndarray,
    counts: np.ndarray,
) -> None:
    """Sum the parts of ETA's valence electron mobile count over the bonds of each atom; see `eta`.

    Parameters
    ----------
    numbers
        Atomic numbers, int64 (N,).
    bonds, types, is_aromatic
        Atoms, RDKit's type (1 single, 3 triple) and aromaticity of each bond.
    epsilons
        ε of the elements.
    counts
        float64 (3, N), zeros, the first two rows filled: σ and π.
    """
    for k in range(len(bonds)):
        i, j = bonds[k]
        difference = abs(epsilons[numbers[i]] - epsilons[numbers[j]])
        sigma = 0.5 if difference <= 0.3 else 0.75
        pi = 0.0
        if types[k] != 1:
            pi = 2.0 if types[k] == 3 else 1.0
            if is_aromatic[k]:
                pi *= 2.0
            elif difference > 0.3:
                pi *= 1.5
        if numbers[j] != 1:
            counts[0, i] += sigma
            counts[1, i] += pi
        if numbers[i] != 1:
            counts[0, j] += sigma
            counts[1, j] += pi


def sum_mobile_electrons(
    numbers: np.ndarray,
    degrees: np.ndarray,
    counts: np.ndarray,
    cores: np.ndarray,
    distances: np.ndarray,
    sums: np.ndarray,
) -> None:
    """Sum up what ETA indices are made of over the atoms; see `eta`.

    Parameters
    ----------
    numbers, degrees
        Atomic number and number of neighbours of each atom, int64 (N,).
    counts
        Parts of the valence electron mobile count of each atom: σ, π, resonance, float64 (3, N).
    cores
        α of the elements.
    distances
        float64 (N, N).
    sums
        float64 (9,), zeros, filled: α of all atoms, of those with 1, 3 and 4 neighbours; σ, π,
        resonance; η over all pairs and over bonded pairs.
    """
    n = len(numbers)
    roots = np.empty(n)
    for i in range(n):
        core = cores[numbers[i]]
        sums[0] += core
        if degrees[i] == 1:
            sums[1] += core
        elif degrees[i] == 3:
            sums[2] += core
        elif degrees[i] == 4:
            sums[3] += core
        mobile = 0.0
        for part in range(3):
            sums[4 + part] += counts[part, i]
            mobile += counts[part, i]
        roots[i] = np.nan
        if mobile != 0.0:
            roots[i] = np.sqrt(core / mobile)
    for i in range(n):
        for j in range(i):
            term = roots[i] * roots[j] / distances[i, j]
            sums[7] += term
            if distances[i, j] == 1.0:
                sums[8] += term


def add_hydrogens(
    numbers: np.ndarray,
    charges: np.ndarray,
    bonds: np.ndarray,
    orders: np.ndarray,
    valences: np.ndarray,
) -> float:
    """Count the hydrogens of a molecule in which bonds between carbons are made single.

    Parameters
    ----------
    numbers, charges
        Atomic number and formal charge of each atom, int64 (N,).
    bonds, orders
        Atoms and order of each bond of the Kekulé structure; those of hydrogen do not count.
    valences
        Allowed valences of the elements, ascending, padded with zeros, none where they do not tell
        the number of hydrogens, float64 (elements, V).

    Returns
    -------
    float
        The number, or NaN if it does not follow from the valences alone.
    """
    n = len(numbers)
    used = np.zeros(n)
    for k in range(len(bonds)):
        i, j = bonds[k]
        if numbers[i] != 1 and numbers[j] != 1:
            order = 1.0 if numbers[i] == 6 and numbers[j] == 6 else orders[k]
            used[i] += order
            used[j] += order
    total = 0.0
    for i in range(n):
        if numbers[i] == 1:
            continue
        free = np.nan
        if charges[i] == 0:
            for v in range(valences.shape[1]):
                if valences[numbers[i], v] > 0.0 and valences[numbers[i], v] >= used[i]:
                    free = valences[numbers[i], v] - used[i]
                    break
        if np.isnan(free) or free % 1.0 != 0.0:
            return np.nan
        total += free
    return total


def find_mean_epsilons(
    numbers: np.ndarray,
    degrees: np.ndarray,
    starts: np.ndarray,
    atoms: np.ndarray,
    added: float,
    epsilons: np.ndarray,
    values: np.ndarray,
) -> None:
    """Average ETA's ε over sets of atoms; see `eta.mean_epsilons`.

    Parameters
    ----------
    numbers
        Atomic number of each atom, hydrogens included, int64 (N,).
    degrees
        Number of neighbours of each atom, and of those that are not hydrogen, int64 (2, N).
    starts, atoms
        Neighbour lists.
    added
        Number of hydrogens of the saturated molecule.
    epsilons
        ε of the elements.
    values
        float64 (5,), filled: all atoms, atoms but hydrogens, reference alkane, saturated molecule,
        all atoms but hydrogens on carbon.
    """
    n_all = len(numbers)
    n_heavy, n_polar, n_reference = 0, 0, 0
    every, heavy, polar = 0.0, 0.0, 0.0
    crowded, alone = False, False
    for i in range(n_all):
        epsilon = epsilons[numbers[i]]
        every += epsilon
        crowded = crowded or degrees[0, i] > 4
        if numbers[i] != 1:
            n_heavy += 1
            heavy += epsilon
            n_reference += 5 - degrees[1, i]
        elif degrees[0, i] == 0:
            alone = True  # mordred asks for the neighbour
        if numbers[i] != 1 or (degrees[0, i] > 0 and numbers[atoms[starts[i]]] != 6):
            n_polar += 1
            polar += epsilon
    values[0] = every / n_all
    values[1:] = np.nan
    if n_heavy > 0:
        values[1] = heavy / n_heavy
        if not crowded:
            hydrogens = n_reference - n_heavy
            values[2] = (n_heavy * epsilons[6] + hydrogens * epsilons[1]) / n_reference
        values[3] = (heavy + added * epsilons[1]) / (n_heavy + added)
    if n_polar > 0 and not alone:
        values[4] = polar / n_polar


def find_eta_indices(
    sums: np.ndarray,
    reference: np.ndarray,
    epsilons: np.ndarray,
    n: int,
    n_reference: int,
    n_rings: int,
    values: np.ndarray,
) -> None:
    """Fill the descriptors of `eta.ExtendedTopochemicalAtoms`.

    Parameters
    ----------
    sums
        As by `sum_mobile_electrons`.
    reference
        η of the reference alkane, over all pairs and over bonded pairs, float64 (2,).
    epsilons
        As by `find_mean_epsilons`.
    n, n_reference
        Number of atoms of the molecule without hydrogens, and of the reference alkane.
    n_rings
        Number of rings.
    values
        float64 (45,), filled.
    """
    alpha = sums[0]
    values[0] = alpha
    values[1] = alpha / n
    for k in range(3):
        values[2 + k] = sums[1 + k] / alpha
    sigma = sums[4] / 2.0
    other = sums[5] / 2.0 + sums[6]
    values[5] = sigma + other
    values[7] = sigma
    values[9] = other
    values[11] = sums[6]
    # The unbranched chain of as many atoms, and what a ring counts.
    chain = 1.0
    if n == 1:
        chain = np.nan
    elif n > 2:
        chain = np.sqrt(2.0) + 0.5 * (n - 3)
    for k in range(2):
        values[13 + 2 * k] = sums[7 + k]
        values[17 + 2 * k] = reference[k]
        values[18 + 2 * k] = reference[k] / n_reference
        values[21 + 2 * k] = reference[k] - sums[7 + k]
        values[25 + 2 * k] = chain - reference[1] + 0.086 * n_rings * k
    for k in (5, 7, 9, 11, 13, 15, 21, 23, 25, 27):
        values[k + 1] = values[k] / n
    shift = (alpha - 0.5 * n_reference + 0.0 * reference[0]) / n
    values[29] = 0.0 if shift < 0.0 else shift
    values[30] = 0.0 if -shift < 0.0 else -shift
    for k in range(5):
        values[31 + k] = epsilons[k]
    values[36] = epsilons[0] - epsilons[2]
    values[37] = epsilons[0] - epsilons[3]
    values[38] = epsilons[2] - epsilons[3]
    values[39] = epsilons[1] - epsilons[4]
    values[40] = other - sigma
    values[41] = values[40] / n
    psi = alpha / (n * epsilons[1])
    values[42] = psi
    values[43] = 0.0 if 0.714 - psi < 0.0 else 0.714 - psi
    values[44] = 0.0 if psi - 0.714 < 0.0 else psi - 0.714
