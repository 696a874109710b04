"""The batched 3D descriptors are those of mordred."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mordred import _atomic_property
from mordred3d_cases import (
    MOLECULES,
    conformers,
    molecule,
    stock_calculator,
    stock_row,
    stock_values,
)
from rdkit import Chem

from confaug.descriptors.mordred3d import Mordred3D
from confaug.descriptors.mordred3d.calculator import FAMILIES
from confaug.descriptors.mordred3d.kernels import Kernels, count_exposed_points, sum_over_pairs
from confaug.descriptors.mordred3d.properties import FILES, property_table
from confaug.descriptors.mordred3d.shapes import Shapes
from confaug.descriptors.names import CPSA, GEOMETRICAL, GRAVITATIONAL, INERTIA, MORSE, PLANARITY

BACKENDS = ("numba", "numpy")
RTOL = 1e-9
#: Differences that mean nothing, per family, in the unit of the descriptor. Moments of inertia are
#: judged by the largest one, since the smallest of a linear molecule is pure rounding.
FLOORS = {CPSA: 1e-9, GEOMETRICAL: 1e-12, GRAVITATIONAL: 1e-9, MORSE: 1e-9, PLANARITY: 1e-9}


def assert_same(values: np.ndarray, expected: np.ndarray, rtol: float = RTOL) -> None:
    np.testing.assert_array_equal(np.isnan(values), np.isnan(expected))
    names = Mordred3D.names
    for family, floor in FLOORS.items():
        columns = [names.index(name) for name in family]
        np.testing.assert_allclose(
            values[:, columns], expected[:, columns], rtol=rtol, atol=floor, err_msg=str(family[0])
        )
    columns = [names.index(name) for name in INERTIA]
    scale = np.abs(expected[:, columns]).max(axis=1, keepdims=True) + 1e-9
    np.testing.assert_array_less(np.abs(values - expected)[:, columns] / scale, 1e-10)


@pytest.mark.parametrize("name", MOLECULES)
def test_values_and_gaps_are_those_of_stock_mordred(name):
    assert len(conformers(name)) == 20
    for backend in BACKENDS:
        values, _ = Mordred3D(molecule(name), backend)(conformers(name))
        assert values.dtype == np.float64
        assert_same(values, stock_values(name))


def test_there_are_molecules_enough():
    assert len(MOLECULES) >= 44
    assert max(molecule(name).GetNumAtoms() for name in MOLECULES) >= 130


def test_names_and_order_are_those_of_stock_mordred():
    assert Mordred3D.names == tuple(str(one) for one in stock_calculator().descriptors)
    assert len(Mordred3D.names) == 213


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("mass", "mass"),
        ("van der Waals radius", "vdw_radii"),
        ("Sanderson electronegativity", "sanderson"),
        ("polarizability", "polarizability94"),
    ],
)
def test_tabulated_properties_are_those_of_the_installed_mordred(name, theirs):
    np.testing.assert_array_equal(property_table(name)[1:], getattr(_atomic_property, theirs).data)
    assert name in FILES


def test_both_backends_agree_far_beyond_the_contract():
    for name in ("aspirin", "silane", "diacid and diol", "130 atoms"):
        compiled, _ = Mordred3D(molecule(name), "numba")(conformers(name))
        plain, _ = Mordred3D(molecule(name), "numpy")(conformers(name))
        np.testing.assert_allclose(compiled, plain, rtol=1e-11, atol=1e-11)


def test_the_kernels_mean_the_same_as_plain_python():
    calculator = Mordred3D(molecule("ethanol"), "numpy")
    positions = conformers("ethanol")[:1]
    plain = Shapes(calculator.topology, positions, Kernels(count_exposed_points, sum_over_pairs))
    arrays = Shapes(calculator.topology, positions, None)
    np.testing.assert_array_equal(plain.areas, arrays.areas)
    for quantity in ("farthest", "gravitation", "scattering"):
        np.testing.assert_allclose(
            getattr(plain.pair_sums, quantity), getattr(arrays.pair_sums, quantity), rtol=1e-12
        )


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_row_depends_on_its_own_conformer_alone(backend, monkeypatch):
    calculator = Mordred3D(molecule("aspirin"), backend)
    positions = conformers("aspirin")
    together, _ = calculator(positions)
    alone = np.concatenate([calculator(one[None])[0] for one in positions])
    np.testing.assert_array_equal(together, alone)
    monkeypatch.setattr("confaug.descriptors.mordred3d.calculator.PAIRS_PER_CHUNK", 1000)
    assert len(calculator._chunks(20)) > 1
    np.testing.assert_array_equal(together, calculator(positions)[0])


def test_no_conformers_give_no_rows():
    values, _ = Mordred3D(molecule("ethanol"))(np.empty((0, 9, 3)))
    assert values.shape == (0, 213)


def test_coordinates_and_molecule_are_left_alone():
    mol, positions = Chem.Mol(molecule("aspirin")), conformers("aspirin").copy()
    before = mol.ToBinary(Chem.PropertyPickleOptions.AllProps)
    Mordred3D(mol)(positions)
    np.testing.assert_array_equal(positions, conformers("aspirin"))
    assert mol.ToBinary(Chem.PropertyPickleOptions.AllProps) == before


def test_every_memory_layout_of_coordinates_is_understood():
    calculator, positions = Mordred3D(molecule("ethanol")), conformers("ethanol")
    expected, _ = calculator(positions)
    np.testing.assert_array_equal(calculator(np.asfortranarray(positions))[0], expected)
    np.testing.assert_array_equal(calculator(positions[::2])[0], expected[::2])


# Symmetry. The sphere's mesh does not turn with the molecule, so that areas are only as invariant
# as the sampling is fine, except for rotations that take the mesh to itself.

names = st.sampled_from(["ethanol", "zwitterion", "thiophene", "diacid and diol", "silane"])
NOT_SURFACE = [i for i, name in enumerate(Mordred3D.names) if name not in CPSA]
SURFACE = [i for i, name in enumerate(Mordred3D.names) if name in CPSA]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(name=names, quaternion=st.tuples(*[st.floats(-1, 1)] * 4), number=st.integers(0, 19))
def test_rotation_changes_nothing_but_the_sampling_of_the_surface(name, quaternion, number):
    w, x, y, z = 1.5 + quaternion[0], *quaternion[1:]
    length = w * w + x * x + y * y + z * z
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    rotation = np.eye(3) + 2.0 * (w * cross + cross @ cross) / length
    calculator, positions = Mordred3D(molecule(name)), conformers(name)[number]
    turned, still = calculator(np.array([positions @ rotation.T, positions]))[0]
    scale = 1.0 + np.abs(still)
    assert (np.abs(turned - still) / scale)[NOT_SURFACE].max() < 1e-9
    areas = calculator.areas(np.array([positions @ rotation.T, positions])).sum(axis=1)
    assert abs(areas[0] / areas[1] - 1.0) < 0.02


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    name=names, flips=st.sampled_from([(1, 1), (1, -1), (-1, 1), (-1, -1)]), turn=st.integers(0, 2)
)
def test_rotations_of_the_mesh_itself_change_nothing_at_all(name, flips, turn):
    signs = np.array([*flips, flips[0] * flips[1]], float)
    positions = conformers(name)[:3]
    calculator = Mordred3D(molecule(name))
    turned = np.roll(positions * signs, turn, axis=2)
    assert_same(calculator(turned)[0], calculator(positions)[0])


@settings(max_examples=25, deadline=None, derandomize=True)
@given(name=names, shift=st.tuples(*[st.floats(-50, 50)] * 3))
def test_translation_changes_nothing(name, shift):
    positions = conformers(name)[:3]
    calculator = Mordred3D(molecule(name))
    assert_same(calculator(positions + np.array(shift))[0], calculator(positions)[0])


@settings(max_examples=25, deadline=None, derandomize=True)
@given(name=names, data=st.data())
def test_renumbering_atoms_changes_nothing_but_which_of_equal_atoms_is_the_most_charged(name, data):
    mol, positions = molecule(name), conformers(name)[:3]
    order = data.draw(st.permutations(range(mol.GetNumAtoms())))
    renumbered = Chem.RenumberAtoms(mol, order)
    values, expected = Mordred3D(renumbered)(positions[:, order])[0], Mordred3D(mol)(positions)[0]
    stock = np.array(stock_row(renumbered, positions[0, order]))
    ties = [Mordred3D.names.index(one) for one in ("RNCS", "RPCS")]
    np.testing.assert_allclose(values[0, ties], stock[ties], rtol=RTOL)
    values[:, ties] = expected[:, ties]
    assert_same(values, expected)


# Gaps and their reasons.


def codes(name: str) -> dict[str, int]:
    """Reason codes of a molecule with the number of descriptors that each one costs."""
    _, reasons = Mordred3D(molecule(name))(conformers(name)[:1])
    return {reason.code: len(reason.descriptors) for reason in reasons}


def test_reasons_name_what_mordred_cannot_calculate():
    assert codes("ethanol") == {}
    assert codes("selenium") == {"no_gasteiger_charge": 41}
    assert codes("mercury")["no_gasteiger_charge"] == 41
    assert codes("tin") == {"no_gasteiger_charge": 41}
    assert codes("hydrogen") == {"no_negative_charge": 4, "no_positive_charge": 4}
    assert codes("attachment points") == {
        "no_gasteiger_charge": 41,
        "no_mass": 32,
        "no_van_der_waals_radius": 32,
        "no_sanderson_electronegativity": 32,
        "no_polarizability": 32,
    }
    assert codes("one atom")["single_atom"] == 160


@pytest.mark.parametrize("name", MOLECULES)
def test_every_gap_has_a_reason(name):
    values, reasons = Mordred3D(molecule(name))(conformers(name))
    for k, row in enumerate(values):
        lost = {Mordred3D.names[column] for column in np.flatnonzero(np.isnan(row))}
        told = {n for one in reasons if one.conformer in (None, k) for n in one.descriptors}
        assert told == lost


def test_coincident_atoms_are_gaps_in_their_conformer_alone():
    positions = conformers("ethanol")[:3].copy()
    positions[1, 4] = positions[1, 0]
    values, reasons = Mordred3D(molecule("ethanol"))(positions)
    assert_same(values, np.array([stock_row(molecule("ethanol"), xyz) for xyz in positions]))
    assert [(one.code, one.conformer) for one in reasons] == [("coincident_atoms", 1)]
    assert not np.isnan(values[[0, 2]]).any()


def test_overlapping_components_are_reported_and_calculated():
    mol = molecule("three components")
    positions = conformers("three components")[:2].copy()
    labels = Mordred3D(mol).topology.fragments
    for component in range(3):
        positions[0, labels == component] += 50.0 * component
        positions[1, labels == component] -= positions[1, labels == component].mean(axis=0)
    values, reasons = Mordred3D(mol)(positions)
    assert [(one.code, one.conformer, one.descriptors) for one in reasons] == [
        ("overlapping_components", 1, ())
    ]
    assert not np.isnan(values).any()


# Guards.


def test_implicit_hydrogens_are_refused():
    with pytest.raises(ValueError, match=r"atom 0 \(C\) has implicit hydrogens"):
        Mordred3D(Chem.MolFromSmiles("CCO"))


def test_a_molecule_without_atoms_is_refused():
    with pytest.raises(ValueError, match="no atoms"):
        Mordred3D(Chem.MolFromSmiles(""))


@pytest.mark.parametrize("shape", [(9, 3), (1, 8, 3), (1, 9, 2), (1, 3, 9)])
def test_coordinates_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"\(conformers, 9, 3\)"):
        Mordred3D(molecule("ethanol"))(np.zeros(shape))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_coordinates_that_are_not_finite_are_refused(bad):
    positions = conformers("ethanol")[:3].copy()
    positions[2, 5, 1] = bad
    with pytest.raises(ValueError, match="conformer 2 has a coordinate that is not"):
        Mordred3D(molecule("ethanol"))(positions)


def test_a_flat_drawing_is_refused_and_a_planar_molecule_is_not():
    flat = conformers("ethanol")[:2] * [1.0, 1.0, 0.0]
    with pytest.raises(ValueError, match="conformer 0 is a flat drawing"):
        Mordred3D(molecule("ethanol"))(flat)
    planar = conformers("benzene")[:2] * [1.0, 1.0, 0.0]
    values, _ = Mordred3D(molecule("benzene"))(planar)
    assert_same(values, np.array([stock_row(molecule("benzene"), xyz) for xyz in planar]))


def test_an_unknown_backend_is_refused():
    with pytest.raises(ValueError, match="'fortran'"):
        Mordred3D(molecule("ethanol"), "fortran")


# Compilation.


def test_without_numba_the_arrays_are_used(monkeypatch):
    monkeypatch.setattr("confaug.descriptors.mordred3d.calculator.compiled_kernels", lambda: None)
    assert Mordred3D(molecule("ethanol")).kernels is None
    with pytest.raises(ModuleNotFoundError, match="numba"):
        Mordred3D(molecule("ethanol"), "numba")


def test_without_a_place_for_a_cache_kernels_are_compiled_anew():
    from confaug.descriptors.mordred3d.kernels import compile_loop

    class Numba:
        def njit(self, signature, cache=False, error_model=None):
            if cache:
                raise RuntimeError("cannot cache function: no locator available")
            return lambda function: function

    assert compile_loop(Numba(), None, sum_over_pairs) is sum_over_pairs


def test_processes_may_compile_at_the_same_time_and_the_next_one_compiles_nothing(tmp_path):
    source = Path(sys.modules["confaug"].__file__).parents[1]
    program = (
        "import numba.core.event as event\n"
        "from confaug.descriptors.mordred3d.kernels import compiled_kernels\n"
        "with event.install_recorder('numba:compile') as recorder:\n"
        "    assert compiled_kernels() is not None\n"
        "print(len(recorder.buffer))"
    )
    environment = {"NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(source)}

    def start() -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-c", program],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    both = [start(), start()]
    for process in both:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
    files = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nb*")}
    assert len(files) == 4  # an index and one compiled function for each kernel
    later = start()
    _, errors = later.communicate(timeout=300)
    assert later.returncode == 0, errors
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nb*")} == files


def test_every_family_lists_as_many_names_as_columns():
    calculator = Mordred3D(molecule("ethanol"))
    shapes = Shapes(calculator.topology, conformers("ethanol"), calculator.kernels)
    for family, made in zip(FAMILIES, calculator.families, strict=True):
        assert made.describe(shapes).shape == (20, len(family.names))
