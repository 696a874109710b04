"""The two loops that are worth compiling, written for numba, and how they get compiled.

Both are plain Python here, so that this module can be imported without numba; `compiled_kernels`
compiles them once per machine and keeps the result in a cache on disk.

They are compiled **without** fast-math, so that no operation is reordered and no product is fused
with a sum: the surface has to round exactly as mordred does, and results must not depend on the
width of a processor's vector registers. Inner loops have a constant length and no sums across
iterations, which is what lets the compiler use vector registers all the same.
"""

import logging
from collections.abc import Callable
from functools import cache
from math import sqrt
from typing import Any, NamedTuple

import numpy as np

# What the compiled code takes from outside is fixed in this file, so that the cache on disk, which
# knows the file alone, cannot be out of date.
#: Places for patches of the mesh and for the points of a patch, padded to whole vector registers.
N_PATCHES = 168
PATCH_SIZE = 20
#: Uncertainty of a cosine that is granted to the single-precision test of whole patches. Its error
#: is below 5e-7; a wider margin only sends more points to the exact test.
MARGIN = 4e-6
#: Neighbours whose bits share one 32-bit word (the sign bit is left alone).
WORD = 31
#: Pairs that are worked on together.
LANES = 64
#: Values of s in sin(s r) / (s r): 1 to 31.
N_SCATTERING = 31

# π/2 as a sum of three numbers, the first two with trailing zeros so that their products with a
# small integer are exact (Cody and Waite, Software Manual for the Elementary Functions, 1980).
_HALF_PI_HIGH = 1.5707963267341256
_HALF_PI_MIDDLE = 6.077100506303966e-11
_HALF_PI_LOW = 2.0222662487959506e-21
_TWO_OVER_PI = 0.6366197723675814

# Position of the only set bit of a 32-bit word, from the top 5 bits of its product with a de Bruijn
# sequence (Leiserson, Prokop and Randall 1998).
_DE_BRUIJN = 0x077CB531
_BIT_POSITION = np.zeros(32, np.int64)
for _bit in range(32):
    _BIT_POSITION[((_DE_BRUIJN << _bit) & 0xFFFFFFFF) >> 27] = _bit


logger = logging.getLogger("confaug")


class Kernels(NamedTuple):
    """The compiled functions."""

    count_exposed_points: Callable[..., None]
    sum_over_pairs: Callable[..., None]


def count_exposed_points(
    coordinates: np.ndarray,
    radii: np.ndarray,
    centres: np.ndarray,
    points: np.ndarray,
    weights: np.ndarray,
    patch_weights: np.ndarray,
    n_patches: int,
    cos_radius: float,
    sin_radius: float,
    counts: np.ndarray,
) -> None:
    """Count the points of every atom's sphere that no other sphere covers; see `surface`.

    Parameters
    ----------
    coordinates
        (K, N, 3) in Å.
    radii
        (N,) radii of the spheres in Å.
    centres, points, weights, patch_weights, n_patches, cos_radius, sin_radius
        As in `mesh.Mesh`.
    counts
        int64 (K, N), filled: the weighted count, or -1 for an atom without neighbours.
    """
    n_atoms = coordinates.shape[1]
    n_words = (n_atoms + WORD - 1) // WORD
    centre_x, centre_y, centre_z = centres[0], centres[1], centres[2]
    covered = np.zeros(N_PATCHES, np.int32)
    near = np.zeros((n_words, N_PATCHES), np.int32)
    neighbours = np.empty(n_atoms, np.int64)
    px, py, pz = np.empty(PATCH_SIZE), np.empty(PATCH_SIZE), np.empty(PATCH_SIZE)
    alive = np.empty(PATCH_SIZE, np.int64)
    for k in range(coordinates.shape[0]):
        xyz = coordinates[k]
        extent = 0.0
        for i in range(n_atoms):
            extent = max(extent, abs(xyz[i, 0]), abs(xyz[i, 1]), abs(xyz[i, 2]))
        too_close = 1e-8 * (extent + 10.0)
        for i in range(n_atoms):
            xi, yi, zi, ri = xyz[i, 0], xyz[i, 1], xyz[i, 2], radii[i]
            n_touching = 0
            n_caps = 0
            buried = False
            covered[:] = 0
            for j in range(n_atoms):
                dx = xyz[j, 0] - xi
                dy = xyz[j, 1] - yi
                dz = xyz[j, 2] - zi
                d2 = (dx * dx + dy * dy) + dz * dz
                rj = radii[j]
                reach = ri + rj
                if d2 > reach * reach * 1.0000001 or j == i:
                    continue
                d = sqrt(d2)
                if d > reach:
                    continue
                n_touching += 1
                # Sphere j covers the cap of directions whose cosine with u is above `cosine`.
                ux = uy = uz = np.float32(0.0)
                inside, outside = np.float32(2.0), np.float32(-2.0)
                if d > too_close:
                    cosine = (ri * ri + d2 - rj * rj) / (2.0 * ri * d)
                    if cosine > 1.0 + MARGIN:
                        continue
                    if cosine < -1.0 - MARGIN:
                        buried = True
                        break
                    sine = sqrt(max(0.0, 1.0 - cosine * cosine))
                    ux, uy, uz = np.float32(dx / d), np.float32(dy / d), np.float32(dz / d)
                    if cosine < cos_radius:
                        inside = np.float32(cosine * cos_radius + sine * sin_radius + MARGIN)
                    if cosine > -cos_radius:
                        outside = np.float32(cosine * cos_radius - sine * sin_radius - MARGIN)
                word = near[n_caps // WORD]
                if n_caps % WORD == 0:
                    word[:] = 0
                bit = np.int32(1 << (n_caps % WORD))
                for p in range(N_PATCHES):
                    dot = centre_x[p] * ux + centre_y[p] * uy + centre_z[p] * uz
                    covered[p] |= np.int32(-1) if dot > inside else np.int32(0)
                    word[p] |= bit if dot > outside else np.int32(0)
                neighbours[n_caps] = j
                n_caps += 1
            if n_touching == 0:
                counts[k, i] = -1
                continue
            if buried:
                counts[k, i] = 0
                continue
            total = 0
            for p in range(n_patches):
                if covered[p] != 0:
                    continue
                untested = True
                for w in range((n_caps + WORD - 1) // WORD):
                    bits = np.int64(near[w, p])
                    while bits != 0:
                        lowest = bits & -bits
                        bits ^= lowest
                        slot = ((lowest * _DE_BRUIJN) & 0xFFFFFFFF) >> 27
                        j = neighbours[w * WORD + _BIT_POSITION[slot]]
                        if untested:
                            untested = False
                            for q in range(PATCH_SIZE):
                                px[q] = points[p, 0, q] * ri + xi
                                py[q] = points[p, 1, q] * ri + yi
                                pz[q] = points[p, 2, q] * ri + zi
                                alive[q] = weights[p, q]
                        xj, yj, zj, rj2 = xyz[j, 0], xyz[j, 1], xyz[j, 2], radii[j] * radii[j]
                        for q in range(PATCH_SIZE):
                            ex = px[q] - xj
                            ey = py[q] - yj
                            ez = pz[q] - zj
                            alive[q] = alive[q] if (ex * ex + ey * ey) + ez * ez > rj2 else 0
                if untested:
                    total += patch_weights[p]
                else:
                    for q in range(PATCH_SIZE):
                        total += alive[q]
            counts[k, i] = total


def sum_over_pairs(
    coordinates: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    starts: np.ndarray,
    masses: np.ndarray,
    heavy_masses: np.ndarray,
    farthest: np.ndarray,
    gravitation: np.ndarray,
    scattering: np.ndarray,
) -> None:
    """Accumulate what the descriptors need of every pair of atoms; see `pair_sums`.

    Parameters
    ----------
    coordinates
        (K, N, 3) in Å.
    first, second, starts, masses, heavy_masses
        As in `topology.AtomPairs`.
    farthest
        (K, N), filled: distance of each atom to the atom farthest from it.
    gravitation
        (K, 2), filled: sums of heavy_masses / r² and of masses / r².
    scattering
        (K, runs, 31), filled: sum of sin(s r) / r over each run of pairs, for s = 1 to 31.
    """
    distance = np.empty(LANES)
    heavy = np.empty(LANES)
    every = np.empty(LANES)
    twice_cos = np.empty(LANES)
    before = np.empty(LANES)
    now = np.empty(LANES)
    sums = np.empty((N_SCATTERING + 1, LANES))
    for k in range(coordinates.shape[0]):
        xyz = coordinates[k]
        farthest[k, :] = 0.0
        heavy[:] = 0.0
        every[:] = 0.0
        for run in range(len(starts) - 1):
            sums[:, :] = 0.0
            for begin in range(starts[run], starts[run + 1], LANES):
                n = min(LANES, starts[run + 1] - begin)
                distance[:] = 1.0
                for m in range(n):
                    a, b = first[begin + m], second[begin + m]
                    dx = xyz[a, 0] - xyz[b, 0]
                    dy = xyz[a, 1] - xyz[b, 1]
                    dz = xyz[a, 2] - xyz[b, 2]
                    r2 = (dx * dx + dy * dy) + dz * dz
                    r = sqrt(r2)
                    distance[m] = r
                    every[m] += masses[begin + m] / r2
                    if heavy_masses[begin + m] > 0.0:
                        heavy[m] += heavy_masses[begin + m] / r2
                    farthest[k, a] = max(farthest[k, a], r)
                    farthest[k, b] = max(farthest[k, b], r)
                for m in range(LANES):
                    # sin and cos of r: reduce to y in [-π/4, π/4], Taylor series in z = y²,
                    # then exchange and sign by the quadrant.
                    r = distance[m]
                    turns = np.floor(r * _TWO_OVER_PI + 0.5)
                    y = (r - turns * _HALF_PI_HIGH) - turns * _HALF_PI_MIDDLE
                    y -= turns * _HALF_PI_LOW
                    z = y * y
                    sine = 1 / 6227020800 - z / 1307674368000
                    sine = -1 / 39916800 + z * sine
                    sine = 1 / 362880 + z * sine
                    sine = -1 / 5040 + z * sine
                    sine = 1 / 120 + z * sine
                    sine = y + y * z * (-1 / 6 + z * sine)
                    cosine = -1 / 87178291200 + z / 20922789888000
                    cosine = 1 / 479001600 + z * cosine
                    cosine = -1 / 3628800 + z * cosine
                    cosine = 1 / 40320 + z * cosine
                    cosine = -1 / 720 + z * cosine
                    cosine = 1 / 24 + z * cosine
                    cosine = 1.0 + z * (-0.5 + z * cosine)
                    quadrant = turns - 4.0 * np.floor(turns * 0.25)
                    odd = quadrant == 1.0 or quadrant == 3.0
                    sin_r = cosine if odd else sine
                    cos_r = sine if odd else cosine
                    sin_r = -sin_r if quadrant >= 2.0 else sin_r
                    cos_r = -cos_r if quadrant == 1.0 or quadrant == 2.0 else cos_r
                    now[m] = sin_r / r if m < n else 0.0
                    before[m] = 0.0
                    twice_cos[m] = 2.0 * cos_r
                for s in range(0, N_SCATTERING, 4):
                    # x(s + 1) = 2 cos r x(s) - x(s - 1) for x(s) = sin(s r) / r
                    sums0, sums1, sums2, sums3 = sums[s], sums[s + 1], sums[s + 2], sums[s + 3]
                    for m in range(LANES):
                        t = twice_cos[m]
                        x0 = now[m]
                        x1 = t * x0 - before[m]
                        x2 = t * x1 - x0
                        x3 = t * x2 - x1
                        sums0[m] += x0
                        sums1[m] += x1
                        sums2[m] += x2
                        sums3[m] += x3
                        before[m] = x3
                        now[m] = t * x3 - x2
            for s in range(N_SCATTERING):
                total = 0.0
                for m in range(LANES):
                    total += sums[s, m]
                scattering[k, run, s] = total
        gravitation[k, 0] = 0.0
        gravitation[k, 1] = 0.0
        for m in range(LANES):
            gravitation[k, 0] += heavy[m]
            gravitation[k, 1] += every[m]


@cache
def compiled_kernels() -> Kernels | None:
    """Compile the kernels, or load them from the cache on disk; None without numba.

    The first process on a machine compiles for some seconds; later ones load the result. Several
    processes may do so at once: numba writes its cache files under a temporary name and renames
    them. The cache is beside the source or, where that cannot be written, in the user's cache
    folder; where neither can, every process compiles for itself.
    """
    try:
        import numba
    except ImportError:
        logger.info("numba is not installed; the slower NumPy path is used")
        return None
    f8, f4, i8 = numba.float64, numba.float32, numba.int64
    count = numba.void(
        f8[:, :, ::1], f8[::1], f4[:, ::1], f8[:, :, ::1], i8[:, ::1], i8[::1], i8, f8, f8,
        i8[:, ::1],
    )  # fmt: skip
    add = numba.void(
        f8[:, :, ::1], i8[::1], i8[::1], i8[::1], f8[::1], f8[::1], f8[:, ::1], f8[:, ::1],
        f8[:, :, ::1],
    )  # fmt: skip
    return Kernels(
        compile_loop(numba, count, count_exposed_points), compile_loop(numba, add, sum_over_pairs)
    )


def compile_loop(numba: Any, signature: Any, function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile one kernel for one signature, with a cache on disk if there is a place for it."""
    compiled: Callable[..., Any]
    try:
        compiled = numba.njit(signature, cache=True, error_model="numpy")(function)
    except RuntimeError as error:
        if "cache" not in str(error):
            raise
        logger.warning("compiled code cannot be kept (%s); it is compiled again", error)
        compiled = numba.njit(signature, error_model="numpy")(function)
    return compiled
