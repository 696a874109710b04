r"""Molecular identification numbers: weighted counts of the paths from each atom.

The identification number of an atom is :math:`1 + \frac12 \sum \prod (d_i d_j)^{-1/2}`, over the
simple paths that start at it and the bonds of each, with *d* the number of neighbours. MID sums
over all atoms, MID_h over heteroatoms, MID_X over halogens, the others over one element; AMID is
the same divided by the number of atoms. A path whose product of :math:`d_i d_j` has reached 10^20
is not continued, which bounds its length by 34 bonds between atoms with two neighbours and 21
between such with three.

References
----------
Randic, M. J. Chem. Inf. Comput. Sci. 1984, 24, 164 (doi:10.1021/ci00043a009).
"""

from functools import cache

import numpy as np

from confaug.descriptors.mordred2d.family import Family
from confaug.descriptors.mordred2d.molecule import Molecule
from confaug.descriptors.mordred2d.properties import HALOGENS, N_ELEMENTS
from confaug.descriptors.mordred2d.reasons import Reason

LIMIT = 1e20
#: Steps after which the enumeration is given up: ten seconds or so of compiled code.
MOST_STEPS = 1_000_000_000
#: Suffixes of the names, by the atoms that are summed over.
KINDS = ("", "_h", "_C", "_N", "_O", "_X")


@cache
def _chosen() -> np.ndarray:
    """Return which elements each kind sums over, 0 or 1, (kinds, elements)."""
    chosen = np.zeros((len(KINDS), N_ELEMENTS + 1))
    chosen[:2] = 1.0
    chosen[1, [1, 6]] = 0.0
    chosen[[2, 3, 4], [6, 7, 8]] = 1.0
    chosen[5, HALOGENS] = 1.0
    return chosen


def atomic_ids(molecule: Molecule) -> tuple[np.ndarray, bool]:
    """Return the identification number of each atom, and whether all paths were seen."""
    graph = molecule.heavy
    lists, sums = graph.neighbours, np.empty(graph.n_atoms)
    steps = graph.kernels.sum_over_weighted_paths(
        lists.starts, lists.atoms, LIMIT, MOST_STEPS, sums
    )
    return 1.0 + sums / 2.0, steps <= MOST_STEPS


class MolecularIds(Family):
    """The 12 identification numbers."""

    needs_one_component = True
    names = tuple(f"{mean}MID{kind}" for kind in KINDS for mean in ("", "A"))

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        graph = molecule.heavy
        ids, complete = molecule.shared(atomic_ids)
        if not complete:
            return np.full(len(self.names), np.nan)
        sums = _chosen()[:, graph.numbers] @ ids
        return np.stack([sums, sums / graph.n_atoms], axis=1).ravel()

    def reasons(self, molecule: Molecule, lost: set[str]) -> list[Reason]:
        """Say if there are too many paths; see `Family.reasons`."""
        if molecule.shared(atomic_ids)[1]:
            return []
        text = f"there are more than {MOST_STEPS:,} paths"
        return [Reason("too_many_paths", text, self.names)]
