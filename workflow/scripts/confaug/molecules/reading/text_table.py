"""Read a text table: encoding, separator, comments and quoted fields."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from confaug.errors import UserError
from confaug.infrastructure.text import quoted
from confaug.molecules.reading.rows import (
    MAX_FIELD_LENGTH,
    MAX_RECORD_LENGTH,
    TableRow,
    find_header,
)
from confaug.molecules.reading.workbook import OLE

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
#: Character at the end of files of old programs.
END_OF_FILE = "\x1a"
#: Comment lines that messages may look at.
MAX_COMMENTS = 100
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
    if re.match(rb'\[?\s*\{\s*"', start):
        raise UserError(f"{path} is not a text table but JSON; save the table as CSV")
    if b"\n$$$$" in content or b"V2000" in content[:2000] or b"V3000" in content[:2000]:
        raise UserError(f"{path} is not a text table but an SDF or MOL file; export SMILES as CSV")


def _describe_zip(content: bytes) -> str:
    """Tell a workbook from other zip archives."""
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return "a damaged zip archive"
    if "xl/workbook.bin" in names:
        return "a binary Excel workbook (.xlsb); save it as .xlsx or CSV"
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
                f"{path} is damaged: it begins as {encoding} but byte {error.start + 1} is "
                "invalid; save it as UTF-8"
            ) from None
        text = _decode_latin(content)
        line = content.count(b"\n", 0, error.start) + 1
        warnings.append(
            f"line {line} is not UTF-8; the file was read as Latin-1 (Windows-1252); check its "
            "special characters"
        )
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise UserError(
            f"{path} has a NUL byte in line {line}: it is damaged or not a text file; "
            "save it as UTF-8 text"
        )
    text = text.removeprefix("\ufeff").rstrip(END_OF_FILE)
    return text.replace("\r\n", "\n").replace("\r", "\n")


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

    def __init__(self, text: str, path: Path) -> None:
        self.text, self.path = text, path
        self.place = self.number = self.length = self.n_comments = 0
        self.first = 1
        self.at_record = True
        self.first_comments: list[str] = []

    def __next__(self) -> str:
        while self.place < len(self.text):
            end = self.text.find("\n", self.place) + 1 or len(self.text)
            start, self.place = self.place, end
            self.number += 1
            if self.at_record and self.text.startswith("#", start):
                self._note_comment(self.text[start : min(end, start + 1000)])
                continue
            self._measure(end - start)
            return self.text[start:end]
        raise StopIteration

    def _note_comment(self, line: str) -> None:
        """Count a comment, and keep the first ones."""
        self.n_comments += 1
        if self.n_comments <= MAX_COMMENTS:
            self.first_comments.append(f"line {self.number}: {quoted(line.strip())}")

    def _measure(self, length: int) -> None:
        """Refuse a record of too many characters before it is split into fields."""
        if self.at_record:
            self.first, self.length = self.number, 0
        self.at_record = False
        self.length += length
        if self.length > MAX_RECORD_LENGTH:
            raise UserError(
                f"{self.path}: the record that begins in line {self.first} has more than "
                f"{MAX_RECORD_LENGTH:,} characters; look for a quotation mark that is not closed, "
                "or leave out columns"
            )


class TextTable:
    """A text table, with what was unusual about it.

    Parameters
    ----------
    path
        The file.
    wanted
        Names of columns that tell under which separator the header makes sense.
    header_row
        Line of the header, above which nothing is read; None for the first line that holds
        something.
    separator
        Separator of the fields, if it is known.

    Attributes
    ----------
    rows
        Iterator over all rows, that of the header first.
    called
        What messages call the table.

    Raises
    ------
    UserError
        On opening or while the rows are read, if the file cannot be read as a table.
    """

    #: Fields are divided by separators, so that their number can be wrong.
    delimited = True

    def __init__(
        self,
        path: Path,
        wanted: Collection[str],
        header_row: int | None = None,
        separator: str | None = None,
    ) -> None:
        self.called = path.name
        content = path.read_bytes()
        _refuse_other_formats(content, path)
        self._encoding_warnings: list[str] = []
        text = _decode(content, path, self._encoding_warnings)
        self._lines = _Lines(_without_lines_above(text, header_row), path)
        self.rows = _text_rows(self._lines, set(wanted), separator)

    def __enter__(self) -> "TextTable":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    @property
    def comments(self) -> list[str]:
        """The first comment lines that were passed over."""
        return self._lines.first_comments

    @property
    def n_comments(self) -> int:
        """Number of comment lines that were passed over."""
        return self._lines.n_comments

    def gap(self, _row: int, _place: int) -> str | None:
        """Say why a field is empty; a text cannot tell."""
        return None

    def warnings(self, _: Sequence[int]) -> Iterator[str]:
        """Yield what was unusual, once the rows are read."""
        yield from self._encoding_warnings
        if self.n_comments:
            yield f"{self.n_comments} comment lines were skipped; the first is {self.comments[0]}"

    def header_elsewhere(self, wanted: Collection[str]) -> str | None:
        """Say in which of the next rows the columns are, if they are."""
        row = find_header(self.rows, wanted)
        if row is None:
            return None
        return f"they are in row {row.number}; delete the rows above, or start them with #"


def _without_lines_above(text: str, header_row: int | None) -> str:
    """Make the lines above that of the header blank, so that the others keep their numbers."""
    if header_row is None:
        return text
    start = 0
    for _ in range(header_row - 1):
        start = text.find("\n", start) + 1 or len(text)
    return "\n" * text.count("\n", 0, start) + text[start:]


def _text_rows(lines: _Lines, wanted: set[str], separator: str | None) -> Iterator[TableRow]:
    """Parse delimited text; blank lines and comments are passed over."""
    csv.field_size_limit(MAX_FIELD_LENGTH)
    if declared := re.match(r"sep=([,;\t|])\n", lines.text, re.IGNORECASE):
        separator = declared[1]  # a line with which Excel marks its exports
        next(lines)
    else:
        separator = separator or _find_separator(lines, wanted)
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
    while True:
        lines.at_record = True
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise UserError(
                f"{lines.path}: the record that begins in line {lines.first} cannot be parsed "
                f"({error}); look for a quotation mark that is not closed or not doubled"
            ) from None
        if fields is None:
            return
        if any(field.strip() for field in fields):
            yield TableRow(fields, lines.first)


def _find_separator(given: _Lines, wanted: set[str]) -> str:
    """Choose the separator under which the header holds most configured columns, then fields."""

    def merit(separator: str) -> tuple[int, int]:
        lines = _Lines(given.text, given.path)
        reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
        try:
            names = next((row for row in reader if any(map(str.strip, row))), [])
        except csv.Error:
            return (0, 0)
        return (len(wanted & {name.strip() for name in names}), len(names))

    return max(SEPARATORS, key=merit)
