import csv
import datetime
import io
import os
import random
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from confaug.errors import UserError
from confaug.molecules.reading import records as reading
from confaug.molecules.reading.records import read_records
from confaug.molecules.reading.rows import MAX_FIELD_LENGTH

COLUMNS = {"smiles_column": "smiles", "label_column": "tg", "name_column": "name"}
TABLE = "smiles,tg,name\nCCO,300,ethanol\nC#N,250,«HCN»\n"


@pytest.fixture
def read(tmp_path):
    def write_and_read(content, name="table.csv", columns=COLUMNS):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_records(path, columns)

    return write_and_read


def fields(records):
    return [(r.row, r.smiles, r.label, r.name) for r in records.records]


EXPECTED = [(2, "CCO", "300", "ethanol"), (3, "C#N", "250", "«HCN»")]


def numbered(*rows):
    """Return the expected records with other rows of the file."""
    return [(row, *record[1:]) for row, record in zip(rows, EXPECTED, strict=True)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(read, encoding, newline):
    found = read(TABLE.replace("\n", newline).encode(encoding))
    assert fields(found) == EXPECTED
    assert found.warnings == ()


def test_latin_1_is_read_with_a_warning(read):
    found = read(TABLE.encode("latin-1"))
    assert fields(found) == EXPECTED
    assert found.warnings[0].startswith("line 3 is not UTF-8")


def test_mixed_line_ends_and_no_last_one(read):
    assert fields(read("smiles,tg,name\r\nCCO,300,ethanol\rC#N,250,«HCN»")) == EXPECTED


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(read, separator):
    assert fields(read(TABLE.replace(",", separator))) == EXPECTED


def test_separator_is_that_of_the_configured_columns(read):
    text = "smiles;tg;a,b,c,d,e\nCCO;12,5;x\n"
    assert fields(read(text, columns={**COLUMNS, "name_column": None})) == [
        (2, "CCO", "12,5", None)
    ]


def test_declared_separator_of_excel(read):
    assert fields(read("sep=;\n" + TABLE.replace(",", ";"))) == numbered(3, 4)


def test_end_of_file_of_old_programs(read):
    assert fields(read(TABLE + "\x1a")) == EXPECTED


def test_single_column(read):
    found = read("smiles\nCCO\n", columns={"smiles_column": "smiles", "label_column": None})
    assert fields(found) == [(2, "CCO", None, None)]


def test_quoted_fields(read):
    text = 'smiles,tg,name\nCCO, 300 ,"a ""b"", c\n# no comment"\n"C#N",250, "x,y"\n'
    assert fields(read(text)) == [
        (2, "CCO", "300 ", 'a "b", c\n# no comment'),
        (4, "C#N", "250", "x,y"),
    ]


def test_blank_and_comment_lines_are_not_records(read):
    text = "# made by hand\n\n smiles ,tg, name\n\n#CC,1,x\nCCO,300,ethanol\n,,\nC#N,250,«HCN»\n\n"
    found = read(text)
    assert fields(found) == numbered(6, 8)
    assert found.warnings == (
        "2 comment lines were skipped; the first is line 1: '# made by hand'",
    )


def test_quoted_hash_is_data(read):
    assert fields(read('name,smiles,tg\n"#1",CCO,300\n')) == [(2, "CCO", "300", "#1")]


def test_ragged_rows_are_named(read):
    found = read("smiles,tg,name\nCCO,300,a,b\nCCO,300\nCCO,300,a,,\nCCO,300,\n")
    problems = [record.problem for record in found.records]
    assert problems[0].startswith("row 2 has 4 fields but the header has 3")
    assert problems[1].startswith("row 3 has 2 fields")
    assert problems[2:] == [None, None]


def test_unnamed_last_column_is_no_ragged_row(read):
    assert read("smiles,tg,name,\nCCO,300,a,note\nCC,1,b\n").records[0].problem is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("\n \n\n", "is empty"),
        ("# only a comment\n", "is empty"),
        ("smiles,tg,name\n", "has a header but no records"),
        ("smiles,tg,name\n#1,1,a\n", "1 lines that begin with # are comments"),
        ("SMILES,tg,name\nC,1,a\n", "did you mean 'SMILES'"),
        ("smile,tg,name\nC,1,a\n", "did you mean 'smile'"),
        (
            "structure,tg,name\nC,1,a\n",
            "its columns are 'structure', 'tg', 'name'; `./confaug start ",
        ),
        ("smiles|tg|name\nC|1|a\n", "only column is 'smiles|tg|name'; separate the columns by"),
        ("smiles tg name\nC 1 a\n", "only column is 'smiles tg name'; separate"),
        ("#smiles,tg,name\nC,1,a\n", "comment because it begins with #"),
        ("smiles,tg,name,tg \nC,1,a,2\n", "2 columns named 'tg'"),
        ('smiles,tg,name\nC,1,a\nC,1,"open\nC,2,b\n', "begins in line 3 cannot be parsed"),
        ("smiles,tg,name\nC,1,\x00\n", "NUL byte in line 2"),
        ("smiles,tg,name\nC,1," + "x" * (MAX_FIELD_LENGTH + 1), "field larger than field limit"),
        (b"\xff\xfes\x00m\x00i", "is damaged"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "save it as .xlsx"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04garbage", "damaged zip"),
        ("<!DOCTYPE html><table>", "HTML"),
        ('[\n {"smiles": "CCO"}]', "JSON"),
        ("ѕmiles,tg,name\nC,1,a\n", "CYRILLIC SMALL LETTER DZE"),
        ("sm\u200biles,tg,name\nC,1,a\n", "ZERO WIDTH SPACE"),
        ("My table\nSmiles,TG,Name\nC,1,a\n", "they are in row 2"),
        ("\n  RDKit 2D\n\n  1  0  0 0 V2000\n", "SDF or MOL"),
    ],
)
def test_unusable_files_end_in_one_sentence(read, content, message):
    with pytest.raises(UserError) as caught:
        read(content)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_table_of_too_many_records_is_refused(read, monkeypatch):
    monkeypatch.setattr(reading, "MAX_RECORDS", 2)
    assert len(read(TABLE).records) == 2
    with pytest.raises(UserError, match=r"table\.csv has more than 2 records"):
        read(TABLE + "C,1,a\n")


def test_only_the_first_of_many_columns_are_compared_with_a_misspelt_name(read):
    names = ",".join(f"column{i}" for i in range(100_000))
    with pytest.raises(UserError, match="no column 'smiles'"):
        read(f"{names}\n{','.join('1' * 100_000)}\n")


def test_other_paths(tmp_path):
    with pytest.raises(UserError, match="does not exist"):
        read_records(tmp_path / "none.csv", COLUMNS)
    with pytest.raises(UserError, match="is a folder"):
        read_records(tmp_path, COLUMNS)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"smiles_column": None}, "smiles_column is empty"),
        ({"smiles_column": " "}, "smiles_column is empty"),
        ({"smiles_column": "smiles", "label_column": "smiles"}, "are both 'smiles'"),
    ],
)
def test_configuration_mistakes(read, columns, message):
    with pytest.raises(UserError, match=message):
        read(TABLE, columns=columns)


def zipped(names):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "content")
    return content.getvalue()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["xl/workbook.xml"], "an Excel workbook; rename it to .xlsx"),
        (["mimetype", "content.xml"], "OpenDocument"),
        (["table.csv"], "a zip archive; unpack"),
    ],
)
def test_zip_renamed_to_csv(read, names, message):
    with pytest.raises(UserError, match=message):
        read(zipped(names))
    with pytest.raises(UserError, match="cannot be read as an Excel workbook"):
        read(zipped(names), name="table.xlsx")


def workbook_bytes(rows, sheets=1):
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    for _ in range(sheets - 1):
        workbook.create_sheet()
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def test_workbook(read):
    rows = [
        [],
        ["smiles", "tg", "name"],
        ["CCO", 300.0, None],
        [],
        ["#C", 12.5, 7],
        ["C", None, ""],
    ]
    rows += [["CC", datetime.date(2020, 3, 12), True]]
    found = read(workbook_bytes(rows, sheets=2), name="table.xlsx")
    assert fields(found) == [
        (3, "CCO", "300", None),
        (5, "#C", "12.5", "7"),
        (6, "C", None, None),
        (7, "CC", "2020-03-12T00:00:00", "True"),
    ]
    assert found.warnings == ("of 2 sheets only the first, 'Sheet', was read",)


def test_formulas_without_values_are_named(read):
    found = read(workbook_bytes([["smiles", "tg", "name"], ["CCO", "=1+2", "a"]]), "table.xlsx")
    assert "cell B2 is a formula without a stored value" in found.records[0].problem


def test_formulas_with_values_are_used_with_a_warning(read):
    archive = zipfile.ZipFile(io.BytesIO(workbook_bytes([["smiles", "tg", "name"], ["C", "=1+2"]])))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as changed:
        for name in archive.namelist():
            part = archive.read(name)
            if name.endswith("sheet1.xml"):
                assert b"<v></v>" in part or b"<v />" in part or b"<v/>" in part
                for empty in (b"<v></v>", b"<v />", b"<v/>"):
                    part = part.replace(empty, b"<v>3</v>")
            changed.writestr(name, part)
    found = read(content.getvalue(), "table.xlsx")
    assert fields(found) == [(2, "C", "3", None)]
    assert found.warnings == (
        "1 cells are formulas, whose stored values were used; the first is B2",
    )


def test_text_renamed_to_xlsx(read):
    with pytest.raises(UserError, match="if it is text, rename it"):
        read(TABLE, name="table.xlsx")
    with pytest.raises(UserError, match="is empty"):
        read(b"", name="table.xlsx")
    with pytest.raises(UserError, match="protected by a password or has the older format"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", name="table.xlsx")


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=12)


@settings(deadline=None, max_examples=60)
@given(
    rows=st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=6),
    separator=st.sampled_from(",;\t"),
    newline=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_csv_writes_is_read_again(tmp_path_factory, rows, separator, newline, encoding):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator, lineterminator=newline, quoting=csv.QUOTE_ALL)
    writer.writerows([("smiles", "tg", "name"), *rows])
    path = tmp_path_factory.mktemp("round") / "table.csv"
    path.write_bytes(buffer.getvalue().encode(encoding))
    expected = [
        tuple(field if field.strip() else None for field in row)
        for row in rows
        if any(field.strip() for field in row)
    ]
    if not expected:
        with pytest.raises(UserError, match="no records"):
            read_records(path, COLUMNS)
        return
    found = read_records(path, COLUMNS)
    assert [(r.smiles, r.label, r.name) for r in found.records] == expected


PIECES = [
    TABLE.encode(),
    TABLE.encode("utf-16"),
    b'"',
    b"\r",
    b"\n",
    b",",
    b";",
    b"\t",
    b"#",
    b"\x00",
]
PIECES += [
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xa0",
    b"smiles",
    b"tg",
    b"PK\x03\x04",
    b"sep=",
    b"=",
    b"\xe9",
]


def mutated(source, seeds):
    """Return one random file made of pieces, cut, repeated and overwritten."""
    content = bytearray(source.choice(seeds))
    for _ in range(source.randint(0, 8)):
        at = source.randint(0, len(content))
        match source.randint(0, 3):
            case 0:
                content[at:at] = source.choice(PIECES)
            case 1:
                del content[at : at + source.randint(0, 20)]
            case 2:
                content[at:at] = source.randbytes(source.randint(0, 5))
            case _:
                content[at:at] = content[: source.randint(0, 30)]
    return bytes(content)


def test_fuzzed_files_end_in_records_or_one_sentence(tmp_path):
    """Run for CONFAUG_FUZZ_SECONDS (default 2), always from the same random numbers."""
    source = random.Random(6)
    workbook = workbook_bytes([["smiles", "tg", "name"], ["CCO", 1.5, "a"]])
    end = time.monotonic() + float(os.environ.get("CONFAUG_FUZZ_SECONDS", "2"))
    outcomes = {"records": 0, "refused": 0}
    messages: list[str] = []
    while time.monotonic() < end:
        ending = source.choice([".csv", ".tsv", ".txt", ".xlsx"])
        seeds = [workbook] if ending == ".xlsx" else PIECES
        path = tmp_path / f"table{ending}"
        path.write_bytes(mutated(source, seeds))
        try:
            outcomes["records"] += bool(read_records(path, COLUMNS).records)
        except UserError as error:
            messages.append(str(error))
            outcomes["refused"] += 1
    assert not [message for message in messages if "\n" in message]
    assert min(outcomes.values()) > 0
