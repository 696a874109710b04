import pytest

from confaug.errors import UserError
from confaug.molecules.reading.columns import MAX_LISTED
from confaug.molecules.reading.records import read_records

SMILES = ["CCO", "c1ccccc1", "CC(=O)O", "C#N", "CCN"]
CODES = ["A1", "A2", "A3", "A4", "A5"]
COLUMNS = {"smiles_column": "smiles", "label_column": "tg"}


@pytest.fixture
def read(tmp_path):
    def write_and_read(columns, section="input", where_present=None, **roles):
        path = tmp_path / "table.csv"
        rows = [columns, *zip(*columns.values(), strict=True)]
        path.write_text("\n".join(",".join(row) for row in rows) + "\n")
        return read_records(path, {**COLUMNS, **roles}, section, where_present)

    return write_and_read


def table(**further):
    return {"smiles": SMILES, "tg": ["1", "2", "3", "4", "5"], **further}


def test_columns_that_are_not_used_are_listed_once(read):
    found = read(table(pressure_kPa=["1"] * 5, Comment=["C", "N", "O", "I", "B"]))
    assert found.remarks == ("columns not used: 'pressure_kPa', 'Comment'",)
    assert read(table()).remarks == ()


def test_of_many_columns_the_first_are_listed(read):
    found = read(table(**{f"d{i}": ["1"] * 5 for i in range(MAX_LISTED + 7)}))
    assert found.remarks[0].endswith(f"'d{MAX_LISTED - 1}' and 7 more")


@pytest.mark.parametrize(("section", "told"), [("input", False), ("prediction", True)])
def test_the_column_of_new_structures_can_be_named_in_the_command(read, section, told):
    """A table of candidates seldom has the heading of the study's own."""
    with pytest.raises(UserError, match="has no column 'smiles'") as caught:
        read({"Structure": SMILES, "tg": CODES}, section)
    assert ("--config 'prediction={smiles_column: " in str(caught.value)) is told


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Compound", "name"),
        ("compound_name", "name"),
        ("IUPAC Name", "name"),
        ("ID", "id"),
        ("CAS-No.", "id"),
        ("compound id", "id"),
    ],
)
def test_columns_with_names_and_identifiers_are_offered(read, heading, role):
    columns = table(**{heading: CODES})
    found = read(columns, section="prediction")
    assert found.remarks[1].startswith(f"prediction: {role}_column: '{heading}' would show")
    assert read(columns, **{f"{role}_column": heading}).remarks == ()


def test_the_usual_column_is_read_where_there_is_one(read):
    columns = table(label=CODES)
    (first, *_) = read(columns, where_present={"name": "label", "id": "absent"}).records
    assert (first.name, first.id) == ("A1", None)
    (first, *_) = read(columns, where_present={"name": "label"}, name_column="tg").records
    assert first.name == "1"
    (first, *_) = read(columns, where_present={"name": "smiles", "id": None}).records
    assert (first.name, first.id) == (None, None)


def test_of_two_usual_columns_none_is_read(tmp_path):
    (tmp_path / "table.csv").write_text("smiles,name,name\nCCO,a,b\n")
    columns = {"smiles_column": "smiles"}
    (record,) = read_records(
        tmp_path / "table.csv", columns, "prediction", {"name": "name"}
    ).records
    assert record.name is None


@pytest.mark.parametrize("heading", ["names_of_lab", "pressure", "identity", "nose", "remark"])
def test_other_columns_are_not_offered(read, heading):
    assert len(read(table(**{heading: CODES})).remarks) == 1


def test_a_second_column_of_smiles_is_told(read):
    found = read(table(reactant=SMILES))
    assert found.remarks[1].startswith("column 'reactant' also holds SMILES; only those in")
    assert found.warnings == ()


@pytest.mark.parametrize(
    "values",
    [CODES, ["C", "N", "O", "I", "B"], ["1", "2", "3", "4", "5"], [""] * 5, ["C(", *CODES[1:]]],
)
def test_codes_words_and_numbers_are_no_smiles(read, values):
    assert len(read(table(other=values)).remarks) == 1
    assert read(table(other=values), id_column="other").warnings == ()


def test_exchanged_columns_are_told(read):
    columns = {"no": SMILES, "smiles": CODES, "tg": ["1", "2", "3", "4", "5"]}
    (warning,) = read(columns, id_column="no").warnings
    assert "'no' (input: id_column) holds SMILES and 'smiles' (smiles_column) does not" in warning
    (warning,) = read(table(no=SMILES), id_column="no").warnings
    assert "only those in 'smiles' are used as structures" in warning
    (warning,) = read(table(), name_column="smiles").warnings
    assert "name_column is the SMILES column" in warning
