"""What the files import is declared, and what is declared is imported."""

import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from project_imports import ROOT, imported_packages

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
#: Declared packages that no file imports, and what needs them.
NOT_IMPORTED = {
    "codespell": "a check of style",
    "furo": "the theme of the documentation site, named in docs/conf.py",
    "mypy": "a check of style",
    "myst-parser": "the Markdown of the documentation site, named in docs/conf.py",
    "pandas-stubs": "types for mypy",
    "pygments": "snakemake --report",
    "pytest-xdist": "--numprocesses in pyproject.toml",
    "ruff": "a check of style",
    "snakefmt": "a check of style",
    "snakemake-executor-plugin-slurm": "profiles/slurm",
    "sphinx": "the documentation site",
    "types-jsonschema": "types for mypy",
    "types-pyyaml": "types for mypy",
}


def declared(requirements):
    return {canonicalize_name(Requirement(entry).name) for entry in requirements}


def files(*folders):
    found = [ROOT / "Snakefile"] if "workflow" in folders else []
    for folder in folders:
        for pattern in ("*.py", "*.smk", "Snakefile"):
            found += (ROOT / folder).rglob(pattern)
    return found


RUN = declared(PROJECT["dependencies"])
TEST = declared(PROJECT["optional-dependencies"]["test"])


@pytest.mark.parametrize(
    ("folders", "allowed"),
    [(("workflow",), RUN), (("tests", "docs"), RUN | TEST)],
    ids=["workflow", "tests and docs"],
)
def test_every_imported_package_is_declared(folders, allowed):
    assert sorted(imported_packages(files(*folders)) - allowed) == []


def test_every_declared_package_is_imported():
    assert sorted(RUN - imported_packages(files("workflow")) - set(NOT_IMPORTED)) == []
    assert sorted(TEST - imported_packages(files("tests", "docs")) - set(NOT_IMPORTED)) == []


def test_a_package_is_declared_once():
    assert sorted(RUN & TEST) == []


def test_packages_that_are_not_imported_are_declared():
    assert sorted(set(NOT_IMPORTED) - RUN - TEST) == []
