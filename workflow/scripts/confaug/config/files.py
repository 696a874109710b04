"""Read configuration files strictly: a syntax error or a repeated key is named with its line.

Snakemake reads them first, but silently takes the last of two equal keys.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from confaug.config.values import check_size
from confaug.errors import UserError


def check_config_files(paths: Iterable[str | Path]) -> None:
    """Refuse configuration files that cannot be read, or that give a key twice.

    Raises
    ------
    UserError
        With the file, the line and the key.
    """
    for path in map(Path, paths):
        _refuse_repeated_keys(_read_nodes(path), path)


def read_config_file(path: str | Path) -> dict[str, Any]:
    """Return what a configuration file in YAML or JSON says.

    Raises
    ------
    UserError
        If it cannot be read, is not YAML, gives a key twice, is no section of keys or is too large.
    """
    check_config_files([path])
    try:
        content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise _not_yaml(Path(path), error) from None
    if not isinstance(content, dict):
        raise UserError(f"{path} must hold keys at its top level, such as input: and property:")
    check_size(content)
    return content


def named_from_here(path: str | Path) -> str:
    """Return a path as a command in the working directory may name it: short if it lies below.

    >>> named_from_here(Path.cwd() / "config" / "quick.yaml")
    'config/quick.yaml'
    """
    full, here = Path(path).absolute(), Path.cwd()
    return str(full.relative_to(here) if full.is_relative_to(here) else full)


def snakefile_from_here(root: Path) -> str | None:
    """Return the Snakefile that a command has to name; None where Snakemake finds it itself.

    Parameters
    ----------
    root
        Folder of the workflow.
    """
    return None if root == Path.cwd() else str(root / "Snakefile")


def _read_nodes(path: Path) -> yaml.Node | None:
    """Return the nodes of a file, each of which knows its line; None for JSON that is not YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(f"the configuration file {path} does not exist") from None
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 (byte {error.start + 1}); save it as UTF-8") from None
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from None
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except RecursionError:
        raise UserError(f"{path} is nested too deeply to be a configuration") from None
    except yaml.YAMLError as error:
        if _is_json(text):
            return None
        raise _not_yaml(path, error) from None


def _is_json(text: str) -> bool:
    """Return whether a text is JSON; YAML does not accept its tabs."""
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _not_yaml(path: Path, error: yaml.YAMLError) -> UserError:
    """Return what to say of a file that cannot be read."""
    return UserError(f"{path}{_where(error)} is not YAML: {_complaint(error)}")


def _where(error: yaml.YAMLError) -> str:
    """Name the place of a mistake."""
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1}, column {mark.column + 1}," if mark else ""


def _complaint(error: yaml.YAMLError) -> str:
    """Say what is wrong on one line, and what is most often the cause."""
    problem = getattr(error, "problem", None) or str(error)
    return (
        f"{' '.join(str(problem).split())}; look there and in the line above for a bracket or "
        "quotation mark that is not closed, a tab, or a missing blank after a colon"
    )


def _refuse_repeated_keys(root: yaml.Node | None, path: Path) -> None:
    """Refuse a key that a section of the file gives twice; aliases are visited once."""
    waiting, seen = [(root, "")], set()
    while waiting:
        node, name = waiting.pop()
        if id(node) in seen or not isinstance(node, yaml.CollectionNode):
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting.extend((item, name) for item in node.value)
            continue
        lines: dict[str, int] = {}
        for key, value in node.value:
            full = f"{name}.{key.value}" if name else str(key.value)
            if full in lines:
                raise UserError(
                    f"{path} gives the key {full!r} twice, in lines {lines[full]} and "
                    f"{key.start_mark.line + 1}; keep one of the two"
                )
            lines[full] = key.start_mark.line + 1
            waiting.append((value, full))
