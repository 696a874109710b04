"""Text that users typed, made fit to be shown: on one line, of bounded length, without controls."""

import re

#: What XML cannot hold (controls, halves of characters, characters that are none), and the marks
#: that turn the direction of all text behind them.
_UNFIT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
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
