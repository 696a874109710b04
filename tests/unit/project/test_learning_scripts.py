"""The learning scripts one after the other, as the workflow runs them."""

import importlib
import json
import shutil
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
from learning_study import PROTOCOLS, make_study
from prediction_study import SECTIONS

from confaug.evaluation.recommended_model import RecommendedModel
from confaug.evaluation.y_randomisation import out_of_fold_mae, randomise_labels
from confaug.infrastructure.files import write_json
from confaug.infrastructure.job import job_log
from confaug.learning.predictions import pool
from confaug.learning.representations import build_rows
from confaug.prediction.bundle import load_bundle
from confaug.tables.descriptors import DESCRIPTORS_2D
from confaug.tables.engine import read_table, write_table
from confaug.tables.evaluation import (
    PAIRED_DIFFERENCES,
    STANDINGS,
    VARIANT_SUMMARY,
    Y_RANDOMISATION_ERRORS,
)
from confaug.tables.learning import CONSENSUS, FITS, METRICS, PREDICTIONS
from confaug.tables.molecules import MOLECULES, SPLIT

TUNING = {
    "initial_points": 2,
    "iterations": 1,
    "metric": "mae",
    "seed": 1,
    "max_rounds": 20,
    "rows_per_molecule": 3,
    "space": {"num_leaves": {"type": "int", "low": 3, "high": 6}},
}
SHAPES = {"representation": ("mordred_2d", "augmented_3d"), "learner": "lightgbm"}
PLAIN = {"representation": ("mordred_2d", "mean_3d"), "learner": "ridge"}
TUNED = ("tune_model", "fit_model", "evaluate_model", "plot_parity")
OUTPUTS = {
    "history": "tuning_history.csv",
    "tuned": "tuned.json",
    "cross_validation": "cross_validation.csv",
    "grid": "grid.json",
    "fits": "fits.csv",
    "model": "bundle/model.txt",
    "bundle": "bundle/bundle.json",
    "numbers": "bundle/model.npy",
    "training_2d": "bundle/training_2d.npy",
    "predictions": "predictions.csv",
    "metrics": "metrics.csv",
    "members": "members.csv",
    "standings": "standings.csv",
    "recommendation": "recommendation.json",
    "errors": "errors.csv",
    "svg": "parity.svg",
    "png": "parity.png",
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return make_study(tmp_path_factory.mktemp("study"))


def run(script, study, folder, variant, threads=1, **further):
    files = {name: str(folder / path) for name, path in OUTPUTS.items()}
    given = {
        "augmented": study.augmented,
        "distribution": study.distribution,
        "molecules": study.facts,
        "split": study.split,
        "mordred_2d": [study.descriptors_2d],
        "training_2d": [study.descriptors_2d],
    }
    settings = {
        "code": "abc",
        "property": {"name": "Tg", "symbol": "", "unit": "K", "transform": "none"},
        "variant": variant,
        "protocols": list(PROTOCOLS),
        "tuning": TUNING,
        **further.pop("settings", {}),
    }
    snakemake = SimpleNamespace(
        input=SimpleNamespace(**{**files, **given, **further}),
        output=SimpleNamespace(**files),
        params=SimpleNamespace(settings=settings),
        wildcards=SimpleNamespace(variant="mine"),
        threads=threads,
        log=[str(folder / f"{script}.log")],
    )
    with job_log(snakemake.log[0]):
        importlib.import_module(script).main(snakemake)


@pytest.fixture(scope="module")
def finished(study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lightgbm")
    for script in TUNED:
        run(script, study, folder, SHAPES)
    folder_of_baseline = tmp_path_factory.mktemp("ridge")
    run("evaluate_baseline", study, folder_of_baseline, PLAIN)
    return folder, folder_of_baseline


def test_every_variant_has_the_same_outputs(finished):
    for folder in finished:
        predictions = read_table(folder / "predictions.csv", PREDICTIONS).to_pylist()
        parts = [entry["part"] for entry in predictions]
        assert [parts.count(p) for p in ("train", "cross_validation", "test")] == [16, 16, 8]
        metrics = read_table(folder / "metrics.csv", METRICS).to_pylist()
        assert [entry["level"] for entry in metrics] == ["molecule", "row"] * 3
        out_of_fold = read_table(folder / "cross_validation.csv", PREDICTIONS).to_pylist()
        same = [entry for entry in predictions if entry["part"] == "cross_validation"]
        assert out_of_fold == same


def test_every_fit_names_the_molecules_it_was_given(finished, study):
    split = read_table(study.split, SPLIT).to_pylist()
    folds = {row["molecule"]: row["fold"] for row in split if row["part"] == "train"}
    for folder, rows in zip(finished, (3, 1), strict=True):
        fits = read_table(folder / "fits.csv", FITS).to_pylist()
        for fold in sorted(set(folds.values())):
            own = [entry for entry in fits if entry["fit"] == f"fold {fold}"]
            given = [molecule for molecule in folds if folds[molecule] != fold]
            assert [entry["molecule"] for entry in own] == sorted(given)
            assert {entry["rows"] for entry in own} == {rows}
            assert {entry["seen"] for entry in own} == {rows * len(given)}


def test_row_metrics_of_cross_validation_are_those_of_the_tuning(finished):
    tuned = json.loads((finished[0] / "tuned.json").read_text())
    for entry in read_table(finished[0] / "metrics.csv", METRICS).to_pylist():
        if entry["part"] == "cross_validation" and entry["level"] == "row":
            assert entry["n"] == 16 * 9
            assert entry["mae"] == tuned["row_metrics"]["mae"]


def test_the_bundle_carries_what_its_domain_is_learned_from(finished, study):
    bundle = load_bundle(finished[0] / "bundle")
    described = np.load(finished[0] / "bundle/training_2d.npy", allow_pickle=False)
    training = [one.molecule for one in bundle.training_molecules]
    whole = read_table(study.descriptors_2d, DESCRIPTORS_2D)
    names = [name for name in whole.column_names if name != "molecule"]
    assert list(bundle.description.descriptors_2d) == names
    rows = {row["molecule"]: [row[name] for name in names] for row in whole.to_pylist()}
    expected = np.array([rows[molecule] for molecule in training], dtype=float)
    np.testing.assert_array_equal(described, expected)


def test_the_bundle_predicts_what_the_table_says(finished, study):
    bundle = load_bundle(finished[0] / "bundle")
    facts = bundle.only_member.facts
    assert facts.variant.representation == ("mordred_2d", "augmented_3d")
    assert len(bundle.training_molecules) == 16
    assert facts.tuned.trials == 3


def test_two_threads_and_a_continued_study_give_the_same_bytes(finished, study, tmp_path):
    tmp_path.joinpath("tuning_history.partial.jsonl").write_bytes(
        (finished[0] / "tuning_history.partial.jsonl").read_bytes()[:-20]
    )
    for script in TUNED:
        run(script, study, tmp_path, SHAPES, threads=2)
    assert "continue after 2 of 3 trials" in (tmp_path / "tune_model.log").read_text()
    for name, path in OUTPUTS.items():
        if name not in ("grid", "members", "standings", "recommendation", "errors"):
            assert (tmp_path / path).read_bytes() == (finished[0] / path).read_bytes(), path


@pytest.fixture(scope="module")
def randomised(finished, study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("y_randomisation")
    randomise(finished, study, folder)
    return folder


def randomise(finished, study, folder, planned=3, threads=1):
    run(
        "tune_randomised",
        study,
        folder,
        SHAPES,
        threads=threads,
        observed=str(finished[0] / "cross_validation.csv"),
        settings={"splits": {"seed": 1}, "evaluation": {"y_randomisations": planned}},
    )


def test_randomised_labels_are_tuned_as_real_ones(finished, study, randomised, tmp_path):
    errors = read_table(randomised / "errors.csv", Y_RANDOMISATION_ERRORS)["mae"].to_pylist()
    assert len(errors) == 4
    assert errors[0] == out_of_fold_mae(
        read_table(finished[0] / "cross_validation.csv", PREDICTIONS)
    )
    facts = read_table(study.facts, MOLECULES)
    split = read_table(study.split, SPLIT).to_pylist()
    training = {row["molecule"] for row in split if row["part"] == "train"}
    labels = {
        row["molecule"]: row["label"] for row in facts.to_pylist() if row["molecule"] in training
    }
    dealt = randomise_labels(labels, 1, 2)
    values = [dealt.get(row["molecule"], row["label"]) for row in facts.to_pylist()]
    position = facts.column_names.index("label")
    facts = facts.set_column(position, "label", pa.array(values, pa.float64()))
    write_table(facts, tmp_path / "molecules.csv", MOLECULES)
    run("tune_model", study, tmp_path, SHAPES, molecules=str(tmp_path / "molecules.csv"))
    assert errors[2] == out_of_fold_mae(read_table(tmp_path / "cross_validation.csv", PREDICTIONS))


def test_randomisations_continue_and_do_not_depend_on_threads(
    finished, study, randomised, tmp_path
):
    histories = sorted(randomised.glob("randomisation-*.partial.jsonl"))
    assert len(histories) == 3
    shutil.copy(histories[0], tmp_path)
    tmp_path.joinpath(histories[1].name).write_bytes(histories[1].read_bytes()[:-20])
    randomise(finished, study, tmp_path, threads=2)
    log = (tmp_path / "tune_randomised.log").read_text()
    assert "continue after 3 of 3 trials" in log
    assert "continue after 2 of 3 trials" in log
    assert (tmp_path / "errors.csv").read_bytes() == (randomised / "errors.csv").read_bytes()
    randomise(finished, study, tmp_path, planned=1)
    assert read_table(tmp_path / "errors.csv", Y_RANDOMISATION_ERRORS).num_rows == 2


def test_models_are_combined(finished, study, tmp_path):
    own = [str(folder / "predictions.csv") for folder in finished]
    settings = {"candidates": ["lightgbm", "ridge"], "evaluation": {"consensus_of": 2}}
    run("combine_models", study, tmp_path, {}, predictions=own, settings=settings)
    tables = [read_table(path, PREDICTIONS) for path in (*own, tmp_path / "predictions.csv")]
    first, second, mean = (table["prediction"].to_numpy() for table in tables)
    np.testing.assert_allclose(mean, (first + second) / 2)
    assert read_table(tmp_path / "members.csv", CONSENSUS)["member"].to_pylist() == [True, True]
    assert read_table(tmp_path / "metrics.csv", METRICS).num_rows == 6


@pytest.fixture(scope="module")
def final(study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("final_model")
    split = {"split": str(folder / "split.csv")}
    fold = SimpleNamespace(
        input=SimpleNamespace(molecules=study.facts),
        output=SimpleNamespace(**split),
        params=SimpleNamespace(settings={"splits": {"folds": 4, "seed": 1}}),
    )
    importlib.import_module("fold_molecules").main(fold)
    recommendation = RecommendedModel(
        model="consensus",
        consensuses={"consensus": ("shapes", "plain")},
        needs_conformers=True,
        error=9.0,
        molecules=16,
        runner_up=None,
        chosen=("consensus",),
    )
    path = folder / "recommendation.json"
    write_json(recommendation.document(), path)
    row = dict.fromkeys(VARIANT_SUMMARY.names, 1.0)
    row |= {"variant": "recommended", "replicates": 3, "molecules": 24, "mae": 7.5}
    summary = folder / "variants.csv"
    write_table(
        pa.Table.from_pylist([row], schema=VARIANT_SUMMARY.schema()), summary, VARIANT_SUMMARY
    )
    differences = folder / "differences.csv"
    write_table(PAIRED_DIFFERENCES.schema().empty_table(), differences, PAIRED_DIFFERENCES)
    variants = {"shapes": SHAPES, "plain": PLAIN}
    settings = {"variants": variants, "prediction": {"model": "recommended"}, **SECTIONS}
    split |= {"recommendation": path, "variants": summary, "differences": differences}
    run("fit_final_model", study, folder, {}, settings=settings, **split)
    return folder


def test_the_final_model_is_fitted_on_all_labelled_molecules(final, study):
    labelled = [row["molecule"] for row in read_table(study.facts, MOLECULES).to_pylist()]
    split = read_table(final / "split.csv", SPLIT).to_pylist()
    assert {row["part"] for row in split} == {"train"}
    bundle = load_bundle(final / "bundle")
    assert sorted(one.molecule for one in bundle.training_molecules) == sorted(labelled)
    folds = {row["molecule"]: row["fold"] for row in split}
    assert {one.molecule: one.fold for one in bundle.training_molecules} == folds
    assert [member.facts.name for member in bundle.members] == ["shapes", "plain"]
    card = (final / "bundle" / "README.md").read_text(encoding="utf-8")
    assert f"{len(labelled)} molecules" in card
    assert bundle.description.card.held_out.error == 7.5
    assert bundle.description.card.held_out.beats_constant is None, "there is no constant"


def test_predictions_of_the_final_model_are_means_of_its_members(final, study):
    table = read_table(final / "predictions.csv", PREDICTIONS).to_pylist()
    found = {row["molecule"]: row["prediction"] for row in table if row["part"] == "train"}
    bundle, values = load_bundle(final / "bundle"), []
    for member in bundle.members:
        rows = build_rows(
            member.facts.variant,
            study.files,
            sorted(found),
            protocols=PROTOCOLS,
        )
        values.append(pool(rows, member.predict_rows(rows.X, rows.feature_names))[0])
    np.testing.assert_allclose([found[name] for name in sorted(found)], np.mean(values, axis=0))
    out_of_fold = {row["molecule"]: row for row in table if row["part"] == "cross_validation"}
    for one in bundle.training_molecules:
        assert one.prediction == out_of_fold[one.molecule]["prediction"]
        assert one.residual == one.label - one.prediction


@pytest.mark.parametrize(
    "consensuses",
    [
        {},
        {"consensus": ["lightgbm", "ridge"]},
        {"consensus": ["lightgbm", "ridge"], "consensus_2d": ["ridge"]},
    ],
    ids=["no consensus", "one consensus", "two consensuses"],
)
def test_a_model_is_recommended(finished, study, tmp_path, consensuses):
    needs = {"lightgbm": True, "ridge": False}
    names = [*needs, *consensuses]
    places = {name: tmp_path / "models" / name / "replicate-1" for name in names}
    for name, folder in zip(needs, finished, strict=True):
        shutil.copytree(folder, places[name])
    settings = {"evaluation": {"consensus_of": 2}, "consensuses": consensuses}
    settings |= {"needs_conformers": needs, "families": {name: name for name in needs}}
    for consensus, possible in consensuses.items():
        own = [str(places[name] / "predictions.csv") for name in possible]
        given = {"predictions": own, "settings": {**settings, "candidates": possible}}
        run("combine_models", study, places[consensus], {}, **given)
    given = {
        "predictions": [str(folder / "predictions.csv") for folder in places.values()],
        "metrics": [str(folder / "metrics.csv") for folder in places.values()],
        "members": [str(places[name] / "members.csv") for name in consensuses],
    }
    chosen = tmp_path / "models" / "recommended" / "replicate-1"
    run("recommend_variant", study, chosen, {}, settings=settings, **given)
    (name,) = [
        row["variant"]
        for row in read_table(chosen / "standings.csv", STANDINGS).to_pylist()
        if row["recommended"]
    ]
    for file in ("predictions.csv", "metrics.csv"):
        assert (chosen / file).read_bytes() == (places[name] / file).read_bytes()
    given["standings"] = [str(chosen / "standings.csv")]
    run("recommend_model", study, tmp_path, {}, settings=settings, **given)
    document = json.loads((tmp_path / "recommendation.json").read_text(encoding="utf-8"))
    assert (document["model"], document["chosen"]) == (name, [name])
    found = {consensus: sorted(members) for consensus, members in document["consensuses"].items()}
    assert found == consensuses
    one, all_of_them = (folder / "standings.csv" for folder in (chosen, tmp_path))
    assert one.read_bytes() == all_of_them.read_bytes()
