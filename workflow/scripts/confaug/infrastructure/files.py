"""How every output is written: under a temporary name, to the disk, then renamed in one step."""

import errno
import glob
import json
import os
import platform
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from confaug.errors import UserError

#: Errors of the operating system when there is no space left, with what messages say.
NO_ROOM = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the disk quota is used up"}
#: A temporary file that has not been written to for so long has no writer any more, in seconds.
ABANDONED_AFTER = 24 * 3600
_PIECE = 1 << 20


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Give a temporary path in the same folder, renamed to `path` if the body raises no error.

    A reader never sees a half-written file under its final name, not even after a power cut,
    because the content is on the disk before the name changes. An existing file with the same
    content stays as it is, time stamp included: when a second writer makes the same output (a job
    that outlives its killed workflow), nothing looks changed.

    Raises
    ------
    UserError
        If there is no space left on the disk.
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
    """Write a text as UTF-8, in one step; a file that has it already needs no room on the disk."""
    path, content = Path(path), text.encode()
    if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
        _remove_abandoned(path)
        return
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def write_json(document: Mapping[str, Any], path: str | Path) -> None:
    """Write a JSON document in one step; NaN, which JSON does not have, is refused."""
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    write_text(text + "\n", path)


def canonical_json(document: Mapping[str, Any]) -> str:
    """Return a JSON document as text, the same for equal documents; NaN is refused."""
    return json.dumps(document, sort_keys=True, indent=1, allow_nan=False) + "\n"


@contextmanager
def full_disk_named(path: str | Path) -> Iterator[None]:
    """Turn the error of a full disk into a sentence that names the file.

    Raises
    ------
    UserError
        If the body fails because there is no space left on the disk.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise UserError(
            f"{path} cannot be written: {NO_ROOM[error.errno]}; free space there and run the same "
            "command again; finished results are kept"
        ) from error


def _bring_to_disk(path: Path) -> None:
    """Wait until the content of a file is on the disk; a delayed write error is raised here."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _same_content(one: Path, other: Path) -> bool:
    """Tell whether both files exist with the same bytes."""
    if not other.exists() or one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as first, other.open("rb") as second:
        while piece := first.read(_PIECE):
            if piece != second.read(_PIECE):
                return False
    return True


def _remove_abandoned(path: Path) -> None:
    """Remove the temporary files of killed writers of `path`; others may still be at work."""
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
