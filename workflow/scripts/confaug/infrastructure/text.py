"""Text for messages and pages: on one line, of bounded length, without control characters."""

import re
import unicodedata
from collections.abc import Sequence

from confaug.errors import escaped

#: What XML cannot contain (control characters, surrogates, noncharacters), and marks that change
#: the direction of the text after them.
_UNFIT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
#: Characters that nobody sees in a name, as the inside of a regular expression: control characters,
#: line separators, blanks without width, marks of direction, surrogates and noncharacters.
HIDDEN = r"\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff"
REPLACEMENT = "\ufffd"


def displayable(text: str) -> str:
    r"""Replace the characters that a page or a figure cannot show; lines stay lines.

    >>> displayable("a\x00b") == "a\ufffdb"
    True
    """
    return _UNFIT.sub(REPLACEMENT, text)


def one_line(text: str, length: int = 200) -> str:
    r"""Return a text on one line, shortened to a length.

    >>> one_line("two\n lines\t")
    'two lines'
    """
    return shorten(" ".join(displayable(text).split()), length)


def shorten(text: str, length: int = 26) -> str:
    """Cut a long text, keeping both ends.

    >>> shorten("a" * 30 + "z", 7)
    'aaa…aaz'
    """
    if len(text) <= length:
        return text
    head = length // 2
    return f"{text[:head]}…{text[len(text) - (length - head - 1) :]}"


def quoted(text: str, length: int = 60) -> str:
    r"""Return a text in quotes, on one line and shortened, for a message.

    >>> print(quoted("two\nlines"))
    'two\nlines'
    """
    return f"'{escaped(shorten(text, length))}'"


def listed(items: Sequence[object], most: int = 10) -> str:
    """Join items with commas; of many, the first ones and how many more there are.

    >>> listed([4, 9]), listed(range(2, 14), 3)
    ('4, 9', '2, 3, 4 and 9 more')
    """
    shown = ", ".join(str(item) for item in items[:most])
    return shown if len(items) <= most else f"{shown} and {len(items) - most} more"


def counted(count: int, noun: str) -> str:
    """Return a number with its noun in singular or plural.

    >>> counted(1, "row"), counted(2, "row")
    ('1 row', '2 rows')
    """
    return f"{count} {noun}" + "s" * (count != 1)


def character_name(character: str) -> str:
    """Return the Unicode name and the number of a character.

    >>> character_name("\N{EN DASH}")
    'EN DASH (U+2013)'
    """
    name = unicodedata.name(character, "control or unnamed character")
    return f"{name} (U+{ord(character):04X})"


def plain_number(value: float | None) -> str:
    """Return a number for a message, with 12 significant digits; "none" if there is none.

    >>> plain_number(216.0), plain_number(None)
    ('216', 'none')
    """
    return "none" if value is None else f"{value:.12g}"
