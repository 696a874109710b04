"""Checks of coordinates before anything is calculated from them."""

import numpy as np
from rdkit import Chem

from confaug.descriptors.mordred3d.reasons import Reason
from confaug.descriptors.mordred3d.topology import Topology

#: Atoms of different components are never closer than this in Å, hydrogen bonds included.
CLOSEST_CONTACT = 1.2


def check_coordinates(topology: Topology, coordinates: np.ndarray) -> np.ndarray:
    """Return coordinates as a contiguous float64 array, or say what is wrong with them.

    Raises
    ------
    ValueError
        If the shape is not (conformers, atoms, 3), if a value is not finite, or if a conformer is
        a flat drawing: all z are exactly 0 although an sp3 atom with four neighbours cannot be
        flat. Planar molecules may lie in the plane z = 0.
    """
    coordinates = np.ascontiguousarray(coordinates, dtype=np.float64)
    wanted = (topology.n_atoms, 3)
    if coordinates.ndim != 3 or coordinates.shape[1:] != wanted:
        raise ValueError(
            f"coordinates of shape {coordinates.shape} do not fit: (conformers, {wanted[0]}, 3) "
            "is expected for a molecule of that many atoms, hydrogens included"
        )
    bad = np.flatnonzero(~np.isfinite(coordinates).all(axis=(1, 2)))
    if len(bad):
        raise ValueError(f"conformer {bad[0]} has a coordinate that is not a finite number")
    flat = np.flatnonzero((coordinates[:, :, 2] == 0.0).all(axis=1))
    if len(flat) and _has_tetrahedral_atom(topology):
        raise ValueError(
            f"conformer {flat[0]} is a flat drawing (every z is 0), not a 3D structure; embed the "
            "molecule first"
        )
    return coordinates


def _has_tetrahedral_atom(topology: Topology) -> bool:
    """Say whether an atom cannot lie in a plane with all its neighbours."""
    return any(
        atom.GetDegree() == 4 and atom.GetHybridization() == Chem.HybridizationType.SP3
        for atom in topology.mol.GetAtoms()
    )


def overlapping_components(topology: Topology, coordinates: np.ndarray) -> list[Reason]:
    """Report conformers in which components of the molecule lie over each other.

    The values are those of the coordinates as they are, so that nothing is undefined; but an
    embedding that overlays its components says little about the substance.
    """
    labels = topology.fragments
    closest = np.full(len(coordinates), np.inf)
    for one in range(labels.max() + 1):
        for other in range(one):
            a, b = coordinates[:, labels == one], coordinates[:, labels == other]
            for k in range(len(coordinates)):
                squares = ((a[k][:, None] - b[k]) ** 2).sum(axis=-1)
                closest[k] = min(closest[k], np.sqrt(squares.min()))
    return [
        Reason(
            "overlapping_components",
            f"atoms of different components are {closest[k]:.2f} Å apart",
            conformer=int(k),
        )
        for k in np.flatnonzero(closest < CLOSEST_CONTACT)
    ]
