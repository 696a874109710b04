"""Molecules of a study without a label have the figures that they would have as new ones."""

import pyarrow as pa
import pytest
from prediction_study import NEW, TRAINING, identifier, make_bundle, make_shard

from confaug.learning.predictions import UNLABELLED
from confaug.prediction.measure_next import NOVELTY, Background, rank_to_measure
from confaug.prediction.predictor import load_predictor
from confaug.prediction.shards import predict_shard
from confaug.prediction.unlabelled import unlabelled_candidates
from confaug.tables.descriptors import DESCRIPTORS_2D
from confaug.tables.engine import read_table
from confaug.tables.learning import PREDICTIONS
from confaug.tables.molecules import LEDGER, MOLECULES

#: Those of the new molecules that the model does not know.
UNKNOWN = NEW[:2]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a predictor, what it predicts of new molecules, and their descriptors."""
    folder = tmp_path_factory.mktemp("unlabelled")
    files = make_shard(folder / "training", tuple(TRAINING))
    predictor = load_predictor(make_bundle(folder / "model", files, "mordred_2d"), 0.9)
    shard = make_shard(folder / "new", UNKNOWN)
    predicted = predict_shard(predictor, shard.shard, shard.columns, [])
    return predictor, predicted.to_pylist(), read_table(shard.descriptors_2d, DESCRIPTORS_2D)


def study_tables(predicted):
    """Return molecules, ledger and predictions of a study that has them as unlabelled rows."""
    names = [row["molecule"] for row in predicted]
    smiles = {identifier(text): text for text in UNKNOWN}
    molecules = [
        {"molecule": name, "smiles": smiles[name], "group": name, "name": f"name of {name}",
         "n_rows": 1, "n_heavy_atoms": 1, "n_components": 1, "modelled_smiles": smiles[name]}
        for name in names
    ]  # fmt: skip
    ledger = [
        {"row": row, "status": "accepted", "molecule": name}
        for row, name in enumerate([*names, *names], start=2)
    ]
    predictions = [
        {"molecule": row["molecule"], "part": UNLABELLED, "prediction": row["prediction"],
         "standard_deviation": row["standard_deviation"], "n_rows": 1}
        for row in predicted
    ]  # fmt: skip
    predictions.append({"molecule": "m0", "part": "train", "label": 1.0, "prediction": 2.0,
                        "standard_deviation": 0.0, "n_rows": 1})  # fmt: skip
    return (
        pa.Table.from_pylist(molecules, schema=MOLECULES.schema()),
        pa.Table.from_pylist(ledger, schema=LEDGER.schema()),
        pa.Table.from_pylist(predictions, schema=PREDICTIONS.schema()),
    )


def test_they_have_the_figures_of_new_molecules(made):
    predictor, predicted, described = made
    tables = study_tables(predicted)
    rows = unlabelled_candidates(predictor, *tables, [described]).to_pylist()
    figures = ("molecule", "prediction", "low", "high", "standard_deviation", "similarity",
               "distance", "far_in_descriptors", "unlike_training")  # fmt: skip
    assert [[row[key] for key in figures] for row in rows] == [
        [row[key] for key in figures] for row in predicted
    ]
    assert [row["row"] for row in rows] == [2, 3], "the first row of each"
    assert [row["unit"] for row in rows] == ["K", "K"]
    structures = {row["molecule"]: row["smiles"] for row in rows}
    ranking = rank_to_measure(
        [unlabelled_candidates(predictor, *tables, [described])],
        structures,
        Background.of(predictor.bundle.description),
        NOVELTY,
    )
    assert ranking["smiles"].to_pylist() == ["FC(F)(F)c1ccccc1", "CCCCCO"]


def test_a_study_without_any_has_no_candidates(made):
    predictor, predicted, described = made
    molecules, ledger, predictions = study_tables(predicted)
    labelled = predictions.slice(len(predicted))
    candidates = unlabelled_candidates(predictor, molecules, ledger, labelled, [described])
    assert candidates.num_rows == 0
