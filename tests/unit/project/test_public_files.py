"""The files that other services read agree with the project."""

import tomllib
from pathlib import Path

import yaml
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[3]


def read_yaml(name):
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_continuous_integration_runs_the_test_line_on_every_supported_python():
    job = read_yaml(".github/workflows/tests.yml")["jobs"]["tests"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    supported = SpecifierSet(project["requires-python"])
    expected = [f"3.{minor}" for minor in range(30) if f"3.{minor}" in supported]
    assert job["strategy"]["matrix"]["python-version"] == expected
    assert job["steps"][-1]["run"] == "bash .ci/run"
    assert (ROOT / ".ci" / "run").exists()


def test_hooks_before_a_commit_are_checks_that_the_tests_make():
    (repository,) = read_yaml(".pre-commit-config.yaml")["repos"]
    programs = {hook["entry"].split()[0] for hook in repository["hooks"]}
    assert programs == {f".venv/bin/{name}" for name in ("ruff", "snakefmt", "codespell")}
    style = (Path(__file__).parent / "test_style.py").read_text(encoding="utf-8")
    for program in programs:
        assert f'["{Path(program).name}"' in style


def test_the_workflow_catalogue_is_told_what_there_is():
    usage = read_yaml(".snakemake-workflow-catalog.yml")["usage"]
    assert usage["software-stack-deployment"] == {"conda": True, "apptainer": False}
    assert usage["report"] is True  # the Snakefile has captions and categories
    assert (ROOT / "workflow" / "Snakefile").exists()
    assert (ROOT / "config" / "config.yaml").exists()
