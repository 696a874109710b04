"""The one exception that is meant for the user's eyes, and how it ends a program."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


class UserError(Exception):
    r"""A mistake that the user can correct.

    The message is one sentence that names the file, row, column or key and says what to do. It is
    shown without a traceback. It may quote text from anywhere, so control characters, which could
    change the terminal, are written as escapes.

    >>> print(UserError("the unit is \x1b[31mK"))
    the unit is \x1b[31mK
    """

    def __init__(self, message: str) -> None:
        super().__init__(escaped(message))


def escaped(text: str) -> str:
    r"""Return a text with escapes in place of characters that cannot be shown, such as line feeds.

    >>> print(escaped("two\nlines"))
    two\nlines
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


@contextmanager
def exit_with_sentence() -> Iterator[None]:
    """End the program with one sentence where a `UserError` is raised inside.

    >>> with exit_with_sentence():
    ...     raise UserError("the table is empty")
    Traceback (most recent call last):
    SystemExit: Error: the table is empty
    """
    try:
        yield
    except UserError as error:
        sys.exit(f"Error: {error}")
