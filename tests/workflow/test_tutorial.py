"""The tutorial does what it says: from a package's data to a table, a verdict and predictions."""

import csv
import json
import re
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


def test_the_tutorial_leads_from_its_table_to_a_verdict_and_predictions(study):
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
    predict_as_told(study)


def predict_as_told(study):
    """Make the predictions of the tutorial's last section by its own table and settings."""
    told = (ROOT / "docs" / "tutorial.md").read_text()
    table = re.search(r"```\n(name,structure\n.*?)```", told, re.DOTALL)
    settings = re.search(r"predict .* --config '(prediction=.*)'", told)
    assert table
    assert settings
    (study.folder / "new_liquids.csv").write_text(table[1])
    study.snakemake(
        *("predict", "--config", settings[1]),
        configs=("docs/tutorial/refractive_index.yaml", "tiny.yaml"),
    )
    folder = study.folder / "results/refractive_index/predictions/new_liquids"
    with (folder / "predictions.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == [
        row.split(",")[0] for row in table[1].split("\n")[1:-1]
    ]
    assert [row["status"] for row in rows] == ["predicted"] * 3 + ["failed"]
    assert "unclosed ring" in rows[-1]["reason"]
    assert (folder / "index.html").exists()


def test_every_command_of_the_tutorial_names_files_that_are_there():
    words = (ROOT / "docs" / "tutorial.md").read_text().replace("`", " ").split()
    named = {word for word in words if word.startswith("docs/tutorial/")}
    assert named == {f"docs/tutorial/{path.name}" for path in TUTORIAL.iterdir() if path.is_file()}
