"""Read a user's table, as text or as an Excel workbook, into records with named fields.

What is accepted: CSV with comma, semicolon or tab, and .xlsx workbooks (first sheet). The first
line that is neither blank nor a comment is the header. Column names are compared exactly, white
space around them apart; a near match is suggested, never taken. Lines that begin with `#` are
comments in text files. A record keeps the number that a person finds it by: the row that a
spreadsheet program shows, or the line of a text file in which it begins, with blank lines, comments
and line breaks within quotation marks counted. A record with more or fewer fields than the header
is kept with a note of it, so that it can be rejected with a reason; anything that makes the whole
file unreadable is a `UserError`.
"""

import codecs
import csv
import datetime
import difflib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from confaug.errors import UserError
from confaug.labels import shorten

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
MAX_FIELD_LENGTH = 1_000_000
#: First bytes of old Excel workbooks, and of new ones behind a password.
OLE = b"\xd0\xcf\x11\xe0"
#: First bytes of files that are often mistaken for tables.
MAGIC = (
    (b"PK\x03\x04", "a zip archive"),
    (OLE, "an old Excel workbook (.xls); save it as .xlsx or CSV"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"\xfd7zXZ", "an xz archive; unpack it first"),
    (b"7z\xbc\xaf", "a 7-zip archive; unpack it first"),
    (b"%PDF", "a PDF document; export the table as CSV"),
    (b"PAR1", "a Parquet file; export it as CSV"),
    (b"\x89PNG", "a picture; give a table"),
    (b"{\\rtf", "a rich-text document; export the table as CSV"),
)
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like the mark of UTF-16, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Record:
    """One row of a user's table; fields are as given, None where blank or not configured.

    Attributes
    ----------
    row
        Row of the spreadsheet, or line of the text file in which the record begins.
    smiles, label, id, name, part, occurrences
        The configured fields. `part` is the column that fixes the split.
    problem
        Why the fields cannot be trusted, for example a wrong number of fields.
    source
        What messages call the file.
    """

    row: int
    smiles: str | None = None
    label: str | None = None
    id: str | None = None
    name: str | None = None
    part: str | None = None
    occurrences: str | None = None
    problem: str | None = None
    source: str = ""

    @property
    def place(self) -> str:
        """Where a person finds the record."""
        return f"row {self.row}" + (f" of {self.source}" if self.source else "")


@dataclass(frozen=True)
class Records:
    """The records of one file and what was unusual about reading it."""

    source: str
    records: tuple[Record, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Row:
    """Fields of one record or spreadsheet row, and the row or first line in the file."""

    fields: list[str]
    number: int
    problems: Mapping[int, str]


def read_records(path: str | Path, columns: Mapping[str, Any], section: str = "input") -> Records:
    """Read a user's table.

    Parameters
    ----------
    path
        A text table (any ending) or an Excel workbook (.xlsx, .xlsm).
    columns
        The `input` section of the configuration: `smiles_column`, and `label_column`,
        `id_column`, `name_column`, `split_column`, `occurrences_column`, each a column name or
        None.
    section
        What messages call that section.

    Returns
    -------
    Records
        In the order of the file.

    Raises
    ------
    UserError
        If the file cannot be read as a table, lacks a configured column, names one twice, or
        holds no records.
    """
    path = Path(path)
    content = _read_bytes(path)
    warnings: list[str] = []
    comments: list[str] = []
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        rows = _workbook_rows(content, path, warnings)
    else:
        _refuse_other_formats(content, path)
        text = _decode(content, path, warnings)
        rows = _text_rows(text, path, _roles(columns), comments)
    header = next(rows, None)
    if header is None:
        raise UserError(f"{path} is empty; give a table with a header and at least one record")
    indices = _find_columns(header, _roles(columns), path, comments, section)
    records = tuple(_to_records(rows, header.fields, indices, path.name))
    if not records:
        hint = f"; {len(comments)} lines that begin with # are comments" if comments else ""
        raise UserError(f"{path} has a header but no records{hint}")
    if comments:
        warnings.append(f"{len(comments)} comment lines were skipped, the first is {comments[0]}")
    return Records(str(path), records, tuple(warnings))


def _roles(columns: Mapping[str, Any]) -> dict[str, str]:
    """Return the configured column name of each role."""
    roles = ("smiles", "label", "id", "name", "split", "occurrences")
    keys = {role: f"{role}_column" for role in roles}
    names = {role: str(columns[key]).strip() for role, key in keys.items() if columns.get(key)}
    if "smiles" not in names:
        raise UserError("input: smiles_column names no column; give the header of the SMILES")
    if names.get("label") == names["smiles"]:
        raise UserError(
            f"input: smiles_column and label_column are both {shorten(names['smiles'])}"
        )
    return names


def _read_bytes(path: Path) -> bytes:
    """Return the content of a file, or say why it cannot be had."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UserError(f"the input table {path} does not exist; see input: table") from None
    except IsADirectoryError:
        raise UserError(f"the input table {path} is a folder; name a file in it") from None
    except OSError as error:
        raise UserError(f"the input table {path} cannot be read: {error.strerror}") from None


def _refuse_other_formats(content: bytes, path: Path) -> None:
    """Name files of other formats that carry the ending of a table."""
    for magic, description in MAGIC:
        if content.startswith(magic):
            if magic.startswith(b"PK"):
                description = _describe_zip(content)
            raise UserError(f"{path} is not a text table but {description}")
    start = content[:2000].lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise UserError(f"{path} is not a text table but HTML or XML; save the table as CSV")
    if b"\n$$$$" in content or b"V2000" in content[:2000] or b"V3000" in content[:2000]:
        raise UserError(f"{path} is not a text table but an SDF or MOL file; export SMILES as CSV")


def _describe_zip(content: bytes) -> str:
    """Tell a workbook from other zip archives."""
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return "a damaged zip archive"
    if any(name.startswith("xl/") for name in names):
        return "an Excel workbook; rename it to .xlsx"
    if "mimetype" in names:
        return "an OpenDocument spreadsheet; save it as .xlsx or CSV"
    return "a zip archive; unpack it first"


def _decode(content: bytes, path: Path, warnings: list[str]) -> str:
    """Turn bytes into text: UTF-8, UTF-16 or UTF-32, else a Latin alphabet with a warning."""
    encoding = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), None)
    if encoding is None:
        encoding = _utf16_without_mark(content)
    try:
        text = content.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding is not None:
            raise UserError(
                f"{path} is damaged: it begins as {encoding} but byte {error.start + 1} does not "
                "belong there; save it as UTF-8"
            ) from None
        text = _decode_latin(content)
        line = content.count(b"\n", 0, error.start) + 1
        warnings.append(
            f"line {line} is not UTF-8; the file was read as Latin-1 (Windows-1252), "
            "check its special characters"
        )
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise UserError(
            f"{path} has a NUL byte in line {line}: it is damaged or not a text file; "
            "save it as UTF-8 text"
        )
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _utf16_without_mark(content: bytes) -> str | None:
    """Recognise UTF-16 by its zero bytes, which in a Latin text are every second byte."""
    start = content[:2000]
    if len(content) % 2 or b"\x00" not in start:
        return None
    zeros = (start[0::2].count(0), start[1::2].count(0))
    if min(zeros) * 10 > max(zeros) or max(zeros) * 4 < len(start):
        return None
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"


def _decode_latin(content: bytes) -> str:
    """Decode as Windows-1252, which is Latin-1 with printable characters in place of controls."""
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("latin-1")


class _Lines(Iterator[str]):
    """Lines for the CSV reader, without comments, which can only begin where a record does."""

    def __init__(self, text: str, comments: list[str]) -> None:
        self.lines = io.StringIO(text, newline="\n")
        self.number = 0
        self.first = 1
        self.at_record = True
        self.comments = comments

    def __next__(self) -> str:
        for line in self.lines:
            self.number += 1
            if self.at_record and line.startswith("#"):
                self.comments.append(f"line {self.number}: {shorten(line.strip())}")
                continue
            if self.at_record:
                self.first = self.number
            self.at_record = False
            return line
        raise StopIteration


def _text_rows(
    text: str, path: Path, roles: Mapping[str, str], comments: list[str]
) -> Iterator[_Row]:
    """Parse delimited text; blank lines and comments are passed over."""
    csv.field_size_limit(MAX_FIELD_LENGTH)
    lines = _Lines(text, comments)
    if declared := re.match(r"sep=([,;\t|])\n", text, re.IGNORECASE):
        separator = declared[1]  # a line with which Excel marks its exports
        next(lines)
    else:
        separator = _find_separator(text, set(roles.values()))
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
    while True:
        lines.at_record = True
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise UserError(
                f"{path}: the record that begins in line {lines.first} cannot be parsed ({error}); "
                "look for a quotation mark that is not closed or not doubled"
            ) from None
        if fields is None:
            return
        if any(field.strip() for field in fields):
            yield _Row(fields, lines.first, {})


def _find_separator(text: str, wanted: set[str]) -> str:
    """Choose the separator under which the header holds most configured columns, then fields."""

    def merit(separator: str) -> tuple[int, int]:
        lines = _Lines(text, [])
        reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
        try:
            names = next((row for row in reader if any(map(str.strip, row))), [])
        except csv.Error:
            return (0, 0)
        return (len(wanted & {name.strip() for name in names}), len(names))

    return max(SEPARATORS, key=merit)


def _workbook_rows(content: bytes, path: Path, warnings: list[str]) -> Iterator[_Row]:
    """Read the first sheet of a workbook; formulas give the values stored with them."""
    from openpyxl import load_workbook

    if not content:
        raise UserError(f"{path} is empty; give a table with a header and at least one record")
    if content.startswith(OLE):
        raise UserError(
            f"{path} is not an .xlsx workbook but protected by a password or of an older format; "
            "save it without a password as .xlsx or CSV"
        )
    if not content.startswith(b"PK\x03\x04"):
        raise UserError(f"{path} is not an Excel workbook; if it is text, rename it to .csv")
    try:
        values = load_workbook(io.BytesIO(content), data_only=True)
        formulas = load_workbook(io.BytesIO(content))
        sheets = [sheet.title for sheet in values.worksheets]
        rows = list(
            _sheet_rows(values.worksheets[0], formulas.worksheets[0], warnings) if sheets else ()
        )
    except Exception as error:  # openpyxl lets all kinds through for a damaged file
        raise UserError(
            f"{path} cannot be read as an Excel workbook ({type(error).__name__}); "
            "open it in a spreadsheet program and save it as .xlsx or CSV"
        ) from error
    if len(sheets) > 1:
        warnings.append(f"of {len(sheets)} sheets only the first, {shorten(sheets[0])}, was read")
    return iter(rows)


def _sheet_rows(values: Any, formulas: Any, warnings: list[str]) -> Iterator[_Row]:
    """Turn the cells of a sheet into text, and note where formulas stood."""
    used: list[str] = []
    for value_row, formula_row in zip(values.iter_rows(), formulas.iter_rows(), strict=True):
        problems = {}
        for index, (value, formula) in enumerate(zip(value_row, formula_row, strict=True)):
            if formula.data_type != "f":
                continue
            if value.value is None:
                problems[index] = (
                    f"cell {formula.coordinate} is a formula without a stored value; "
                    "paste its value instead"
                )
            else:
                used.append(formula.coordinate)
        fields = [_cell_text(cell.value) for cell in value_row]
        if any(field.strip() for field in fields) or problems:
            yield _Row(fields, value_row[0].row, problems)
    if used:
        warnings.append(
            f"{len(used)} cells are formulas, of which the stored values were used; "
            f"the first is {used[0]}"
        )


def _cell_text(value: Any) -> str:
    """Write a cell's value as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _find_columns(
    header: _Row, roles: Mapping[str, str], path: Path, comments: Sequence[str], section: str
) -> dict[str, int]:
    """Return the index of every configured column."""
    names = [name.strip().strip("\ufeff") for name in header.fields]
    indices = {}
    for role, wanted in roles.items():
        found = [index for index, name in enumerate(names) if name == wanted]
        if len(found) > 1:
            raise UserError(
                f"{path} has {len(found)} columns named {shorten(wanted)} in its header "
                f"(row {header.number}); rename all but one"
            )
        if not found:
            raise UserError(
                f"{path} has no column {shorten(wanted)} ({section}: {role}_column) in its header "
                f"(row {header.number}); {_suggest(wanted, names, comments)}"
            )
        indices[role] = found[0]
    return indices


def _suggest(wanted: str, names: Iterable[str], comments: Sequence[str]) -> str:
    """Suggest the column that may be meant, or list what there is."""
    if any(wanted in comment for comment in comments):
        return f"is it in {comments[0]}, which is a comment because it begins with #?"
    named = [name for name in names if name]
    if len(named) == 1 and re.search(r"\w[\s|:]+\w", named[0]):
        return (
            f"its only column is {shorten(named[0])}; separate the columns by comma, semicolon or "
            "tab"
        )
    by_folded = {name.casefold(): name for name in named}
    near = difflib.get_close_matches(wanted.casefold(), by_folded, n=1, cutoff=0.6)
    if near:
        return f"did you mean {shorten(by_folded[near[0]])}?"
    shown = ", ".join(shorten(name, 30) for name in named[:10])
    return f"its columns are {shown}{', …' if len(named) > 10 else ''}"


def _trimmed(fields: Sequence[str]) -> Sequence[str]:
    """Leave out blank fields at the end, which spreadsheets add."""
    end = len(fields)
    while end and not fields[end - 1].strip():
        end -= 1
    return fields[:end]


def _to_records(
    rows: Iterable[_Row], header: Sequence[str], indices: Mapping[str, int], source: str
) -> Iterator[Record]:
    """Pick the configured fields of every row; note rows of another length than the header."""
    for row in rows:
        problem = next((row.problems[i] for i in indices.values() if i in row.problems), None)
        n_fields = len(row.fields)
        if n_fields < len(_trimmed(header)) or len(_trimmed(row.fields)) > len(header):
            problem = (
                f"row {row.number} has {n_fields} fields but the header has {len(header)}; "
                "put fields that contain the separator in quotation marks"
            )
        values = {
            role: row.fields[index] if index < n_fields and row.fields[index].strip() else None
            for role, index in indices.items()
        }
        values["part"] = values.pop("split", None)
        yield Record(row=row.number, problem=problem, source=source, **values)
