"""Decide what the user's own columns hold, from the rows of a study's table."""

import logging
from collections.abc import Sequence
from contextlib import suppress

from confaug.errors import UserError
from confaug.infrastructure.text import counted, quoted
from confaug.molecules.labels import is_missing
from confaug.molecules.own_columns.declaration import MAX_CATEGORIES, OwnColumn, repeated_feature
from confaug.molecules.own_columns.fields import (
    FieldError,
    FieldReader,
    Kind,
    has_decimal_comma,
    kind_of,
    read_category,
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
        If a column has no values, or more than `MAX_CATEGORIES` categories, or if two features
        would have one name.
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
    kinds = [kind_of(text, comma) for _, text in fields]
    texts = [field for field, kind in zip(fields, kinds, strict=True) if kind is Kind.TEXT]
    categories = None
    if texts:
        record, text = min(texts, key=lambda field: field[0].row)
        word = f"{record.place} has {quoted(text or '')}"
        categories = _categories([text for _, text in fields], name, word)
        _warn_of_numbers(kinds, name, word)
    if fields and not (categories or Kind.NUMBER in kinds):
        raise UserError(
            f"column {quoted(name)} (input: feature_columns) has no value that can be used in "
            f"{counted(len(fields), 'row')}; fill it in, or remove it from that key"
        )
    return OwnColumn(name=name, categories=categories, is_condition=is_condition)


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


def _warn_of_numbers(kinds: Sequence[Kind], name: str, word: str) -> None:
    """Warn if most values of a column of categories are numbers."""
    numbers, given = kinds.count(Kind.NUMBER), len(kinds) - kinds.count(Kind.MISSING)
    if 2 * numbers >= given:
        logger.warning(
            "WARNING: column %s is read as categories, because %s, though %d of its %d values are "
            "numbers; correct it if the column is meant as numbers",
            *(quoted(name), word, numbers, given),
        )
