"""From the XML of a worksheet to rows of text, with notes on unusual cells."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from confaug.molecules.reading.merged_cells import MergedCells, cell_name
from confaug.molecules.reading.rows import MAX_FIELD_LENGTH, TableRow
from confaug.molecules.reading.workbook_parts import SheetError, Styles, unescaped

#: Size of a worksheet.
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


@dataclass
class SheetNotes:
    """What was unusual about the cells of a sheet; places of fields count from 0."""

    formulas: list[str] = field(default_factory=list)
    n_formulas: int = 0
    hidden_rows: int = 0
    first_hidden: int = 0
    percent: dict[int, str] = field(default_factory=dict)
    merged: MergedCells = field(default_factory=MergedCells)

    def warnings(self, places: Sequence[int]) -> Iterator[str]:
        """Yield a sentence about each, of percentages only in the columns at some places."""
        if self.n_formulas:
            yield (
                f"{self.n_formulas} cells are formulas, whose stored values were used; the first "
                f"is {self.formulas[0]}"
            )
        if self.hidden_rows:
            yield (
                f"{self.hidden_rows} rows are hidden or filtered out and were read like the "
                f"others; the first is row {self.first_hidden}; delete them if they do not belong "
                "to the table"
            )
        shown = [self.percent[place] for place in places if place in self.percent]
        if shown:
            yield (
                f"cells are shown as percentages; the first is {shown[0]}; the stored numbers are "
                "read, 0.5 for 50 %"
            )
        if merged := self.merged.first(places):
            yield (
                f"cells of several rows are merged; the first are {merged}; only their first row "
                "has the value"
            )


class Cells:
    """Handler of a sheet's XML that puts its cells together into rows of text."""

    def __init__(
        self, strings: Sequence[str], styles: Styles, epoch: datetime.datetime, notes: SheetNotes
    ) -> None:
        self.strings, self.styles, self.epoch, self.notes = strings, styles, epoch, notes
        self.rows: list[TableRow] = []
        self.row, self.column = 0, -1
        self.fields: dict[int, str] = {}
        self.problems: dict[int, str] = {}
        self.hidden = self.formula = self.inside = self.phonetic = False
        self.attributes: dict[str, str] = {}
        self.pieces: list[str] = []
        self.length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a row, a cell, or what is in a cell."""
        if name == "c":
            reference = attributes.get("r")
            self.column = _column(reference) if reference else self.column + 1
            self.attributes, self.formula, self.length = attributes, False, 0
            self.pieces.clear()
            if not 0 <= self.column < LAST_COLUMN:
                raise SheetError(
                    f"a cell of row {self.row} is beyond the {LAST_COLUMN:,} columns of a worksheet"
                )
        elif name == "row":
            previous = self.row
            self.row, self.column = int(attributes.get("r", previous + 1)), -1
            self.hidden = attributes.get("hidden") in ("1", "true")
            if not 0 < self.row <= LAST_ROW:
                raise SheetError(f"row {self.row} is beyond the {LAST_ROW:,} of a worksheet")
            if self.row <= previous:
                raise SheetError(f"row {self.row} follows row {previous}")
        elif name == "f":
            self.formula = True
        elif name == "mergeCell":
            self.notes.merged.add(attributes.get("ref", ""))
        self.phonetic = self.phonetic or name == "rPh"
        self.inside = name in ("v", "t") and not self.phonetic

    def text(self, data: str) -> None:
        """Collect the text of a value."""
        if self.inside:
            self.length += len(data)
            if self.length > MAX_FIELD_LENGTH:
                raise SheetError(
                    f"a cell of row {self.row} has more than {MAX_FIELD_LENGTH:,} characters"
                )
            self.pieces.append(data)

    def end(self, name: str) -> None:
        """Finish a cell or a row."""
        self.inside = False
        if name == "c":
            if self.pieces or self.formula:
                self._finish_cell("".join(self.pieces))
        elif name == "row":
            if self.problems or any(map(str.strip, self.fields.values())):
                self._finish_row()
            self.fields, self.problems = {}, {}
        elif name == "rPh":
            self.phonetic = False

    @property
    def coordinate(self) -> str:
        """The name of the cell."""
        return cell_name(self.row, self.column)

    def _finish_cell(self, stored: str) -> None:
        """Keep the text of a cell; note formulas and percentages."""
        if self.formula and not stored:
            self.problems[self.column] = (
                f"cell {self.coordinate} is a formula without a stored value; "
                "paste its value instead"
            )
            return
        if self.formula:
            self.notes.n_formulas += 1
            if not self.notes.formulas:
                self.notes.formulas.append(self.coordinate)
        self.fields[self.column] = self._shown(stored, self.attributes.get("t", "n"))

    def _shown(self, stored: str, kind: str) -> str:
        """Write a stored value as a person would type it."""
        if kind == "s":
            return self.strings[int(stored)]
        if kind == "b":
            return str(bool(int(stored)))
        if kind != "n":
            return unescaped(stored)
        style = self.attributes.get("s", "0")
        number = float(stored) if re.search("[.eE]", stored) else int(stored)
        of_kind = self.styles.of_kind
        if style in of_kind["date"]:
            return _date(number, self.epoch, style in of_kind["timedelta"])
        if style in of_kind["percent"]:
            self.notes.percent.setdefault(self.column, self.coordinate)
        whole = isinstance(number, float) and number.is_integer() and abs(number) < 1e15
        return str(int(number) if whole else number)

    def _finish_row(self) -> None:
        """Keep a row that holds something."""
        if self.hidden:
            self.notes.hidden_rows += 1
            self.notes.first_hidden = self.notes.first_hidden or self.row
        width = max([*self.fields, *self.problems]) + 1
        fields = [""] * width
        for place, text in self.fields.items():
            fields[place] = text
        self.rows.append(TableRow(fields, self.row, self.problems))


def _column(reference: str) -> int:
    """Return the place of a cell's column, from 0.

    >>> [_column(cell) for cell in ("A1", "Z9", "AA10", "XFD1048576")]
    [0, 25, 26, 16383]
    """
    place = 0
    for letter in reference.rstrip("0123456789"):
        place = place * 26 + ord(letter) - 64
    return place - 1


def _date(number: float, epoch: datetime.datetime, timedelta: bool) -> str:
    """Write a day, a time of day or a length of time; an error where it is none of them."""
    from openpyxl.utils.datetime import from_excel

    try:
        shown = from_excel(number, epoch, timedelta=timedelta)
    except (OverflowError, ValueError):
        return "#VALUE!"
    return str(shown) if isinstance(shown, datetime.timedelta) else str(shown.isoformat())
