"""How every output is written: beside its place, to the disk, and then renamed in one step."""

import errno
import glob
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from confaug.errors import UserError

#: What the operating system answers when there is no room, and how to say it.
NO_ROOM = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the disk quota is used up"}
#: A temporary file that nobody has written to for so long has no writer any more, in seconds.
ABANDONED_AFTER = 24 * 3600
_PIECE = 1 << 20


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Give a temporary name beside `path`, renamed to it when the body ends without an error.

    A reader never sees a half-written file under its final name, not even after a power cut: the
    content is on the disk before the name is. A file that is there already with equal content
    stays as it is, time stamp included, so that a second writer of the same output (a job whose
    workflow was killed goes on to its end) makes nothing look changed.

    Raises
    ------
    UserError
        If there is no room on the disk.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{platform.node()}.{os.getpid()}.tmp")
    with full_disk_named(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(path)
        try:
            yield temporary
            _bring_to_disk(temporary)
            if not _same_content(temporary, path):
                temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def write_text(text: str, path: str | Path) -> None:
    """Write a text as UTF-8, in one step."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


@contextmanager
def full_disk_named(path: str | Path) -> Iterator[None]:
    """Turn the error of a full disk into a sentence that says what could not be written.

    Raises
    ------
    UserError
        If the body ends for want of room on the disk.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise UserError(
            f"{path} cannot be written: {NO_ROOM[error.errno]}; make room there and run the same "
            "command again, what is finished is kept"
        ) from error


def _bring_to_disk(path: Path) -> None:
    """Wait until the content of a file is on its disk; a late error of the disk is raised here."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _same_content(one: Path, other: Path) -> bool:
    """Tell whether both files are there with the same bytes."""
    if not other.exists() or one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as first, other.open("rb") as second:
        while piece := first.read(_PIECE):
            if piece != second.read(_PIECE):
                return False
    return True


def _remove_abandoned(path: Path) -> None:
    """Remove what killed writers of `path` have left; others may still be at work."""
    for temporary in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        *host, process = temporary.name.removeprefix(f".{path.name}.").split(".")[:-1]
        try:
            here = ".".join(host) == platform.node()
            old = time.time() - temporary.lstat().st_mtime > ABANDONED_AFTER
            if old or (here and not _is_alive(int(process))):
                temporary.unlink()
        except FileNotFoundError:
            continue  # its writer has just finished


def _is_alive(process: int) -> bool:
    """Tell whether a process of this machine exists, whoever owns it."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
