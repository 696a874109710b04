"""The tutorial does what it says: from a package's data to a table, and from there to a verdict."""

import csv
import json
import shutil
import subprocess
import sys

import pytest

from study import ROOT, Study

TUTORIAL = ROOT / "docs" / "tutorial"
TINY = ROOT / "tests" / "data" / "studies" / "tiny.yaml"


@pytest.fixture
def study(tmp_path) -> Study:
    pytest.importorskip("chemicals", reason="the tutorial's data come with this package")
    study = Study.fresh(tmp_path / "study")
    shutil.copytree(TUTORIAL, study.folder / "docs" / "tutorial")
    shutil.copy(TINY, study.folder)
    subprocess.run(
        [sys.executable, "docs/tutorial/refractive_index.py", "refractive_index.csv"],
        cwd=study.folder,
        check=True,
    )
    return study


def test_the_tutorial_leads_from_its_table_to_a_verdict(study):
    with (study.folder / "refractive_index.csv").open(newline="") as file:
        rows = {row["cas"]: row for row in csv.DictReader(file)}
    assert len(rows) == 120
    assert all(1.2 < float(row["n"]) < 1.8 for row in rows.values())
    assert rows["107-12-0"]["smiles"] == "CCC#N"
    assert float(rows["107-12-0"]["n"]) == pytest.approx(1.3655, abs=2e-4)
    study.snakemake(configs=("docs/tutorial/refractive_index.yaml", "tiny.yaml"))
    results = study.folder / "results" / "refractive_index"
    assert json.loads((results / "comparison/verdict.json").read_text())["headline"]
    assert "Refractive index at 20 °C" in (results / "report/index.html").read_text()


def test_every_command_of_the_tutorial_names_files_that_are_there():
    words = (ROOT / "docs" / "tutorial.md").read_text().replace("`", " ").split()
    named = {word for word in words if word.startswith("docs/tutorial/")}
    assert named == {f"docs/tutorial/{path.name}" for path in TUTORIAL.iterdir() if path.is_file()}
