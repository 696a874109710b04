"""The one exception that is meant for the user's eyes."""


class UserError(Exception):
    """A mistake that the user can mend.

    The message is one clear sentence that names the file, row, column or key and says what to do.
    It is shown without a traceback.
    """
