from pathlib import Path

import pytest

from confaug.errors import UserError
from confaug.infrastructure.places import (
    names_written,
    require_not_itself,
    require_outside,
    require_own_folder,
)

NAMES = {"molecules", "augmented.parquet"}


@pytest.fixture
def working(tmp_path, monkeypatch) -> Path:
    """A working folder with a home and a workflow elsewhere."""
    for name in ("home/me", "program/workflow", "work/results/molecules"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home/me"))
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@pytest.mark.parametrize(
    "results",
    [
        "/",
        ".",
        "..",
        "../work",
        "link",
        "../home",
        "../home/me",
        "../program",
        "../program/workflow",
    ],
)
def test_a_folder_that_holds_other_things_is_no_folder_of_results(working, results):
    (working / "link").symlink_to("../home/me")
    with pytest.raises(UserError, match=r"pathvars\.results") as refused:
        require_own_folder(results, working / "../program")
    assert f"names {results}," in str(refused.value)


@pytest.mark.parametrize("results", ["results", "../home/me/results", "../program/results", "new"])
def test_a_folder_of_its_own_holds_results(working, results):
    require_own_folder(results, working / "../program")
    require_own_folder(working / results, working / "../program")


def test_an_account_without_a_home_has_results(working, monkeypatch):
    monkeypatch.delenv("HOME")
    require_own_folder("results", working / "../program")


def test_the_names_written_are_those_below_the_results():
    outputs = ["r/molecules/a.csv", "r/b.parquet", "r/models/{variant}/c.csv", "elsewhere/d.csv"]
    assert names_written("r", outputs) == {
        *("molecules", "b.parquet", "models"),
        *("records", "study.json", "predictions"),
    }
    assert "molecules" in names_written("r/", outputs)


@pytest.mark.parametrize(
    "table",
    [
        "results/molecules/molecules.csv",
        "./results/../results/molecules/mine.csv",
        "results/augmented.parquet",
        "linked/molecules/molecules.csv",
        "table.csv",
        "results/molecules/link.csv",
    ],
)
def test_a_table_where_results_go_is_refused(working, table):
    (working / "linked").symlink_to("results")
    (working / "table.csv").symlink_to("results/molecules/molecules.csv")
    (working / "results/molecules/link.csv").symlink_to("../../mine.csv")
    for given in (table, working / table):
        with pytest.raises(UserError, match=r"input\.table.*pathvars"):
            require_outside(given, "results", NAMES)


@pytest.mark.parametrize(
    "table", ["mine.csv", "results/mine.csv", "results/quick/molecules/molecules.csv"]
)
def test_a_table_where_no_result_goes_is_taken(working, table):
    require_outside(table, "results", NAMES)
    require_outside(working / table, working / "results", NAMES)


def test_predictions_do_not_replace_their_own_table(working):
    folder = "results/predictions/new"
    for table in (f"{folder}/predictions.csv", working / folder / "mine.csv"):
        with pytest.raises(UserError, match="name: new_again"):
            require_not_itself(table, folder)
    for table in ("results/predictions/other/predictions.csv", "results/molecules/molecules.csv"):
        require_not_itself(table, folder)
