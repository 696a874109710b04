r"""Indices of distances in the graph without hydrogens.

* Wiener index WPath, half the sum of all distances, and polarity number WPol, the number of pairs
  that are three bonds apart; eccentric connectivity index ECIndex, the sum over atoms of degree
  times eccentricity; Balaban's J;
* diameter and radius, the largest and smallest eccentricity, and
  TopoShapeIndex :math:`(D - R) / R`, PetitjeanIndex :math:`(D - R) / D`;
* topological charge indices: with :math:`T_{ij} = M_{ij} - M_{ji}`, where *M* is the product of the
  adjacency matrix and the matrix of reciprocal squares of distances, GGI *k* is the sum of
  :math:`|T_{ij}|` over the pairs *k* bonds apart, JGI *k* their mean, JGT10 the sum of the means;
* molecular distance edge: for the *n* pairs of atoms of one element with given numbers of
  neighbours, :math:`n / \bar d^2` with the geometric mean of their distances.

Atoms of different components are 10^8 bonds apart, as in RDKit.

References
----------
Wiener, H. J. Am. Chem. Soc. 1947, 69, 17. Balaban, A. T. Chem. Phys. Lett. 1982, 89, 399.
Petitjean, M. J. Chem. Inf. Comput. Sci. 1992, 32, 331. Sharma, V. et al. J. Chem. Inf. Comput. Sci.
1997, 37, 273. Galvez, J. et al. J. Chem. Inf. Comput. Sci. 1994, 34, 520. Liu, S. et al. J. Chem.
Inf. Comput. Sci. 1998, 38, 387.
"""

import numpy as np

from confaug.descriptors.mordred2d.family import Family
from confaug.descriptors.mordred2d.molecule import Molecule

LONGEST_CHARGE = 10
#: Element to the largest number of neighbours that is told apart.
EDGE_ELEMENTS = {"C": 4, "O": 2, "N": 3}


class DistanceIndices(Family):
    """The 8 indices that follow from distances, degrees and eccentricities."""

    names = (
        *("BalabanJ", "ECIndex", "Diameter", "Radius", "TopoShapeIndex", "PetitjeanIndex"),
        *("WPath", "WPol"),
    )

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        graph, values = molecule.heavy, np.zeros(8)
        graph.kernels.find_distance_indices(graph.distances, graph.bonds, graph.degrees, values)
        return values


class TopologicalCharges(Family):
    """The 21 topological charge indices."""

    names = (
        *(f"{kind}{k}" for kind in ("GGI", "JGI") for k in range(1, LONGEST_CHARGE + 1)),
        f"JGT{LONGEST_CHARGE}",
    )

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        graph = molecule.heavy
        values, lists = np.zeros(len(self.names)), graph.neighbours
        graph.kernels.find_topological_charges(graph.distances, lists.starts, lists.atoms, values)
        return values


class MolecularDistanceEdges(Family):
    """The 19 molecular distance edges."""

    only_reason = (
        "no_such_pair",
        "the molecule has no two atoms of the element with such numbers of neighbours",
    )
    names = tuple(
        f"MDE{symbol}-{a}{b}"
        for symbol, most in EDGE_ELEMENTS.items()
        for a in range(1, most + 1)
        for b in range(a, most + 1)
    )

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        graph = molecule.heavy
        values = np.empty(len(self.names))
        graph.kernels.find_distance_edges(graph.distances, graph.numbers, graph.degrees, values)
        return values
