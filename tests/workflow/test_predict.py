"""Predictions of new molecules, by the study's own model and by a bundle from elsewhere."""

import csv
import json
import shutil
import time
from collections import Counter
from pathlib import Path

import pytest
from interruption import Run, kill_everything
from resealing import forge

from confaug.conformers.store import iter_molecules
from confaug.prediction.bundle_files import read_description
from confaug.tables.conformers import CONFORMERS
from confaug.tables.engine import read_table
from confaug.tables.molecules import MOLECULES
from confaug.tables.prediction import MEASURE_NEXT, NEW_PREDICTIONS
from study import Study

AUGMENTED = "lightgbm_augmented_2d_3d"
LEARNING = {"clean_molecules", "merge_augmented", "tune_model", "fit_model", "fit_final_model"}
NEW = """\
key,structure,what
a,FC(=C)F,a molecule of the study spelt otherwise
b,,nothing
c,CCCO,a new molecule
d,OCCC,the same once more
e,O= C1CCCO1,a blank inside
f,C1CC,an open ring
g,C=CC=C,another molecule of the study
"""
TABLE = "prediction={table: new.csv, smiles_column: structure, id_column: key, name_column: what, "


def run(study: Study, **further: object) -> None:
    study.snakemake("predict", "--config", arguments(**further))


def arguments(**further: object) -> str:
    settings = {"molecules_per_shard": 2, **further}
    return TABLE + ", ".join(f"{key}: {value}" for key, value in settings.items()) + "}"


def predictions(study: Study) -> list[dict]:
    folder = study.folder / "results/quick/predictions/new"
    return read_table(folder / "predictions.csv", NEW_PREDICTIONS).to_pylist()


def of_study(study: Study, model: str = "final_model") -> dict[str, dict]:
    """Return the predictions that the study made itself, apart from out-of-fold ones."""
    with (study.results / model / "predictions.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] != "cross_validation"]
    return {row["molecule"]: row for row in rows}


def check_predicted_as_in_the_study(study: Study) -> None:
    """Check that molecules of the study have the predictions of its final model."""
    known = of_study(study)
    shared = [row for row in predictions(study) if row["molecule"] in known]
    assert [row["id"] for row in shared] == ["a", "g"]
    for row in shared:
        there = known[row["molecule"]]
        assert row["prediction"] == float(there["prediction"])
        assert row["standard_deviation"] == float(there["standard_deviation"])
        assert row["training_label"] == float(there["label"]), "fitted on all labelled molecules"


@pytest.fixture(scope="module")
def predicted(finished, tmp_path_factory) -> Study:
    """A finished study with predictions; tests must not change it."""
    study = finished.copy(tmp_path_factory.mktemp("predicted") / "study")
    (study.folder / "new.csv").write_text(NEW)
    run(study)
    return study


@pytest.fixture
def elsewhere(finished, tmp_path) -> Study:
    """The program on another machine: no study, no table of it, but a bundle of the study."""
    study = Study.fresh(tmp_path / "elsewhere")
    (study.folder / "new.csv").write_text(NEW)
    study.configure(input__table="not/here.csv")
    bundle = finished.results / "models/lightgbm_2d/replicate-1/bundle"
    shutil.copytree(bundle, study.folder / "given")
    return study


def test_every_row_is_answered_in_its_place(predicted):
    rows = predictions(predicted)
    assert [row["id"] for row in rows] == list("abcdefg")
    assert [row["row"] for row in rows] == list(range(2, 9)), "the lines of the file"
    assert [row["name"] for row in rows] == [line.split(",")[2] for line in NEW.splitlines()[1:]]
    assert [row["id"] for row in rows if row["status"] == "failed"] == ["b", "e", "f"]
    reasons = {row["id"]: row["reason"] for row in rows}
    assert "the SMILES is empty; give a structure" in reasons["b"]
    assert "white space at position 3; remove it" in reasons["e"]
    assert "unclosed ring" in reasons["f"]
    for row in rows:
        if row["status"] == "predicted":
            assert row["low"] < row["prediction"] < row["high"]
            assert row["neighbour_1_name"]
            assert 0 <= row["neighbour_1_similarity"] <= 1
            assert row["conformers"] == 0, "the recommended model reads 2D descriptors alone"
    assert {row["unit"] for row in rows} == {"K"}
    assert rows[2]["prediction"] == rows[3]["prediction"]
    assert rows[2]["molecule"] == rows[3]["molecule"]
    page = predicted.folder / "results/quick/predictions/new/index.html"
    assert "4 of 7 rows predicted" in page.read_text()


def test_new_molecules_that_are_worth_measuring_are_ranked(predicted):
    folder = predicted.folder / "results/quick/predictions/new"
    ranking = read_table(folder / "measure_next.csv", MEASURE_NEXT).to_pylist()
    assert [row["id"] for row in ranking] == ["c"], "new, and once although it has two rows"
    (row,) = [row for row in predictions(predicted) if row["id"] == "c"]
    assert {key: ranking[0][key] for key in ("prediction", "low", "high", "similarity", "row")} == {
        key: row[key] for key in ("prediction", "low", "high", "similarity", "row")
    }
    assert ranking[0]["reason"]
    assert "What to measure next" in (folder / "index.html").read_text()


def test_the_recommended_model_predicts_fitted_on_all_labelled_molecules(predicted):
    document = json.loads((predicted.results / "comparison/recommendation.json").read_text())
    bundle = read_description(predicted.results / "final_model/bundle")
    assert bundle.model == document["model"]
    assert not document["needs_conformers"]
    assert not (predicted.results / "predictions/new/conformers").exists()
    molecules = read_table(predicted.results / "molecules/molecules.csv", MOLECULES).to_pylist()
    labelled = {row["molecule"] for row in molecules if row["label"] is not None}
    assert {one.molecule for one in bundle.training_molecules} == labelled
    check_predicted_as_in_the_study(predicted)


def test_another_model_predicts_when_it_is_named(predicted, tmp_path):
    study = predicted.copy(tmp_path / "study")
    run(study, model=AUGMENTED)
    assert read_description(study.results / "final_model/bundle").model == AUGMENTED
    good = [row for row in predictions(study) if row["status"] == "predicted"]
    assert {row["conformers"] for row in good} == {12}
    check_predicted_as_in_the_study(study)
    assert study.planned("predict", "--config", arguments(model=AUGMENTED)) == Counter()


def test_nothing_that_is_finished_is_predicted_again(predicted, tmp_path):
    study = predicted.copy(tmp_path / "study")
    assert study.planned("predict", "--config", arguments()) == Counter()
    folder = study.folder / "results/quick/predictions/new"
    before = (folder / "predictions.csv").read_bytes()
    lost = sorted((folder / "shard_predictions").glob("*.parquet"))
    assert len(lost) > 1
    lost[0].unlink()
    (folder / "predictions.csv").unlink()
    planned = study.planned("predict", "--config", arguments())
    assert planned == Counter(
        {
            "new_predict_molecules": 1,
            "new_collect_predictions": 1,
            "new_choose_next": 1,
            "new_export_predictions": 1,
            "new_show_predictions": 1,
            "predict": 1,
        }
    )
    run(study)
    assert (folder / "predictions.csv").read_bytes() == before


def test_predictions_of_an_earlier_model_are_named(predicted, tmp_path):
    study = predicted.copy(tmp_path / "study")
    assert "was made by another model" not in study.snakemake("--dry-run").stdout
    path = study.results / "final_model" / "bundle" / "bundle.json"
    path.write_text(path.read_text().replace('"digest": "', '"digest": "another '))
    told = study.snakemake("--dry-run").stdout
    assert "results/quick/predictions/new/predictions.csv was made by another model" in told


def test_predictions_are_not_replaced_by_those_of_another_table(predicted, tmp_path):
    study = predicted.copy(tmp_path / "study")
    path = study.folder / "results/quick/predictions/new/predictions.csv"
    before = path.read_bytes()
    (study.folder / "other").mkdir()
    (study.folder / "other" / "new.csv").write_text("structure\nCCN\n")
    itself = "results/quick/predictions/new/predictions.csv"
    for table, name, told in (
        ("other/new.csv", "null", "prediction: {name: new_2}"),
        (itself, "new", "prediction: {name: new_again}"),
    ):
        asked = f"prediction={{table: {table}, smiles_column: structure, name: {name}}}"
        assert told in study.refused("predict", "--config", asked)
    assert path.read_bytes() == before
    asked = f"prediction={{table: {itself}, smiles_column: input_smiles, name: again}}"
    assert study.planned("predict", "--config", asked)["new_clean_unlabelled"] == 1
    assert path.read_bytes() == before


def test_a_bundle_predicts_on_another_machine_without_its_study(elsewhere, finished):
    asked = ("predict", "--verbose", "--config", arguments(bundle="given"))
    done = elsewhere.snakemake(*asked)
    ran = {line.split(":")[0].split()[-1] for line in done.stdout.splitlines() if "Rule:" in line}
    assert not ran & LEARNING
    assert not (elsewhere.results / "models").exists()
    assert not (elsewhere.results / "predictions/new/conformers").exists(), "2D needs none"
    known = of_study(finished, "models/lightgbm_2d/replicate-1")
    shared = [row for row in predictions(elsewhere) if row["molecule"] in known]
    assert len(shared) == 2
    for row in shared:
        assert row["prediction"] == float(known[row["molecule"]]["prediction"])


def stored_conformers(results: Path) -> dict[tuple[str, str, str], bytes]:
    """Return the coordinates of every molecule by protocol, repeat and identifier."""
    return {
        (path.parts[-3], path.parts[-2], one.molecule): one.coordinates.tobytes()
        for path in sorted((results / "conformers").rglob("shard-*.parquet"))
        for one in iter_molecules(read_table(path, CONFORMERS))
    }


def test_a_bundle_makes_the_conformers_of_the_study(elsewhere, finished):
    bundle = finished.results / f"models/{AUGMENTED}/replicate-1/bundle"
    shutil.copytree(bundle, elsewhere.folder / "augmented")
    run(elsewhere, bundle="augmented")
    here = stored_conformers(elsewhere.results / "predictions/new")
    there = stored_conformers(finished.results)
    shared = here.keys() & there.keys()
    protocols = Counter(protocol for protocol, _, _ in shared)  # two molecules, two repeats
    assert protocols == dict.fromkeys(("dg", "dg_uff", "etkdg", "etkdg_mmff"), 4)
    assert {key: here[key] for key in shared} == {key: there[key] for key in shared}


def test_a_killed_prediction_continues_with_the_shards_that_are_left(elsewhere):
    smiles = [f"{start}{end}" for start in ("C", "CC", "CCC", "FC") for end in ("O", "N", "C#N")]
    table = "".join(f"n{number},{text},\n" for number, text in enumerate(smiles))
    (elsewhere.folder / "new.csv").write_text("key,structure,what\n" + table)
    killed = Run.start(elsewhere, "predict", "--config", arguments(bundle="given"), cores=1)
    folder = elsewhere.results / "predictions/new"
    deadline = time.monotonic() + 300
    while len(list(folder.glob("shard_predictions/*.parquet"))) < 2:
        assert time.monotonic() < deadline
        assert killed.process.poll() is None
        time.sleep(0.05)
    killed.end(kill_everything)
    assert not (folder / "predictions.csv").exists()
    done = {path: path.stat().st_mtime_ns for path in folder.rglob("shard-*.parquet")}
    assert len(done) >= 4
    elsewhere.snakemake("predict", "--unlock", "--config", arguments(bundle="given"))
    run(elsewhere, bundle="given")
    again = [path for path, stamp in done.items() if path.stat().st_mtime_ns != stamp]
    assert len(again) <= 1, "the job that ran may have been between writing and reporting"
    assert len(list(folder.glob("shard_predictions/*.parquet"))) > 2
    rows = predictions(elsewhere)
    assert [row["input_smiles"] for row in rows] == smiles
    assert {row["status"] for row in rows} == {"predicted"}


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (
            lambda d: d["members"][0]["features"].append("Wiener99"),
            "was made with other descriptors",
        ),
        (lambda d: d["config"]["embedding"].update(protocols=["xtb"]), "asks for protocols"),
        (lambda d: d["versions"].update(rdkit="2020.3.1"), "was made with rdkit 2020.3.1"),
        (lambda d: d.update(schema_version=0), "is of version 0"),
    ],
)
def test_a_bundle_made_otherwise_is_refused_in_one_sentence(elsewhere, edit, sentence):
    forge(elsewhere.folder / "given", edit)
    told = elsewhere.refused("predict", "--dry-run", "--config", arguments(bundle="given"))
    errors = [line for line in told.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1
    assert sentence in errors[0]


def test_predicting_without_a_table_asks_for_one(elsewhere):
    told = elsewhere.refused("predict", "--dry-run", "--config", "prediction={bundle: given}")
    assert "config key 'prediction.table' is missing" in told


def test_a_missing_column_is_named_with_its_section(elsewhere):
    (elsewhere.folder / "new.csv").write_text("Structure\nCCO\n")
    asked = "prediction={table: new.csv, smiles_column: structure, bundle: given}"
    told = elsewhere.refused("predict", "--config", asked)
    assert "(prediction: smiles_column)" in told
    assert "did you mean 'Structure'?" in told
