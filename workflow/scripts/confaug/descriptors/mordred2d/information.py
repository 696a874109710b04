r"""Information content: how many kinds of atoms there are, by their surroundings.

All atoms, hydrogens included, are sorted into classes of equal surroundings up to *r* bonds
(`kernels.hash_neighbourhoods`; order 0 sorts by element). With :math:`p_k` the share of class *k*
of the *A* atoms and *B* the sum of the bond orders of the Kekulé structure,

.. math::

    IC_r = -\sum_k p_k \log_2 p_k, \quad TIC = A\,IC, \quad SIC = IC / \log_2 A, \quad
    BIC = IC / \log_2 B, \quad CIC = \log_2 A - IC

MIC and ZMIC weight the terms by the mass of one of the atoms of the class, and by the number of
protons in the class.

References
----------
Magnuson, V. R.; Harriss, D. K.; Basak, S. C. in Studies in Physical and Theoretical Chemistry 28,
1983, 178. Todeschini, R.; Consonni, V. Molecular Descriptors for Chemoinformatics, 2009, 406.
"""

import numpy as np
from rdkit import Chem

from confaug.descriptors.mordred2d.family import Family
from confaug.descriptors.mordred2d.graph import HYDROGEN
from confaug.descriptors.mordred2d.molecule import Molecule

ORDERS = range(6)


class InformationContent(Family):
    """The 42 information indices."""

    names = tuple(
        f"{kind}{order}"
        for kind in ("IC", "TIC", "SIC", "BIC", "CIC", "MIC", "ZMIC")
        for order in ORDERS
    )

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        graph, values = molecule.full_kekulised, np.zeros((7, len(ORDERS)))
        codes = surroundings(molecule)
        graph.kernels.find_information_content(
            *(codes, np.argsort(codes, axis=1), _masses(molecule), graph.numbers),
            *(float(graph.bond_orders.sum()), values),
        )
        return values.ravel()


def _masses(molecule: Molecule) -> np.ndarray:
    """Return the masses of the atoms of `Molecule.full`, in g/mol."""
    heavy, n_atoms = molecule.heavy.masses, molecule.full.n_atoms
    if not molecule.keeps_order:
        return molecule.full.masses
    masses = np.full(n_atoms, Chem.GetPeriodicTable().GetAtomicWeight(HYDROGEN))
    masses[: len(heavy)] = heavy
    return masses


def surroundings(molecule: Molecule) -> np.ndarray:
    """Return a number for the surroundings of each atom and order, int64 (orders, N)."""
    graph = molecule.full_kekulised
    lists, labels = graph.neighbours, graph.numbers * 1000 + graph.degrees
    codes = np.empty((len(ORDERS), graph.n_atoms), np.int64)
    with np.errstate(over="ignore"):
        graph.kernels.hash_neighbourhoods(
            lists.starts, lists.atoms, graph.bond_types[lists.bonds], labels, codes
        )
    codes[0] = graph.numbers
    return codes
