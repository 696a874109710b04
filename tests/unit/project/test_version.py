"""The version is stated in one place; the files that have to repeat it agree."""

import tomllib
from pathlib import Path

import yaml
from packaging.version import Version

import confaug

ROOT = Path(__file__).parents[3]


def test_the_library_has_the_version():
    assert str(Version(confaug.__version__)) == confaug.__version__


def test_the_project_takes_it_from_the_library():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "version" not in project
    assert project["dynamic"] == ["version"]


def test_the_citation_repeats_it():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == confaug.__version__
