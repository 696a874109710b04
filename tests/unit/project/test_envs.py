"""The conda files hold the versions of the lock, and all that the rules' scripts import."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version
from project_imports import imported_packages

from confaug.infrastructure.provenance import imported_files
from confaug.infrastructure.versions import MODEL

ROOT = Path(__file__).parents[3]
ENVS = sorted((ROOT / "envs").glob("*.yaml"))
#: Packages that no script imports: bundles record their versions, and mordred calculates with
#: networkx.
RECORDED = (*MODEL, "networkx")
PYPI_NAMES = {"matplotlib-base": "matplotlib"}  # conda-forge's name: PyPI's name


def locked_versions():
    pins = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    return {canonicalize_name(name): Version(version) for name, version in pins}


def dependencies(env):
    """Return conda's requirements of one file as a dict from name to version constraint."""
    listed = yaml.safe_load(env.read_text())["dependencies"]
    assert all(isinstance(entry, str) for entry in listed), "a pip section is not compared yet"
    return dict(entry.split(" ", 1) for entry in listed)


def provided(env):
    """Return the pinned versions of one file by PyPI's package names."""
    return {
        PYPI_NAMES.get(name, name): Version(constraint.removeprefix("="))
        for name, constraint in dependencies(env).items()
        if name != "python"
    }


def rules():
    """Return name, conda file and script of every rule that has a script."""
    found = []
    for file in sorted((ROOT / "workflow" / "rules").glob("*.smk")):
        for text in re.split(r"^(?=(?:rule|checkpoint) )", file.read_text(), flags=re.MULTILINE):
            script = re.search(r'script:\s+"(.+?)"', text)
            if script:
                env = re.search(r'conda:\s+"(.+?)"', text)
                assert env, f"a rule with a script needs a conda file: {text.splitlines()[0]}"
                name = text.split(":")[0].split()[1]
                folder = file.parent
                found.append((name, (folder / env[1]).resolve(), (folder / script[1]).resolve()))
    return found


@pytest.mark.parametrize("env", ENVS, ids=lambda env: env.stem)
def test_versions_are_those_of_the_lock(env):
    locked = locked_versions()
    assert provided(env) == {name: locked.get(name) for name in provided(env)}


@pytest.mark.parametrize("env", ENVS, ids=lambda env: env.stem)
def test_python_is_that_of_the_project(env):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert SpecifierSet(dependencies(env)["python"]) == SpecifierSet(project["requires-python"])


@pytest.mark.parametrize("env", ENVS, ids=lambda env: env.stem)
def test_packages_come_from_conda_forge_alone(env):
    assert yaml.safe_load(env.read_text())["channels"] == ["conda-forge", "nodefaults"]


def test_every_file_is_used_by_a_rule_and_every_rule_names_a_file():
    assert {env for _, env, _ in rules()} == set(ENVS)


@pytest.mark.parametrize(
    ("name", "env", "script"), rules(), ids=lambda value: getattr(value, "stem", value)
)
def test_a_rule_finds_all_that_its_script_imports(name, env, script):
    needed = imported_packages(imported_files(script)) - {"snakemake"}
    missing = needed - set(provided(env))
    assert not missing, f"envs/{env.name} lacks what rule {name} imports: {sorted(missing)}"


@pytest.mark.parametrize("env", ENVS, ids=lambda env: env.stem)
def test_a_file_lists_what_its_rules_import(env):
    scripts = [script for _, of, script in rules() if of == env]
    needed = set().union(*(imported_packages(imported_files(script)) for script in scripts))
    assert sorted(set(provided(env)) - needed - set(RECORDED)) == []


def test_model_bundles_can_record_their_versions():
    assert set(MODEL) <= set(provided(ROOT / "envs" / "learning.yaml"))
