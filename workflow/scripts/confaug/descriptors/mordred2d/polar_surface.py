"""Topological polar surface area, with nitrogen and oxygen alone or with sulfur and phosphorus.

The former is RDKit's. The contributions of sulfur and phosphorus, in Å², are those of the original
publication: Ertl, P.; Rohde, B.; Selzer, P. J. Med. Chem. 2000, 43, 3714 (doi:10.1021/jm000942e).
"""

import numpy as np
from rdkit import Chem
from rdkit.Chem import rdMolDescriptors

from confaug.descriptors.mordred2d.family import Family
from confaug.descriptors.mordred2d.molecule import Molecule

PHOSPHORUS, SULFUR = 15, 16
SINGLE, DOUBLE = Chem.BondType.SINGLE, Chem.BondType.DOUBLE
#: Element, aromatic, hydrogens, number of single, double and aromatic bonds (hydrogens included).
CONTRIBUTIONS = {
    (PHOSPHORUS, False, 1, 3, 1, 0): 23.47,
    (PHOSPHORUS, False, 0, 3, 0, 0): 13.59,
    (PHOSPHORUS, False, 0, 1, 1, 0): 34.14,
    (PHOSPHORUS, False, 0, 3, 1, 0): 9.81,
    (SULFUR, True, 0, 0, 0, 2): 28.24,
    (SULFUR, True, 0, 0, 1, 2): 21.7,
    (SULFUR, False, 1, 2, 0, 0): 38.8,
    (SULFUR, False, 0, 2, 0, 0): 25.3,
    (SULFUR, False, 0, 0, 1, 0): 32.09,
    (SULFUR, False, 0, 2, 1, 0): 19.21,
    (SULFUR, False, 0, 2, 2, 0): 8.38,
}


class PolarSurface(Family):
    """The 2 topological polar surface areas."""

    names = ("TopoPSA(NO)", "TopoPSA")

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        graph = molecule.full
        area = rdMolDescriptors.CalcTPSA(graph.mol)
        others = 0.0
        for index in np.flatnonzero((graph.numbers == PHOSPHORUS) | (graph.numbers == SULFUR)):
            atom = graph.mol.GetAtomWithIdx(int(index))
            if atom.GetFormalCharge() == 0:
                others += CONTRIBUTIONS.get(_surroundings(atom), 0.0)
        return np.array([area, area + others])


def _surroundings(atom: Chem.Atom) -> tuple[int, bool, int, int, int, int]:
    """Return what the contribution of an atom depends on; no key of it for other bonds."""
    aromatic = [bond.GetIsAromatic() for bond in atom.GetBonds()]
    types = [bond.GetBondType() for bond in atom.GetBonds() if not bond.GetIsAromatic()]
    single, double = types.count(SINGLE), types.count(DOUBLE)
    hydrogens = atom.GetTotalNumHs(includeNeighbors=True)
    if single + double < len(types):
        hydrogens = -1
    return atom.GetAtomicNum(), atom.GetIsAromatic(), hydrogens, single, double, sum(aromatic)
