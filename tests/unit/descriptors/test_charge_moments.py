"""Moments of partial charges against closed forms, plain sums and symmetry."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mordred3d_cases import MOLECULES
from rdkit import Chem
from rdkit.Chem import AllChem, rdForceFieldHelpers, rdPartialCharges
from scipy.constants import angstrom, c, e
from scipy.spatial.transform import Rotation

from confaug.descriptors.charge_moments import DEBYE, charge_moments, describe_charges
from confaug.descriptors.describe_3d import describe_conformers, describe_shard_3d
from confaug.descriptors.mordred3d.topology import Topology
from confaug.descriptors.names import CHARGE_MOMENTS, EVERY_3D, NAMES_2D, NAMES_3D, names_3d
from confaug.molecules.smiles import mol_with_hydrogens
from confaug.tables.conformers import CONFORMERS
from confaug.tables.descriptors import DESCRIPTORS_3D
from confaug.tables.engine import check_table

BOTH = tuple(CHARGE_MOMENTS)


def embedded(smiles: str, count: int = 3) -> tuple[Chem.Mol, np.ndarray]:
    mol = mol_with_hydrogens(smiles)
    AllChem.EmbedMultipleConfs(mol, count, randomSeed=7)
    return mol, np.array([one.GetPositions() for one in mol.GetConformers()])


def plain_moments(charges: list[float], masses: list[float], positions: np.ndarray) -> list[float]:
    """Return the five moments of one conformer by sums over atoms and pairs, in SI units."""
    centre = sum(m * r for m, r in zip(masses, positions, strict=True)) / sum(masses)
    debye = 1e-21 / c
    dipole, tensor, spread, index = np.zeros(3), np.zeros((3, 3)), 0.0, 0.0
    for q, r in zip(charges, positions - centre, strict=True):
        dipole += q * e * r * angstrom
        tensor += q * e * angstrom**2 * (3 * np.outer(r, r) - (r @ r) * np.eye(3)) / 2
        spread += abs(q) * float(r @ r)
    for i, j in combinations(range(len(charges)), 2):
        index += abs(charges[i] - charges[j]) / math.dist(positions[i], positions[j]) ** 2
    principal = np.linalg.eigvals(tensor).real / (debye * angstrom)
    return [float(np.linalg.norm(dipole)) / debye, *(min(principal), max(principal)), spread, index]


@pytest.mark.parametrize("smiles", ["O", "CC(=O)Oc1ccccc1C(=O)O", "[NH3+]CC(=O)[O-]", "CC(=O)[O-]"])
def test_moments_are_plain_sums_over_the_charges_of_rdkit(smiles):
    mol, coordinates = embedded(smiles)
    values, reasons = describe_charges(Topology(mol), coordinates, BOTH)
    rdPartialCharges.ComputeGasteigerCharges(mol)
    mmff = rdForceFieldHelpers.MMFFGetMoleculeProperties(mol)
    masses = [atom.GetMass() for atom in mol.GetAtoms()]
    charges = {
        "gasteiger": [atom.GetDoubleProp("_GasteigerCharge") for atom in mol.GetAtoms()],
        "mmff": [mmff.GetMMFFPartialCharge(i) for i in range(mol.GetNumAtoms())],
    }
    expected = [
        [one for model in BOTH for one in plain_moments(charges[model], masses, positions)]
        for positions in coordinates
    ]
    assert reasons == []
    np.testing.assert_allclose(values, expected, rtol=1e-8, atol=1e-10)


def test_water_in_closed_form():
    mol = mol_with_hydrogens("O")
    length, half_angle = 0.9572, math.radians(104.52) / 2
    x, z = length * math.sin(half_angle), length * math.cos(half_angle)
    coordinates = np.array([[[0, 0, 0], [x, 0, z], [-x, 0, z]]])
    values, _ = describe_charges(Topology(mol), coordinates, ["mmff"])
    charge = 0.43  # of a hydrogen of water in MMFF94
    assert values[0, 0] == pytest.approx(2 * charge * z * e * angstrom / (1e-21 / c), rel=1e-9)
    assert values[0, 0] == pytest.approx(2.42, abs=0.01)
    pairs = 2 * 3 * charge / length**2
    assert values[0, 4] == pytest.approx(pairs, rel=1e-9)


@pytest.mark.parametrize("model", BOTH)
def test_carbon_dioxide_has_a_quadrupole_alone(model):
    mol = Chem.MolFromSmiles("O=C=O")
    length, along = 1.16, np.array([1.0, 2.0, 2.0]) / 3
    coordinates = np.array([[-length * along, 0 * along, length * along]]) + 5
    dipole, low, high, spread, _ = describe_charges(Topology(mol), coordinates, [model])[0][0]
    topology = Topology(mol)
    oxygen = topology.charges[0] if model == "gasteiger" else -spread / 2 / length**2
    assert dipole == pytest.approx(0, abs=1e-12)
    assert low == pytest.approx(2 * DEBYE * oxygen * length**2, rel=1e-9)
    assert high == pytest.approx(-low / 2, rel=1e-9)
    assert low < 0  # its ends are negative; the measured value is -4.3 debye Å


def test_symmetric_molecules_have_no_dipole_moment():
    tetrahedron = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
    square = np.array([[1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]])
    for smiles, corners in (("FC(F)(F)F", tetrahedron), ("ClC(Cl)(Cl)Cl", tetrahedron)):
        coordinates = np.insert(corners, 1, 0, axis=0)[None] * 0.8
        values, _ = describe_charges(Topology(Chem.MolFromSmiles(smiles)), coordinates, BOTH)
        np.testing.assert_allclose(values[0, [0, 1, 2, 5, 6, 7]], 0, atol=1e-12)
        assert (values[0, [3, 4, 8, 9]] > 0).all()
    # Charges that alternate around a square: no dipole moment, and a quadrupole in its plane.
    found = charge_moments(np.array([1.0, -1, 1, -1]), np.ones(4), square[None].astype(float))
    np.testing.assert_allclose(found[0, :3], [0, -3 * DEBYE, 3 * DEBYE], atol=1e-12)


def test_the_centre_of_mass_is_the_origin_of_ions():
    charges, masses = np.array([1.0, 0.0]), np.array([1.0, 3.0])
    coordinates = np.array([[[0, 0, 0], [0, 0, 4.0]]])
    found = charge_moments(charges, masses, coordinates)[0]
    assert found[0] == pytest.approx(3 * DEBYE)
    assert found[3] == pytest.approx(9)
    single = charge_moments(np.array([-1.0]), np.array([35.45]), np.array([[[1.0, 2.0, 3.0]]]))
    assert single.tolist() == [[0, 0, 0, 0, 0]]


@st.composite
def motions(draw):
    """Return a rotation, possibly with a reflection, and a translation."""
    axis_and_angle = draw(st.lists(st.floats(-3, 3), min_size=3, max_size=3))
    rotation = Rotation.from_rotvec(axis_and_angle).as_matrix()
    shift = draw(st.lists(st.floats(-100, 100), min_size=3, max_size=3))
    return rotation * draw(st.sampled_from([1, -1])), np.array(shift)


@settings(max_examples=40)
@given(st.sampled_from(["O", "CC(=O)[O-]", "Cn1c(=O)c2c(ncn2C)n(C)c1=O", "O.CO"]), motions())
def test_motions_change_nothing(smiles, motion):
    mol, coordinates = embedded(smiles, 1)
    rotation, shift = motion
    before, _ = describe_charges(Topology(mol), coordinates, BOTH)
    after, _ = describe_charges(Topology(mol), coordinates @ rotation.T + shift, BOTH)
    np.testing.assert_allclose(after, before, rtol=1e-9, atol=1e-9)


def test_a_row_depends_on_its_own_conformer_alone():
    mol, coordinates = embedded("CC(=O)Oc1ccccc1C(=O)O", 5)
    together, _ = describe_charges(Topology(mol), coordinates, BOTH)
    for positions, row in zip(coordinates, together, strict=True):
        alone, _ = describe_charges(Topology(mol), positions[None], BOTH)
        assert alone[0].tobytes() == row.tobytes()


@pytest.mark.parametrize("name", MOLECULES)
def test_every_molecule_has_values_or_a_reason(name):
    mol = mol_with_hydrogens(MOLECULES[name])
    coordinates = np.random.default_rng(1).normal(0, 3, (2, mol.GetNumAtoms(), 3))
    values, reasons = describe_charges(Topology(mol), coordinates, BOTH)
    names = [one for model in BOTH for one in CHARGE_MOMENTS[model]]
    lost = {name for name, column in zip(names, values.T, strict=True) if np.isnan(column).any()}
    assert lost == {name for reason in reasons for name in reason.descriptors}
    assert np.isfinite(values[:, [name not in lost for name in names]]).all()


def test_what_is_missing_is_named():
    mol, coordinates = embedded("c1cc[se]c1")
    values, reasons = describe_charges(Topology(mol), coordinates, BOTH)
    assert np.isnan(values).all()
    assert [str(one) for one in reasons] == [
        "no_gasteiger_charge: there are no Gasteiger parameters for Se as it is bonded here; NaN: "
        "5 descriptors (Dipole-gasteiger, …)",
        "no_mmff_charge: MMFF94 has no parameters for an atom of this molecule; NaN: 5 descriptors "
        "(Dipole-mmff, …)",
    ]
    mol, coordinates = embedded("CO", 2)
    coordinates[1, 2] = coordinates[1, 1]
    values, (reason,) = describe_charges(Topology(mol), coordinates, ["mmff"])
    assert np.isnan(values).tolist() == [[False] * 5, [False] * 4 + [True]]
    assert (reason.code, reason.conformer) == ("coincident_atoms", 1)
    assert reason.descriptors == ("TopoElectronic-mmff",)


def test_names_are_unique_and_follow_those_of_mordred():
    assert names_3d(()) == NAMES_3D
    assert names_3d(("mmff", "gasteiger")) == EVERY_3D
    assert EVERY_3D[:213] == NAMES_3D
    assert len({*EVERY_3D, *NAMES_2D}) == len(NAMES_3D) + len(NAMES_2D) + 10
    assert not any("_" in name for name in EVERY_3D)  # columns of the distribution are taken apart


@pytest.mark.parametrize("engine", ["batched", "mordred"])
def test_further_descriptors_follow_in_either_engine(engine):
    mol, coordinates = embedded("CCO")
    coordinates[1, 0, 0] = np.nan
    plain, _ = describe_conformers("CCO", coordinates, engine)
    values, reasons = describe_conformers("CCO", coordinates, engine, ["mmff"])
    np.testing.assert_array_equal(values[:, :213], plain)
    expected, _ = describe_charges(Topology(mol), coordinates[[0, 2]], ["mmff"])
    np.testing.assert_array_equal(values[[0, 2], 213:], expected)
    assert [(one.code, one.conformer, len(one.descriptors)) for one in reasons] == [
        ("not_finite", 1, 218)
    ]


def test_a_shard_has_the_columns_that_are_asked_for():
    table, failures = describe_shard_3d(
        CONFORMERS.schema().empty_table(), "dg", 1, "batched", ["gasteiger"]
    )
    names = check_table(table, DESCRIPTORS_3D).column_names[len(DESCRIPTORS_3D.columns) :]
    assert tuple(names) == (*NAMES_3D, *CHARGE_MOMENTS["gasteiger"])
    assert failures.num_rows == 0
