import json
import shutil
from pathlib import Path

import pytest

from confaug.errors import UserError
from confaug.prediction.origin import (
    ORIGIN_FILE,
    SOURCE_FILE,
    origin_of,
    outdated_predictions,
    require_same_table,
    source_of,
)


@pytest.fixture
def results(tmp_path):
    """Results with a model of digest A and predictions that it made."""
    bundle = tmp_path / "results/models/main/replicate-1/bundle"
    folder = tmp_path / "results/predictions/new"
    for path in (bundle, folder):
        path.mkdir(parents=True)
    write_model(bundle, "A")
    (folder / "predictions.csv").write_text("row\n")
    (folder / ORIGIN_FILE).write_text(json.dumps(origin_of(bundle, "A", folder)))
    return tmp_path / "results"


def write_model(bundle, digest):
    (bundle / "bundle.json").write_text(json.dumps({"digest": digest}))


def test_predictions_of_the_model_that_is_there_are_current(results):
    assert outdated_predictions(results) == []
    moved = results.rename(results.parent / "moved")
    assert outdated_predictions(moved) == []


def test_predictions_whose_model_was_fitted_anew_are_named(results):
    write_model(results / "models/main/replicate-1/bundle", "B")
    (line,) = outdated_predictions(results)
    assert f"{results}/predictions/new/predictions.csv was made by another model" in line
    assert outdated_predictions(results, [f"{results}/predictions/new"]) == []


def test_predictions_of_an_unknown_or_lost_model_are_named(results):
    shutil.rmtree(results / "models")
    assert len(outdated_predictions(results)) == 1
    (results / "predictions/new" / ORIGIN_FILE).write_text("[]")
    assert len(outdated_predictions(results)) == 1
    (results / "predictions/new" / ORIGIN_FILE).unlink()
    assert len(outdated_predictions(results)) == 1
    (results / "predictions/new/predictions.csv").unlink()
    assert outdated_predictions(results) == []


def test_a_model_from_elsewhere_counts_where_it_lies(results, tmp_path):
    elsewhere, folder = tmp_path / "given", results / "predictions/new"
    elsewhere.mkdir()
    write_model(elsewhere, "C")
    (folder / ORIGIN_FILE).write_text(json.dumps(origin_of(elsewhere, "C", folder)))
    assert outdated_predictions(results) == []
    (tmp_path / "another" / "disk").mkdir(parents=True)
    results.symlink_to(results.rename(tmp_path / "another" / "disk" / "results"))
    assert outdated_predictions(results) == [], "a link to the results changes nothing"
    write_model(elsewhere, "D")
    assert len(outdated_predictions(results)) == 1


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A working folder with predictions of the table a/new.csv."""
    folder = tmp_path / "project/results/predictions/new"
    folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "project")
    keep_source("a/new.csv")
    return tmp_path / "project"


def keep_source(table, folder="results/predictions/new"):
    Path(folder, SOURCE_FILE).write_text(json.dumps(source_of(table, folder)))


def test_predictions_of_a_table_stay_those_of_that_table(project):
    for table in ("a/new.csv", "./a/new.csv", project / "a/new.csv"):
        require_same_table(table, "results/predictions/new")
        require_same_table(table, project / "results/predictions/new")
    keep_source(project / "a/new.csv")
    require_same_table("a/new.csv", "results/predictions/new")


def test_predictions_of_another_table_are_refused_with_the_way_out(project):
    with pytest.raises(UserError) as refused:
        require_same_table("b/new.csv", "results/predictions/new")
    for part in ("a/new.csv", "b/new.csv", "prediction: {name: new_2}", "results/predictions/new"):
        assert part in str(refused.value)
    require_same_table("b/new.csv", "results/predictions/new_2")


def test_a_project_and_its_results_may_move_or_be_links(project, monkeypatch):
    (project.parent / "another" / "disk").mkdir(parents=True)
    disk = (project / "results").rename(project.parent / "another" / "disk" / "results")
    (project / "results").symlink_to(disk)
    require_same_table("a/new.csv", "results/predictions/new")
    monkeypatch.chdir(project.rename(project.parent / "moved"))
    require_same_table("a/new.csv", "results/predictions/new")
    require_same_table(Path.cwd() / "a/new.csv", "results/predictions/new")


@pytest.mark.parametrize("content", ["", "[]", "{", "{}", '{"table": 1}'])
def test_predictions_of_an_unknown_table_are_taken(project, content):
    (project / "results/predictions/new" / SOURCE_FILE).write_text(content)
    require_same_table("b/new.csv", "results/predictions/new")
