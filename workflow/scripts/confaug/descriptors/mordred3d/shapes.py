"""A batch of conformers and the quantities that several descriptor families share."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from confaug.descriptors.mordred3d.kernels import N_SCATTERING, Kernels
from confaug.descriptors.mordred3d.surface import atomic_areas
from confaug.descriptors.mordred3d.topology import AtomPairs, Topology


@dataclass(frozen=True, eq=False)
class PairSums:
    """Sums over pairs of atoms, for K conformers.

    Attributes
    ----------
    farthest
        Distance of every atom to the atom farthest from it, Å, (K, N).
    gravitation
        Sum of products of masses over squared distances, (K, 2): pairs of heavy atoms, all pairs.
    scattering
        Sum of sin(s r) / r over each run of pairs of the same two elements, (K, runs, 31), for
        s = 1 to 31 Å⁻¹.
    """

    farthest: np.ndarray
    gravitation: np.ndarray
    scattering: np.ndarray


@dataclass(frozen=True, eq=False)
class Shapes:
    """K conformers of one molecule.

    Attributes
    ----------
    topology
        The molecule.
    coordinates
        float64 (K, N, 3) in Å, C-contiguous.
    kernels
        Compiled loops, or None for the NumPy path.
    """

    topology: Topology
    coordinates: np.ndarray
    kernels: Kernels | None

    def __len__(self) -> int:
        """Return the number of conformers."""
        return len(self.coordinates)

    @cached_property
    def areas(self) -> np.ndarray:
        """Solvent-accessible surface area of every atom in Å², (K, N)."""
        return atomic_areas(self.coordinates, self.topology.accessible_radii, self.kernels)

    @cached_property
    def total_areas(self) -> np.ndarray:
        """Solvent-accessible surface area of the molecule in Å², (K,)."""
        total: np.ndarray = self.areas.sum(axis=1)
        return total

    @cached_property
    def bond_lengths(self) -> np.ndarray:
        """Distances between bonded atoms in Å, (K, bonds)."""
        ends = np.take(self.coordinates, self.topology.bonds, axis=1)
        lengths: np.ndarray = np.sqrt(((ends[:, :, 0] - ends[:, :, 1]) ** 2).sum(axis=-1))
        return lengths

    @cached_property
    def pair_sums(self) -> PairSums:
        """Sums over all pairs of atoms."""
        pairs = self.topology.pairs
        if self.kernels is None:
            return _pair_sums_with_numpy(self.coordinates, pairs)
        n, n_atoms, runs = len(self), self.topology.n_atoms, len(pairs.classes)
        sums = PairSums(np.empty((n, n_atoms)), np.empty((n, 2)), np.empty((n, runs, N_SCATTERING)))
        self.kernels.sum_over_pairs(
            *(self.coordinates, pairs.first, pairs.second, pairs.starts),
            *(pairs.masses, pairs.heavy_masses),
            *(sums.farthest, sums.gravitation, sums.scattering),
        )
        return sums


def _pair_sums_with_numpy(coordinates: np.ndarray, pairs: AtomPairs) -> PairSums:
    """Do what `kernels.sum_over_pairs` does, with arrays over conformers and pairs."""
    n, n_atoms, _ = coordinates.shape
    first, second = (np.take(coordinates, ends, axis=1) for ends in (pairs.first, pairs.second))
    distance = np.sqrt(((first - second) ** 2).sum(axis=-1))
    matrix = np.zeros((n, n_atoms, n_atoms))
    matrix[:, pairs.first, pairs.second] = distance
    matrix[:, pairs.second, pairs.first] = distance
    heavy = np.nonzero(pairs.heavy_masses)[0]
    scattering = np.zeros((n, len(pairs.classes), N_SCATTERING))
    with np.errstate(divide="ignore", invalid="ignore"):
        gravitation = np.stack(
            [
                (pairs.heavy_masses[heavy] / np.take(distance, heavy, axis=1) ** 2).sum(axis=1),
                (pairs.masses / distance**2).sum(axis=1),
            ],
            axis=1,
        )
        before, now = np.zeros_like(distance), np.sin(distance) / distance
    twice_cos = 2.0 * np.cos(distance)
    for s in range(N_SCATTERING if len(pairs.first) else 0):
        scattering[:, :, s] = np.add.reduceat(now, pairs.starts[:-1], axis=1)
        before, now = now, twice_cos * now - before
    return PairSums(matrix.max(axis=2), gravitation, scattering)
