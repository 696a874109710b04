"""Rows of text files and workbooks, and the limits of what is read.

The limits bound memory before anything is unpacked or split, so that a damaged or malicious file
ends in an error message.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

#: Bytes of a file.
MAX_BYTES = 250_000_000
#: Records of a table.
MAX_RECORDS = 2_000_000
#: Characters of a field, and of a record with all its fields.
MAX_FIELD_LENGTH = 1_000_000
MAX_RECORD_LENGTH = 10_000_000
#: Rows in which a header is looked for if it is not in the first row.
HEADER_WITHIN = 50


@dataclass(frozen=True, slots=True)
class TableRow:
    """Fields of one record or spreadsheet row, and the row or first line in the file.

    `problems` says by the place of a field why it cannot be used.
    """

    fields: list[str]
    number: int
    problems: Mapping[int, str] = field(default_factory=dict)


def find_header(rows: Iterable[TableRow], wanted: Collection[str]) -> TableRow | None:
    """Return the first of the next rows that has all wanted names, in any case, or None."""
    folded = {name.casefold() for name in wanted}
    for row in islice(rows, HEADER_WITHIN):
        if folded <= {name.strip().casefold() for name in row.fields}:
            return row
    return None
