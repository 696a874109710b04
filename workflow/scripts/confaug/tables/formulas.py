"""Escape texts in CSV files that a spreadsheet program would run as formulas.

A text is run as a formula if it begins with ``=``, ``+``, ``-``, ``@``, tab, carriage return or
line feed, or with a full-width form of these signs (OWASP, "CSV Injection"). An apostrophe before
it prevents that. Numbers are not changed. A text that already has apostrophes before such a
character gets one more, so that reading removes exactly what writing has added.
"""

import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

_ESCAPED = r"'*[=+\-@\t\r\n＝＋－＠]"
_NUMBER = r"[+-]?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?"


def escape_text(text: str) -> str:
    """Return a text as it is written in a CSV file.

    >>> escape_text("=1+1"), escape_text("-5"), escape_text("plain")
    ("'=1+1", '-5', 'plain')
    """
    runs = re.match(_ESCAPED, text) and not re.fullmatch(_NUMBER, text)
    return f"'{text}" if runs else text


def escape_columns(table: pa.Table) -> pa.Table:
    """Return a table with all texts as they are written in a CSV file."""
    return _map_texts(table, _escape)


def unescape_columns(table: pa.Table) -> pa.Table:
    """Return a table with its original texts; the inverse of `escape_columns`."""
    return _map_texts(
        table, lambda column: pc.replace_substring_regex(column, rf"\A'({_ESCAPED})", r"\1")
    )


def _escape(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Escape texts that are not numbers."""
    number = pc.match_substring_regex(column, rf"\A{_NUMBER}\z")
    escaped = pc.replace_substring_regex(column, rf"\A({_ESCAPED})", r"'\1")
    return pc.if_else(number, column, escaped)


def _map_texts(table: pa.Table, function: Callable[[pa.ChunkedArray], pa.ChunkedArray]) -> pa.Table:
    """Apply a function to every column of text."""
    for index, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            table = table.set_column(index, field, function(table.column(index)))
    return table
