"""BCUT: extreme eigenvalues of Burden matrices.

Off the diagonal, Burden's matrix has a tenth of the bond order, 0.01 more for a bond to an atom
with one neighbour, and 0.001 for atoms that are not bonded; on the diagonal an atomic property. The
names end in 1h for the largest, 1l for the lowest eigenvalue.

References
----------
Burden, F. R. J. Chem. Inf. Comput. Sci. 1989, 29, 225. Pearlman, R. S.; Smith, K. M. in 3D QSAR in
Drug Design 2, 1998, 339.
"""

from collections.abc import Set

import numpy as np

from confaug.descriptors.mordred2d.family import Family
from confaug.descriptors.mordred2d.missing import property_reasons
from confaug.descriptors.mordred2d.molecule import Molecule
from confaug.descriptors.mordred2d.properties import PROPERTIES
from confaug.descriptors.mordred2d.reasons import Reason


class BurdenEigenvalues(Family):
    """The 2 BCUT descriptors of each of some atomic properties.

    Parameters
    ----------
    codes
        Codes of the properties, some of `properties.PROPERTIES`.
    """

    needs_one_component = True

    def __init__(self, codes: tuple[str, ...] = tuple(PROPERTIES)) -> None:
        self.codes = codes
        self.names = tuple(name for code in codes for name in _names(code))

    def only(self, wanted: Set[str]) -> "BurdenEigenvalues":
        """Leave out the properties that nothing wanted needs; see `Family.only`."""
        return BurdenEigenvalues(tuple(c for c in self.codes if not wanted.isdisjoint(_names(c))))

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        graph = molecule.heavy
        diagonals = graph.properties(self.codes)
        known = np.isfinite(diagonals).all(axis=1)
        values = np.full((len(self.codes), 2), np.nan)
        matrices = np.empty((np.count_nonzero(known), graph.n_atoms, graph.n_atoms))
        graph.kernels.fill_burden_matrices(
            diagonals[known], graph.bonds, graph.bond_orders, graph.degrees, matrices
        )
        values[known] = np.linalg.eigvalsh(matrices)[:, [-1, 0]]
        return values.ravel()

    def reasons(self, molecule: Molecule, lost: set[str]) -> list[Reason]:
        """Say for which elements a property is not known; see `Family.reasons`."""
        return [
            reason
            for code in self.codes
            if _names(code)[0] in lost
            for reason in property_reasons(molecule.heavy, code, _names(code))
        ]


def _names(code: str) -> tuple[str, str]:
    """Return the names of the descriptors of a property."""
    return f"BCUT{code}-1h", f"BCUT{code}-1l"
