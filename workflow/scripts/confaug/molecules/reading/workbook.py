"""Read a sheet of an Excel workbook (.xlsx, .xlsm) as a stream, in bounded memory.

The cells are read from the sheet's XML one after the other, so that formatted or merged empty cells
cost nothing. Values are those stored in the workbook; formulas are not calculated. Office Open XML:
ECMA-376, part 1, section 18.
"""

import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

from confaug.errors import UserError
from confaug.infrastructure.text import listed, quoted
from confaug.molecules.reading.rows import TableRow, find_header
from confaug.molecules.reading.workbook_cells import Cells, SheetNotes
from confaug.molecules.reading.workbook_parts import Parts, Sheet, SheetError, Strings, Styles, scan

#: Bytes of all parts of a workbook together, unpacked.
MAX_UNPACKED = 1_000_000_000
#: First bytes of old workbooks, and of new ones with a password.
OLE = b"\xd0\xcf\x11\xe0"
#: What libraries raise for damaged files.
DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError),
    *(KeyError, IndexError, ValueError, OverflowError, NotImplementedError, RuntimeError),
)


class Workbook:
    """An open workbook.

    Raises
    ------
    UserError
        On opening, if the file is no workbook, is damaged, or unpacks to more than the limits.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        _refuse_other_files(path)
        with _damage_named(path):
            self.archive = zipfile.ZipFile(path)
            unpacked = sum(part.file_size for part in self.archive.infolist())
            if unpacked > MAX_UNPACKED:
                raise SheetError(
                    f"it unpacks to {unpacked:,} bytes, more than the limit of {MAX_UNPACKED:,}"
                )
            parts = Parts(self.archive)
            self.sheets = parts.sheets
            self._strings: list[str] | None = None
            self._strings_part = parts.strings
            self.styles = Styles(self.archive, parts.styles)
            self.epoch = parts.epoch

    @property
    def first_visible(self) -> Sheet | None:
        """The first sheet that a person sees; the very first if all are hidden."""
        return next((s for s in self.sheets if not s.hidden), next(iter(self.sheets), None))

    def named(self, name: str) -> Sheet:
        """Return a sheet by its name.

        Raises
        ------
        UserError
            If there is none.
        """
        found = next((sheet for sheet in self.sheets if sheet.name == name), None)
        if found is None:
            there = listed([quoted(sheet.name, 30) for sheet in self.sheets])
            raise UserError(f"{self.path} has no sheet {quoted(name)}; its sheets are {there}")
        return found

    @property
    def strings(self) -> list[str]:
        """The texts that cells refer to by number."""
        if self._strings is None:
            self._strings = Strings(self.archive, self._strings_part).texts
        return self._strings

    def rows(self, sheet: Sheet, notes: SheetNotes | None = None) -> Iterator[TableRow]:
        """Yield the rows of a sheet that hold something.

        Parameters
        ----------
        notes
            Is filled with what is unusual, while the rows are read.

        Raises
        ------
        UserError
            If the sheet is damaged.
        """
        with _damage_named(self.path):
            cells = Cells(self.strings, self.styles, self.epoch, notes or SheetNotes())
            for _ in scan(self.archive, sheet.part, cells.start, cells.end, cells.text):
                yield from cells.rows
                cells.rows.clear()
            yield from cells.rows


def _refuse_other_files(path: Path) -> None:
    """Refuse a file that has the ending of a workbook but is not one."""
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise UserError(f"{path} is empty; give a table with a header and at least one record")
    if start == OLE:
        raise UserError(
            f"{path} is protected by a password or has the older format .xls; save it without a "
            "password as .xlsx or CSV"
        )
    if start != b"PK\x03\x04":
        raise UserError(f"{path} is not an Excel workbook; if it is text, rename it to .csv")


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    """Turn what libraries raise for a damaged file into one sentence."""
    try:
        yield
    except SheetError as error:
        raise UserError(
            f"{path}: {error}; save the table alone as a new workbook or as CSV"
        ) from error
    except DAMAGE as error:
        raise UserError(
            f"{path} cannot be read as an Excel workbook ({type(error).__name__}); "
            "open it in a spreadsheet program and save it as .xlsx or CSV"
        ) from error


class SheetTable:
    """A sheet of a workbook as a table, the first visible one by default; see `TextTable`.

    Parameters
    ----------
    path
        The file.
    header_row
        Row of the header, above which nothing is read; None for the first row that holds something.
    sheet
        Name of the sheet.

    Raises
    ------
    UserError
        On opening or while the rows are read, if the workbook cannot be read.
    """

    #: Fields have their columns, whatever stands beside them.
    delimited = False

    def __init__(self, path: Path, header_row: int | None = None, sheet: str | None = None) -> None:
        self._book = Workbook(path)
        self._named = sheet is not None
        self._sheet = self._book.first_visible if sheet is None else self._book.named(sheet)
        self._notes = SheetNotes()
        self.comments: list[str] = []  # sheets have none
        self.n_comments = 0
        self.called = path.name
        if self._sheet and len(self._book.sheets) > 1:
            self.called = f"sheet {quoted(self._sheet.name)} of {path.name}"
        rows = self._book.rows(self._sheet, self._notes) if self._sheet else iter(())
        self.rows = (row for row in rows if row.number >= (header_row or 0))

    def __enter__(self) -> "SheetTable":
        return self

    def __exit__(self, *_: object) -> None:
        self._book.archive.close()

    def warnings(self, places: Sequence[int]) -> Iterator[str]:
        """Yield what was unusual, once the rows are read; `places` are those of the columns."""
        yield from self._notes.warnings(places)
        sheets = self._book.sheets
        if len(sheets) > 1 and self._sheet and not self._named:
            visible = " that is not hidden" if self._sheet != sheets[0] else ""
            yield (
                f"of {len(sheets)} sheets only the first{visible}, {quoted(self._sheet.name)}, "
                "was read"
            )

    def gap(self, row: int, place: int) -> str | None:
        """Say why a field is empty, if the sheet tells; once the rows are read."""
        return self._notes.merged.problem(row, place)

    def header_elsewhere(self, wanted: Collection[str]) -> str | None:
        """Say in which of the next rows or in which other sheet the columns are, if they are."""
        if row := find_header(self.rows, wanted):
            return f"they are in row {row.number}; delete the rows above"
        for sheet in self._book.sheets:
            if sheet != self._sheet and (row := find_header(self._book.rows(sheet), wanted)):
                state = "hidden " if sheet.hidden else ""
                return (
                    f"they are in row {row.number} of the {state}sheet {quoted(sheet.name)}; move "
                    "that sheet to the front, or save it alone"
                )
        return None
