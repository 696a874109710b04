import datetime
import io
import json
import os
import struct
import zipfile
from pathlib import Path

import pytest
from hostile_workbooks import FIRST, HEADER, MAIN, write_hostile_files, write_workbook
from new_python import run_python
from openpyxl import Workbook, load_workbook

from confaug.errors import UserError
from confaug.molecules.reading import workbook as workbook_module
from confaug.molecules.reading.records import read_records

COLUMNS = {"smiles_column": "smiles", "label_column": "tg"}
#: Address space of a process that reads a hostile file, in bytes.
MEMORY = 1_000_000_000
READ_ALL = """
import json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), -1))
from confaug.errors import UserError
from confaug.molecules.reading.records import read_records
found = {}
for name, path in json.loads(sys.argv[2]).items():
    started = time.process_time()
    try:
        table = read_records(path, {"smiles_column": "smiles", "label_column": "tg"})
        outcome = [[r.row, r.smiles, r.label] for r in table.records]
    except UserError as error:
        outcome = str(error)
    except MemoryError:
        outcome = "out of memory"
    found[name] = [outcome, time.process_time() - started]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """Read all hostile files in a process whose memory is limited."""
    files = write_hostile_files(tmp_path_factory.mktemp("hostile"))
    given = json.dumps({name: str(path) for name, path in files.items()})
    printed = run_python(READ_ALL, str(MEMORY), given, OPENBLAS_NUM_THREADS="1")
    for path in files.values():
        path.unlink()
    return json.loads(printed)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bold corner", [[2, "CCO", "300"]]),
        ("last row", [[2, "CCO", "300"], [1048576, "1", None]]),
        ("merged sheet", [[2, "CCO", "300"]]),
        ("formatted rows", [[2, "CCO", "300"]]),
        ("row beyond", "row 4000000 is beyond the 1,048,576 of a worksheet"),
        ("endless row", "a cell of row 3 is beyond the 16,384 columns"),
        ("long cell", "a cell of row 3 has more than 1,000,000 characters"),
        ("entities", "declares a document type"),
        ("shared texts", "share more than"),
        ("one line", "begins in line 2 has more than 10,000,000 characters"),
        ("open quote", "begins in line 2 cannot be parsed"),
        ("quoted lines", "begins in line 2 has more than 10,000,000 characters"),
        ("many columns", "has no column 'smiles'"),
        ("comments", [[2, "CCO", "1"]]),
        ("sparse", "has 1,000,000,000,000 bytes, more than the"),
    ],
)
def test_hostile_files_cost_bounded_memory_and_time(outcomes, name, expected):
    outcome, seconds = outcomes[name]
    if isinstance(expected, str):
        assert expected in outcome
        assert "\n" not in outcome
    else:
        assert outcome == expected
    assert seconds < 60


def test_a_workbook_that_unpacks_to_too_much_is_refused_before(tmp_path, monkeypatch):
    path = write_workbook(tmp_path / "bomb.xlsx", HEADER + FIRST + " " * 100_000)
    monkeypatch.setattr(workbook_module, "MAX_UNPACKED", 100_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    with pytest.raises(UserError, match=r"bomb\.xlsx: it unpacks to 10\d,\d+ bytes, more than"):
        read_records(path, COLUMNS)


def test_a_part_that_is_larger_than_it_says_ends_in_a_sentence(tmp_path):
    path = write_workbook(tmp_path / "lie.xlsx", HEADER + FIRST + " " * 100_000)
    content = path.read_bytes()
    size = zipfile.ZipFile(path).getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(content.replace(struct.pack("<L", size), struct.pack("<L", 500)))
    with pytest.raises(UserError, match="cannot be read as an Excel workbook"):
        read_records(path, COLUMNS)


@pytest.fixture
def book():
    made = Workbook()
    made.active.title = "First"
    for row in (["smiles", "tg"], ["CCO", 300], ["CCN", 310]):
        made.active.append(row)
    return made


def read(made, tmp_path, columns=COLUMNS):
    path = tmp_path / "table.xlsx"
    made.save(path)
    return read_records(path, columns)


def values(found):
    return [(record.row, record.smiles, record.label) for record in found.records]


GOOD = [(2, "CCO", "300"), (3, "CCN", "310")]


def test_hidden_rows_are_read_and_told(book, tmp_path):
    book.active.row_dimensions[3].hidden = True
    found = read(book, tmp_path)
    assert values(found) == GOOD
    assert found.warnings[0].startswith("1 rows are hidden or filtered out")
    assert "row 3" in found.warnings[0]


def test_a_hidden_first_sheet_is_passed_over(book, tmp_path):
    notes = book.create_sheet("Notes", 0)
    notes.append(["smiles", "tg"])
    notes.sheet_state = "hidden"
    found = read(book, tmp_path)
    assert values(found) == GOOD
    assert found.warnings == ("of 2 sheets only the first that is not hidden, 'First', was read",)
    assert found.records[0].place == "row 2 of sheet 'First' of table.xlsx"


def test_a_table_on_another_sheet_is_found_for_the_message(book, tmp_path):
    for _ in range(2):
        book.active.insert_rows(1)
    book.active["A1"] = "Measured in 2024"
    book.create_sheet("Notes", 0).append(["Read me"])
    with pytest.raises(UserError, match=r"they are in row 3 of the sheet 'First'; move"):
        read(book, tmp_path)
    book["Notes"]["A1"] = None
    with pytest.raises(UserError, match=r"is empty; they are in row 3 of the sheet 'First'; move"):
        read(book, tmp_path)


def test_a_title_above_the_header_is_named(book, tmp_path):
    book.active.insert_rows(1)
    book.active["A1"] = "Glass transition temperatures"
    book.active.merge_cells("A1:B1")
    with pytest.raises(UserError, match="they are in row 2; delete the rows above"):
        read(book, tmp_path)
    text = tmp_path / "table.csv"
    text.write_text("My table\n\nsmiles,tg\nC,1\n")
    with pytest.raises(UserError, match="they are in row 3; delete the rows above, or start them"):
        read_records(text, COLUMNS)


def test_percentages_are_read_as_stored_and_told(book, tmp_path):
    book.active["B3"] = 0.5
    book.active["B3"].number_format = "0.0 %"
    book.active["D3"] = 0.5
    book.active["D3"].number_format = "0%"
    found = read(book, tmp_path)
    assert values(found)[1] == (3, "CCN", "0.5")
    assert found.warnings == (
        "cells are shown as percentages; the first is B3; the stored numbers are read, 0.5 for "
        "50 %",
    )


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        (datetime.date(2024, 5, 1), None, "2024-05-01T00:00:00"),
        (datetime.time(12, 30), None, "12:30:00"),
        (datetime.timedelta(days=1, hours=2), "[h]:mm:ss", "1 day, 2:00:00"),
        (0.5, "hh:mm", "12:00:00"),
        (True, None, "True"),
        ("#N/A", None, "#N/A"),
        (1e300, "yyyy-mm-dd", "#VALUE!"),
        (12.0, '0.0 "% of m"', "12"),
        (1e22, None, "1e+22"),
        ("  x ", None, "  x "),
        (-0.125, None, "-0.125"),
    ],
)
def test_values_are_written_as_a_person_would(book, tmp_path, value, style, text):
    book.active["B2"] = value
    if style:
        book.active["B2"].number_format = style
    found = read(book, tmp_path)
    assert found.records[0].label == text
    assert found.warnings == ()


def test_merged_rows_are_told(book, tmp_path):
    book.active.merge_cells("B2:B3")
    found = read(book, tmp_path)
    assert values(found) == [(2, "CCO", "300"), (3, "CCN", None)]
    assert found.warnings[0].startswith("cells of several rows are merged; the first are B2:B3")


def test_fields_under_a_merged_cell_are_told_in_their_rows(book, tmp_path):
    for row in (["CCC", 320], ["CCS", 330], ["CCCl", 340]):
        book.active.append(row)
    for cells in ("A5:A6", "A2:A3", "B3:B4"):
        book.active.merge_cells(cells)
    found = read(book, tmp_path)
    assert "the first are A2:A3;" in found.warnings[0]
    problems = {record.row: record.problem for record in found.records if record.problem}
    assert set(problems) == {3, 4, 6}
    for row, cells in ((3, "A2:A3"), (4, "B3:B4"), (6, "A5:A6")):
        assert f"merged into {cells}" in problems[row]
    unused = read(book, tmp_path, {"smiles_column": "tg"})
    assert {record.row for record in unused.records if record.problem} == {4}


def test_what_stands_beside_the_table_does_not_matter(book, tmp_path):
    book.active["H2"] = "a note"
    book.active["A5"] = "CCC"
    assert values(read(book, tmp_path)) == [*GOOD, (5, "CCC", None)]


def test_rich_texts_pronunciations_and_escapes(tmp_path):
    strings = (
        f'<sst xmlns="{MAIN}"><si><r><t>CC</t></r><r><t>O</t></r><rPh><t>no</t></rPh></si>'
        "<si><t>a_x000A_b_x005F_x</t></si></sst>"
    )
    row = '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c></row>'
    path = write_workbook(
        tmp_path / "t.xlsx", HEADER + row, parts={"xl/sharedStrings.xml": strings}
    )
    assert values(read_records(path, COLUMNS)) == [(2, "CCO", "a\nb_x")]


def test_values_agree_with_openpyxl(tmp_path):
    made = Workbook()
    made.active.append(["smiles", "tg"])
    numbers = [1, -2.5, 1e-7, 12345678901234567890, 0.1 + 0.2, 3.0, 1e15, 123456.75]
    for number in numbers:
        made.active.append(["C", number])
    found = read(made, tmp_path)
    sheet = load_workbook(tmp_path / "table.xlsx", read_only=True).active
    expected = [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert [float(record.label) for record in found.records] == expected


def test_a_damaged_reference_ends_in_a_sentence(tmp_path):
    row = '<row r="2"><c r="A2" t="s"><v>7</v></c></row>'
    path = write_workbook(tmp_path / "t.xlsx", HEADER + row)
    with pytest.raises(UserError, match=r"cannot be read as an Excel workbook \(IndexError\)"):
        read_records(path, COLUMNS)


@pytest.mark.parametrize("second", ["2", "1"])
def test_rows_come_once_and_in_order(tmp_path, second):
    path = write_workbook(tmp_path / "t.xlsx", HEADER + FIRST + FIRST.replace('"2"', f'"{second}"'))
    with pytest.raises(UserError, match=f"row {second} follows row 2; save the table alone"):
        read_records(path, COLUMNS)


def test_a_binary_workbook_is_named(tmp_path):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.bin", b"")
    path = tmp_path / "table.xlsb"
    path.write_bytes(content.getvalue())
    with pytest.raises(UserError, match="a binary Excel workbook"):
        read_records(path, COLUMNS)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_or_a_device_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "table.csv")
    for path in (tmp_path / "table.csv", Path("/dev/zero")):
        with pytest.raises(UserError, match="is not a regular file"):
            read_records(path, COLUMNS)
