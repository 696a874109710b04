"""The detour matrix: the longest path between each two atoms.

See `longest_paths` for how it is found, and `spectra` for its eigenvalues. The detour index is half
the sum of its elements.

References
----------
Amic, D.; Trinajstic, N. Croat. Chem. Acta 1995, 68, 53. Trinajstic, N. et al. J. Chem. Inf. Comput.
Sci. 1997, 37, 631.
"""

from typing import NamedTuple

import numpy as np

from confaug.descriptors.mordred2d.family import Family
from confaug.descriptors.mordred2d.graph import Graph
from confaug.descriptors.mordred2d.molecule import Molecule
from confaug.descriptors.mordred2d.reasons import Reason

#: Steps in one block after which branches are bounded, and after which the search is given up: a
#: millisecond and some ten seconds of compiled code.
FEW_STEPS, MOST_STEPS = 100_000, 30_000_000


class Detours(NamedTuple):
    """The detour matrix, and whether the search for it came to its end."""

    matrix: np.ndarray
    complete: bool


def detour_matrix(molecule: Molecule) -> Detours:
    """Return the lengths of the longest simple paths of a connected molecule, (N, N)."""
    graph = molecule.heavy
    if graph.n_bonds < graph.n_atoms:  # without rings there is one path between two atoms
        return Detours(graph.distances, True)
    n, lists, kernels = graph.n_atoms, graph.neighbours, graph.kernels
    block_starts, members = np.zeros(n + 1, np.int64), np.empty(2 * n, np.int64)
    n_blocks = kernels.find_blocks(lists.starts, lists.atoms, block_starts, members)
    length_starts, lengths = np.full(n_blocks, -1), [np.empty(0, np.int64)]
    complete, offset = True, 0
    for block in np.flatnonzero(np.diff(block_starts[: n_blocks + 1]) > 2):
        inside = members[block_starts[block] : block_starts[block + 1]]
        found, ended = _longest_paths(graph, inside)
        complete &= ended
        length_starts[block] = offset
        lengths.append(found.ravel())
        offset += found.size
    matrix = np.zeros((n, n))
    kernels.join_blocks(block_starts, members, np.concatenate(lengths), length_starts, matrix)
    return Detours(matrix, complete)


def _longest_paths(graph: Graph, inside: np.ndarray) -> tuple[np.ndarray, bool]:
    """Return the longest paths within one block, and whether they are."""
    lists = graph.neighbours
    for bounded, most_steps in ((False, FEW_STEPS), (True, MOST_STEPS)):
        best = np.zeros((len(inside), len(inside)), np.int64)
        steps = graph.kernels.longest_paths_in_block(
            lists.starts, lists.atoms, inside, bounded, most_steps, best
        )
        if steps <= most_steps:
            return best, True
    return best, False


def detour_reasons(molecule: Molecule, names: tuple[str, ...]) -> list[Reason]:
    """Say if the search for the longest paths was given up."""
    if molecule.shared(detour_matrix).complete:
        return []
    text = f"the longest paths are not found in {MOST_STEPS:,} steps"
    return [Reason("too_many_paths", text, names)]


class DetourIndex(Family):
    """The detour index."""

    needs_one_component = True
    names = ("DetourIndex",)

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the value; see `Family.describe`."""
        found = molecule.shared(detour_matrix)
        return np.array([found.matrix.sum() // 2.0 if found.complete else np.nan])

    def reasons(self, molecule: Molecule, lost: set[str]) -> list[Reason]:
        """Say if the search was given up; see `Family.reasons`."""
        return detour_reasons(molecule, self.names)
