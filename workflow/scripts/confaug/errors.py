"""The one exception that is meant for the user's eyes."""


class UserError(Exception):
    r"""A mistake that the user can mend.

    The message is one clear sentence that names the file, row, column or key and says what to do.
    It is shown without a traceback. What it quotes may come from anywhere, so that characters that
    cannot be shown, which would steer the terminal, are written as escapes.

    >>> print(UserError("the unit is \x1b[31mK"))
    the unit is \x1b[31mK
    """

    def __init__(self, message: str) -> None:
        super().__init__("".join(c if c.isprintable() else ascii(c)[1:-1] for c in message))
