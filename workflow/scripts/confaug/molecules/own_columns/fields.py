"""One field of a column of the user's own: a number, a category, missing, or unusable."""

import difflib
import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from confaug.infrastructure.text import HIDDEN, listed, quoted
from confaug.molecules.labels import (
    ERROR_VALUE,
    LabelError,
    check_magnitude,
    explain_quantity,
    is_meant_as_number,
    is_missing,
    parse_label,
)
from confaug.molecules.own_columns.declaration import MAX_CATEGORY, OwnColumn

Value = float | str | None
#: Models learn in single precision: beyond these, a number would become infinite or 0.
OF_NUMBERS = (1e-37, 3e38)


class Content(Enum):
    """What a field holds.

    What is unreadable can only be meant as a number. A quantity has a unit, a bound or something
    else besides its number, and may be the name of a category.
    """

    MISSING = "missing"
    NUMBER = "number"
    UNREADABLE = "unreadable"
    QUANTITY = "quantity"
    TEXT = "text"


class FieldError(ValueError):
    """A field that cannot be used; the message is the reason."""


@dataclass(frozen=True)
class FieldReader:
    """Reads the fields of one column.

    Attributes
    ----------
    column
        What the column holds.
    decimal_comma
        Whether its numbers are written with the decimal comma.
    """

    column: OwnColumn
    decimal_comma: bool = False

    def read(self, text: str | None) -> Value:
        """Return the value of a field, None if it is missing.

        Raises
        ------
        FieldError
            If it is not what the column holds.
        """
        if text is None or is_missing(text):
            return None
        called = f"column {quoted(self.column.name)}: the value"
        if self.column.categories is None:
            return read_number(text, self.decimal_comma, called)
        category = read_category(text, called)
        if category not in self.column.categories:
            raise FieldError(f"{called} {quoted(category)} {self._unknown(category)}")
        return category

    def _unknown(self, category: str) -> str:
        """Say that a category is not among those of the column, and which may be meant."""
        categories = self.column.categories or ()
        folded = {known.casefold(): known for known in categories}
        near = difflib.get_close_matches(category.casefold(), folded, n=1, cutoff=0.8)
        hint = f"; did you mean {quoted(folded[near[0]])}?" if near else ""
        return f"is none of those that were learned ({listed([*map(quoted, categories)])}){hint}"


def content_of(text: str | None, decimal_comma: bool) -> Content:
    """Tell what a field holds, whatever the other fields of its column are.

    >>> [content_of(text, False).value for text in ("1.5", "inf", "n/a", "5 K", "THF")]
    ['number', 'unreadable', 'missing', 'quantity', 'text']
    """
    if text is None or is_missing(text):
        return Content.MISSING
    try:
        read_number(text, decimal_comma)
    except FieldError:
        if is_meant_as_number(text) or ERROR_VALUE.fullmatch(text.strip()):
            return Content.UNREADABLE
        return Content.QUANTITY if explain_quantity(text) else Content.TEXT
    return Content.NUMBER


def read_number(text: str, decimal_comma: bool, called: str = "the value") -> float:
    """Return a number that single precision can hold.

    Raises
    ------
    FieldError
        If the field holds anything else.
    """
    try:
        value = parse_label(text, decimal_comma, called)
        check_magnitude(value, text, called, OF_NUMBERS)
    except LabelError as error:
        raise FieldError(str(error)) from None
    return value + 0.0  # minus zero is zero


def read_category(text: str, called: str = "the value") -> str:
    """Return a category: one line in Unicode's composed form.

    Raises
    ------
    FieldError
        If it is too long for a name, has characters that cannot be seen, or is an error value of a
        spreadsheet.
    """
    category = " ".join(unicodedata.normalize("NFC", text).split())
    if ERROR_VALUE.fullmatch(category):
        raise FieldError(f"{called} {quoted(category)} is a spreadsheet error; give its value")
    if len(category) > MAX_CATEGORY:
        raise FieldError(
            f"{called} {quoted(category)} has more than {MAX_CATEGORY} characters; give the "
            "category a short name"
        )
    if re.search(f"[{HIDDEN}]", category):
        raise FieldError(
            f"{called} {quoted(category)} contains a character that cannot be seen; retype it"
        )
    return category
