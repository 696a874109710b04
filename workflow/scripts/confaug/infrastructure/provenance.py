"""Content hashes of a script and of the library modules that it uses, for rerun triggers."""

import ast
import hashlib
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

LIBRARY = Path(__file__).parents[1]


@cache
def code_hash(script: Path) -> str:
    """Hash a script together with every library module it imports, directly or not.

    Snakemake notices a changed script but not a changed module that the script imports; with this
    hash among a rule's parameters, a rule reruns exactly when code that it runs has changed.
    Imports inside functions count as well. Comments count too: the hash is one of bytes.

    Parameters
    ----------
    script
        Path of a Python file.

    Returns
    -------
    str
        The first 16 hexadecimal digits of a SHA-256 digest.
    """
    digest = hashlib.sha256()
    files = {os.path.relpath(path, LIBRARY.parent): path for path in imported_files(script)}
    for name, path in sorted(files.items()):
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def imported_files(script: Path) -> set[Path]:
    """Return a script and all files of the library that it imports, directly or not."""
    seen: set[Path] = set()
    waiting = [script]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting.extend(_imports_of(path))
    return seen


@cache  # scripts share most of their modules, and every job of a cluster reads the rules anew
def _imports_of(path: Path) -> tuple[Path, ...]:
    """Return the library files that one file imports, the package files above it included."""
    found: list[Path] = []
    for name in _imported_names(path.read_bytes()):
        package, *parts = name.split(".")
        if package != "confaug":
            continue
        stem = LIBRARY.joinpath(*parts)
        found.extend(p for p in (stem.with_suffix(".py"), stem / "__init__.py") if p.exists())
    if LIBRARY in path.parents:  # importing a module runs the package files above it
        found.extend(p / "__init__.py" for p in path.parents if p.is_relative_to(LIBRARY))
    return tuple(found)


def _imported_names(source: bytes) -> tuple[str, ...]:
    """Return the dotted names in the import statements of a Python source."""
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(names)


def content_hash(paths: Iterable[str | Path]) -> str:
    """Hash files by name and content, wherever they lie; returns 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for path in sorted(map(Path, paths), key=lambda path: path.name):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
