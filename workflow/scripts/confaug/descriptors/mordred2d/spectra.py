r"""Eigenvalues of graph matrices: adjacency, distance, detour and Barysz matrices.

For a symmetric matrix of the N atoms with eigenvalues :math:`\lambda_i`, the largest of them
:math:`\lambda_1` with the eigenvector *v*:

* SpAbs :math:`\sum |\lambda_i|`, SpMax :math:`\lambda_1`, SpDiam :math:`\lambda_1 - \min \lambda`,
  SpAD :math:`\sum |\lambda_i - \bar\lambda|`, SpMAD SpAD / N,
  LogEE :math:`\log(1 + \sum e^{\lambda_i})`, SM1 the trace;
* VE1 :math:`\sum |v_i|`, VE2 VE1 / N, VE3 :math:`\log(N\,VE1 / 10)`;
* VR1 :math:`\sum_{bonds} (v_i v_j)^{-1/2}`, VR2 VR1 / N, VR3 :math:`\log(N\,VR1 / 10)`.

The Barysz matrix has lengths of shortest paths where a bond between i and j of order b is
:math:`w_C^2 / (b\,w_i w_j)` long, and :math:`1 - w_C / w_i` on the diagonal, for an atomic property
*w*, that of carbon with the index C.

The eigenvectors of the adjacency matrix of a large molecule have elements below the rounding error,
of which VR1 makes most: this matrix is therefore solved as mordred does, by the same routine of
LAPACK, so that even that noise is the same. The others are dense and positive, and so are their
leading eigenvectors, which come from a loop of our own.

References
----------
Todeschini, R.; Consonni, V. Molecular Descriptors for Chemoinformatics, 2009. Barysz, M. et al. in
Chemical Applications of Topology and Graph Theory, 1983, 222. Balaban, A. T. et al. J. Chem. Inf.
Comput. Sci. 1991, 31, 517.
"""

from collections.abc import Set

import numpy as np

from confaug.descriptors.mordred2d.detour import detour_matrix, detour_reasons
from confaug.descriptors.mordred2d.family import Family
from confaug.descriptors.mordred2d.graph import Graph
from confaug.descriptors.mordred2d.missing import property_reasons
from confaug.descriptors.mordred2d.molecule import Molecule
from confaug.descriptors.mordred2d.properties import CARBON, TABULATED, tabulated
from confaug.descriptors.mordred2d.reasons import Reason

ATTRIBUTES = (
    *("SpAbs", "SpMax", "SpDiam", "SpAD", "SpMAD", "LogEE", "SM1"),
    *("VE1", "VE2", "VE3", "VR1", "VR2", "VR3"),
)


#: Suffix of the matrix; the Barysz matrices have the code of their property after the z.
MATRICES = ("A", "D", "Dt", *(f"Dz{code}" for code in TABULATED))


class Spectra(Family):
    """The attributes of some matrices: 12 of A and D, which have no trace, 13 of the others.

    Parameters
    ----------
    matrices
        Their suffixes, some of `MATRICES`.
    """

    needs_one_component = True

    def __init__(self, matrices: tuple[str, ...] = MATRICES) -> None:
        self.matrices = matrices
        self.codes = tuple(suffix[2:] for suffix in matrices if suffix.startswith("Dz"))
        self.carbon = np.array([tabulated(code)[CARBON] for code in self.codes])
        kept = [
            (row, place, name)
            for row, suffix in enumerate(matrices)
            for place, name in enumerate(_names(suffix))
            if name
        ]
        self.names = tuple(name for _, _, name in kept)
        self.places = tuple(np.array([(row, place) for row, place, _ in kept]).T)

    def only(self, wanted: Set[str]) -> "Spectra":
        """Leave out the matrices that nothing wanted needs; see `Family.only`."""
        return Spectra(tuple(s for s in self.matrices if not wanted.isdisjoint(_names(s))))

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        matrices, known = self._matrices(molecule)
        values = np.full((len(self.matrices), len(ATTRIBUTES)), np.nan)
        by_lapack = np.array([suffix == "A" for suffix in self.matrices])
        for exact in (True, False):
            chosen = known & (by_lapack == exact)
            if chosen.any():
                made = matrices if chosen.all() else matrices[chosen]
                values[chosen] = spectral_attributes(made, molecule.heavy, exact)
        found: np.ndarray = values[self.places]
        return found

    def _matrices(self, molecule: Molecule) -> tuple[np.ndarray, np.ndarray]:
        """Return the matrices of a connected molecule, (K, N, N), and which are defined, (K,)."""
        graph = molecule.heavy
        matrices = np.empty((len(self.matrices), graph.n_atoms, graph.n_atoms))
        known = np.ones(len(self.matrices), bool)
        for row, suffix in enumerate(self.matrices[: len(self.matrices) - len(self.codes)]):
            if suffix == "A":
                matrices[row] = graph.adjacency
            elif suffix == "D":
                matrices[row] = graph.distances
            else:
                matrices[row], known[row] = molecule.shared(detour_matrix)
        if self.codes:
            weights = graph.properties(self.codes)
            first = len(self.matrices) - len(self.codes)
            graph.kernels.fill_barysz_matrices(
                *(weights, self.carbon, graph.bonds, graph.bond_orders),
                *(matrices[first:], known[first:]),
            )
        return matrices, known

    def reasons(self, molecule: Molecule, lost: set[str]) -> list[Reason]:
        """Say which matrices could not be made; see `Family.reasons`."""
        found = []
        for suffix in self.matrices:
            names = tuple(name for name in _names(suffix) if name)
            if suffix == "Dt":
                found += detour_reasons(molecule, names)
            elif suffix.startswith("Dz") and names[0] in lost:
                found += property_reasons(molecule.heavy, suffix[2:], names)
        return found


def _names(suffix: str) -> tuple[str, ...]:
    """Return the names of all attributes of a matrix, empty where there is no descriptor."""
    return tuple(
        "" if name == "SM1" and suffix in ("A", "D") else f"{name}_{suffix}" for name in ATTRIBUTES
    )


def spectral_attributes(matrices: np.ndarray, graph: Graph, by_lapack: bool) -> np.ndarray:
    """Return the 13 attributes of symmetric matrices, in the order of `ATTRIBUTES`.

    Parameters
    ----------
    matrices
        float64 (K, N, N), symmetric.
    graph
        The graph with the bonds.
    by_lapack
        Whether the eigenvectors have to be LAPACK's to the last bit.

    Returns
    -------
    numpy.ndarray
        (K, 13); NaN where the eigenvalues do not converge.
    """
    attributes = np.full((len(matrices), len(ATTRIBUTES)), np.nan)
    if by_lapack or graph.kernels.numba is None:
        try:
            eigenvalues, eigenvectors = np.linalg.eigh(matrices)
        except np.linalg.LinAlgError:
            return attributes
        leading = eigenvectors[:, :, -1].copy()
    else:
        eigenvalues, leading = np.empty((2, len(matrices), graph.n_atoms))
        graph.kernels.find_spectra(matrices, eigenvalues, leading)
    graph.kernels.sum_up_spectra(eigenvalues, leading, graph.bonds, attributes)
    attributes[:, ATTRIBUTES.index("SM1")] = np.trace(matrices, axis1=1, axis2=2)
    return attributes
