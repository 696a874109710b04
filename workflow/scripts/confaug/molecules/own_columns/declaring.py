"""Decide what the user's own columns hold, from the rows of a study's table."""

import logging
from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from confaug.errors import UserError
from confaug.infrastructure.text import counted, quoted
from confaug.molecules.labels import explain_quantity, has_decimal_comma, is_missing
from confaug.molecules.own_columns.declaration import MAX_CATEGORIES, OwnColumn, repeated_feature
from confaug.molecules.own_columns.fields import (
    Content,
    FieldError,
    FieldReader,
    content_of,
    read_category,
    read_number,
)
from confaug.molecules.reading.records import Record

logger = logging.getLogger("confaug")


def declare_columns(
    records: Sequence[Record], names: Sequence[str], conditions: Sequence[str], decimal: str
) -> tuple[OwnColumn, ...]:
    """Decide which columns hold numbers, and which categories the others have.

    A column holds numbers if no field of it is a text that cannot be meant as a number. Fields that
    are missing, infinite or the error value of a spreadsheet do not count.

    Parameters
    ----------
    records
        The records with a usable structure and label, in any order.
    names
        The columns, in the order of the fields of a record.
    conditions
        Those that are conditions.
    decimal
        `input.decimal`.

    Raises
    ------
    UserError
        If a column has no values, more than `MAX_CATEGORIES` categories, or numbers with units and
        the like, or if two features would have one name.
    """
    columns = tuple(
        _declare([(one, one.own[place]) for one in records], name, name in conditions, decimal)
        for place, name in enumerate(names)
    )
    if name := repeated_feature(columns):
        raise UserError(
            f"two features made of the columns in input: feature_columns would have the name "
            f"{quoted(name)}; rename a column"
        )
    return columns


def field_readers(
    columns: Sequence[OwnColumn], records: Sequence[Record], decimal: str
) -> list[FieldReader]:
    """Return what reads the fields of declared columns in a table."""
    return [
        FieldReader(column, has_decimal_comma([record.own[place] for record in records], decimal))
        for place, column in enumerate(columns)
    ]


def _declare(
    fields: Sequence[tuple[Record, str | None]], name: str, is_condition: bool, decimal: str
) -> OwnColumn:
    """Decide what one column holds."""
    comma = has_decimal_comma([text for _, text in fields], decimal)
    contents = [content_of(text, comma) for _, text in fields]
    texts = _with_content(fields, contents, Content.TEXT, Content.QUANTITY)
    categories = None
    if texts:
        _refuse_quantities(fields, contents, name)
        word = _shown(texts)
        categories = _categories([text for _, text in fields], name, word)
        _warn_of_numbers(contents, name, word)
    else:
        _warn_of_equal_numbers(_with_content(fields, contents, Content.NUMBER), comma, name)
    fault = _first_fault(_with_content(fields, contents, Content.UNREADABLE), comma)
    if fields and not (categories or Content.NUMBER in contents):
        raise UserError(
            f"column {quoted(name)} (input: feature_columns) has no value that can be used in "
            f"{counted(len(fields), 'row')}; {fault or 'fill it in, or remove it from that key'}"
        )
    if fault and categories is None:
        logger.warning(
            "WARNING: column %s has %s that cannot be used; for example, %s",
            *(quoted(name), counted(contents.count(Content.UNREADABLE), "value"), fault),
        )
    return OwnColumn(name=name, categories=categories, is_condition=is_condition)


def _with_content(
    fields: Sequence[tuple[Record, str | None]], contents: Sequence[Content], *wanted: Content
) -> list[tuple[Record, str]]:
    """Return the fields that hold what is wanted, in the order of the rows."""
    found = [
        (record, text)
        for (record, text), content in zip(fields, contents, strict=True)
        if content in wanted and text
    ]
    return sorted(found, key=lambda field: field[0].row)


def _shown(fields: Sequence[tuple[Record, str]]) -> str:
    """Show the first of some fields."""
    record, text = fields[0]
    return f"{record.place} has {quoted(text)}"


def _first_fault(fields: Sequence[tuple[Record, str]], decimal_comma: bool) -> str:
    """Say why the first of some fields is no number that can be used; nothing if there is none."""
    for record, text in fields:
        try:
            read_number(text, decimal_comma, f"{record.place}: the value")
        except FieldError as error:
            return str(error)
    return ""


def _refuse_quantities(
    fields: Sequence[tuple[Record, str | None]], contents: Sequence[Content], name: str
) -> None:
    """Refuse a column of numbers some of which have a unit, a bound or the like."""
    quantities = _with_content(fields, contents, Content.QUANTITY)
    meant = len(quantities) + contents.count(Content.NUMBER)
    if quantities and 2 * meant >= len(contents) - contents.count(Content.MISSING):
        raise UserError(
            f"column {quoted(name)} (input: feature_columns) holds numbers, but "
            f"{_shown(quantities)}, which {explain_quantity(quantities[0][1])}; if its values are "
            "the names of categories, let them begin with a letter"
        )


def _categories(texts: Sequence[str | None], name: str, word: str) -> tuple[str, ...]:
    """Return the categories of a column; `word` shows that it has others than numbers."""
    found = set()
    for text in set(texts):
        if not is_missing(text):
            with suppress(FieldError):  # the row gets a warning when it is read
                found.add(read_category(text or ""))
    if len(found) > MAX_CATEGORIES:
        raise UserError(
            f"column {quoted(name)} (input: feature_columns) has {len(found)} categories, more "
            f"than {MAX_CATEGORIES}, because {word}, which is not a number; correct it if the "
            "column is meant as numbers, or remove the column from that key"
        )
    return tuple(sorted(found))


def _warn_of_numbers(contents: Sequence[Content], name: str, word: str) -> None:
    """Warn if most values of a column of categories are numbers."""
    numbers, given = contents.count(Content.NUMBER), len(contents) - contents.count(Content.MISSING)
    if 2 * numbers >= given:
        logger.warning(
            "WARNING: column %s is read as categories, because %s, though %d of its %d values are "
            "numbers; correct it if the column is meant as numbers",
            *(quoted(name), word, numbers, given),
        )


def _warn_of_equal_numbers(
    fields: Sequence[tuple[Record, str]], decimal_comma: bool, name: str
) -> None:
    """Warn if different numbers of a column are equal in single precision."""
    values = sorted({read_number(text, decimal_comma) for _, text in fields})
    learned = np.array(values, np.float32)
    equal = np.flatnonzero(learned[1:] == learned[:-1])
    if len(equal):
        first = [f"{value:.17g}" for value in values[equal[0] : equal[0] + 2]]
        logger.warning(
            "WARNING: column %s has %s with an equal neighbour in single precision, in which "
            "models learn, for example %s and %s; subtract a constant from the column, or round it",
            *(quoted(name), counted(len(equal), "number"), *first),
        )
