"""Check the user's tables as files, before Snakemake or a reader fails on them."""

import os
import time
from datetime import datetime
from pathlib import Path

from confaug.errors import UserError

#: Clocks of machines that share a disk may differ by this much, in seconds.
CLOCKS_DIFFER = 60


def find_table(key: str, given: str | Path, *further: Path) -> str:
    """Return the path of a table that a configuration key names.

    Parameters
    ----------
    key
        The configuration key, for messages.
    given
        The path as the user gave it.
    further
        Folders in which a relative path is looked for besides the working directory.

    Raises
    ------
    UserError
        If there is no such file, or if it cannot be read as one.
    """
    places = [Path(given), *(folder / given for folder in further)]
    path = next((path for path in places if os.path.lexists(path)), None)
    if path is None:
        raise UserError(
            f"config key {key!r} names {given}, but there is no such file; give a path relative to "
            f"{Path.cwd()}"
        )
    if fault := _fault_of(path):
        raise UserError(f"config key {key!r} names {path}, which {fault}")
    return str(path)


def _fault_of(path: Path) -> str | None:
    """Say why something that exists cannot be read as a file; None if it can."""
    if not path.exists():
        return f"is a link to {path.readlink()}, which does not exist; correct the link"
    if path.is_dir():
        return "is a folder; name the table in it"
    if not path.is_file():
        return "is a pipe or a device, which cannot be read twice; save the table as a file"
    if not os.access(path, os.R_OK):
        return "you have no permission to read; change its permissions"
    return None


def require_past(path: str | Path) -> None:
    """Check that the time stamp of a table does not lie in the future.

    Snakemake treats results that are older than their table as outdated, and fails if it has just
    made them.

    Raises
    ------
    UserError
        If it does.
    """
    stamp = Path(path).stat().st_mtime
    if stamp > time.time() + CLOCKS_DIFFER:
        when = datetime.fromtimestamp(stamp).strftime("%Y-%m-%d %H:%M")
        raise UserError(
            f"the time stamp of {path} ({when}) lies in the future, so that no result can be "
            f"newer; set it to the present time with `touch '{path}'`"
        )
