"""Longest simple paths between all pairs of atoms: the compiled loops behind the detour matrix.

A longest path between two atoms runs through the same biconnected components (blocks) as any other,
and is longest in each of them. In a block, all paths from each atom are enumerated; where these are
too many, branches that cannot lead to a longer path to any atom are left out. What can still be
reached from the end of a path bounds its length:

* no more than the atoms that are connected with the end by atoms off the path;
* of those with one such neighbour, dead ends, the path visits at most the one that it ends at;
* where the block is bipartite, atoms of the two colours take turns.

Once the longest path that these bounds allow is found for all atoms, the search ends.
"""

import numpy as np


def find_blocks(
    starts: np.ndarray, atoms: np.ndarray, block_starts: np.ndarray, members: np.ndarray
) -> int:
    """Divide a connected graph into biconnected components (Hopcroft and Tarjan 1973).

    Parameters
    ----------
    starts, atoms
        Neighbour lists.
    block_starts
        int64 (N + 1,), filled: where the atoms of each block begin in `members`. Blocks come in an
        order in which each has an atom in common with those after it.
    members
        int64 (2 N,), filled: the atoms of the blocks, that one first which it shares with a later
        block (of the last one, atom 0).

    Returns
    -------
    int
        Number of blocks.
    """
    n = len(starts) - 1
    depth = np.full(n, -1, np.int64)
    low = np.zeros(n, np.int64)
    parent = np.full(n, -1, np.int64)
    cursor = starts[:n].copy()
    waiting = np.empty(n, np.int64)
    n_waiting = 0
    n_blocks = 0
    n_members = 0
    block_starts[0] = 0
    depth[0] = 0
    current = 0
    while current >= 0:
        if cursor[current] < starts[current + 1]:
            other = atoms[cursor[current]]
            cursor[current] += 1
            if depth[other] < 0:
                parent[other] = current
                depth[other] = depth[current] + 1
                low[other] = depth[other]
                waiting[n_waiting] = other
                n_waiting += 1
                current = other
            elif other != parent[current]:
                low[current] = min(low[current], depth[other])
            continue
        above = parent[current]
        if above >= 0:
            low[above] = min(low[above], low[current])
            if low[current] >= depth[above]:
                members[n_members] = above
                n_members += 1
                while True:
                    n_waiting -= 1
                    members[n_members] = waiting[n_waiting]
                    n_members += 1
                    if waiting[n_waiting] == current:
                        break
                n_blocks += 1
                block_starts[n_blocks] = n_members
        current = above
    return n_blocks


def longest_paths_in_block(
    all_starts: np.ndarray,
    all_atoms: np.ndarray,
    inside: np.ndarray,
    bounded: bool,
    most_steps: int,
    best: np.ndarray,
) -> int:
    """Find the longest simple path between each two atoms of a biconnected component.

    Parameters
    ----------
    all_starts, all_atoms
        Neighbour lists of the whole graph.
    inside
        Atoms of the block, int64 (N,).
    bounded
        Whether branches that lead to nothing better are left out, which costs time at every step
        and saves steps.
    most_steps
        Where to stop.
    best
        int64 (N, N), zeros, filled with the lengths.

    Returns
    -------
    int
        Number of steps made; above `most_steps` if the search did not end.
    """
    n = len(inside)
    place = np.full(len(all_starts) - 1, -1)
    for i in range(n):
        place[inside[i]] = i
    starts, atoms = np.zeros(n + 1, np.int64), np.empty(len(all_atoms), np.int64)
    for i in range(n):
        end = starts[i]
        for k in range(all_starts[inside[i]], all_starts[inside[i] + 1]):
            if place[all_atoms[k]] >= 0:
                atoms[end] = place[all_atoms[k]]
                end += 1
        starts[i + 1] = end
    steps = 0
    widest = 0
    for i in range(n):
        widest = max(widest, starts[i + 1] - starts[i])
    # Colours of a bipartite block; -1 stands for the other case.
    colour = np.full(n, -1, np.int64)
    colour[0] = 0
    queue = np.empty(n, np.int64)
    queue[0] = 0
    end = 1
    head = 0
    bipartite = True
    while head < end:
        i = queue[head]
        head += 1
        for k in range(starts[i], starts[i + 1]):
            j = atoms[k]
            if colour[j] < 0:
                colour[j] = 1 - colour[i]
                queue[end] = j
                end += 1
            elif colour[j] == colour[i]:
                bipartite = False
    path = np.empty(n, np.int64)
    choices = np.empty((n, widest), np.int64)
    n_choices = np.zeros(n, np.int64)
    on_path = np.zeros(n, np.bool_)
    reached = np.full(n, -1, np.int64)
    dead = np.zeros(n, np.bool_)
    stamp = 0
    for source in range(n):
        row = best[source]
        depth = 0
        path[0] = source
        on_path[source] = True
        fresh = True
        while depth >= 0:
            i = path[depth]
            if fresh:
                fresh = False
                n_choices[depth] = 0
                hopeful = True
                if bounded:
                    # All atoms that a continuation can visit, and which of them are dead ends.
                    stamp += 1
                    reached[i] = stamp
                    queue[0] = i
                    end = 1
                    head = 0
                    n_same = 0
                    n_dead = 0
                    while head < end:
                        a = queue[head]
                        head += 1
                        n_free = 0
                        for k in range(starts[a], starts[a + 1]):
                            b = atoms[k]
                            if on_path[b] and b != i:
                                continue
                            n_free += 1
                            if reached[b] != stamp:
                                reached[b] = stamp
                                queue[end] = b
                                end += 1
                        dead[a] = a != i and n_free <= 1
                        if dead[a]:
                            n_dead += 1
                        if a != i and colour[a] == colour[i]:
                            n_same += 1
                    n_other = end - 1 - n_same
                    hopeful = False
                    for q in range(1, end):
                        t = queue[q]
                        if t <= source:
                            continue
                        most = end - 1 - n_dead
                        if dead[t]:
                            most += 1
                        if bipartite:
                            if colour[t] == colour[i]:
                                most = min(most - most % 2, 2 * min(n_same, n_other))
                            else:
                                most = min(most - 1 + most % 2, 2 * min(n_same, n_other - 1) + 1)
                        if depth + most > row[t]:
                            hopeful = True
                            break
                if hopeful:
                    for k in range(starts[i], starts[i + 1]):
                        j = atoms[k]
                        if on_path[j]:
                            continue
                        # The neighbour with the most free neighbours first, to be taken last.
                        n_free = 0
                        if bounded:
                            for m in range(starts[j], starts[j + 1]):
                                if not on_path[atoms[m]]:
                                    n_free += 1
                        slot = n_choices[depth]
                        if bounded:
                            while slot > 0:
                                other = choices[depth, slot - 1]
                                n_others = 0
                                for m in range(starts[other], starts[other + 1]):
                                    if not on_path[atoms[m]]:
                                        n_others += 1
                                if n_others >= n_free:
                                    break
                                choices[depth, slot] = other
                                slot -= 1
                        choices[depth, slot] = j
                        n_choices[depth] += 1
            if n_choices[depth] == 0:
                on_path[i] = False
                depth -= 1
                continue
            n_choices[depth] -= 1
            j = choices[depth, n_choices[depth]]
            steps += 1
            if steps > most_steps:
                return steps
            depth += 1
            path[depth] = j
            on_path[j] = True
            if depth > row[j]:
                row[j] = depth
                best[j, source] = depth
            fresh = True
    return steps


def join_blocks(
    block_starts: np.ndarray,
    members: np.ndarray,
    lengths: np.ndarray,
    length_starts: np.ndarray,
    matrix: np.ndarray,
) -> None:
    """Put the longest paths of the blocks together to those of the whole graph.

    Parameters
    ----------
    block_starts, members
        As by `find_blocks`.
    lengths
        The matrices of all blocks, row by row, one after the other, int64.
    length_starts
        Where the matrix of each block begins; -1 for a single bond, int64 (blocks,).
    matrix
        float64 (N, N), zeros, filled.
    """
    known = np.empty(len(matrix), np.int64)
    known[0] = 0
    n_known = 1
    for block in range(len(length_starts) - 1, -1, -1):
        first, end = block_starts[block], block_starts[block + 1]
        size, offset = end - first, length_starts[block]
        shared = members[first]
        for a in range(1, size):
            i = members[first + a]
            to_shared = 1 if offset < 0 else lengths[offset + a]
            for k in range(n_known):
                j = known[k]
                matrix[i, j] = matrix[j, i] = matrix[shared, j] + to_shared
        for a in range(1, size):
            i = members[first + a]
            for b in range(1, a):
                j = members[first + b]
                matrix[i, j] = matrix[j, i] = lengths[offset + a * size + b]
            known[n_known] = i
            n_known += 1
