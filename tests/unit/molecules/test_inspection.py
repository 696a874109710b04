"""What the columns of a table are taken for."""

import pytest

from confaug.errors import UserError
from confaug.molecules.inspection import inspect_table, split_unit

SMILES = ["CCO", "c1ccccc1", "CC(=O)O", "C1CCCCC1", "CCN", "CC#N", "CCCO", "CC=O"]


@pytest.fixture
def inspect(tmp_path):
    """A function that inspects a table given by its columns."""

    def look(columns, **named):
        path = tmp_path / "t.csv"
        rows = [columns.keys(), *zip(*columns.values(), strict=True)]
        path.write_text("\n".join(";".join(map(str, row)) for row in rows), encoding="utf-8")
        return inspect_table(path, **named)

    return look


def test_names_identifiers_labels_and_units_are_found(inspect):
    found = inspect(
        {
            "No": range(1, 9),
            "Compound": [f"substance {i}" for i in range(8)],
            "SMILES": SMILES,
            "Tb (K)": [351, 353, 391, 354, "n/a", 355, "370.5", 293],
        }
    )
    assert (found.smiles, found.structures) == ("SMILES", 8)
    assert (found.id_column, found.name_column) == ("No", "Compound")
    label = found.label
    assert (label.name, label.title, label.unit) == ("Tb (K)", "Tb", "K")
    assert (label.count, label.low, label.high, found.unlabelled) == (7, 293, 391, 1)
    assert [one.name for one in found.candidates] == ["Tb (K)"]
    assert not found.polymers


def test_several_possible_labels_are_all_named(inspect):
    columns = {"SMILES": SMILES, "a": range(3, 11), "b": [*range(7), "–"], "T": [298.15, 300] * 4}
    found = inspect(columns)
    assert [one.name for one in found.candidates] == ["a", "b", "T"]
    assert [one.unlikely for one in found.candidates] == [False, False, True]
    assert inspect(columns, label="b").label.name == "b"


def test_decimal_commas_are_read(inspect):
    found = inspect({"smiles": SMILES, "n": [f"1,3{i}" for i in range(8)]})
    assert (found.label.low, found.label.high) == (1.30, 1.37)


def test_bounds_and_words_are_not_counted_as_numbers(inspect):
    found = inspect({"smiles": SMILES, "y": [1, 2, 3, 4, 5, 6, "> 7", "high"]})
    assert found.label.count == 6
    with pytest.raises(UserError, match="no column of numbers"):
        inspect({"smiles": SMILES, "y": [1, 2, *["> 7"] * 6]})


def test_columns_that_differ_within_a_structure_are_conditions(inspect):
    twice = {"smiles": ["CCO", "CCO", *SMILES[2:]], "y": range(8, 16)}
    assert inspect({**twice, "T": [1, 2, *[1] * 6]}).conditions == ("T",)
    assert inspect({**twice, "T": [1, 1, *[2] * 6]}).conditions == ()
    assert inspect({**twice, "other": [1, 2, *[1] * 6]}).conditions == ()


def test_repeat_units_are_recognised(inspect):
    assert inspect({"smiles": [f"*{'C' * i}O*" for i in range(1, 9)], "y": range(8)}).polymers


def test_of_several_columns_of_structures_that_called_smiles_is_taken(inspect):
    columns = {"canonical_smiles": SMILES, "SMILES": SMILES, "y": range(2, 10)}
    assert inspect(columns).smiles == "SMILES"
    both = {"canonical": SMILES, "isomeric": SMILES, "y": range(2, 10)}
    with pytest.raises(UserError, match=r"2 columns of SMILES, 'canonical', 'isomeric'.*--smiles"):
        inspect(both)
    assert inspect(both, smiles="isomeric").smiles == "isomeric"


def test_a_label_that_is_not_there_is_refused_with_what_is(inspect):
    with pytest.raises(
        UserError, match="no column 'z' with numbers; its columns are 'smiles', 'y'"
    ):
        inspect({"smiles": SMILES, "y": range(8)}, label="z")


@pytest.mark.parametrize(
    ("heading", "name", "unit"),
    [
        ("Tg (K)", "Tg", "K"),
        ("Tg [°C]", "Tg", "°C"),
        ("density / g/mL", "density", "g/mL"),
        ("tg_K", "tg", "K"),
        ("Boiling point, °C", "Boiling point", "°C"),
        ("log P", "log P", ""),
        ("name_of_it", "name_of_it", ""),
        ("(K)", "(K)", "K"),
        ("", "", ""),
    ],
)
def test_units_are_those_of_headings(heading, name, unit):
    assert split_unit(heading) == (name, unit)
