"""What the page on the engines shows is what happens."""

import os
import re
import shlex
import subprocess
import sys

import pytest
from project_imports import ROOT

PAGE = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")


def blocks(language):
    """Return the blocks of the page in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the table of the page."""
    folder = tmp_path_factory.mktemp("engine")
    (table,) = blocks("text")
    (folder / "molecules.csv").write_text(table, encoding="utf-8")
    return folder


def run(folder, *words):
    environment = os.environ | {"PYTHONPATH": str(ROOT / "workflow" / "scripts")}
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("block", blocks("console"))
def test_commands_print_what_the_page_shows(block, folder):
    command, _, shown = block.partition("\n")
    prompt, python, *words = shlex.split(command)
    assert (prompt, python) == ("$", "python")
    done = run(folder, *words)
    assert (done.returncode, done.stdout, done.stderr) == (0, shown, "")


@pytest.mark.parametrize("block", blocks("python"))
def test_examples_run(block, folder):
    done = run(folder, "-W", "error::FutureWarning", "-c", block)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) >= 3


def test_the_page_names_every_option(folder):
    shown = set(re.findall(r"--[a-z]+", run(folder, "-m", "confaug.descriptors", "--help").stdout))
    assert shown - {"--help"} == set(re.findall(r"^\| .*?`(--[a-z]+)", PAGE, re.MULTILINE))


def test_there_are_examples():
    assert (len(blocks("console")), len(blocks("python"))) == (2, 3)
