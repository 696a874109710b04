"""Tables of the report: cells with a text and a value to sort by, and the same rows as CSV."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from urllib.parse import quote

from confaug.infrastructure.text import displayable, shorten
from confaug.report.quantity import Quantity
from confaug.report.results import Row
from confaug.tables.formulas import escape_text

#: Letters of a cell as shown, and as downloaded; the study's own CSV files have all of them.
LONGEST_SHOWN, LONGEST_DOWNLOADED = 300, 4000
Value = str | float | int | bool | None


@dataclass(frozen=True)
class Field:
    """One column of a shown table.

    Attributes
    ----------
    heading
        What stands above it, in the page and in the CSV file.
    value
        Gives the plain value of a row, which is sorted by and downloaded.
    text
        Gives what is shown; by default the value itself.
    kind
        `number`, `text` or `name` (a variant, a descriptor, a SMILES: set in monospace).
    below
        Gives a second, smaller line of a cell; none by default.
    shown
        Whether the page shows the column; the CSV file has it all the same.
    filter
        How readers can filter rows by the column: `text` (part of it), `range` (of its values) or
        `flag` (one of several texts); empty for not at all.
    """

    heading: str
    value: Callable[[Row], Value]
    text: Callable[[Row], str] | None = None
    kind: str = "text"
    filter: str = ""
    below: Callable[[Row], str] | None = None
    shown: bool = True


@dataclass(frozen=True)
class Cell:
    """One cell: what is shown, what is sorted by, how it is set, and a smaller second line."""

    text: str
    value: str
    kind: str
    below: str = ""


@dataclass(frozen=True)
class Table:
    """A table of the report.

    Attributes
    ----------
    name
        File name of the download, without its ending.
    caption
        What the table is, for readers and screen readers.
    headings
        Heading, kind and filter of every column.
    rows
        Cells, row by row.
    csv_link
        The whole table as a `data:` address.
    marked
        Numbers of the rows that are highlighted.
    """

    name: str
    caption: str
    headings: tuple[tuple[str, str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    csv_link: str
    marked: frozenset[int] = frozenset()


def make_table(
    name: str,
    caption: str,
    rows: Iterable[Row],
    fields: Sequence[Field],
    marked: Callable[[Row], bool] = lambda row: False,
) -> Table | None:
    """Lay out rows as a table; None if there is no row.

    Examples
    --------
    >>> fields = [Field("Variant", lambda row: row["variant"])]
    >>> make_table("variants", "All variants", [{"variant": "plain"}], fields).rows[0][0].text
    'plain'
    """
    kept = list(rows)
    if not kept:
        return None
    shown = [field for field in fields if field.shown]
    return Table(
        name=name,
        caption=caption,
        headings=tuple((field.heading, field.kind, field.filter) for field in shown),
        rows=tuple(tuple(_cell(field, row) for field in shown) for row in kept),
        csv_link=csv_link(
            [f.heading for f in fields], [[f.value(r) for f in fields] for r in kept]
        ),
        marked=frozenset(i for i, row in enumerate(kept) if marked(row)),
    )


def _cell(field: Field, row: Row) -> Cell:
    """Return one cell."""
    value = field.value(row)
    plain = "" if value is None else str(value)
    shown = plain or "–" if field.text is None else field.text(row)
    below = field.below(row) if field.below else ""
    texts = (shorten(text, LONGEST_SHOWN) for text in (shown, plain, below))
    text, value, below = texts
    return Cell(text, value, field.kind, below)


def value_field(
    heading: str,
    key: str,
    quantity: Quantity,
    below: Callable[[Row], str] | None = None,
    shown: bool = True,
) -> Field:
    """Return a column of values of the measured property, written without their unit."""

    def text(row: Row) -> str:
        return quantity.text(row[key], unit=False)

    return Field(heading, itemgetter(key), text, "number", below=below, shown=shown)


def own_names(rows: Sequence[Row]) -> list[Field]:
    """Return the columns of the user's identifiers, names and conditions, where there are any."""
    return [
        Field(key.capitalize(), itemgetter(key), kind="text")
        for key in ("id", "name", "conditions")
        if any(row.get(key) for row in rows)
    ]


def csv_link(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """Return a table as the `data:` address of a CSV file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for row in (headings, *rows):
        writer.writerow(_download(value) if isinstance(value, str) else value for value in row)
    return text_link(buffer.getvalue(), "text/csv")


def text_link(text: str, kind: str = "text/plain") -> str:
    """Return a text as a `data:` address."""
    return f"data:{kind};charset=utf-8,{quote(text)}"


def _download(text: str) -> str:
    """Return a text as written to the CSV file inside the page.

    Python before 3.13 does not quote a carriage return, which begins a new line in a spreadsheet.
    """
    shown = displayable(escape_text(text)).replace("\r\n", "\n").replace("\r", "\n")
    return shorten(shown, LONGEST_DOWNLOADED)
