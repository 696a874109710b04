r"""Indices of the neighbourhood alone: of degrees, bonds and walks, without hydrogens.

* Zagreb indices: sums of :math:`d_i^2` over atoms (Zagreb1) and :math:`d_i d_j` over bonds
  (Zagreb2), and of the reciprocals (mZagreb);
* atom-bond connectivity: :math:`\sum \sqrt{(a + b - 2) / ab}` over bonds, with *a* and *b* the two
  degrees (ABC) or the numbers of atoms that are nearer to one end than to the other (ABCGG);
* walk counts: MWC *n* is the logarithm of 1 plus the number of walks of *n* bonds, SRW *n* of those
  that return to their start;
* fragment complexity fragCpx, vertex adjacency information VAdjMat;
* Bertz' complexity index BertzCT: the information content of the pairs of bonds that meet and of
  the elements, where atoms are of one kind if their sorted distances to the nearest others are
  equal, and a multiple bond counts as several.

References
----------
Gutman, I.; Trinajstic, N. Chem. Phys. Lett. 1972, 17, 535. Estrada, E. et al. Indian J. Chem. A
1998, 37, 849. Graovac, A.; Ghorbani, M. Acta Chim. Slov. 2010, 57, 609. Rucker, G.; Rucker, C.
J. Chem. Inf. Comput. Sci. 1993, 33, 683. Nilakantan, R. et al. J. Chem. Inf. Model. 2006, 46, 1069.
Bertz, S. H. J. Am. Chem. Soc. 1981, 103, 3599.
"""

import numpy as np
from rdkit import Chem

from confaug.descriptors.mordred2d.family import Family
from confaug.descriptors.mordred2d.molecule import Molecule

LONGEST_WALK = 10
#: Nearest atoms whose distances tell two atoms apart in Bertz' index.
NEAREST = 100


class DegreeIndices(Family):
    """The 8 indices of degrees and bonds."""

    names = (
        *("ABC", "ABCGG", "Zagreb1", "Zagreb2", "mZagreb1", "mZagreb2"),
        *("fragCpx", "VAdjMat"),
    )

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        graph, values = molecule.heavy, np.zeros(8)
        graph.kernels.find_degree_indices(
            graph.distances, graph.bonds, graph.degrees, graph.numbers, values
        )
        return values


class WalkCounts(Family):
    """The 21 walk counts."""

    names = (
        *(f"MWC{n:02d}" for n in range(1, LONGEST_WALK + 1)),
        f"TMWC{LONGEST_WALK}",
        *(f"SRW{n:02d}" for n in range(2, LONGEST_WALK + 1)),
        f"TSRW{LONGEST_WALK}",
    )

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        lists, values = molecule.heavy.neighbours, np.zeros(len(self.names))
        molecule.kernels.find_walk_counts(lists.starts, lists.atoms, values)
        return values


class BertzComplexity(Family):
    """Bertz' complexity index."""

    names = ("BertzCT",)

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the value; see `Family.describe`."""
        graph = molecule.heavy
        if graph.n_atoms < 2:
            return np.zeros(1)
        matrix = Chem.GetDistanceMatrix(graph.mol, useBO=True, useAtomWts=False, force=True)
        classes = np.empty(graph.n_atoms, np.int64)
        graph.kernels.classify_by_distances(np.sort(matrix, axis=1), NEAREST, classes)
        orders = graph.bond_orders
        if graph.is_aromatic_bond.any():
            orders = np.where(graph.is_aromatic_bond, 1.5, orders)
        most = graph.n_bonds * (graph.n_bonds + 1) // 2
        keys, amounts = np.empty(most, np.int64), np.empty(most)
        size = graph.kernels.list_connections(classes, graph.bonds, orders, keys, amounts)
        kinds = np.unique(keys[:size], return_inverse=True)[1]
        counts = np.bincount(kinds, amounts[:size]).astype(np.float64)  # integers if there are none
        return np.array([graph.kernels.find_bertz_complexity(counts, np.sort(graph.numbers))])
