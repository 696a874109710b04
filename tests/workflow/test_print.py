"""The report is printed where a browser is installed."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from confaug.report.printing import BROWSERS


@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="there is no browser on PATH")
def test_the_report_is_printed_from_a_finished_study(study):
    assert study.planned("pdf") == {"print_report": 1, "pdf": 1}
    study.snakemake("pdf")
    assert (study.results / "report/report.pdf").read_bytes().startswith(b"%PDF-")
    assert study.planned() == {}


def test_without_a_browser_nothing_is_begun(fresh):
    commands = fresh.folder / "bin"  # what a run needs of the system, and no browser
    commands.mkdir()
    for name in ("which", "sh", "bash", "env", "uname"):
        if found := shutil.which(name):
            (commands / name).symlink_to(found)
    path = os.pathsep.join([str(Path(sys.executable).parent), str(commands)])
    said = fresh.refused("pdf", "--dry-run", PATH=path)
    assert "printed by Chromium or Chrome" in said
    assert not fresh.results.exists()
