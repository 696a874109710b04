"""A folder of results belongs to one study."""

import json
import shutil
from collections import Counter

import pytest

from study import Study


def test_a_run_writes_down_its_study(finished):
    named = json.loads((finished.results / "study.json").read_text())
    assert named["table"] == "resources/quick.csv"
    assert named["property"] == "Glass transition temperature"


@pytest.mark.parametrize(
    "change", [{"input__label_column": "name"}, {"property__name": "Density"}, "table"]
)
def test_another_study_is_refused_and_changes_nothing(study, change):
    if change == "table":
        shutil.copy(study.table, study.folder / "resources/solvents.csv")
        change = {"input__table": "resources/solvents.csv"}
    study.configure(**change)
    before = study.logs()
    for arguments in ((), ("--dry-run",)):
        told = study.refused(*arguments)
        for part in (*change.values(), "pathvars", "results/quick/study.json"):
            assert part in told
    assert study.logs() == before
    study.configure(pathvars__results="results/another")  # the way out
    assert study.planned()


def test_the_same_study_goes_on_with_more_rows_and_other_settings(study):
    table = study.table
    table.write_text(table.read_text() + "Poly(isobutyl vinyl ether),CC(C)COC=C,253\n")
    study.configure(splits__train=18, property__unit="°C")
    assert study.planned()


def test_a_project_that_moved_is_the_same_study(study, tmp_path):
    moved = Study(tmp_path / "elsewhere")
    study.folder.rename(moved.folder)
    assert moved.planned() == Counter()


def test_a_dry_run_writes_nothing(fresh):
    assert fresh.planned()
    assert not (fresh.folder / "results").exists()
