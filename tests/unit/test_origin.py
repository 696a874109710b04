import json
import shutil

import pytest

from confaug.origin import ORIGIN_FILE, origin_of, outdated_predictions


@pytest.fixture
def results(tmp_path):
    """Results with a model of digest A and predictions that it made."""
    bundle = tmp_path / "results/models/main/replicate-1/bundle"
    folder = tmp_path / "results/predictions/new"
    for path in (bundle, folder):
        path.mkdir(parents=True)
    write_model(bundle, "A")
    (folder / "predictions.csv").write_text("row\n")
    (folder / ORIGIN_FILE).write_text(json.dumps(origin_of(bundle, {"digest": "A"}, folder)))
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
    (folder / ORIGIN_FILE).write_text(json.dumps(origin_of(elsewhere, {"digest": "C"}, folder)))
    assert outdated_predictions(results) == []
    write_model(elsewhere, "D")
    assert len(outdated_predictions(results)) == 1
