"""Loops that enumerate connected sets of bonds, and the surroundings of atoms.

See `kernels` for how they are compiled and how a graph comes.
"""

from math import sqrt

import numpy as np

# Multipliers of the hash of neighbourhoods: odd 64-bit numbers with no pattern (the golden ratio's
# digits and the constants of Steele, Lea and Flood's splitmix, OOPSLA 2014), as signed numbers.
_GOLDEN = -7046029254386353131
_MIX_1 = -4658895280553007687
_MIX_2 = -7723592293110705685


def sum_over_subgraphs(
    ends: np.ndarray,
    starts: np.ndarray,
    bonds: np.ndarray,
    deltas: np.ndarray,
    largest: int,
    most_steps: int,
    sums: np.ndarray,
) -> int:
    """Enumerate the connected sets of up to so many bonds, each once.

    Every set is reached from its bond of the lowest number, by adding bonds of higher numbers that
    touch it and were not passed over before (algorithm ESU of Wernicke, IEEE/ACM Trans. Comput.
    Biol. Bioinform. 2006, 3, 347, on bonds in place of vertices).

    Parameters
    ----------
    ends
        Atoms of each bond, int64 (B, 2).
    starts, bonds
        Lists of the bonds at each atom.
    deltas
        Two kinds of vertex degrees, float64 (N, 2).
    largest
        Number of bonds of the largest sets.
    most_steps
        Where to stop.
    sums
        float64 (largest + 1, 3, 4), zeros, filled per number of bonds for chains (sets with a
        ring), clusters (branched, no atom with two bonds) and path-clusters (branched, with such
        an atom): for each kind of degree, the sum of the product's inverse square root over the
        set's atoms, and the number of sets whose product is not positive.

    Returns
    -------
    int
        Number of steps made; above `most_steps` if not all sets were seen.
    """
    n_bonds = len(ends)
    steps = 0
    inside = np.zeros(len(starts) - 1, np.int64)  # bonds of the set at each atom
    seen = np.zeros(n_bonds, np.bool_)
    candidates = np.empty((largest + 1, n_bonds + 1), np.int64)
    n_left = np.zeros(largest + 1, np.int64)
    first_new = np.zeros(largest + 1, np.int64)
    end_new = np.zeros(largest + 1, np.int64)
    members = np.zeros(largest + 1, np.int64)
    n_atoms = np.zeros(largest + 1, np.int64)
    n_middle = np.zeros(largest + 1, np.int64)  # atoms with two bonds of the set
    n_branch = np.zeros(largest + 1, np.int64)  # atoms with more
    product = np.ones((largest + 1, 2))
    for root in range(n_bonds):
        size = 0
        seen[root] = True
        candidates[0, 0] = root
        n_left[0] = 1
        while size >= 0:
            if n_left[size] == 0:
                if size > 0:
                    for c in range(first_new[size], end_new[size]):
                        seen[candidates[size, c]] = False
                    a, b = ends[members[size]]
                    inside[a] -= 1
                    inside[b] -= 1
                size -= 1
                continue
            n_left[size] -= 1
            bond = candidates[size, n_left[size]]
            a, b = ends[bond]
            steps += 1
            if steps > most_steps:
                return steps
            larger = size + 1
            n_atoms[larger] = n_atoms[size]
            n_middle[larger] = n_middle[size]
            n_branch[larger] = n_branch[size]
            product[larger, 0] = product[size, 0]
            product[larger, 1] = product[size, 1]
            for atom in (a, b):
                if inside[atom] == 0:
                    n_atoms[larger] += 1
                    product[larger, 0] *= deltas[atom, 0]
                    product[larger, 1] *= deltas[atom, 1]
                elif inside[atom] == 1:
                    n_middle[larger] += 1
                elif inside[atom] == 2:
                    n_middle[larger] -= 1
                    n_branch[larger] += 1
            kind = -1
            if n_atoms[larger] <= larger:
                kind = 0
            elif n_branch[larger] > 0:
                kind = 1 if n_middle[larger] == 0 else 2
            if kind >= 0:
                row = sums[larger, kind]
                for p in range(2):
                    if product[larger, p] > 0.0:
                        row[p] += 1.0 / sqrt(product[larger, p])
                    else:
                        row[2 + p] += 1.0
            if larger == largest:
                continue
            inside[a] += 1
            inside[b] += 1
            members[larger] = bond
            n = n_left[size]
            for c in range(n):
                candidates[larger, c] = candidates[size, c]
            first_new[larger] = n
            for atom in (a, b):
                for k in range(starts[atom], starts[atom + 1]):
                    other = bonds[k]
                    if other > root and not seen[other]:
                        seen[other] = True
                        candidates[larger, n] = other
                        n += 1
            end_new[larger] = n
            n_left[larger] = n
            size = larger
        seen[root] = False
    return steps


def hash_neighbourhoods(
    starts: np.ndarray,
    atoms: np.ndarray,
    bond_labels: np.ndarray,
    atom_labels: np.ndarray,
    codes: np.ndarray,
) -> None:
    """Give each atom a number for its surroundings; equal surroundings have equal numbers.

    The surroundings of order r are the sequences of atoms and bonds along the branches of mordred's
    tree: round by round, every leaf gets as children those neighbours that were no leaves before
    it, from left to right, so that an atom at the far side of a ring is in the tree twice or once
    as the numbering has it. A sequence is hashed to 64 bits, and so is the sum over the leaves.

    Parameters
    ----------
    starts, atoms
        Neighbour lists.
    bond_labels
        Label of the bond to each neighbour, int64.
    atom_labels
        Label of each atom, int64.
    codes
        int64 (orders + 1, N), filled from order 0 on.
    """
    n = len(starts) - 1
    stamp = np.full(n, -1, np.int64)
    leaves, hashes = np.empty(256, np.int64), np.empty(256, np.int64)
    new_leaves, new_hashes = np.empty(256, np.int64), np.empty(256, np.int64)
    for source in range(n):
        n_leaves = 1
        leaves[0] = source
        hashes[0] = atom_labels[source] * _GOLDEN
        ended = hashes[0] - hashes[0]  # sum over leaves that have no children
        for order in range(codes.shape[0]):
            code = ended
            for m in range(n_leaves):
                h = hashes[m]
                h = (h ^ (h >> 31)) * _MIX_2
                code += h ^ (h >> 29)
            codes[order, source] = code
            n_new = 0
            for m in range(n_leaves):
                leaf = leaves[m]
                stamp[leaf] = source
                n_before = n_new
                for k in range(starts[leaf], starts[leaf + 1]):
                    j = atoms[k]
                    if stamp[j] == source:
                        continue
                    if n_new == len(new_leaves):
                        grown = np.empty(2 * n_new, np.int64)
                        grown[:n_new] = new_leaves
                        new_leaves = grown
                        grown = np.empty(2 * n_new, np.int64)
                        grown[:n_new] = new_hashes
                        new_hashes = grown
                    h = (hashes[m] ^ (hashes[m] >> 30)) * _MIX_1
                    h = (h + bond_labels[k]) * _GOLDEN
                    h = ((h ^ (h >> 27)) * _MIX_2 + atom_labels[j]) * _GOLDEN
                    new_leaves[n_new] = j
                    new_hashes[n_new] = h
                    n_new += 1
                if n_new == n_before:
                    h = hashes[m]
                    h = (h ^ (h >> 31)) * _MIX_2
                    ended += h ^ (h >> 29)
            leaves, new_leaves = new_leaves, leaves
            hashes, new_hashes = new_hashes, hashes
            n_leaves = n_new
