"""The sphere of sample points that the surface is measured with, and its patches.

The sphere is an icosahedron whose triangles are divided in four, again and again, every new point
being pushed out to the unit sphere (a geodesic sphere). mordred adds the midpoint of an edge once
for each of the two triangles that share it, so that its level 5 lists 5112 points of which 2562 are
different: the 12 corners of the icosahedron once, all others exactly twice. Counting each different
point with its multiplicity gives mordred's counts exactly, at half the work.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from confaug.descriptors.mordred3d.kernels import N_PATCHES, PATCH_SIZE

LEVEL = 5
#: The patches are the neighbourhoods of the points of this coarser level.
PATCH_LEVEL = 3


def geodesic_sphere(level: int) -> np.ndarray:
    """Return the points of mordred's sphere of a level, repeated points included.

    Parameters
    ----------
    level
        1 is the icosahedron; each further level divides every triangle in four.

    Returns
    -------
    numpy.ndarray
        Unit vectors, float64 (5 * 4**level - 8, 3).

    Examples
    --------
    >>> len(geodesic_sphere(5))
    5112
    """
    golden = (1.0 + np.sqrt(5.0)) / 2.0
    signs = [(s, t) for t in (1.0, -1.0) for s in (-1.0, 1.0)]
    xy = np.array([(s, t * golden, 0.0) for s, t in signs])
    corners = np.concatenate([xy, np.roll(xy, 1, axis=1), np.roll(xy, 2, axis=1)])
    points = _unit(corners)
    triangles = _icosahedron_triangles(points)
    for _ in range(level - 1):
        a, b, c = triangles.T
        n, m = len(points), len(triangles)
        ab, bc, ac = (np.arange(m) + n + shift * m for shift in range(3))
        middle = [points[a] + points[b], points[b] + points[c], points[a] + points[c]]
        points = np.concatenate([points, _unit(np.concatenate(middle))])
        quarters = [(a, ab, ac), (b, ab, bc), (c, ac, bc), (ab, ac, bc)]
        triangles = np.concatenate([np.stack(quarter, axis=1) for quarter in quarters])
    return points


def _unit(vectors: np.ndarray) -> np.ndarray:
    """Scale vectors to length 1, with the rounding that mordred's mesh has."""
    unit: np.ndarray = vectors / np.sqrt((vectors**2).sum(axis=1))[:, None]
    return unit


def _icosahedron_triangles(corners: np.ndarray) -> np.ndarray:
    """Return the 20 triples of neighbouring corners."""
    near = corners @ corners.T > 0.4  # neighbours have a cosine of 1/√5, others a negative one
    n = len(corners)
    return np.array(
        [
            (i, j, k)
            for i in range(n)
            for j in range(i + 1, n)
            for k in range(j + 1, n)
            if near[i, j] and near[j, k] and near[i, k]
        ]
    )


@dataclass(frozen=True, eq=False)
class Mesh:
    """The different points of the sphere, grouped into round patches.

    A patch is the set of points that are closest to one point of a coarser sphere. Unused places
    have weight 0, and repeat the first point of their patch.

    Attributes
    ----------
    n_points
        Points with repetitions, what a count is divided by.
    n_patches
        Patches in use.
    centres
        Unit vectors, float32 (3, N_PATCHES).
    cos_radius, sin_radius
        Of the angular radius of the largest patch.
    points
        Unit vectors, float64 (N_PATCHES, 3, PATCH_SIZE).
    weights
        Multiplicity of each point, int64 (N_PATCHES, PATCH_SIZE).
    patch_weights
        Their sum per patch, int64 (N_PATCHES,).
    """

    n_points: int
    n_patches: int
    centres: np.ndarray
    cos_radius: float
    sin_radius: float
    points: np.ndarray
    weights: np.ndarray
    patch_weights: np.ndarray


@cache
def patched_mesh() -> Mesh:
    """Build the mesh that `confaug.descriptors.mordred3d.surface` uses."""
    every = geodesic_sphere(LEVEL)
    distinct, multiplicity = np.unique(every, axis=0, return_counts=True)
    centres = np.unique(geodesic_sphere(PATCH_LEVEL), axis=0)
    cosines = distinct @ centres.T
    owner = np.argmax(cosines, axis=1)
    radius = np.arccos(cosines[np.arange(len(distinct)), owner].min())
    points = np.zeros((N_PATCHES, 3, PATCH_SIZE))
    weights = np.zeros((N_PATCHES, PATCH_SIZE), np.int64)
    for patch in range(len(centres)):
        members = np.nonzero(owner == patch)[0]
        points[patch] = distinct[members[0]][:, None]
        points[patch, :, : len(members)] = distinct[members].T
        weights[patch, : len(members)] = multiplicity[members]
    padded = np.zeros((3, N_PATCHES), np.float32)
    padded[:, : len(centres)] = centres.T
    return Mesh(
        n_points=len(every),
        n_patches=len(centres),
        centres=padded,
        cos_radius=float(np.cos(radius)),
        sin_radius=float(np.sin(radius)),
        points=points,
        weights=weights,
        patch_weights=weights.sum(axis=1),
    )
