"""Errors in decades weigh every molecule alike, and intervals of logarithms are factors."""

import numpy as np
import pyarrow as pa
import pytest

from confaug.evaluation.decades import half_width, mean_error, mean_errors
from confaug.report.quantity import Quantity
from confaug.report.wording.coverage import coverage_sentence
from confaug.report.wording.decades import error_in_decades, factor
from confaug.tables.learning import PREDICTIONS
from confaug.trust.conformal import calibrate_on, intervals
from confaug.trust.coverage import coverage_study, coverage_summary


def table_of(part, labels, predictions):
    rows = [
        {"molecule": f"m{i}", "part": part, "label": label, "prediction": value,
         "standard_deviation": 0.0, "n_rows": 1}
        for i, (label, value) in enumerate(zip(labels, predictions, strict=True))
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=PREDICTIONS.schema())


def test_an_error_of_one_decade_counts_alike_for_any_label():
    labels = 10.0 ** np.arange(-12, 7)
    assert mean_error(labels, 10 * labels) == pytest.approx(1)
    assert mean_error(labels, labels / 10) == pytest.approx(1)
    assert np.isfinite(mean_error(labels, -labels))


def test_errors_are_means_over_replicates_by_part():
    test = [table_of("test", [1e-9, 1e6, None], [1e-9, 10.0**factor, 1.0]) for factor in (7, 9)]
    fold = [table_of("cross_validation", [1e-3], [1e-5])] * 2
    replicates = {i: pa.concat_tables(both) for i, both in enumerate(zip(test, fold, strict=True))}
    found = mean_errors({"a": replicates, "b": {1: test[0]}})
    assert found["a"] == pytest.approx({"held_out": 1.0, "out_of_fold": 2.0})
    assert found["b"] == {"held_out": pytest.approx(0.5), "out_of_fold": None}


def test_intervals_of_a_wide_range_have_one_factor():
    rng = np.random.default_rng(4)
    labels = 10.0 ** rng.uniform(-12, 6, 60)
    both = [table_of(part, labels, labels * 10 ** rng.normal(0, 0.4, 60))
            for part in ("cross_validation", "test")]  # fmt: skip
    predictions = pa.concat_tables(both)
    calibration = calibrate_on(predictions, 0.9, "log10")
    width = half_width(intervals(predictions, calibration))
    assert width == pytest.approx(calibration.quantile)
    coverage = coverage_study({"a": {1: predictions}}, 0.9, "log10")
    sentence = coverage_sentence(coverage_summary(coverage, "a"), Quantity("x", "x", "cm/s"), width)
    assert sentence.count(factor(width)) == 2
    assert "cm/s" not in sentence


def test_without_intervals_there_is_no_width():
    predictions = table_of("test", [1.0], [2.0])
    assert half_width(intervals(predictions, calibrate_on(predictions, 0.9, "log10"))) is None


def test_decades_are_written_as_a_factor_too():
    assert error_in_decades(1.0) == "1.00 decades (a factor of 10.0)"
