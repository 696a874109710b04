"""Which packages the files of this project import."""

import ast
import re
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


@cache
def package_of_module():
    """Return the PyPI name of the package that brings each importable module."""
    return {module: canonicalize_name(of[0]) for module, of in packages_distributions().items()}


@cache
def own_modules():
    """Return the names that are modules or packages of this project."""
    found = {"confaug"}
    for folder in ("workflow", "tests", "docs"):
        found |= {path.stem for path in (ROOT / folder).rglob("*.py")}
    return found


def imported_modules(file: Path) -> set[str]:
    """Return the top-level modules that a Python or Snakemake file imports."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".py":  # a Snakefile is no Python, but its imports stand at line starts
        return set(re.findall(r"^\s*(?:import|from) (\w+)", text, re.MULTILINE))
    modules = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules.add(node.module.split(".")[0])
    return modules


def imported_packages(files: Iterable[Path]) -> set[str]:
    """Return the PyPI names of the packages that the files import."""
    modules = set().union(*map(imported_modules, files))
    owners = package_of_module()
    return {owners[module] for module in modules - sys.stdlib_module_names - own_modules()}
