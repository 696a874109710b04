"""The batched 2D descriptors are those of mordred."""

import random
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mordred import _atomic_property
from mordred2d_cases import ENDLESS, ORDINARY, cases, stock_table, stock_values
from rdkit import Chem
from rdkit.Chem.EState.AtomTypes import TypeAtoms

from confaug.descriptors.mordred2d import Mordred2D, detour, molecular_id, paths
from confaug.descriptors.mordred2d.calculator import families
from confaug.descriptors.mordred2d.estate import TYPES, atom_types
from confaug.descriptors.mordred2d.kernels import LOOPS, SIGNATURES, plain_kernels
from confaug.descriptors.mordred2d.molecule import Molecule
from confaug.descriptors.mordred2d.properties import (
    PROPERTIES,
    TABULATED,
    orders_of_types,
    tabulated,
)
from confaug.descriptors.names import NAMES_2D
from confaug.descriptors.stock_2d import family_columns

RTOL = 1e-9
#: Differences that mean nothing, in the unit of the descriptor. Eigenvalues and sums of eigenvector
#: coefficients may be zero up to rounding; so may autocorrelations of centred properties.
FLOOR = 1e-9
#: Small molecules of all kinds, for what is done in plain Python.
SMALL = (
    *("C", "[He]", "[H][H]", "[2H]O[2H]", "*CC(C)*", "CC(=O)Oc1ccccc1C(=O)O", "C1C2CC1C2"),
    *("OC(=O)CCCCC(=O)O.OCCO", "[Na+].[Cl-]", "C[Se]C", "O=[N+]([O-])c1ccccc1", "CS(C)(=O)=O"),
    *("c1cc[se]c1", "[Fe]", "C[Si](C)(C)O[Si](C)(C)C", "N#CSC", "c1ccc2[nH]ccc2c1"),
)


def mols(smiles) -> list[Chem.Mol]:
    return [Chem.MolFromSmiles(text) for text in smiles]


def stock_row(mol: Chem.Mol) -> np.ndarray:
    """All 1,613 values of one molecule by stock mordred."""
    row = np.empty(len(NAMES_2D))
    for family, columns in family_columns().items():
        row[columns] = stock_values(mol, family)
    return row


def assert_same(values, expected, rtol=RTOL, floor=FLOOR):
    np.testing.assert_array_equal(np.isnan(values), np.isnan(expected))
    np.testing.assert_allclose(values, expected, rtol=rtol, atol=floor)


# Equality with stock mordred.


@pytest.fixture(scope="module")
def stock():
    return stock_table(list(cases()))


@pytest.fixture(scope="module")
def described():
    return Mordred2D()(list(cases().values()))


def test_there_are_molecules_enough():
    sizes = [mol.GetNumHeavyAtoms() for mol in cases().values()]
    assert len(sizes) >= 450
    assert max(sizes) >= 190


@pytest.mark.parametrize("family", families(), ids=lambda family: type(family).__name__)
def test_values_and_gaps_are_those_of_stock_mordred(family, stock, described):
    columns = [NAMES_2D.index(name) for name in family.names]
    finished = stock[1][:, columns]
    assert finished.mean() > 0.98
    values, expected = described[0][:, columns], stock[0][:, columns]
    assert values.dtype == np.float64
    assert_same(values[finished], expected[finished])


def test_every_name_is_in_one_family():
    names = [name for family in families() for name in family.names]
    assert sorted(names) == sorted(NAMES_2D)
    assert Mordred2D().names == NAMES_2D


def test_molecules_with_explicit_hydrogens_are_those_of_stock_mordred():
    some = [Chem.AddHs(mol) for mol in mols(("CCO", "c1ccccc1O", "[NH3+]CC(=O)[O-]", "C.CC"))]
    values, _ = Mordred2D()(some)
    assert_same(values, np.array([stock_row(mol) for mol in some]))


@settings(max_examples=12, deadline=None, derandomize=True)
@given(smiles=st.sampled_from(ORDINARY), seed=st.integers(0, 999))
def test_renumbered_molecules_are_those_of_stock_mordred(smiles, seed):
    mol = Chem.MolFromSmiles(smiles)
    order = list(range(mol.GetNumAtoms()))
    random.Random(seed).shuffle(order)
    mol = Chem.RenumberAtoms(mol, order)
    assert_same(Mordred2D()([mol])[0][0], stock_row(mol))


def test_tabulated_properties_are_those_of_the_installed_mordred():
    for code in TABULATED:
        theirs = _atomic_property.getters[code]
        np.testing.assert_array_equal(
            tabulated(code)[1:100], [theirs(Chem.Atom(number)) for number in range(1, 100)]
        )
    assert list(PROPERTIES) == list(_atomic_property.getters)


def test_bond_orders_are_those_of_rdkit():
    mol = Chem.RWMol(Chem.MolFromSmiles("CC"))
    for number, order in enumerate(orders_of_types()):
        if not np.isnan(order):
            mol.GetBondWithIdx(0).SetBondType(Chem.BondType.values[number])
            assert mol.GetBondWithIdx(0).GetBondTypeAsDouble() == order


def test_atom_types_are_those_of_rdkit_for_every_molecule():
    for mol in cases().values():
        molecule = Molecule(mol, plain_kernels())
        ours = [tuple(TYPES[place] for place in found) for found in atom_types(molecule)]
        assert ours == [tuple(found) for found in TypeAtoms(molecule.heavy.mol)]


# Names, backends, batches.


@settings(max_examples=15, deadline=None, derandomize=True)
@given(data=st.data())
def test_some_names_give_the_same_columns_as_all(data, described):
    names = data.draw(st.lists(st.sampled_from(NAMES_2D), min_size=1, max_size=30, unique=True))
    some = list(cases().values())[::25]
    values, reasons = Mordred2D(names)(some)
    columns = [NAMES_2D.index(name) for name in names]
    np.testing.assert_array_equal(values, described[0][::25, columns])
    gaps = {(row, names[column]) for row, column in zip(*np.nonzero(np.isnan(values)), strict=True)}
    assert {(one.molecule, name) for one in reasons for name in one.descriptors} == gaps


def test_only_what_is_wanted_is_calculated():
    calculator = Mordred2D(["SpMax_DzZ", "BCUTm-1h", "ATS3v"])
    assert [len(family.names) for family in calculator.families] == [52, 2, 13]
    molecule = Molecule(Chem.MolFromSmiles("CCO"), calculator.kernels)
    calculator._describe([molecule])
    assert "gasteiger_charges" not in vars(molecule.full) | vars(molecule.heavy)
    calculator = Mordred2D(["nHeavyAtom", "nBondsO"])
    molecule = Molecule(Chem.MolFromSmiles("CCO"), calculator.kernels)
    calculator._describe([molecule])
    assert "distances" not in vars(molecule.full) | vars(molecule.heavy)


def test_loops_mean_the_same_without_compilation():
    some = mols(SMALL)
    assert_same(
        Mordred2D(backend="numpy")(some)[0], Mordred2D(backend="numba")(some)[0], 1e-11, 1e-11
    )


def test_a_row_depends_on_its_own_molecule_alone(described, monkeypatch):
    some = list(cases().values())[:40]
    together, _ = Mordred2D()(some[::-1])
    np.testing.assert_array_equal(together[::-1], described[0][:40])
    monkeypatch.setattr("confaug.descriptors.mordred2d.calculator.CHUNK_SQUARES", 100)
    values, reasons = Mordred2D()(some)
    np.testing.assert_array_equal(values, described[0][:40])
    assert reasons == [one for one in described[1] if one.molecule < 40]


def test_molecules_are_left_alone():
    for mol in mols(SMALL):
        before = mol.ToBinary(Chem.PropertyPickleOptions.AllProps)
        Mordred2D()([mol])
        assert mol.ToBinary(Chem.PropertyPickleOptions.AllProps) == before


def test_no_molecules_and_no_names_give_empty_tables():
    assert Mordred2D()([])[0].shape == (0, 1613)
    assert Mordred2D([])(mols(["CCO"]))[0].shape == (1, 0)


# Cages and limits.


def graph_of(mol: Chem.Mol) -> dict[int, list[int]]:
    return {a.GetIdx(): [b.GetIdx() for b in a.GetNeighbors()] for a in mol.GetAtoms()}


def paths_from(graph: dict[int, list[int]], *path: int) -> Iterator[tuple[int, ...]]:
    """All paths that begin with this one and visit no atom twice."""
    yield path
    for atom in graph[path[-1]]:
        if atom not in path:
            yield from paths_from(graph, *path, atom)


@pytest.mark.parametrize(
    "smiles", ["C1CC2CCC1C2", "C1CCC2(CC1)OCCO2", "CC1C2CC2C1C", "C1CC1CC1CCC2CC2C1"]
)
@pytest.mark.parametrize("few", [10**6, 0])
def test_detours_are_the_longest_paths(smiles, few, monkeypatch):
    monkeypatch.setattr(detour, "FEW_STEPS", few)  # with none, branches are bounded from the start
    mol = Chem.MolFromSmiles(smiles)
    graph, n = graph_of(mol), mol.GetNumAtoms()
    expected = np.zeros((n, n))
    for i in range(n):
        for path in paths_from(graph, i):
            expected[i, path[-1]] = max(expected[i, path[-1]], len(path) - 1)
    found = detour.detour_matrix(Molecule(mol, Mordred2D().kernels))
    assert found.complete
    np.testing.assert_array_equal(found.matrix, expected)


def test_both_searches_for_detours_agree_on_polycycles(monkeypatch):
    for smiles in (ENDLESS["coronene"], ENDLESS["dodecahedrane"]):
        molecules = [Molecule(Chem.MolFromSmiles(smiles), Mordred2D().kernels) for _ in range(2)]
        monkeypatch.setattr(detour, "FEW_STEPS", 10**8)
        plain = detour.detour_matrix(molecules[0])
        monkeypatch.setattr(detour, "FEW_STEPS", 0)
        np.testing.assert_array_equal(detour.detour_matrix(molecules[1]).matrix, plain.matrix)


def test_a_fullerene_has_all_its_values():
    mol = Chem.MolFromSmiles(ENDLESS["buckminsterfullerene"])
    calculator = Mordred2D()
    values, _ = calculator([mol])
    value = dict(zip(NAMES_2D, values[0], strict=True))
    # Every atom has three neighbours and there are no rings of less than five: paths of up to four
    # bonds are walks that do not turn back, and of those with five the pentagons are closed.
    assert [value[f"MPC{n}"] for n in range(2, 6)] == [180, 360, 720, 1440 - 60]
    assert value["Xc-3d"] == pytest.approx(60 / 9)
    assert value["Xch-5d"] == pytest.approx(12 * 3**-2.5)
    # Two atoms are the ends of a path through all others, whichever they are.
    assert value["DetourIndex"] == 59 * 60 * 59 / 2
    assert value["SpMax_Dt"] == pytest.approx(59 * 59)
    ids = molecular_id.atomic_ids(Molecule(mol, calculator.kernels))[0]
    np.testing.assert_allclose(ids, ids[0], rtol=1e-12)
    assert value["MID"] == pytest.approx(ids.sum())
    assert not np.isnan([value[name] for name in ("AMID", "SM1_Dt", "Xch-7dv", "piPC10")]).any()


def test_paths_are_those_of_an_independent_enumeration():
    mol = Chem.MolFromSmiles("CC1CC2CCC1(O)C2C(C)(C)N")
    graph, sums = graph_of(mol), np.zeros(11)
    every = [path for atom in graph for path in paths_from(graph, atom)]
    for path in every:
        if path[0] < path[-1] and len(path) <= 11:
            sums[len(path) - 1] += 1
    values, _ = Mordred2D([f"MPC{n}" for n in range(2, 11)])([mol])
    np.testing.assert_array_equal(values[0], sums[2:])
    values, _ = Mordred2D(["MID"])([mol])
    weights = sum(weight(graph, path) for path in every if len(path) > 1)
    assert values[0, 0] == pytest.approx(len(graph) + weights / 2)


def weight(graph: dict[int, list[int]], path: tuple[int, ...]) -> float:
    return np.prod([(len(graph[a]) * len(graph[b])) ** -0.5 for a, b in pairwise(path)])


def test_an_enumeration_that_is_too_long_is_given_up_alone(monkeypatch):
    mol = Chem.MolFromSmiles(ENDLESS["coronene"])
    undisturbed, _ = Mordred2D()([mol])
    for module in (paths, molecular_id, detour):
        monkeypatch.setattr(module, "MOST_STEPS", 1000)
    monkeypatch.setattr(detour, "FEW_STEPS", 10)
    values, reasons = Mordred2D()([mol])
    lost = {n for one in reasons if one.code == "too_many_paths" for n in one.descriptors}
    assert {"MPC10", "AXp-7dv", "Kier3", "Xch-7d", "MID", "SpAbs_Dt", "DetourIndex"} <= lost
    kept = [column for column, name in enumerate(NAMES_2D) if name not in lost]
    assert len(kept) == 1613 - 56 - 24 - 12 - 14
    np.testing.assert_array_equal(values[0, kept], undisturbed[0, kept])
    assert "more than 1,000" in next(str(one) for one in reasons if "MID" in one.descriptors)


# Gaps and their reasons.


def test_every_gap_has_a_reason(described):
    values, reasons = described
    told = [(one.molecule, name) for one in reasons for name in one.descriptors]
    assert len(told) == len(set(told))
    rows, columns = np.nonzero(np.isnan(values))
    gaps = {(row, NAMES_2D[column]) for row, column in zip(rows, columns, strict=True)}
    assert set(told) == gaps


def codes(smiles: str) -> dict[str, int]:
    """Reason codes of a molecule with the number of descriptors that they cost together."""
    found: dict[str, int] = {}
    for one in Mordred2D()(mols([smiles]))[1]:
        found[one.code] = found.get(one.code, 0) + len(one.descriptors)
    return found


def test_reasons_name_what_mordred_cannot_calculate():
    assert codes("CC.CC")["several_components"] == 12 * 2 + 13 * 9 + 1 + 24 + 45 + 12
    assert codes("C[Se]C")["no_gasteiger_charge"] == 34 + 2 + 2
    # no BCUT with the intrinsic state, no autocorrelation either
    assert codes("[Na+].[Cl-]")["no_intrinsic_state"] == 52
    assert codes("*CC(C)*")["no_mass"] == 52 + 2 + 13 + 2
    assert "no_such_atom" in codes("CCO")
    assert "no_pair_at_distance" in codes("CCO")


# Guards.


def test_unknown_and_repeated_names_are_refused():
    with pytest.raises(ValueError, match="'MOMI-X' is not one of"):
        Mordred2D(["MPC2", "MOMI-X"])
    with pytest.raises(ValueError, match="twice"):
        Mordred2D(["MPC2", "MPC2"])


def test_a_molecule_without_atoms_is_refused():
    with pytest.raises(ValueError, match="molecule 1 has no atoms"):
        Mordred2D(["MPC2"])(mols(["C", ""]))


def test_an_unknown_backend_is_refused():
    with pytest.raises(ValueError, match="'fortran'"):
        Mordred2D(backend="fortran")


# Compilation.


def test_without_numba_plain_loops_are_used(monkeypatch):
    monkeypatch.setattr("confaug.descriptors.mordred2d.calculator.compiled_kernels", lambda: None)
    assert Mordred2D().kernels.numba is None
    with pytest.raises(ModuleNotFoundError, match="numba"):
        Mordred2D(backend="numba")


def test_loops_have_names_of_their_own():
    assert len(LOOPS) == len(SIGNATURES)
    with pytest.raises(AttributeError, match="no_such_loop"):
        _ = plain_kernels().no_such_loop


def test_a_second_process_compiles_nothing(tmp_path):
    source = Path(sys.modules["confaug"].__file__).parents[1]
    program = (
        "import numba.core.event as event\n"
        "from rdkit import Chem\n"
        "from confaug.descriptors.mordred2d import Mordred2D\n"
        "with event.install_recorder('numba:compile') as recorder:\n"
        "    Mordred2D(['MPC2', 'nHeavyAtom'])([Chem.MolFromSmiles('CCO')])\n"
        "print(len(recorder.buffer))"
    )
    environment = {"NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(source)}
    written = []
    for _ in range(2):
        subprocess.run([sys.executable, "-c", program], env=environment, check=True, timeout=300)
        written.append({path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nb*")})
    assert len(written[0]) == 2 * 3  # paths, their descriptors, vertices; an index for each
    assert written[0] == written[1]
