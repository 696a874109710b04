"""Atomic surface areas equal mordred's in every bit, also where geometry is at its worst."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mordred.CPSA import AtomicSurfaceArea
from mordred.surface_area import SurfaceArea
from mordred.surface_area._mesh import SphereMesh
from mordred3d_cases import MOLECULES, conformers, molecule

from confaug.descriptors.mordred3d.kernels import MARGIN, N_PATCHES, PATCH_SIZE, compiled_kernels
from confaug.descriptors.mordred3d.mesh import LEVEL, geodesic_sphere, patched_mesh
from confaug.descriptors.mordred3d.surface import atomic_areas
from confaug.descriptors.mordred3d.topology import Topology

PATHS = {"numba": compiled_kernels(), "numpy": None}


def stock_areas(radii: np.ndarray, positions: np.ndarray) -> np.ndarray:
    return np.array(SurfaceArea(radii, positions, LEVEL).surface_area())


def assert_equal_areas(radii, positions) -> None:
    radii, positions = np.asarray(radii, float), np.ascontiguousarray(positions, float)
    expected = stock_areas(radii, positions)
    for name, kernels in PATHS.items():
        areas = atomic_areas(positions[None], radii, kernels)[0]
        np.testing.assert_array_equal(areas, expected, err_msg=name)


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_the_mesh_is_that_of_the_installed_mordred(level):
    ours = np.unique(geodesic_sphere(level), axis=0, return_counts=True)
    theirs = np.unique(SphereMesh(level).vertices, axis=0, return_counts=True)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(mine, other)


def test_level_and_probe_are_those_of_the_installed_mordred():
    assert AtomicSurfaceArea().parameters() == (1.4, LEVEL)


def test_patches_hold_every_point_once_and_within_their_radius():
    mesh = patched_mesh()
    assert mesh.n_points == mesh.patch_weights.sum() == 5112
    assert (mesh.weights > 0).sum() == 2562
    assert mesh.centres.shape == (3, N_PATCHES)
    assert mesh.points.shape == (N_PATCHES, 3, PATCH_SIZE)
    cosines = np.einsum("cp,pcq->pq", mesh.centres, mesh.points)[: mesh.n_patches]
    assert cosines[mesh.weights[: mesh.n_patches] > 0].min() > mesh.cos_radius - MARGIN / 4
    points = mesh.points.transpose(0, 2, 1)[mesh.weights > 0]
    np.testing.assert_array_equal(
        np.unique(points, axis=0), np.unique(SphereMesh(LEVEL).vertices, axis=0)
    )


@pytest.mark.parametrize("name", [n for n in MOLECULES if n != "attachment points"])
def test_areas_of_molecules(name):
    radii = Topology(molecule(name)).accessible_radii
    positions = conformers(name)[[0, -1]]
    for xyz in positions:
        assert_equal_areas(radii, xyz)


def grid(*counts: int, spacing: float) -> np.ndarray:
    axes = np.meshgrid(*(np.arange(n) * spacing for n in counts), indexing="ij")
    return np.stack([axis.ravel() for axis in axes], axis=1)


CASES = {
    "one atom": ([2.5], [[0, 0, 0]]),
    # Without neighbours mordred takes no share of the area; with this radius, x * 5112 / 5112 != x.
    "one atom whose area a share would change": ([1.57], [[0, 0, 0]]),
    "nothing covered by a neighbour": ([1.57, 0.2], [[0, 0, 0], [0.1, 0, 0]]),
    "far apart": ([2.5, 2.5], [[0, 0, 0], [50, 0, 0]]),
    "touching exactly": ([2.5, 2.5], [[0, 0, 0], [5, 0, 0]]),
    "touching by rounding": ([0.1, 0.2], [[0, 0, 0], [0.1 + 0.2, 0, 0]]),
    "coincident": ([2.5, 2.5, 3.1], [[1, 2, 3], [1, 2, 3], [1, 2, 3]]),
    "nested": ([4.0, 1.0, 0.5], [[0, 0, 0], [0.3, 0.2, 0.1], [0.3, 0.2, 0.2]]),
    "nested and touching inside": ([4.0, 1.0], [[0, 0, 0], [3.0, 0, 0]]),
    "lattice": (np.full(64, 2.5), grid(4, 4, 4, spacing=1.0)),
    "wide lattice": (np.full(27, 2.5), grid(3, 3, 3, spacing=2.5)),
    "dense lattice": (np.full(125, 3.1), grid(5, 5, 5, spacing=0.5)),
    "plane": (np.full(25, 2.5), grid(5, 5, 1, spacing=1.4)),
    "line": (np.full(9, 2.9), grid(9, 1, 1, spacing=1.2)),
    "different radii": (np.linspace(0.2, 4.0, 27), grid(3, 3, 3, spacing=1.3)),
}


@pytest.mark.parametrize("case", CASES)
def test_areas_of_adversarial_atoms(case):
    assert_equal_areas(*CASES[case])


@pytest.mark.parametrize("gap", [1e-15, 1e-12, 1e-9, 1e-8, 1e-7, 1e-6, 1e-4, 1e-2])
@pytest.mark.parametrize("origin", [0.0, 1.0, 1e3])
def test_areas_of_atoms_that_nearly_coincide(gap, origin):
    direction = np.array([0.6, -0.64, 0.48])
    positions = origin + np.array([0.0 * direction, gap * direction, 2.0 * direction])
    for radii in ([2.5, 2.5, 3.1], [2.5 + gap, 2.5, 3.1]):
        assert_equal_areas(radii, positions)


@pytest.mark.parametrize("origin", [1e4, 1e7, 1e10])
def test_areas_far_from_the_origin(origin):
    radii = Topology(molecule("ethanol")).accessible_radii
    assert_equal_areas(radii, conformers("ethanol")[0] + origin)


def test_areas_when_rims_run_through_points_of_the_mesh():
    # j covers exactly the points s of i's sphere with s·u >= c; put c on a point of the mesh.
    points = np.unique(SphereMesh(LEVEL).vertices, axis=0)
    for number in (0, 17, 400, 1280, 2000, 2561):
        for axis in np.eye(3):
            cosine = float(points[number] @ axis)
            if cosine > 0.0:
                distance = 2.0 * 2.5 * cosine  # equal radii: the rim is half-way
                assert_equal_areas([2.5, 2.5], [np.zeros(3), distance * axis])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(*[st.integers(-6, 6)] * 3, st.sampled_from([0.5, 2.5, 3.1, 3.3])),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from([0.1, 0.5, 1.0, 1.1]),
)
def test_areas_of_atoms_on_random_places_of_a_lattice(atoms, spacing):
    table = np.array(atoms, float)
    assert_equal_areas(table[:, 3], table[:, :3] * spacing)


def test_more_neighbours_than_one_word_of_bits_holds():
    random = np.random.default_rng(5)
    assert_equal_areas(random.uniform(2.0, 3.3, 150), random.uniform(0.0, 4.0, (150, 3)))
