import csv
import io
from urllib.parse import unquote

import pyarrow as pa
import pytest

from confaug.report.tables import csv_link
from confaug.tables.engine import read_table, stream_csv, write_table
from confaug.tables.failures import FAILURES
from confaug.tables.formulas import escape_columns, escape_text, unescape_columns
from confaug.tables.prediction import NEW_PREDICTIONS

FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "'=1", "''=1", "\t=1", "\r=1", "\n=1"]
FORMULAS += ["＝1+1", "＋1+1", "－1+1", "＠SUM(A1)"]
HARMLESS = ["-5", "+1.5e-3", "'quoted'", "a=b", "%", "°C", "", "mol/L", "−1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_one_apostrophe_that_reading_takes_away(text):
    table = pa.table({"a": [text, None], "b": [1.0, -2.0]})
    escaped = escape_columns(table)
    assert escaped.to_pylist() == [{"a": f"'{text}", "b": 1.0}, {"a": None, "b": -2.0}]
    assert unescape_columns(escaped).equals(table)


@pytest.mark.parametrize("text", HARMLESS)
def test_numbers_and_harmless_texts_stay_as_they_are(text):
    table = pa.table({"a": [text]})
    assert escape_columns(table).equals(table)
    assert unescape_columns(table).equals(table)
    assert escape_text(text) == text


@pytest.mark.parametrize("text", [*FORMULAS, *HARMLESS])
def test_tables_and_downloads_write_a_text_alike(text):
    column = escape_columns(pa.table({"a": [text]}))["a"].to_pylist()
    assert column == [escape_text(text)]
    download = unquote(csv_link([text], [[text]]).split(",", 1)[1])
    expected = [column[0].replace("\r", "\n")]
    assert list(csv.reader(io.StringIO(download, newline=""))) == [expected, expected]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_no_line_within_a_cell_begins_a_line_of_the_file(tmp_path, end):
    text = f"plain{end}=1+1"
    download = unquote(csv_link(["a"], [[text]]).split(",", 1)[1])
    assert download == 'a\n"plain\n=1+1"\n'
    row = {"stage": "s", "molecule": "m", "reason": text}
    table = pa.Table.from_pylist([row], schema=FAILURES.schema())
    write_table(table, tmp_path / "f.csv", FAILURES)
    assert f'"{text}"' in (tmp_path / "f.csv").read_bytes().decode()


@pytest.mark.parametrize("text", FORMULAS)
def test_no_column_of_any_table_begins_a_formula(tmp_path, text):
    filled = dict.fromkeys(("id", "name", "input_smiles", "unit", "reason", "remark"), text)
    row = {"row": 1, "status": "failed", **filled}
    table = pa.Table.from_pylist([row], schema=NEW_PREDICTIONS.schema())
    with stream_csv(tmp_path / "new.csv", NEW_PREDICTIONS) as write:
        write(table)
    row = {"stage": text, "molecule": text, "protocol": text, "reason": text}
    write_table(pa.Table.from_pylist([row], schema=FAILURES.schema()), tmp_path / "f.csv", FAILURES)
    for name in ("new.csv", "f.csv"):
        with (tmp_path / name).open(newline="", encoding="utf-8") as file:
            fields = [field for line in list(csv.reader(file))[1:] for field in line]
        assert f"'{text}" in fields
        assert text not in fields
    assert read_table(tmp_path / "new.csv", NEW_PREDICTIONS).equals(table)
