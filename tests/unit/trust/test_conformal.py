"""Intervals cover what they promise, and spread is believed only where it tells something."""

import json

import numpy as np
import pyarrow as pa
import pytest
from mapie.regression import CrossConformalRegressor
from scipy import stats
from sklearn.linear_model import Ridge
from sklearn.model_selection import PredefinedSplit, cross_val_predict

from confaug.tables.engine import check_table
from confaug.tables.learning import PREDICTIONS
from confaug.tables.trust import COVERAGE, INTERVALS
from confaug.trust.conformal import (
    Calibration,
    calibrate,
    calibrate_on,
    calibrate_out_of_fold,
    conformal_rank,
    intervals,
)
from confaug.trust.conformer_deviation import (
    RankCorrelation,
    deviation_study,
    rank_correlation,
)
from confaug.trust.coverage import (
    coverage_of,
    coverage_study,
    coverage_summary,
    coverage_table,
    expected_coverage,
)


@pytest.mark.parametrize(("n", "coverage", "rank"), [(9, 0.9, 9), (8, 0.9, 9), (99, 0.9, 90)])
def test_rank_of_the_bounding_residual(n, coverage, rank):
    assert conformal_rank(n, coverage) == rank


@pytest.mark.parametrize("heteroscedastic", [False, True])
def test_coverage_is_as_promised_for_exchangeable_residuals(heteroscedastic):
    rng = np.random.default_rng(1)
    covered = []
    for _ in range(1500):
        spread = rng.uniform(0.5, 3, size=90)
        residuals = rng.standard_t(4, size=90) * (spread if heteroscedastic else 1)
        calibration = calibrate(residuals[:70], spread[:70], 0.9)
        covered.append(np.mean(np.abs(residuals[70:]) <= calibration.half_widths(spread[70:])))
    # 64 / 71 = 0.901 by theory; choosing the scale on the same residuals costs next to nothing.
    assert np.mean(covered) == pytest.approx(64 / 71, abs=0.012)


def test_coverage_holds_for_refitted_models():
    """The real procedure: out-of-fold residuals of a ridge model, intervals around its refit."""
    rng = np.random.default_rng(2)
    covered = []

    def fit(X, y):
        return np.linalg.solve(X.T @ X + np.eye(X.shape[1]), X.T @ y)

    for _ in range(300):
        X = rng.normal(size=(170, 8))
        y = X.sum(axis=1) + rng.normal(size=170)
        residuals = np.empty(70)
        for fold in np.array_split(np.arange(70), 5):
            kept = np.setdiff1d(np.arange(70), fold)
            residuals[fold] = y[fold] - X[fold] @ fit(X[kept], y[kept])
        half = calibrate(residuals, np.zeros(70), 0.9).half_widths(np.zeros(100))
        covered.append(np.mean(np.abs(y[70:] - X[70:] @ fit(X[:70], y[:70])) <= half))
    assert 0.89 <= np.mean(covered) <= 0.93  # a little wide: fold models see fewer molecules


def test_expected_coverage_matches_simulation():
    rng = np.random.default_rng(3)
    scores = np.sort(rng.normal(size=(4000, 70)), axis=1)[:, 63]
    shares = (rng.normal(size=(4000, 154)) <= scores[:, None]).mean(axis=1)
    low, high = expected_coverage(70, 154, 0.9)
    assert 0.94 <= np.mean((shares >= low) & (shares <= high)) <= 0.975


def test_widths_follow_the_spread_only_if_it_tells_something():
    rng = np.random.default_rng(4)
    spread = rng.uniform(0.2, 4, size=100)
    assert calibrate(rng.normal(size=100) * spread, spread, 0.9).scaled
    fooled = [calibrate(rng.normal(size=100), spread, 0.9).scaled for _ in range(300)]
    assert np.mean(fooled) < 0.06
    assert not calibrate(rng.normal(size=100), np.zeros(100), 0.9).scaled


def test_too_few_residuals_give_no_interval():
    calibration = calibrate(np.ones(8), np.zeros(8), 0.9)
    assert calibration.quantile is None
    assert np.isnan(calibration.half_widths(np.zeros(3))).all()


def make_predictions(n_train, n_test, seed=0):
    rng = np.random.default_rng(seed)
    rows = [
        {
            "molecule": f"m{i:04d}",
            "part": "cross_validation" if i < n_train else "test",
            "label": float(rng.normal()),
            "prediction": 0.0,
            "standard_deviation": 0.0,
            "n_rows": 1,
        }
        for i in range(n_train + n_test)
    ]
    return pa.Table.from_pylist(rows, schema=PREDICTIONS.schema())


def test_tables_and_summary():
    predictions = make_predictions(99, 200)
    calibration = calibrate_on(predictions, 0.9)
    assert Calibration(**calibration.to_dict()) == calibration
    table = check_table(intervals(predictions, calibration), INTERVALS)
    residuals = sorted(
        abs(r["label"]) for r in predictions.to_pylist() if r["part"] == "cross_validation"
    )
    assert table["high"].to_pylist() == [residuals[89]] * 200
    row = coverage_of("a", 1, table, calibration)
    labels = np.array(table["label"].to_pylist())
    assert row.covered == int((np.abs(labels) <= residuals[89]).sum())
    summary = coverage_summary(check_table(coverage_table([row]), COVERAGE), "a")
    assert summary.coverage == row.coverage
    assert summary.median_width == pytest.approx(2 * residuals[89])
    assert (summary.replicates, summary.test_molecules, summary.target) == (1, 200, 0.9)
    assert summary.within_expected == 1


def test_unlabelled_molecules_get_an_interval_and_no_judgement():
    predictions = make_predictions(30, 2)
    labels = predictions["label"].to_pylist()
    labels[-1] = None
    predictions = predictions.set_column(2, PREDICTIONS.schema().field("label"), [labels])
    table = check_table(
        intervals(predictions, calibrate_on(predictions, 0.9)), INTERVALS
    ).to_pylist()
    assert table[-1]["covered"] is None
    assert table[-1]["high"] > table[-1]["low"]


def test_no_interval_is_no_coverage():
    predictions = make_predictions(5, 4)
    calibration = calibrate_on(predictions, 0.9)
    table = check_table(intervals(predictions, calibration), INTERVALS)
    assert table["low"].null_count == 4
    assert coverage_of("a", 1, table, calibration) is None
    assert coverage_summary(coverage_table([None]), "a") is None


def test_interval_of_the_rank_correlation_holds_the_truth():
    rng = np.random.default_rng(5)
    truth = 6 / np.pi * np.arcsin(0.5 / 2)  # Spearman of a normal pair with correlation 0.5
    hits = 0
    for _ in range(600):
        x, e = rng.normal(size=(2, 80))
        found = rank_correlation(x, 0.5 * x + np.sqrt(0.75) * e)
        hits += found.low <= truth <= found.high
    assert stats.binomtest(hits, 600, 0.95).pvalue > 0.001


def test_conformers_that_disagree_more_where_errors_are_larger():
    rng = np.random.default_rng(6)
    deviation = rng.uniform(1, 5, size=150)
    assert rank_correlation(deviation, np.abs(rng.normal(size=150)) * deviation**2).informative
    unrelated = rank_correlation(np.tile([1.0, 2, 3], 3), np.repeat([1.0, 2, 3], 3))
    assert unrelated.rho == 0
    assert not unrelated.informative
    assert rank_correlation(deviation, -deviation).high < 0
    constant = rank_correlation(np.zeros(9), np.arange(9.0))
    assert not constant.known
    assert constant.to_dict()["rho"] is None
    for found in (unrelated, constant):
        copy = RankCorrelation.from_dict(json.loads(json.dumps(found.to_dict())))
        assert copy.to_dict() == found.to_dict()


def test_study_covers_all_variants_and_replicates():
    made = {r: make_predictions(40, 20, seed=r) for r in (1, 2)}
    table = check_table(
        coverage_study({"a": made, "few": {1: make_predictions(4, 4)}}, 0.9), COVERAGE
    )
    assert table.select(["variant", "replicate"]).to_pylist() == [
        {"variant": "a", "replicate": 1},
        {"variant": "a", "replicate": 2},
    ]
    assert coverage_summary(table, "a").replicates == 2
    assert deviation_study(made[1]).n == 20


def logarithmic(seed=7):
    """Labels over decades, and predictions that are off by factors."""
    random = np.random.default_rng(seed)
    rows = make_predictions(60, 80).to_pylist()
    for row in rows:
        expected = random.uniform(-3, 3)
        row |= {"prediction": 10**expected, "label": 10 ** (expected + random.normal(0, 0.4))}
    return rows


def test_intervals_of_logarithms_are_factors():
    rows = logarithmic()
    predictions = pa.Table.from_pylist(rows, schema=PREDICTIONS.schema())
    calibration = calibrate_on(predictions, 0.9, "log10")
    ratios = sorted(
        max(row["label"] / row["prediction"], row["prediction"] / row["label"])
        for row in rows
        if row["part"] == "cross_validation"
    )
    factor = ratios[conformal_rank(60, 0.9) - 1]
    table = check_table(intervals(predictions, calibration), INTERVALS)
    centre = table["prediction"].to_numpy()
    np.testing.assert_allclose(table["low"].to_numpy(), centre / factor)
    np.testing.assert_allclose(table["high"].to_numpy(), centre * factor)
    assert Calibration(**calibration.to_dict()) == calibration
    (row,) = coverage_study({"a": {1: predictions}}, 0.9, "log10").to_pylist()
    assert row["expected_low"] <= row["coverage"] <= row["expected_high"]


def test_scaled_intervals_of_logarithms_follow_the_relative_spread():
    random = np.random.default_rng(8)
    expected, relative = 10 ** random.uniform(-3, 3, 200), random.uniform(0.01, 1, 200)
    labels = expected * 10 ** (random.normal(size=200) * relative)
    found = calibrate_out_of_fold(labels, expected, expected * relative, 0.9, "log10")
    assert found.scaled
    low, high = found.ends(np.array([1.0, 1000.0, 1.0, -1.0]), np.array([0.1, 100.0, 0.5, 0.0]))
    assert high[1] / low[1] == pytest.approx(high[0] / low[0])
    assert high[2] / low[2] > high[0] / low[0]
    assert (low >= 0).all()
    assert (high[:3] > low[:3]).all()


def test_a_structure_weighs_the_same_however_many_samples_it_has():
    rng = np.random.default_rng(9)
    sizes = rng.exponential(size=40)
    times = rng.integers(1, 6, size=40)
    residuals = np.repeat(sizes, times)
    structures = [f"s{number}" for number in np.repeat(np.arange(40), times)]
    shuffled = rng.permutation(len(residuals))
    some = calibrate(
        residuals[shuffled], np.zeros(len(residuals)), 0.9, "none",
        [structures[place] for place in shuffled],
    )  # fmt: skip
    assert some == calibrate(sizes, np.zeros(40), 0.9)
    assert calibrate(residuals, np.zeros(len(residuals)), 0.9).molecules == times.sum()


def test_many_samples_of_few_structures_do_not_make_an_interval():
    residuals, structures = np.arange(1.0, 101.0), [f"s{n % 5}" for n in range(100)]
    few = calibrate(residuals, np.zeros(100), 0.9, "none", structures)
    assert (few.molecules, few.quantile) == (5, None)
    assert calibrate(residuals, np.zeros(100), 0.9).quantile == 91.0
    half = calibrate(residuals, np.zeros(100), 0.5, "none", structures)
    assert half.quantile == 60.0, "the smallest below which three of five structures are"


def test_intervals_hold_new_structures_whose_samples_agree_with_each_other():
    rng = np.random.default_rng(17)
    held = {"by structure": 0, "by sample": 0}
    for _ in range(400):
        times = np.where(rng.random(12) < 0.25, 40, 1)
        sizes = rng.exponential(size=12) * np.where(times > 1, 0.2, 1.0)
        residuals, zeros = np.repeat(sizes, times), np.zeros(times.sum())
        structures = [f"s{number}" for number in np.repeat(np.arange(12), times)]
        new = rng.exponential() * (0.2 if rng.random() < 0.25 else 1.0)
        for name, groups in (("by structure", structures), ("by sample", None)):
            quantile = calibrate(residuals, zeros, 0.8, "none", groups).quantile
            held[name] += new <= quantile
    assert held["by structure"] / 400 == pytest.approx(0.846, abs=0.05)  # rank 11 of 13
    assert held["by sample"] / 400 < 0.7


def test_the_expected_coverage_counts_structures():
    predictions = make_predictions(40, 40)
    names = predictions["molecule"].to_pylist()
    structures = {name: f"s{number // 4}" for number, name in enumerate(names)}
    calibration = calibrate_on(predictions, 0.8, "none", structures)
    table = intervals(predictions, calibration)
    row = coverage_of("a", 1, table, calibration, structures)
    assert (row.calibration_molecules, row.test_molecules) == (10, 40)
    assert (row.expected_low, row.expected_high) == expected_coverage(10, 10, 0.8)


@pytest.mark.parametrize("molecules", [20, 70, 223])
@pytest.mark.parametrize("coverage", [0.8, 0.9])
def test_intervals_are_those_of_mapie(molecules, coverage):
    """MAPIE refits the model itself; its method `base` is that of this module."""
    rng = np.random.default_rng(molecules)
    X, new = rng.normal(size=(molecules, 5)), rng.normal(size=(30, 5))
    y = X @ rng.normal(size=5) + rng.standard_t(3, size=molecules)
    folds = PredefinedSplit(np.arange(molecules) % 5)
    theirs = CrossConformalRegressor(Ridge(), confidence_level=coverage, method="base", cv=folds)
    _, expected = theirs.fit_conformalize(X, y).predict_interval(new)
    out_of_fold = cross_val_predict(Ridge(), X, y, cv=folds)
    calibration = calibrate_out_of_fold(y, out_of_fold, np.zeros(molecules), coverage)
    low, high = calibration.ends(Ridge().fit(X, y).predict(new), np.zeros(30))
    np.testing.assert_allclose(low, expected[:, 0, 0], rtol=1e-12)
    np.testing.assert_allclose(high, expected[:, 1, 0], rtol=1e-12)
