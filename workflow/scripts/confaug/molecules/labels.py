"""From the text of a label field to a finite number, or the reason why it is not one."""

import math
import re
import unicodedata
from collections.abc import Iterable

from confaug.infrastructure.text import character_name, quoted

POINT_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?", re.ASCII)
INFINITE = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)
#: Between these, sums of squares of labels and their ratios are finite and not 0.
OF_LABELS = (1e-100, 1e100)
#: `1,234` can be 1234 or 1.234; `0,123` can only be 0.123.
MAYBE_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)

#: What spreadsheet programs write for the result of a formula that failed.
ERROR_VALUE = re.compile(r"#[A-Z/0]+[!?]")
#: What people and programs write for a missing value.
MISSING = re.compile(
    r"n/a\.?|#n/a!?|na|n\. ?a\.?|<na>|[+-]?nan|null|nil|none|void|empty|missing|unknown|tbd|tba"
    r"|n\.? ?d\.?|n\.? ?m\.?|k\.? ?a\.?|n\.? ?b\.?|no (data|value)"
    r"|not (available|applicable|determined|measured|known|reported|given)"
    r"|[-\u2010-\u2015\u2212]+|\?+|\.+|…|_+|\*+|/",
    re.IGNORECASE,
)
#: Characters that look like a minus sign or like nothing, with what replaces them in a number.
LOOKALIKES = {
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"), "-"),
    **dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"), None),
}

#: Names of months and their abbreviations, in the languages whose spreadsheets are most common.
MONTH = (
    "(jan|feb|fev|fév|ene|gen|mar|mär|mrz|apr|avr|abr|may|mai|mag|jun|juin|giu|jul|juil|lug|aug"
    "|ago|aoû|sep|set|oct|okt|ott|nov|dec|dez|déc|dic)[a-zéû]{0,6}"
)
#: Patterns of texts that are often given for a number, tried in this order, with what to say.
EXPLANATIONS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), text)
    for pattern, text in (
        (INFINITE.pattern, "is infinite; give a finite number"),
        (r"#.*|=.*", "is a spreadsheet error or a formula; give its value"),
        (r"true|false", "is not a number but true or false; give the measured value"),
        (r"[+-]?\d[\d.,]*(_[\d.,]+)+", "is not a number; remove the underscores"),
        (r"[+-]?0[xbo][0-9a-f]+", "is not a decimal number; write it with the digits 0 to 9"),
        (r"[+-]?[\d.,]+d[+-]?\d+", "has a Fortran exponent; write e instead of d"),
        (
            r"[+-]?[\d.,]+\s*[x×*·]\s*10\s*[\^*]*.*",
            "is written as a power of ten; use the form 1.5e3",
        ),
        (
            r"\d+:\d\d(:\d\d(\.\d+)?)?|-?\d+ days?, .*",
            "is a time, perhaps converted from a number by a spreadsheet; give the number",
        ),
        (
            r"\d{4}-\d{1,2}-\d{1,2}([ t].*)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
            rf"|\d{{1,2}}[-. ]+{MONTH}\.?([-. ]+\d{{2,4}})?|{MONTH}\.?[-. ]\d{{1,4}}",
            "is a date, perhaps converted from a number by a spreadsheet; give the number",
        ),
        (
            r"(>|<|>=|<=|≥|≤|≫|≪).*",
            "is a bound, not a measured value; give a number or leave the field empty",
        ),
        (r"(~|≈|∼|ca\.?|approx\.?|about|c\.).*", "is approximate; give a plain number"),
        (
            r"[+-]?[\d.,]+\s*(±|\+/-|\+-|\().*",
            "includes an uncertainty; give the value alone",
        ),
        (
            r"[+-]?[\d.,]+\s*(-|–|—|to|\.\.+|/)\s*[+-]?[\d.,]+.*",
            "is a range or a fraction; give one number",
        ),
        (
            r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?|[+-]?\d{1,3}(\.\d{3})+(,\d+)?"
            r"|[+-]?\d{1,3}([ '’]\d{3})+([.,]\d+)?",
            "has thousands separators, or a comma that may be one; write digits and a point, or "
            "set input: decimal to comma if it is a decimal comma",
        ),
        (
            r"[+-]?\d+,\d+(e[+-]?\d+)?",
            "has a decimal comma in a column that is read with decimal points; write a point, or "
            "commas in the whole column",
        ),
        (
            r"[+-]?[\d.,]+(e[+-]?\d+)?\s*[^\d\s.,+-].*",
            "has text after the number; give the number without its unit",
        ),
    )
)

#: How a text begins that is meant as a number, whatever follows.
BEGINS_WITH_NUMBER = re.compile(
    r"([<>≤≥≫≪~≈∼=+±-]|ca\.?|about|approx\.?|\s)*[.,]?\d", re.IGNORECASE
)
#: The positions in a name such as 2-octanol or 2,2'-bipyridine, with the letter after them.
LOCANTS = re.compile(r"[\d,'’′]+[A-Z]?-[^\W\d]")


class LabelError(ValueError):
    """A label that cannot be used; the message is the reason with a hint."""


def uses_decimal_comma(labels: Iterable[str]) -> bool:
    """Tell whether a whole column of labels is written with the decimal comma.

    It is if at least one label is a number with a comma that cannot separate thousands, and no
    label is a number with a point. Integers, and labels that are not numbers, do not count.

    Examples
    --------
    >>> uses_decimal_comma(["12,5", "300", "n/a"])
    True
    >>> uses_decimal_comma(["12,5", "12.5"]), uses_decimal_comma(["1,234"])
    (False, False)
    """
    certain = False
    for label in map(str.strip, labels):
        if "." in label and POINT_NUMBER.fullmatch(label):
            return False
        if COMMA_NUMBER.fullmatch(label) and not MAYBE_THOUSANDS.fullmatch(label):
            certain = True
    return certain


def has_decimal_comma(texts: Iterable[str | None], decimal: str) -> bool:
    """Tell whether a column has decimal commas: as `input.decimal` says, or as found in it."""
    if decimal == "auto":
        return uses_decimal_comma(text for text in texts if text)
    return decimal == "comma"


def is_missing(text: str | None) -> bool:
    """Tell whether a field is empty or stands for a missing value.

    >>> [is_missing(text) for text in (None, " ", "n/a", "NaN", "–", "0", "inf")]
    [True, True, True, True, True, False, False]
    """
    text = (text or "").strip()
    return not text or (len(text) < 20 and MISSING.fullmatch(text) is not None)


def _without_lookalikes(text: str) -> str:
    """Return a text in the characters that numbers are usually written with."""
    return unicodedata.normalize("NFKC", text[:1000]).translate(LOOKALIKES).strip()


def is_meant_as_number(text: str) -> bool:
    """Tell whether a text can only be meant as a number, even if it cannot be read as one.

    >>> [is_meant_as_number(text) for text in ("5", "1e999", "-inf", "1,234", "\u22125", "60/40")]
    [True, True, True, True, True, False]
    """
    plain = _without_lookalikes(text)
    numbers = (POINT_NUMBER, COMMA_NUMBER, INFINITE)
    return any(pattern.fullmatch(plain) for pattern in numbers)


def explain_quantity(text: str) -> str | None:
    """Say what a text has besides a number, or None if it need not be meant as one.

    >>> explain_quantity("< 5"), explain_quantity("2-octanol"), explain_quantity("1,4-dioxane")
    ('is a bound, not a measured value; give a number or leave the field empty', None, None)
    """
    plain = _without_lookalikes(text)
    if len(plain) > 100 or not BEGINS_WITH_NUMBER.match(plain) or LOCANTS.match(plain):
        return None
    return next((told for pattern, told in EXPLANATIONS if pattern.fullmatch(plain)), None)


def parse_label(text: str, decimal_comma: bool = False, called: str = "the label") -> float:
    """Return the number that a field of labels, or of another column of numbers, holds.

    Parameters
    ----------
    text
        The field, not blank; white space around it does not matter.
    decimal_comma
        Whether the column is written with the decimal comma, see `uses_decimal_comma`.
    called
        What messages call the value.

    Raises
    ------
    LabelError
        If the field is anything but one finite decimal number. Nothing is guessed: bounds,
        ranges, units, thousands separators and dates are refused, each with its reason.

    Examples
    --------
    >>> parse_label("1.5e2"), parse_label("12,5", decimal_comma=True)
    (150.0, 12.5)
    """
    text = text.strip()
    plain = text
    if decimal_comma and COMMA_NUMBER.fullmatch(text):
        plain = text.replace(",", ".")
    elif decimal_comma and "." in text:
        raise LabelError(f"{called} {quoted(text)} {_explain_point(text)}")
    if not (text.isascii() and POINT_NUMBER.fullmatch(plain)):
        raise LabelError(f"{called} {quoted(text)} {_explain(text)}")
    value = float(plain)
    if math.isinf(value):
        raise LabelError(
            f"{called} {quoted(text)} is outside the double-precision range (too large)"
        )
    if value == 0 and re.search("[1-9]", re.split("[eE]", plain)[0]):
        raise LabelError(
            f"{called} {quoted(text)} is outside the double-precision range (too small)"
        )
    return value


def check_magnitude(
    value: float,
    text: str,
    called: str = "the label",
    limits: tuple[float, float] = OF_LABELS,
) -> None:
    """Refuse a number that is too large or too small to compute with.

    Parameters
    ----------
    value
        The number.
    text
        As it was written.
    called
        What messages call it.
    limits
        The smallest magnitude besides 0, and the largest.

    Raises
    ------
    LabelError
        If the number is outside the limits.
    """
    smallest, largest = limits
    if abs(value) > largest:
        raise LabelError(
            f"{called} {quoted(text)} is too large to compute with; correct it, or give all values "
            "in a larger unit"
        )
    if 0 < abs(value) < smallest:
        raise LabelError(
            f"{called} {quoted(text)} is too small to compute with; write 0, or give all values "
            "in a smaller unit"
        )


def _explain_point(text: str) -> str:
    """Say what is wrong with a label that has a point where others have a decimal comma."""
    if POINT_NUMBER.fullmatch(text):
        return "has a point in a table that is read with decimal commas; write a comma"
    return _explain(text)


def _explain(text: str) -> str:
    """Say what is wrong with a label that is not a number."""
    if len(text) > 100:
        return "is too long to be a number"
    if is_missing(text):
        number = "is not a number but " if "nan" in text.lower() else ""
        return f"{number}stands for a missing value; leave the field empty"
    plain = _without_lookalikes(text)
    if plain != text and (POINT_NUMBER.fullmatch(plain) or COMMA_NUMBER.fullmatch(plain)):
        return _explain_character(text)
    for pattern, explanation in EXPLANATIONS:
        if pattern.fullmatch(text):
            return explanation
    return "is not a number" if text.isascii() else _explain_character(text)


def _explain_character(text: str) -> str:
    """Name the first character that a number does not have."""
    strange = next(c for c in text if not c.isascii())
    return f"contains the character {character_name(strange)}; retype it in plain digits"
