"""Where the table stands in a file of which nothing is known."""

import json

import pytest
from hostile_workbooks import write_hostile_files
from hypothesis import given
from hypothesis import strategies as st
from new_python import run_python
from openpyxl import Workbook

from confaug.errors import UserError
from confaug.molecules.reading.layout import find_layout
from confaug.molecules.reading.records import read_records

SMILES = ["CCO", "c1ccccc1", "CC(=O)O", "C1CCCCC1", "CCN", "CC#N"]
ROWS = [(f"m{i}", smiles, 1.5 * i) for i, smiles in enumerate(SMILES)]
HEADER = ("name", "SMILES", "y")
COLUMNS = {"smiles_column": "SMILES", "label_column": "y"}
#: Address space of a process that reads a hostile file, in bytes.
MEMORY = 1_000_000_000
FIND_ALL = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), -1))
from confaug.errors import UserError
from confaug.molecules.reading.layout import find_layout
found = {}
for name, path in json.loads(sys.argv[2]).items():
    try:
        find_layout(path, "smiles")
        found[name] = ""
    except UserError as error:
        found[name] = str(error)
print(json.dumps(found))
"""


def text(rows, separator=","):
    return "".join(separator.join(map(str, row)) + "\n" for row in rows)


def write(path, content):
    path.write_text(content, encoding="utf-8")
    return path


def workbook(path, **sheets):
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_plain_table_has_its_header_in_the_first_row(tmp_path, separator):
    layout = find_layout(write(tmp_path / "t.csv", text([HEADER, *ROWS], separator)))
    assert (layout.sheet, layout.header_row, layout.names) == (None, None, HEADER)
    assert layout.values(1) == SMILES
    assert (layout.smiles, layout.complete) == ((1,), True)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_title_lines_are_above_the_header(tmp_path, separator):
    titles = 'Densities, measured by A, B and "C"\n2019; 25 °C\n\n'
    path = write(tmp_path / "t.csv", titles + text([HEADER, *ROWS], separator))
    layout = find_layout(path)
    assert (layout.header_row, layout.names) == (4, HEADER)
    records = read_records(path, COLUMNS | {"header_row": 4}).records
    assert [record.row for record in records] == list(range(5, 5 + len(ROWS)))
    assert [record.smiles for record in records] == SMILES


def test_a_row_of_units_belongs_to_the_data(tmp_path):
    rows = [HEADER, ("", "", "g/mL"), *ROWS]
    assert find_layout(write(tmp_path / "t.csv", text(rows))).names == HEADER


def test_a_first_structure_that_is_broken_is_no_header(tmp_path):
    rows = [HEADER, ("x", "C1CC", 7), ("y", "C", 8), *ROWS]
    layout = find_layout(write(tmp_path / "t.csv", text(rows)))
    assert layout.names == HEADER
    assert layout.values(1)[:2] == ["C1CC", "C"]


def test_a_sheet_that_is_not_the_first_is_named(tmp_path):
    path = workbook(
        tmp_path / "t.xlsx", About=[["who measured"], ["and when"]], Data=[HEADER, *ROWS]
    )
    layout = find_layout(path)
    assert (layout.sheet, layout.header_row, layout.names) == ("Data", None, HEADER)
    records = read_records(path, COLUMNS | {"sheet": "Data"})
    assert [record.smiles for record in records.records] == SMILES
    assert records.warnings == ()


def test_the_first_sheet_needs_no_name(tmp_path):
    rows = [["Title"], [], HEADER, *ROWS]
    path = workbook(tmp_path / "t.xlsx", Data=rows, Notes=[["none"]])
    layout = find_layout(path)
    assert (layout.sheet, layout.header_row) == (None, 3)
    records = read_records(path, COLUMNS | {"header_row": 3}).records
    assert [record.row for record in records] == list(range(4, 4 + len(ROWS)))


def test_a_sheet_that_is_not_there_is_refused(tmp_path):
    path = workbook(tmp_path / "t.xlsx", Data=[HEADER, *ROWS])
    with pytest.raises(UserError, match="no sheet 'Daten'; its sheets are 'Data'"):
        read_records(path, COLUMNS | {"sheet": "Daten"})
    with pytest.raises(UserError, match="remove input: sheet"):
        read_records(write(tmp_path / "t.csv", text(ROWS)), COLUMNS | {"sheet": "Data"})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is empty"),
        (text(ROWS), "no header line"),
        (text([("a", "b"), (1, 2), (3, 4)]), "no column of SMILES"),
        ("x" * 1000, "no column of SMILES"),
        ("%PDF-1.7", "PDF"),
        ('a,b\n"CCO,1\n', "no column of SMILES|cannot be parsed"),
    ],
)
def test_what_is_no_table_of_molecules_is_refused(tmp_path, content, told):
    with pytest.raises(UserError, match=told):
        find_layout(write(tmp_path / "t.csv", content))


def test_a_column_is_found_by_the_name_that_the_user_gives(tmp_path):
    path = write(tmp_path / "t.csv", text([("id", "what", "y"), (1, "CO", 2), (2, "NO", 3)]))
    with pytest.raises(UserError, match="no column of SMILES"):
        find_layout(path)
    assert find_layout(path, "what").smiles == (1,)
    with pytest.raises(UserError, match="no column 'where'"):
        find_layout(path, "where")


@given(
    titles=st.lists(
        st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30), max_size=4
    )
)
def test_whatever_stands_above_the_table_it_is_found_or_refused(tmp_path_factory, titles):
    path = write(
        tmp_path_factory.mktemp("t") / "t.csv", "\n".join([*titles, text([HEADER, *ROWS])])
    )
    try:
        layout = find_layout(path)
    except UserError:
        return
    given_row = {} if layout.header_row is None else {"header_row": layout.header_row}
    assert layout.names[1] == "SMILES"
    assert len(read_records(path, COLUMNS | given_row).records) == len(ROWS)


def test_hostile_workbooks_end_in_a_sentence_within_bounded_memory(tmp_path):
    files = write_hostile_files(tmp_path)
    names = json.dumps({name: str(path) for name, path in files.items()})
    found = json.loads(run_python(FIND_ALL, str(MEMORY), names, OPENBLAS_NUM_THREADS="1"))
    assert found.keys() == files.keys()
    assert found["bold corner"] == ""
    assert "beyond" in found["row beyond"]
