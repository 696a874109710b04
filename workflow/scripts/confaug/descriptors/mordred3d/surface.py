"""Solvent-accessible surface area of every atom, as mordred samples it.

The solvent-accessible surface (Lee and Richards 1971) is traced by the centre of a probe that rolls
over the van der Waals spheres: sphere i has the radius R_i = r_i + 1.4 Å, and the area of atom i is
that part of its sphere which no other sphere covers. It is measured by counting (Shrake and Rupley
1973): of the mesh points p = R_i s + x_i, those stay for which |p - x_j| > R_j for every j, and the
area is 4 π R_i² times their share.

The area is a count, so that every rounding of mordred's point test can be repeated and the result
is equal to mordred's in every bit. What makes it fast is that only few points are tested at all:

* Sphere j covers a cap of sphere i. With u the direction from i to j, d the distance and
  c = (R_i² + d² - R_j²) / (2 R_i d), a point in direction s is covered if s·u > c.
* The points belong to 162 patches of angular radius ρ. A patch with centre m is wholly inside the
  cap of angular radius θ = arccos c if m·u > cos(θ - ρ), and wholly outside if m·u < cos(θ + ρ).
  One product of a cap with all 162 centres decides nearly all patches.
* These tests are done in single precision with a margin wider than all rounding errors, so that a
  decided patch is decided as mordred's own arithmetic would decide its points.
* In the patches that are crossed by the rim of a cap and covered by none, the points are tested in
  mordred's order of operations, against the caps that cross the patch and no others. For organic
  molecules that is one test in 20 to 40 of those that mordred makes.

Atoms so close that the direction is not well defined cross all patches. The kernel and the NumPy
path below do the same; the former keeps one bit per cap and patch.

References
----------
Lee, B.; Richards, F. M. J. Mol. Biol. 1971, 55, 379. Shrake, A.; Rupley, J. A. J. Mol. Biol. 1973,
79, 351.
"""

import numpy as np

from confaug.descriptors.mordred3d.kernels import MARGIN, Kernels
from confaug.descriptors.mordred3d.mesh import Mesh, patched_mesh


def atomic_areas(
    coordinates: np.ndarray, radii: np.ndarray, kernels: Kernels | None = None
) -> np.ndarray:
    """Return the accessible surface area of every atom of every conformer.

    Parameters
    ----------
    coordinates
        (K, N, 3) in Å.
    radii
        Radii of the atoms' spheres including the probe, (N,) in Å.
    kernels
        Compiled loops, or None for the NumPy path.

    Returns
    -------
    numpy.ndarray
        (K, N) in Å², equal to mordred's in every bit.
    """
    mesh = patched_mesh()
    coordinates = np.ascontiguousarray(coordinates, np.float64)
    radii = np.ascontiguousarray(radii, np.float64)
    counts = np.empty(coordinates.shape[:2], np.int64)
    if kernels is None:
        for row, positions in zip(counts, coordinates, strict=True):
            row[:] = _count_with_numpy(positions, radii, mesh)
    else:
        kernels.count_exposed_points(
            *(coordinates, radii, mesh.centres, mesh.points, mesh.weights, mesh.patch_weights),
            *(mesh.n_patches, mesh.cos_radius, mesh.sin_radius, counts),
        )
    spheres = 4.0 * np.pi * radii**2
    return np.where(counts < 0, spheres, spheres * counts / mesh.n_points)


def _count_with_numpy(positions: np.ndarray, radii: np.ndarray, mesh: Mesh) -> np.ndarray:
    """Do what `kernels.count_exposed_points` does for one conformer, all caps at once."""
    distance = np.sqrt(((positions[:, None] - positions) ** 2).sum(axis=2))
    touching = distance <= radii[:, None] + radii
    np.fill_diagonal(touching, False)
    atom, other = np.nonzero(touching)  # one cap each, sorted by atom
    counts = np.full(len(positions), -1)
    if not len(atom):
        return counts
    direction, inside, outside = _caps(positions, radii, atom, other, distance[atom, other], mesh)
    dots = direction @ mesh.centres[:, : mesh.n_patches]
    starts = np.flatnonzero(np.diff(atom, prepend=-1))
    covered = np.logical_or.reduceat(dots > inside[:, None], starts)
    near = dots > outside[:, None]
    crossed = np.logical_or.reduceat(near, starts)
    free = ~covered & ~crossed
    counts[atom[starts]] = free @ mesh.patch_weights[: mesh.n_patches]
    # The rest is tested point by point: every pair of a crossed patch and a cap that crosses it.
    row = np.searchsorted(atom[starts], atom)
    patch, cap = np.nonzero((near & ~covered[row]).T)
    if not len(cap):
        return counts
    owner = atom[cap]
    order = np.lexsort((owner, patch))
    patch, cap, owner = patch[order], cap[order], owner[order]
    points = mesh.points[patch] * radii[owner][:, None, None] + positions[owner][:, :, None]
    squares = (points - positions[other[cap]][:, :, None]) ** 2
    uncovered = (squares[:, 0] + squares[:, 1]) + squares[:, 2] > radii[other[cap]][:, None] ** 2
    new = np.flatnonzero((np.diff(patch, prepend=-1) != 0) | (np.diff(owner, prepend=-1) != 0))
    alive = np.logical_and.reduceat(uncovered, new)
    np.add.at(counts, owner[new], (alive * mesh.weights[patch[new]]).sum(axis=1))
    return counts


def _caps(
    positions: np.ndarray,
    radii: np.ndarray,
    atom: np.ndarray,
    other: np.ndarray,
    distance: np.ndarray,
    mesh: Mesh,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return direction, and cosines beyond which a patch is inside and not outside, of each cap."""
    ri, rj = radii[atom], radii[other]
    defined = distance > 1e-8 * (np.abs(positions).max() + 10.0)
    safe = np.where(defined, distance, 1.0)
    direction = np.where(defined[:, None], (positions[other] - positions[atom]) / safe[:, None], 0)
    cosine = np.where(defined, (ri**2 + distance**2 - rj**2) / (2.0 * ri * safe), 0.0)
    sine = np.sqrt(np.maximum(0.0, 1.0 - cosine**2))
    along, across = cosine * mesh.cos_radius, sine * mesh.sin_radius
    inside = np.where(cosine < mesh.cos_radius, along + across + MARGIN, 2.0)
    outside = np.where(cosine > -mesh.cos_radius, along - across - MARGIN, -2.0)
    # Caps that cover nothing, or all of the sphere, and such as cannot be told.
    inside = np.where(cosine < -1.0 - MARGIN, -2.0, np.where(defined, inside, 2.0))
    outside = np.where(cosine > 1.0 + MARGIN, 2.0, np.where(defined, outside, -2.0))
    return direction, inside, outside
