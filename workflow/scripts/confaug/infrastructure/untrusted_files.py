"""Read files from untrusted sources: regular files of limited size, and strict JSON."""

import errno
import json
import math
import os
import stat
from pathlib import Path
from typing import Any

from confaug.errors import UserError

#: Documents of this program are not nested deeper; Python's parser is recursive.
MAX_DEPTH = 24
#: Lists and objects of a document; an empty one takes two bytes of the file and 64 of memory.
MAX_PARTS = 5_000_000
#: Larger integers are not exact in JSON.
MAX_INTEGER = 2**53


def read_foreign(path: str | Path, most: int) -> bytes:
    """Read a regular file of limited size.

    Links, folders, devices and pipes are refused: the sender of a folder must not decide which
    other files are read here.

    Parameters
    ----------
    most
        Limit of its size in bytes.

    Raises
    ------
    UserError
        If it is not a regular file, cannot be read, or is larger.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        why = "a link" if error.errno == errno.ELOOP else error.strerror
        raise UserError(f"{path} cannot be read ({why}); copy the file itself") from error
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise UserError(f"{path} cannot be read (not a regular file); copy the file itself")
        if status.st_size > most:
            raise UserError(f"{path} has {status.st_size} bytes, more than the limit of {most}")
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(handle)


def parse_foreign_json(content: bytes) -> Any:
    """Parse strict JSON: UTF-8, no NaN or infinity, no repeated key, no endless nesting.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if content.count(b"[") + content.count(b"{") > MAX_PARTS:
        raise ValueError(f"more than {MAX_PARTS} lists and objects")
    try:
        document = json.loads(
            content.decode("utf-8"),
            parse_constant=_refuse_constant,
            object_pairs_hook=_without_repetition,
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    _check_values(document)
    return document


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    section = dict(pairs)
    if len(section) < len(pairs):
        raise ValueError("a key is repeated")
    return section


def _check_values(document: Any) -> None:
    """Refuse what JSON allows but no document of this program contains."""
    waiting = [(document, 0)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, dict):
            inner = [*value, *value.values()]
        elif isinstance(value, list):
            inner = value
        else:
            _check_scalar(value)
            continue
        if depth == MAX_DEPTH:
            raise ValueError("nested too deeply")
        waiting += [(one, depth + 1) for one in inner]


def _check_scalar(value: Any) -> None:
    """Refuse numbers outside the supported range, and incomplete characters."""
    if isinstance(value, str):
        value.encode("utf-8")  # fails for half a surrogate pair
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number is too large")
    elif isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise ValueError("an integer is too large")
