"""Bounds on what a configuration may hold that its schema cannot state: size, numbers, paths."""

import itertools
import math
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from confaug.errors import UserError

#: Keys that name files and folders.
PATHS = ("pathvars.results", "input.table", "prediction.table", "prediction.bundle")
#: More than any configuration needs; aliases that repeat aliases have many more.
MAX_VALUES, MAX_DEPTH = 10_000, 20
#: Largest integer that LightGBM and RDKit accept.
LARGEST_INTEGER = 2**31 - 1
#: Bytes of the name of a file or folder on Linux and macOS.
LONGEST_NAME = 255


def check_size(config: Mapping[str, Any]) -> None:
    """Refuse what cannot be traversed: aliases within aliases, and keys that are not strings.

    Raises
    ------
    UserError
        With the key.
    """
    waiting: list[tuple[Any, str, int]] = [(config, "", 0)]
    for seen in itertools.count():
        if not waiting:
            return
        value, path, depth = waiting.pop()
        if seen > MAX_VALUES or depth > MAX_DEPTH:
            raise UserError(
                f"config key {path.split('.')[0]!r} has more than {MAX_VALUES} values or "
                f"{MAX_DEPTH} levels; look for aliases (*) that repeat aliases or themselves"
            )
        if isinstance(value, Mapping):
            for key in value:
                if not isinstance(key, str):
                    raise UserError(
                        f"config key {join(path, str(key))!r} is not a string but {key!r}; "
                        "put it in quotation marks"
                    )
            waiting += [(item, join(path, key), depth + 1) for key, item in value.items()]
        elif isinstance(value, list):
            waiting += [(item, path, depth + 1) for item in value]


def check_numbers(value: Any, path: Sequence[str | int] = ()) -> None:
    """Refuse numbers that are not finite, or too large for LightGBM and RDKit.

    Raises
    ------
    UserError
        With the key, below `path`.
    """
    if isinstance(value, dict):
        for key, item in value.items():
            check_numbers(item, [*path, key])
    elif isinstance(value, list):
        for place, item in enumerate(value):
            check_numbers(item, [*path, place])
    elif isinstance(value, float) and not math.isfinite(value):
        raise UserError(f"{named(path)} must be a finite number, but is {value}")
    elif isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        raise UserError(f"{named(path)} must be at most {LARGEST_INTEGER}, but is {value}")


def settle_paths(config: dict[str, Any]) -> None:
    """Expand paths in place, and refuse those that Snakemake would read as patterns.

    Raises
    ------
    UserError
        With the key.
    """
    for path in PATHS:
        section, key = path.split(".")
        given = config[section].get(key)
        if given is None:
            continue
        if strange := re.search(r"[{}<>\x00-\x1f]", given):
            raise UserError(
                f"config key {path!r} names {given!r}, but {strange[0]!r} has a special meaning in "
                "Snakemake's paths; rename the file or folder"
            )
        if given != given.strip():
            raise UserError(f"config key {path!r} is {given!r}; remove the blanks around it")
        if any(len(os.fsencode(part)) > LONGEST_NAME for part in Path(given).parts):
            raise UserError(f"config key {path!r} is too long for a file name: {given[:60]}…")
        if given.startswith("~"):
            config[section][key] = _without_tilde(path, given)


def _without_tilde(path: str, given: str) -> str:
    """Replace ~ by the home folder, except for the results, which Snakemake has read already."""
    if path == "pathvars.results":
        raise UserError(
            f"config key {path!r} must not begin with ~, but is {given!r}; write the path in full"
        )
    try:
        return str(Path(given).expanduser())
    except RuntimeError:
        raise UserError(
            f"config key {path!r} is {given!r}, but there is no such home folder; write it in full"
        ) from None


def named(path: Sequence[str | int]) -> str:
    """Return what messages call a value: its key, with its place in a list counted from 1.

    >>> named(["requirements", "range", 1])
    "value 2 of config key 'requirements.range'"
    """
    if path and isinstance(path[-1], int):
        return f"value {path[-1] + 1} of {named(list(path)[:-1])}"
    return f"config key {'.'.join(map(str, path))!r}"


def join(path: str, key: str) -> str:
    """Return the dotted name of a key below a path."""
    return f"{path}.{key}" if path else key
