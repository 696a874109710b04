"""The calculator that puts the descriptor families together."""

import numpy as np
from rdkit import Chem

from confaug.descriptors.mordred3d.cpsa import ChargedPartialSurfaceArea
from confaug.descriptors.mordred3d.family import Family
from confaug.descriptors.mordred3d.geometrical import GeometricalIndices
from confaug.descriptors.mordred3d.gravitational import GravitationalIndices
from confaug.descriptors.mordred3d.guards import check_coordinates, overlapping_components
from confaug.descriptors.mordred3d.inertia import MomentsOfInertia
from confaug.descriptors.mordred3d.kernels import Kernels, compiled_kernels
from confaug.descriptors.mordred3d.morse import MoRSE
from confaug.descriptors.mordred3d.planarity import PlaneOfBestFit
from confaug.descriptors.mordred3d.reasons import Reason
from confaug.descriptors.mordred3d.shapes import Shapes
from confaug.descriptors.mordred3d.topology import Topology

#: In mordred's order.
FAMILIES: tuple[type[Family], ...] = (
    ChargedPartialSurfaceArea,
    GeometricalIndices,
    GravitationalIndices,
    MoRSE,
    MomentsOfInertia,
    PlaneOfBestFit,
)
#: Pairs of atoms, over all conformers of a chunk, whose arrays are in memory at once.
PAIRS_PER_CHUNK = 2**18


class Mordred3D:
    """mordred's 213 3D descriptors for any number of conformers of one molecule.

    Parameters
    ----------
    mol
        Molecule with explicit hydrogens; its conformers are ignored.
    backend
        ``"numba"``, ``"numpy"``, or None for numba where it is installed.

    Attributes
    ----------
    names
        Column names, in mordred's order.

    Raises
    ------
    ValueError
        If the molecule has no atoms or implicit hydrogens.
    ModuleNotFoundError
        If numba is chosen but not installed.

    Examples
    --------
    >>> from rdkit import Chem
    >>> from rdkit.Chem import AllChem
    >>> mol = Chem.AddHs(Chem.MolFromSmiles("CCO"))
    >>> ids = AllChem.EmbedMultipleConfs(mol, 5, randomSeed=1)
    >>> positions = np.array([conformer.GetPositions() for conformer in mol.GetConformers()])
    >>> values, reasons = Mordred3D(mol)(positions)
    >>> values.shape, reasons
    ((5, 213), [])
    """

    names: tuple[str, ...] = tuple(name for family in FAMILIES for name in family.names)

    def __init__(self, mol: Chem.Mol, backend: str | None = None) -> None:
        self.topology = Topology(mol)
        self.families = [family(self.topology) for family in FAMILIES]
        self.kernels = _kernels(backend)

    def __call__(self, coordinates: np.ndarray) -> tuple[np.ndarray, list[Reason]]:
        """Describe conformers.

        Parameters
        ----------
        coordinates
            Positions in Å, (K, N, 3), atoms in the order of the molecule. Conformers may come from
            any protocol; a row of the result depends on its own conformer alone.

        Returns
        -------
        numpy.ndarray
            float64 (K, 213); NaN where mordred has no value.
        list of Reason
            Why values are NaN, and what is odd about a conformer.

        Raises
        ------
        ValueError
            If the coordinates have the wrong shape, are not finite or are a flat drawing.
        """
        coordinates = check_coordinates(self.topology, coordinates)
        values = np.empty((len(coordinates), len(self.names)))
        for part in self._chunks(len(coordinates)):
            shapes = Shapes(self.topology, coordinates[part], self.kernels)
            values[part] = np.concatenate([f.describe(shapes) for f in self.families], axis=1)
        return values, self.reasons(coordinates, values)

    def areas(self, coordinates: np.ndarray) -> np.ndarray:
        """Return the solvent-accessible surface area of every atom in Å², (K, N)."""
        coordinates = check_coordinates(self.topology, coordinates)
        return Shapes(self.topology, coordinates, self.kernels).areas

    def reasons(self, coordinates: np.ndarray, values: np.ndarray) -> list[Reason]:
        """Say why values are NaN, whichever engine calculated them, and what else is odd."""
        found = [reason for family in self.families for reason in family.reasons()]
        found += overlapping_components(self.topology, coordinates)
        explained = {name for reason in found for name in reason.descriptors}
        for k in np.flatnonzero(np.isnan(values).any(axis=1)):
            lost = tuple(self.names[c] for c in np.flatnonzero(np.isnan(values[k])))
            rest = tuple(name for name in lost if name not in explained)
            if "GRAVH" in rest:
                text = "two atoms are at the same place"
                found.append(Reason("coincident_atoms", text, rest, int(k)))
            elif rest:
                found.append(Reason("undefined", "mordred gives no value", rest, int(k)))
        return found

    def _chunks(self, n_conformers: int) -> list[slice]:
        """Divide the conformers so that memory stays bounded."""
        size = max(1, PAIRS_PER_CHUNK // max(1, len(self.topology.pairs.first)))
        return [slice(start, start + size) for start in range(0, n_conformers, size)]


def _kernels(backend: str | None) -> Kernels | None:
    """Return the compiled loops, or None for the NumPy path."""
    if backend not in (None, "numba", "numpy"):
        raise ValueError(f"backend {backend!r} is neither 'numba' nor 'numpy'")
    if backend == "numpy":
        return None
    kernels = compiled_kernels()
    if kernels is None and backend == "numba":
        raise ModuleNotFoundError("numba, which was asked for as the backend")
    return kernels
