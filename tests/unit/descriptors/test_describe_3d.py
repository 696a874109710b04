"""The interface to both engines, and the description of a shard."""

import numpy as np
import pyarrow as pa
import pytest
from mordred import Calculator, descriptors
from new_python import run_python
from rdkit.Chem import AllChem

from confaug.descriptors.describe_3d import describe_conformers, describe_shard_3d
from confaug.descriptors.names import NAMES_2D, NAMES_3D
from confaug.errors import UserError
from confaug.molecules.smiles import mol_with_hydrogens
from confaug.tables.conformers import CONFORMERS
from confaug.tables.descriptors import DESCRIPTORS_3D
from confaug.tables.engine import check_table
from confaug.tables.failures import FAILURES

SMILES = ("OB(O)c1ccccc1", "CCO", "c1cc[se]c1")


def embedded(smiles: str, count: int) -> np.ndarray:
    mol = mol_with_hydrogens(smiles)
    AllChem.EmbedMultipleConfs(mol, count, randomSeed=4)
    assert mol.GetNumConformers() == count
    return np.array([conformer.GetPositions() for conformer in mol.GetConformers()])


def conformer_row(smiles: str, count: int, **changes: object) -> dict:
    """One row of a conformer table, conformers in descending order."""
    mol = mol_with_hydrogens(smiles)
    row = {
        "molecule": f"m-{smiles}",
        "smiles": smiles,
        "atomic_numbers": [atom.GetAtomicNum() for atom in mol.GetAtoms()],
        "conformer": list(range(count))[::-1],
        "isomer": [0] * count,
        "energy": [float("nan")] + [1.5] * (count - 1),
        "converged": [True] * count,
        "steps": [0] * count,
        "method": ["etkdg"] * count,
        "coordinates": embedded(smiles, count)[::-1].ravel().tolist() if count else [],
    }
    return row | changes


def conformer_table(*rows: dict) -> pa.Table:
    return pa.Table.from_pylist(list(rows), CONFORMERS.schema())


@pytest.fixture(scope="module")
def shard() -> pa.Table:
    return conformer_table(*(conformer_row(smiles, 3) for smiles in SMILES))


def test_names_are_those_of_the_installed_mordred():
    every = Calculator(descriptors).descriptors
    assert tuple(str(one) for one in every if not one.require_3D) == NAMES_2D
    assert tuple(str(one) for one in every if one.require_3D) == NAMES_3D
    assert (len(NAMES_2D), len(NAMES_3D)) == (1613, 213)
    assert not set(NAMES_2D) & set(NAMES_3D)


def test_importing_the_interface_imports_neither_mordred_nor_numba_nor_pandas():
    program = (
        "import sys, confaug.descriptors.describe_3d\n"
        "print(*sorted({'mordred', 'numba', 'pandas', 'snakemake'} & set(sys.modules)))"
    )
    assert run_python(program).strip() == ""


@pytest.mark.parametrize("smiles", [*SMILES, "[Cl-]", "[H][H]", "*CC(C)*"])
def test_engines_agree_in_values_gaps_and_reasons(smiles):
    positions = embedded(smiles, 3)
    batched, told = describe_conformers(smiles, positions)
    stock, told_by_stock = describe_conformers(smiles, positions, engine="mordred")
    np.testing.assert_allclose(batched, stock, rtol=1e-9, atol=1e-9)
    assert told == told_by_stock


@pytest.mark.parametrize("engine", ["batched", "mordred"])
def test_a_conformer_that_is_not_finite_is_a_row_of_gaps(engine):
    positions = embedded("CCO", 4)
    positions[1, 0, 0] = np.nan
    positions[2, 3] = positions[2, 0]
    values, reasons = describe_conformers("CCO", positions, engine)
    assert np.isnan(values[1]).all()
    assert not np.isnan(values[[0, 3]]).any()
    assert [(one.code, one.conformer) for one in reasons] == [
        ("coincident_atoms", 2),
        ("not_finite", 1),
    ]


@pytest.mark.parametrize("engine", ["batched", "mordred"])
def test_both_engines_refuse_coordinates_that_do_not_fit(engine):
    with pytest.raises(ValueError, match="do not fit"):
        describe_conformers("CCO", np.zeros((2, 8, 3)), engine)
    with pytest.raises(ValueError, match="shape"):
        describe_conformers("CCO", np.zeros((9, 3)), engine)
    with pytest.raises(ValueError, match="flat drawing"):
        describe_conformers("CCO", embedded("CCO", 1) * [1, 1, 0], engine)


def test_an_unknown_engine_is_refused():
    with pytest.raises(ValueError, match="'fast' is not one of batched, mordred"):
        describe_conformers("CCO", embedded("CCO", 1), "fast")


def test_a_shard_has_one_row_per_conformer_in_order(shard):
    table, _ = describe_shard_3d(shard, "etkdg", 2, "batched")
    table = check_table(table, DESCRIPTORS_3D)
    assert tuple(table.column_names[len(DESCRIPTORS_3D.columns) :]) == NAMES_3D
    assert table["molecule"].to_pylist() == [f"m-{s}" for s in sorted(SMILES) for _ in range(3)]
    assert table["conformer"].to_pylist() == [0, 1, 2] * 3
    assert table["energy"].to_pylist() == [1.5, 1.5, None] * 3
    assert set(table["protocol"].to_pylist()) == {"etkdg"}
    assert set(table["repeat"].to_pylist()) == {2}
    values = np.array([table[name].to_numpy() for name in NAMES_3D]).T
    expected, _ = describe_conformers("CCO", embedded("CCO", 3))
    np.testing.assert_array_equal(values[:3], expected)


def test_a_shard_does_not_depend_on_the_order_of_its_molecules(shard):
    turned = shard.take([2, 0, 1])
    for one, other in zip(
        describe_shard_3d(shard, "dg", 1, "batched"),
        describe_shard_3d(turned, "dg", 1, "batched"),
        strict=True,
    ):
        assert one.to_pandas().equals(other.to_pandas())


def test_engines_give_the_same_tables(shard):
    batched, failures = describe_shard_3d(shard, "dg", 1, "batched")
    stock, failures_of_stock = describe_shard_3d(shard, "dg", 1, "mordred")
    assert failures.equals(failures_of_stock)
    keys = DESCRIPTORS_3D.names
    assert batched.select(keys).equals(stock.select(keys))
    for name in NAMES_3D:
        np.testing.assert_allclose(
            batched[name].to_numpy(), stock[name].to_numpy(), rtol=1e-9, atol=1e-9, err_msg=name
        )


def test_gaps_become_failures_with_the_number_of_the_conformer(shard):
    positions = embedded("CCO", 2)
    positions[1] = np.nan
    row = conformer_row("CCO", 2, conformer=[4, 7], coordinates=positions.ravel().tolist())
    table, failures = describe_shard_3d(
        conformer_table(row, conformer_row("c1cc[se]c1", 1)), "dg", 3, "batched"
    )
    assert table.num_rows == 3
    failures = check_table(failures, FAILURES).to_pylist()
    assert [(one["molecule"], one["conformer"]) for one in failures] == [
        ("m-CCO", 7),
        ("m-c1cc[se]c1", None),
    ]
    assert "not a finite number" in failures[0]["reason"]
    assert failures[1]["reason"] == (
        "no_gasteiger_charge: there are no Gasteiger parameters for Se as it is bonded here; "
        "NaN: 41 descriptors (PNSA1, …)"
    )


def test_molecules_without_conformers_give_no_rows():
    empty = conformer_table(conformer_row("CCO", 0, energy=[]))
    assert describe_shard_3d(empty, "dg", 1, "batched")[0].num_rows == 0
    table, failures = describe_shard_3d(conformer_table(), "dg", 1, "batched")
    assert check_table(table, DESCRIPTORS_3D).num_rows == 0
    assert check_table(failures, FAILURES).num_rows == 0


def test_atoms_of_another_molecule_are_the_users_to_mend():
    table = conformer_table(conformer_row("CCO", 1) | {"smiles": "CCN"})
    with pytest.raises(UserError, match=r"molecule m-CCO have other atoms .* CCN; delete"):
        describe_shard_3d(table, "dg", 1, "batched")


@pytest.mark.parametrize("engine", ["batched", "mordred"])
@pytest.mark.parametrize(
    ("labelled", "ordinary"), [("[2H]C(Cl)(Cl)Cl", "C(Cl)(Cl)Cl"), ("[13CH3]C[18OH]", "CCO")]
)
def test_isotopes_are_described_as_the_ordinary_ones(labelled, ordinary, engine):
    coordinates = embedded(labelled, 2)
    order = order_of_atoms(labelled, ordinary)
    theirs, _ = describe_conformers(ordinary, coordinates[:, order], engine)
    mine, _ = describe_conformers(labelled, coordinates, engine)
    np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9)


def order_of_atoms(labelled, ordinary):
    """Return which atom of the labelled molecule stands in each place of the ordinary one."""
    mol = mol_with_hydrogens(labelled)
    for atom in mol.GetAtoms():
        atom.SetIsotope(0)
    return list(mol.GetSubstructMatch(mol_with_hydrogens(ordinary)))
