"""The SD file holds every predicted row, whatever its texts are, and nothing else."""

import pyarrow as pa
import pytest
from hostile_text import TEXTS
from rdkit import Chem

from confaug.errors import UserError
from confaug.infrastructure.bounded import GaveUp
from confaug.prediction import sd_file
from confaug.prediction.sd_file import DATA, DATUM_LENGTH, TITLE_LENGTH, write_predictions_sdf
from confaug.tables.prediction import NEW_PREDICTIONS

SMILES = (
    "CCO",
    "C[C@H](N)C(=O)O",
    "F/C=C/F",
    "OC(=O)CCC(=O)O.OCCO",
    "[2H]C",
    "c1ccccc1",
    "[Na+].[Cl-]",
)
MARKS = (
    "$$$$",
    "> <smiles>",
    "$$$$\n\n  RDKit\n",
    "a\n\n>  <prediction>\n1\n",
    ">>>",
    "M  END\n$$$$",
)
#: Arrow holds no half characters.
WORDS = (*MARKS, *(text for text in TEXTS if "\ud800" not in text))


def make_table(lines):
    return pa.Table.from_pylist(lines, schema=NEW_PREDICTIONS.schema())


def line(row, smiles="CCO", **more):
    return {
        "row": row,
        "status": "predicted",
        "smiles": smiles,
        "molecule": f"m{row}",
        "prediction": 300.0 + row / 3,
        "low": 200.0,
        "high": 400.0,
        "unit": "K",
        **more,
    }


def read(path):
    """Return the records as RDKit reads them; it gives None for one that it cannot read."""
    with Chem.SDMolSupplier(str(path)) as supplier:
        return list(supplier)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "predictions.sdf"


def test_every_predicted_row_is_a_record_with_its_structure_and_its_numbers(path):
    lines = [line(i, smiles, name=f"molecule {i}") for i, smiles in enumerate(SMILES)]
    failed = {"row": 99, "status": "failed", "reason": "no structure", "input_smiles": "C1CC"}
    count = write_predictions_sdf([make_table([*lines, failed])], path)
    mols = read(path)
    assert count == len(mols) == len(SMILES)
    for mol, given in zip(mols, lines, strict=True):
        assert Chem.MolToSmiles(mol) == Chem.CanonSmiles(given["smiles"])
        assert mol.GetProp("_Name") == given["name"]
        assert float(mol.GetProp("prediction")) == given["prediction"]
        assert mol.GetProp("smiles") == given["smiles"]
        assert not mol.HasProp("flags"), "what is empty is left out"
        assert not mol.GetConformer().Is3D()


def test_atoms_are_drawn_apart_from_each_other(path):
    write_predictions_sdf([make_table([line(1, "CC(C)(C)c1ccc2ccccc2c1")])], path)
    (mol,) = read(path)
    distances = Chem.Get3DDistanceMatrix(mol)
    for i in range(mol.GetNumAtoms()):
        assert all(distances[i, j] > 0.5 for j in range(i))


@pytest.mark.parametrize("field", ["name", "id", "flags", "remark", "neighbour_1_name"])
def test_no_text_of_the_user_ends_a_record_or_begins_a_datum(path, field):
    lines = [line(i, **{field: text}) for i, text in enumerate(WORDS)]
    write_predictions_sdf([make_table(lines)], path)
    mols = read(path)
    assert len(mols) == len(WORDS)
    for mol, given in zip(mols, lines, strict=True):
        assert Chem.MolToSmiles(mol) == "CCO"
        assert float(mol.GetProp("prediction")) == given["prediction"]
        assert set(mol.GetPropNames()) <= set(DATA)
        assert len(mol.GetProp("_Name")) <= TITLE_LENGTH
    content = path.read_text(encoding="utf-8").splitlines()
    assert content.count("$$$$") == len(WORDS)
    assert not [one for one in content if one.startswith(">") and one[4:-1] not in DATA]
    assert max(map(len, content)) <= DATUM_LENGTH


def test_pieces_give_the_bytes_of_the_whole(path):
    table = make_table([line(i, SMILES[i % len(SMILES)]) for i in range(20)])
    write_predictions_sdf([table], path)
    whole = path.read_bytes()
    write_predictions_sdf((table.slice(i, 3) for i in range(0, 20, 3)), path)
    assert path.read_bytes() == whole


def test_large_structures_are_written_whole(path):
    smiles = "C" * 1200
    write_predictions_sdf([make_table([line(1, smiles)])], path)
    (mol,) = read(path)
    assert mol.GetNumAtoms() == 1200
    assert mol.GetProp("smiles") == smiles


def test_a_structure_that_cannot_be_drawn_is_written_without_coordinates(path, monkeypatch):
    def give_up(function, arguments, seconds):
        yield from (GaveUp("too slow") for _ in arguments)

    monkeypatch.setattr(sd_file, "bounded_map", give_up)
    write_predictions_sdf([make_table([line(1, "CCO")])], path)
    (mol,) = read(path)
    assert Chem.MolToSmiles(mol) == "CCO"
    assert not mol.GetConformer().GetPositions().any()


@pytest.mark.parametrize("smiles", ["C1CC", "", None])
def test_an_edited_structure_is_named(path, smiles):
    with pytest.raises(UserError, match="row 7 of the predictions"):
        write_predictions_sdf([make_table([line(7, smiles)])], path)
    assert not path.exists()


def test_a_table_without_predictions_gives_an_empty_file(path):
    failed = {"row": 2, "status": "failed", "reason": "no structure"}
    assert write_predictions_sdf([make_table([failed])], path) == 0
    assert path.read_bytes() == b""
