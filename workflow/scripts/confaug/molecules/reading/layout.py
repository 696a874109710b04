"""Find the table in a file of which nothing is known: the sheet, the separator and the header."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from confaug.errors import UserError
from confaug.molecules.labels import BEGINS_WITH_NUMBER, is_missing
from confaug.molecules.reading.columns import MOSTLY_STRUCTURES, is_structure, share_of_smiles
from confaug.molecules.reading.rows import HEADER_WITHIN, TableRow, find_header
from confaug.molecules.reading.table_files import is_workbook, require_file
from confaug.molecules.reading.text_table import SEPARATORS, TextTable
from confaug.molecules.reading.workbook import Workbook

#: Sheets, rows and columns that are looked at, and rows in which structures are looked for.
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS, SAMPLE = 20, 10_000, 200, 300


@dataclass(frozen=True)
class Layout:
    """A table in a file.

    Attributes
    ----------
    sheet
        Name of the sheet; None for a text table, and for the sheet that is read unless another one
        is named.
    header_row
        Row of the header; None if it is the first row that holds something.
    names
        The header.
    rows
        Fields of the first rows below it, each as long as the header.
    complete
        Whether these are all rows.
    smiles
        Places of the columns that hold structures.
    """

    sheet: str | None
    header_row: int | None
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    complete: bool
    smiles: tuple[int, ...]

    def values(self, place: int) -> list[str]:
        """Return the fields of a column that hold something."""
        return [row[place].strip() for row in self.rows if row[place].strip()]


@dataclass(frozen=True)
class _Block:
    """The first rows of a sheet, or of a text under one separator."""

    sheet: str | None
    rows: Sequence[TableRow]


def find_layout(path: str | Path, smiles: str | None = None) -> Layout:
    """Find the table of molecules in a file.

    Parameters
    ----------
    path
        A text table or an Excel workbook, from anywhere.
    smiles
        Name of the column with the structures, if it is known.

    Raises
    ------
    UserError
        If the file cannot be read, is empty, or has no column of structures below a header.
    """
    path = Path(path)
    require_file(path)
    blocks = list(_workbook_blocks(path) if is_workbook(path) else _text_blocks(path))
    if not any(block.rows for block in blocks):
        raise UserError(f"{path} is empty; give a table with a header and at least one record")
    layouts = [layout for block in blocks if (layout := _layout_of(block, smiles))]
    if not layouts:
        raise UserError(f"{path} {_lacking(blocks, smiles)}")
    return max(layouts, key=lambda layout: (len(layout.rows) > 0, len(layout.names)))


def _lacking(blocks: Sequence[_Block], smiles: str | None) -> str:
    """Say what a file lacks."""
    if smiles is not None:
        return f"has no column {smiles!r} in its first {HEADER_WITHIN} rows; check the name"
    headless = any(_first_structure(block.rows, place) == 0 for block, place in _places(blocks))
    if headless:
        return "has no header line; put the names of the columns in the first row"
    return (
        "has no column of SMILES that can be recognised; give a table with a header line and a "
        "column of SMILES, or name the column with --smiles"
    )


def _places(blocks: Sequence[_Block]) -> Iterator[tuple[_Block, int]]:
    """Yield every column of every block."""
    for block in blocks:
        width = max((len(row.fields) for row in block.rows[:SAMPLE]), default=0)
        yield from ((block, place) for place in range(min(width, MOST_COLUMNS)))


def _workbook_blocks(path: Path) -> Iterator[_Block]:
    """Yield the visible sheets, that which is read by default first."""
    book = Workbook(path)
    with book.archive:
        first = book.first_visible
        visible = [sheet for sheet in book.sheets if not sheet.hidden and sheet != first]
        for sheet in [first, *visible][:MOST_SHEETS]:
            if sheet is not None:
                name = None if sheet == first else sheet.name
                yield _Block(name, _first_rows(book.rows(sheet)))


def _text_blocks(path: Path) -> Iterator[_Block]:
    """Yield the rows of a text under each separator under which it can be read."""
    problems = []
    for separator in SEPARATORS:
        try:
            table = TextTable(path, (), separator=separator)
            yield _Block(None, _first_rows(table.rows))
        except UserError as error:
            problems.append(error)
    if len(problems) == len(SEPARATORS):
        raise problems[0]


def _first_rows(rows: Iterator[TableRow]) -> list[TableRow]:
    """Return the first rows with their first fields, and one more row than is looked at."""
    return [TableRow(row.fields[:MOST_COLUMNS], row.number) for row in islice(rows, MOST_ROWS + 1)]


def _layout_of(block: _Block, smiles: str | None) -> Layout | None:
    """Return the table in a block, if there is one."""
    rows = block.rows
    if smiles is not None:
        header = find_header(iter(rows), [smiles])
        number = next((i for i, row in enumerate(rows) if row is header), None)
    else:
        numbers = (_header_above(rows, place) for _, place in _places([block]))
        number = next((number for number in numbers if number is not None), None)
    if number is None:
        return None
    names = tuple(name.strip().strip("\ufeff") for name in rows[number].fields)
    below = [_padded(row.fields, len(names)) for row in rows[number + 1 :]]
    found = [
        place
        for place, name in enumerate(names)
        if name and (name == smiles or _holds_structures(below, place))
    ]
    return Layout(
        sheet=block.sheet,
        header_row=rows[number].number if number else None,
        names=names,
        rows=tuple(below[:MOST_ROWS]),
        complete=len(rows) <= MOST_ROWS,
        smiles=tuple(place for place in found if smiles in (None, names[place])),
    )


def _padded(fields: Sequence[str], width: int) -> tuple[str, ...]:
    """Return as many fields as the header has."""
    return (*fields[:width], *[""] * (width - len(fields)))


def _holds_structures(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Tell whether most values of a column can only be meant as SMILES."""
    return share_of_smiles([row[place] for row in rows[:SAMPLE]]) >= MOSTLY_STRUCTURES


def _first_structure(rows: Sequence[TableRow], place: int) -> int | None:
    """Return the number of the row from which on a column holds structures."""
    values = [row.fields[place].strip() if place < len(row.fields) else "" for row in rows[:SAMPLE]]
    for start, value in enumerate(values[:HEADER_WITHIN]):
        if value and is_structure(value) and share_of_smiles(values[start:]) >= MOSTLY_STRUCTURES:
            return start
    return None


def _header_above(rows: Sequence[TableRow], place: int) -> int | None:
    """Return the number of the row with the name of a column of structures.

    It is the nearest row above the first structure that names this column and holds no number.
    """
    start = _first_structure(rows, place)
    for number in reversed(range(start or 0)):
        fields = rows[number].fields
        if place < len(fields) and fields[place].strip() and not any(map(_is_number, fields)):
            return number
    return None


def _is_number(text: str) -> bool:
    """Tell whether a field holds a number, whatever is written after it."""
    return not is_missing(text) and BEGINS_WITH_NUMBER.match(text.strip()) is not None
