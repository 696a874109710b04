"""The tables of the atlas are as their README says, and every set of the atlas can be read."""

import math
import re
from pathlib import Path

import pytest
import yaml
from csv_rows import read_rows
from rdkit import Chem

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "resources" / "atlas"
TABLES = sorted(path.name for path in FOLDER.glob("*.csv"))
SETS = sorted((ROOT / "config" / "atlas").glob("*.yaml"))
SECTION = re.compile(
    r"^## `([\w.]+)`.*?\n\n(\d+) rows\b.*?Sets?: (.*?)\.\n(.*?)(?=^## |\Z)", re.M | re.S
)
COLUMN = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


@pytest.fixture(scope="module")
def described():
    """Number of rows, sets and columns of each table, as the README states them."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    return {
        name: (int(rows), re.findall(r"`(\w+)`", sets), COLUMN.findall(rest))
        for name, rows, sets, rest in SECTION.findall(text)
    }


def table_of_set(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))["input"]


def test_every_table_and_every_set_is_described(described):
    assert sorted(described) == TABLES
    for name, (_, sets, _) in described.items():
        used = [path.stem for path in SETS if table_of_set(path)["table"].endswith(f"atlas/{name}")]
        assert sorted(sets) == used, name


@pytest.mark.parametrize("name", TABLES)
def test_table_is_as_described(name, described):
    rows = read_rows(FOLDER / name)
    number, _, columns = described[name]
    assert list(rows[0]) == columns
    assert len(rows) == number
    assert 25 <= number <= 500
    assert all(math.isfinite(float(row[column])) for row in rows for column in columns[1:])


@pytest.mark.parametrize("name", TABLES)
def test_structures_are_valid_and_distinct(name):
    rows = read_rows(FOLDER / name)
    smiles = [row["smiles"] for row in rows]
    assert smiles == sorted(smiles)
    molecules = [Chem.MolFromSmiles(text) for text in smiles]
    assert None not in molecules
    assert len({Chem.MolToSmiles(mol) for mol in molecules}) == len(rows)
    for mol in molecules:
        assert mol.GetNumHeavyAtoms() <= 40
        assert not any(atom.GetIsotope() for atom in mol.GetAtoms())


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_set_names_a_table_and_a_label(path):
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    named = settings["input"]
    rows = read_rows(ROOT / named["table"])
    assert {named["smiles_column"], named["label_column"]} <= set(rows[0])
    assert settings["pathvars"]["results"] == f"results/atlas/{path.stem}"
    assert settings["splits"]["train"] == min(100, round(0.7 * len(rows)))
    if any("." in row["smiles"] for row in rows):
        assert settings["cleaning"]["fragments"] == "keep"
