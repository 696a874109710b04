"""The column of SMILES is found where there is one."""

import pytest

from confaug.errors import UserError
from confaug.molecules.reading.smiles_column import find_smiles_column

SMILES = ("CCO", "c1ccccc1", "CC(=O)O", "C=CC", "CCN")


def table(folder, header, *columns, separator=","):
    path = folder / "table.csv"
    lines = [header, *map(separator.join, zip(*columns, strict=True))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("header", "columns", "found"),
    [
        ("anything", (("CCO", "C"),), "anything"),
        ("id,SMILES", (("1", "2"), ("CCO", "C")), "SMILES"),
        ("smiles,structure", (SMILES, SMILES), "smiles"),
        ("id,structure", (tuple("12345"), SMILES), "structure"),
        ("canonical,smiles_", (SMILES, SMILES), "smiles_"),
    ],
)
def test_the_column_is_found(header, columns, found, tmp_path):
    assert find_smiles_column(table(tmp_path, header, *columns), "--smiles") == found


def test_tabs_separate_columns_too(tmp_path):
    path = table(tmp_path, "id\tsmiles", ("1", "2"), ("CCO", "C"), separator="\t")
    assert find_smiles_column(path, "--smiles") == "smiles"


@pytest.mark.parametrize(
    ("header", "columns", "sentence"),
    [
        ("a,b", (SMILES, SMILES), "several columns that hold SMILES: name one of 'a', 'b' with"),
        ("a,b", (tuple("12345"),) * 2, "no column that is called smiles: name one of 'a', 'b'"),
        ("", (), "is empty"),
    ],
)
def test_what_is_not_clear_is_asked_for(header, columns, sentence, tmp_path):
    with pytest.raises(UserError, match=sentence):
        find_smiles_column(table(tmp_path, header, *columns), "--smiles")


def test_a_missing_table_is_a_sentence(tmp_path):
    with pytest.raises(UserError, match=r"none\.csv does not exist; give its path"):
        find_smiles_column(tmp_path / "none.csv", "--smiles")
