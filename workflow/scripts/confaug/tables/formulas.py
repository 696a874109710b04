"""Text in CSV files that a spreadsheet would run as a formula gets an apostrophe before it.

A leading ``=``, ``+``, ``-``, ``@``, tab, carriage return or line feed, or a full-width form of the
signs, makes a formula of a text (OWASP, "CSV Injection"). An apostrophe before it makes it a text
again. Numbers stay as they are. A text that has apostrophes before such a character gets one more,
so that reading takes away exactly what writing has added.
"""

import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

_ESCAPED = r"'*[=+\-@\t\r\n＝＋－＠]"
_NUMBER = r"[+-]?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?"


def escape_text(text: str) -> str:
    """Return a text as it stands in a CSV file.

    >>> escape_text("=1+1"), escape_text("-5"), escape_text("plain")
    ("'=1+1", '-5', 'plain')
    """
    runs = re.match(_ESCAPED, text) and not re.fullmatch(_NUMBER, text)
    return f"'{text}" if runs else text


def escape_columns(table: pa.Table) -> pa.Table:
    """Return a table with all its texts as they stand in a CSV file."""
    return _map_texts(table, _escape)


def unescape_columns(table: pa.Table) -> pa.Table:
    """Return a table with the texts that `escape_columns` was given."""
    return _map_texts(
        table, lambda column: pc.replace_substring_regex(column, rf"\A'({_ESCAPED})", r"\1")
    )


def _escape(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Escape what is no number."""
    number = pc.match_substring_regex(column, rf"\A{_NUMBER}\z")
    escaped = pc.replace_substring_regex(column, rf"\A({_ESCAPED})", r"'\1")
    return pc.if_else(number, column, escaped)


def _map_texts(table: pa.Table, function: Callable[[pa.ChunkedArray], pa.ChunkedArray]) -> pa.Table:
    """Apply a function to every column of text."""
    for index, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            table = table.set_column(index, field, function(table.column(index)))
    return table
