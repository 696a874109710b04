r"""Gravitational indices: the bulk of the molecule.

.. math:: G = \sum_{i<j} \frac{m_i m_j}{r_{ij}^2}

over all pairs of heavy atoms (GRAV) or of all atoms (GRAVH), and over bonded pairs alone (GRAVp,
GRAVHp). *m* is the mass in g/mol, *r* the distance in Å.

References
----------
Katritzky, A. R.; Mu, L.; Lobanov, V. S.; Karelson, M. J. Phys. Chem. 1996, 100, 10400
(doi:10.1021/jp953224q).
"""

import numpy as np

from confaug.descriptors.mordred3d.family import Family
from confaug.descriptors.mordred3d.shapes import Shapes
from confaug.descriptors.mordred3d.topology import Topology
from confaug.descriptors.names import GRAVITATIONAL


class GravitationalIndices(Family):
    """The four gravitational indices, undefined where two atoms coincide."""

    names = GRAVITATIONAL

    def __init__(self, topology: Topology) -> None:
        super().__init__(topology)
        self.bond_masses = topology.masses[topology.bonds].prod(axis=1)
        self.heavy_bonds = np.flatnonzero(topology.is_heavy[topology.bonds].all(axis=1))

    def describe(self, shapes: Shapes) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        all_pairs = shapes.pair_sums.gravitation
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = self.bond_masses / shapes.bond_lengths**2
        heavy_terms = np.take(terms, self.heavy_bonds, axis=1)
        bonded = np.stack([heavy_terms.sum(axis=1), terms.sum(axis=1)], axis=1)
        values = np.concatenate([all_pairs, bonded], axis=1)
        coincident = ~np.isfinite(all_pairs)
        values[np.concatenate([coincident, coincident], axis=1)] = np.nan
        return values
