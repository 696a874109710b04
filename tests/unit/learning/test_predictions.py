from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from learning_study import PROTOCOLS, make_study
from sklearn import metrics

from confaug.config.settings.variants import Variant
from confaug.learning.datasets import read_learning_data
from confaug.learning.predictions import (
    all_parts,
    error_metrics,
    evaluate_model,
    metrics_table,
    pool,
    pool_predictions,
    predictions_table,
    read_predictions,
)
from confaug.learning.rows import Rows
from confaug.tables.engine import check_table, read_table, write_table
from confaug.tables.learning import METRICS, PREDICTIONS

COUNTS = (1, 3, 5, 2)


@pytest.fixture
def rows():
    molecule = np.repeat(["ma", "mb", "mc", "md"], COUNTS)
    return Rows(np.zeros((11, 1), dtype=np.float32), ("f",), molecule, np.zeros(11, dtype=np.int64))


@pytest.fixture
def values():
    return np.random.default_rng(4).normal(300, 30, 11)


def test_pooling_is_the_mean_and_deviation_over_the_rows_of_a_molecule(rows, values):
    mean, spread = pool(rows, values)
    pieces = np.split(values, np.cumsum(COUNTS)[:-1])
    np.testing.assert_allclose(mean, [piece.mean() for piece in pieces])
    np.testing.assert_allclose(spread, [piece.std() for piece in pieces])
    assert spread[0] == 0


def test_equal_rows_have_no_spread_at_all():
    molecule = np.repeat([f"m{i:02d}" for i in range(20)], 120)
    rows = Rows(np.zeros((2400, 1), np.float32), ("f",), molecule, np.zeros(2400, np.int64))
    values = rows.expand(np.random.default_rng(6).normal(300, 30, 20))
    mean, spread = pool(rows, values)
    np.testing.assert_array_equal(mean, values[rows.starts])
    np.testing.assert_array_equal(spread, 0.0)


def test_metrics_agree_with_scikit_learn(values):
    labels = values + np.random.default_rng(5).normal(0, 10, len(values))
    found = error_metrics(labels, values)
    assert found["n"] == 11
    assert found["mae"] == pytest.approx(metrics.mean_absolute_error(labels, values))
    assert found["rmse"] == pytest.approx(metrics.root_mean_squared_error(labels, values))
    assert found["r2"] == pytest.approx(metrics.r2_score(labels, values))
    relative = metrics.mean_absolute_percentage_error(labels, values)
    assert found["relative_error"] == pytest.approx(relative)


def test_metrics_that_make_no_sense_are_empty():
    found = error_metrics(np.array([2.0, 2.0]), np.array([1.0, 3.0]))
    assert found["r2"] is None
    assert found["relative_error"] == pytest.approx(0.5)
    assert error_metrics(np.array([0.0, 2.0]), np.array([1.0, 3.0]))["relative_error"] is None
    assert error_metrics(np.array([2.0]), np.array([1.0]))["r2"] is None


def test_molecules_without_a_label_are_predicted_but_not_measured(rows, values):
    labels = np.array([300.0, np.nan, 310.0, 290.0])
    part = pool_predictions("test", rows, labels, values)
    table = check_table(predictions_table([part]), PREDICTIONS)
    assert table["label"].to_pylist() == [300.0, None, 310.0, 290.0]
    assert table["prediction"].null_count == 0
    assert part.row_metrics["n"] == 8
    measured = {e["level"]: e["n"] for e in metrics_table([part]).to_pylist()}
    assert measured == {"molecule": 3, "row": 8}


def test_a_part_without_any_label_has_no_metrics(rows, values):
    part = pool_predictions("test", rows, np.full(4, np.nan), values)
    assert metrics_table([part]).num_rows == 0


def test_row_errors_are_those_before_pooling(rows, values):
    labels = np.array([300.0, 280.0, 310.0, 290.0])
    part = pool_predictions("test", rows, labels, values)
    table = check_table(metrics_table([part]), METRICS)
    row = table.filter(pa.compute.equal(table["level"], "row")).to_pylist()[0]
    assert row["mae"] == pytest.approx(np.abs(values - np.repeat(labels, COUNTS)).mean())
    squares = (part.predictions - labels) ** 2 + part.standard_deviation**2
    assert row["rmse"] ** 2 == pytest.approx(np.average(squares, weights=COUNTS))


def test_predictions_survive_the_file(rows, values, tmp_path):
    labels = np.array([300.0, np.nan, 310.0, 290.0])
    parts = [
        pool_predictions("test", rows, labels, values),
        pool_predictions("train", rows, labels, values + 1),
    ]
    write_table(predictions_table(parts), tmp_path / "predictions.csv", PREDICTIONS)
    table = read_table(tmp_path / "predictions.csv", PREDICTIONS)
    assert [part.part for part in all_parts(table)] == ["train", "test"]
    again = read_predictions(table, "test", parts[0].row_metrics)
    np.testing.assert_array_equal(again.predictions, parts[0].predictions)
    np.testing.assert_array_equal(again.labels, labels)
    assert again.row_metrics == parts[0].row_metrics


def study_data(folder):
    study = make_study(folder)
    return read_learning_data(
        study.files,
        study.facts,
        study.split,
        Variant(representation=("mordred_2d", "augmented_3d"), learner="lightgbm"),
        PROTOCOLS,
    )


def test_a_model_is_judged_on_seen_and_on_held_out_molecules(tmp_path, rows, values):
    data = study_data(tmp_path)
    out_of_fold = pool_predictions("cross_validation", rows, np.zeros(4), values)
    parts = evaluate_model(lambda rows: rows.X[:, 2].astype(float), data, out_of_fold)
    assert [part.part for part in parts] == ["cross_validation", "train", "test"]
    assert parts[1].molecules.tolist() == data.molecules("train")
    assert parts[2].molecules.tolist() == data.molecules("test")
    assert not set(data.molecules("train")) & set(data.molecules("test"))
    assert parts[2].labels.tolist() == data.labels_of(data.molecules("test")).tolist()


def test_molecules_without_a_label_are_predicted_apart(tmp_path, rows, values):
    data = study_data(tmp_path)
    out_of_fold = pool_predictions("cross_validation", rows, np.zeros(4), values)
    lost = data.molecules("test")[0]
    labels = {**data.labels, lost: np.nan}
    remaining = {name: part for name, part in data.parts.items() if name != lost}
    parts = evaluate_model(
        lambda rows: rows.X[:, 2].astype(float),
        replace(data, labels=labels, parts=remaining),
        out_of_fold,
    )
    assert parts[-1].part == "unlabelled"
    assert parts[-1].molecules.tolist() == [lost]
    assert np.isfinite(parts[-1].predictions).all()
    assert "unlabelled" not in metrics_table(parts)["part"].to_pylist()
