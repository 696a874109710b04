import os
from pathlib import Path

import pytest

from confaug.errors import UserError
from confaug.infrastructure.places import (
    check_folder,
    check_writable,
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


#: What is written in a folder of results.
WRITTEN = ("logs", "molecules", "failures.csv")


def test_a_folder_of_results_may_be_new_or_filled(tmp_path):
    check_folder(tmp_path / "new" / "results", WRITTEN)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.log").touch()
    check_folder(tmp_path, WRITTEN)
    check_writable(tmp_path / "new" / "results")


def test_files_for_folders_and_folders_for_files_are_named(tmp_path):
    (tmp_path / "results").touch()
    with pytest.raises(UserError, match=r"/results is a file"):
        check_folder(tmp_path / "results" / "quick", WRITTEN)
    (tmp_path / "study" / "molecules" / "ledger.csv").mkdir(parents=True)
    with pytest.raises(UserError, match=r"ledger\.csv is a folder"):
        check_folder(tmp_path / "study", WRITTEN)


def test_only_what_is_written_is_looked_at_in_a_folder_of_results(tmp_path):
    (tmp_path / "others" / "archive.csv").mkdir(parents=True)
    check_folder(tmp_path, WRITTEN)
    (tmp_path / "failures.csv").mkdir()
    with pytest.raises(UserError, match=r"failures\.csv is a folder"):
        check_folder(tmp_path, WRITTEN)


def test_a_link_to_nothing_is_named_where_results_have_to_go(tmp_path):
    (tmp_path / "results").symlink_to(tmp_path / "unplugged")
    for folder in (tmp_path / "results", tmp_path / "results" / "quick"):
        with pytest.raises(UserError, match=r"/unplugged"):
            check_folder(folder, WRITTEN)
    (tmp_path / "unplugged").mkdir()
    check_folder(tmp_path / "results" / "quick", WRITTEN)


def test_results_that_may_not_be_written_are_told_before_they_are(tmp_path, monkeypatch):
    # Root may write everywhere, so the answer of the system is put in.
    asked = []
    monkeypatch.setattr(os, "access", lambda path, mode: asked.append(path) or False)
    with pytest.raises(UserError, match=r"pathvars\.results"):
        check_writable(tmp_path / "new" / "results")
    assert asked == [tmp_path]
