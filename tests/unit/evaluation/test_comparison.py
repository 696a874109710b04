"""Intervals of paired differences: nominal under the null, and sharp enough to see a benefit."""

import numpy as np
import pyarrow as pa
import pytest
from prediction_tables import make_predictions, make_split
from scipy import stats

from confaug.errors import UserError
from confaug.evaluation.comparison import (
    judge,
    molecule_errors,
    paired_differences,
    replicate_errors,
    variant_summary,
)
from confaug.evaluation.confidence_intervals import Estimate, crossed_interval
from confaug.evaluation.errors import (
    Study,
    collect_errors,
    read_all_documents,
    read_all_predictions,
    read_all_splits,
)
from confaug.tables.engine import check_table, write_table
from confaug.tables.evaluation import (
    MOLECULE_ERRORS,
    PAIRED_DIFFERENCES,
    REPLICATE_ERRORS,
    VARIANT_SUMMARY,
)
from confaug.tables.learning import PREDICTIONS
from confaug.tables.molecules import SPLIT

N, N_TRAIN, P = 224, 70, 8


def ridge_errors(X, y, train, test):
    design = np.column_stack([np.ones(len(train)), X[train]])
    weights = np.linalg.solve(design.T @ design + np.eye(X.shape[1] + 1), design.T @ y[train])
    return np.abs(y[test] - np.column_stack([np.ones(len(test)), X[test]]) @ weights)


def study_of_two_learners(rng, n_replicates, advantage=0.0, n=N, n_train=N_TRAIN):
    """Differences of two learners that see two equally good halves of the descriptors.

    By symmetry their expected errors are the same when `advantage` is 0, while any one data set
    and any one training set favours one of them: the null that a comparison has to survive.
    """
    X = rng.normal(size=(n, 2 * P))
    y = X.sum(axis=1) / np.sqrt(2 * P) + 0.5 * rng.normal(size=n)
    y += advantage * X[:, :P].sum(axis=1) / np.sqrt(P)
    differences = np.full((n_replicates, n), np.nan)
    out_of_fold = 0.0
    for row in differences:
        order = rng.permutation(n)
        train, test = order[:n_train], order[n_train:]
        row[test] = ridge_errors(X[:, :P], y, train, test) - ridge_errors(X[:, P:], y, train, test)
        if n_replicates == 1:
            for fold in np.array_split(train, 5):
                kept = np.setdiff1d(train, fold)
                errors = [ridge_errors(X[:, c], y, kept, fold) for c in (slice(P), slice(P, None))]
                out_of_fold += float((errors[0] - errors[1]).sum()) / n_train
    return differences, out_of_fold


@pytest.mark.parametrize(
    ("n_replicates", "n", "n_train"), [(10, 224, 70), (3, 224, 70), (5, 100, 80), (10, 60, 30)]
)
def test_equal_learners_are_rarely_told_apart(n_replicates, n, n_train):
    rng = np.random.default_rng(1)
    rejected = 0
    for _ in range(400):
        values, _oof = study_of_two_learners(rng, n_replicates, n=n, n_train=n_train)
        estimate = crossed_interval(values, np.arange(n), overlap=n_train / n)
        rejected += judge(estimate, n_replicates, None) != "no_difference"
    # The nominal 5 % of 400 are 20; more than 32 would happen by chance once in 200 times.
    assert rejected <= 32


def test_a_plain_t_test_over_replicates_would_be_fooled():
    rng = np.random.default_rng(2)
    studies = [study_of_two_learners(rng, 10)[0] for _ in range(150)]
    p_values = [stats.ttest_1samp(np.nanmean(v, axis=1), 0).pvalue for v in studies]
    assert np.mean(np.array(p_values) < 0.05) > 0.3


def test_equal_learners_are_rarely_told_apart_on_one_split():
    rng = np.random.default_rng(3)
    rejected = 0
    for _ in range(200):
        values, out_of_fold = study_of_two_learners(rng, 1)
        estimate = crossed_interval(values, np.arange(N), overlap=0.0)
        rejected += judge(estimate, 1, out_of_fold) != "no_difference"
    assert rejected <= 19  # 10 are nominal; 20 or more have a chance of 1 in 300


def test_a_planted_benefit_is_found():
    rng = np.random.default_rng(4)
    found = []
    for _ in range(60):
        values, _ = study_of_two_learners(rng, 10, advantage=0.4)
        found.append(judge(crossed_interval(values, np.arange(N), 70 / 224), 10, None))
    assert found.count("helped") >= 54
    assert "hurt" not in found


@pytest.mark.parametrize("overlap", [0.3, 0.5, 0.8])
def test_errors_correlate_as_the_square_of_the_overlap_of_training_sets(overlap):
    """What the variance between replicates is raised by: effects are no sums over molecules."""
    rng = np.random.default_rng(10)
    size, repeats = 60, 4
    weights = np.ones(P) / np.sqrt(P)
    others = rng.normal(size=(1000, P))
    labels = others @ weights + 0.5 * rng.normal(size=1000)
    means = np.empty((800, repeats))
    for study in means:
        X = rng.normal(size=(size, P))
        y = X @ weights + 0.5 * rng.normal(size=size)
        for repeat in range(repeats):
            train = rng.permutation(size)[: round(overlap * size)]
            every = np.vstack([X[train], others]), np.r_[y[train], labels]
            known = np.arange(len(train))
            asked = np.arange(len(train), len(every[1]))
            study[repeat] = ridge_errors(*every, known, asked).mean()
    within = means.var(axis=1, ddof=1).mean()
    between = means.mean(axis=1).var(ddof=1) - within / repeats
    assert between / (between + within) == pytest.approx(overlap**2, abs=0.1)


def test_independent_molecules_tested_once_each_give_the_classical_standard_error():
    values = np.random.default_rng(5).normal(1.0, 2.0, size=(1, 400))
    estimate = crossed_interval(values, np.arange(400), overlap=0.0)
    assert estimate.value == pytest.approx(values.mean())
    assert estimate.standard_error == pytest.approx(stats.sem(values[0]))
    expected = stats.t.interval(0.95, 399, values.mean(), stats.sem(values[0]))
    assert [estimate.low, estimate.high] == pytest.approx(expected, abs=0.03)


def test_members_of_a_group_count_once():
    single = np.random.default_rng(6).normal(size=(1, 100))
    doubled = np.repeat(single, 2, axis=1)
    by_molecule = crossed_interval(doubled, np.arange(200), overlap=0.0)
    by_group = crossed_interval(doubled, np.repeat(np.arange(100), 2), overlap=0.0)
    assert by_group.standard_error == pytest.approx(
        crossed_interval(single, np.arange(100), 0.0).standard_error
    )
    assert by_group.standard_error > 1.35 * by_molecule.standard_error


def test_corrected_resampled_interval_matches_its_formula():
    rng = np.random.default_rng(7)
    values = np.full((6, 50), np.nan)
    for row in values:
        row[rng.permutation(50)[:20]] = rng.normal(size=20)
    means = np.nanmean(values, axis=1)
    half = stats.t.ppf(0.975, 5) * np.sqrt(means.var(ddof=1) * (1 / 6 + 20 / 30))
    estimate = crossed_interval(values, np.arange(50), overlap=0.6)
    assert estimate.high_resampled - estimate.value == pytest.approx(half)


def test_more_overlap_of_training_sets_widens_the_interval():
    values = study_of_two_learners(np.random.default_rng(8), 5)[0]
    widths = [crossed_interval(values, np.arange(N), rho).standard_error for rho in (0, 0.4, 0.8)]
    assert widths == sorted(widths)
    assert np.isfinite(crossed_interval(values, np.arange(N), overlap=1.0).standard_error)


def test_identical_predictions_make_no_difference():
    for n_replicates in (1, 3):
        estimate = crossed_interval(np.zeros((n_replicates, 30)), np.arange(30), 0.3)
        assert judge(estimate, n_replicates, 0.0) == "no_difference"
        assert estimate.p_value == 1.0


def test_tiny_test_parts_give_no_or_wide_intervals():
    lonely = crossed_interval(np.array([[1.0, np.nan]]), np.arange(2), overlap=0.0)
    assert lonely.value == 1.0
    assert judge(lonely, 1, 1.0) == "no_difference"
    two = crossed_interval(np.array([[1.0, np.nan], [np.nan, 2.0]]), np.arange(2), overlap=0.5)
    assert two.high - two.low > 4
    few = crossed_interval(np.array([[1.0, 2.0, 4.0]]), np.arange(3), overlap=0.0)
    assert few.low < few.value < few.high


def test_one_split_needs_the_training_molecules_to_agree():
    estimate = Estimate(-2.0, -3.0, -1.0, 0.5, 0.001, np.nan, np.nan, 9.0)
    assert judge(estimate, 1, -0.5) == "helped"
    assert judge(estimate, 1, 0.5) == "no_difference"
    assert judge(estimate, 2, 0.5) == "helped"


# Tables


@pytest.fixture
def study():
    splits = {1: make_split({"m0", "m1", "m2"}), 2: make_split({"m2", "m3", "m4"})}
    predictions = {
        name: {r: make_predictions(split, offset) for r, split in splits.items()}
        for name, offset in [("good", -2.0), ("plain", 5.0)]
    }
    return collect_errors(predictions, splits)


def test_summary_has_the_figures_of_the_predictions(study):
    rows = check_table(variant_summary(study), VARIANT_SUMMARY).to_pylist()
    assert [row["variant"] for row in rows] == ["good", "plain"]
    assert rows[1]["mae"] == rows[1]["rmse"] == rows[1]["mae_cross_validation"] == 5.0
    assert rows[1]["mae_train"] == 2.5
    assert rows[1]["molecules"] == 5
    labels = [[100, 110, 120], [120, 130, 140]]
    assert rows[1]["relative_error"] == pytest.approx(np.mean(5 / np.array(labels)))
    assert rows[1]["r2"] == pytest.approx(1 - 25 / np.var(labels[0]))


def test_differences_count_wins(study):
    (row,) = check_table(paired_differences(study, ["plain"]), PAIRED_DIFFERENCES).to_pylist()
    assert (row["variant"], row["difference"], row["relative_difference"]) == ("good", -3.0, -0.6)
    assert (row["replicates_better"], row["molecules_better"], row["molecules_worse"]) == (2, 5, 0)
    assert row["difference_cross_validation"] == -3.0
    assert row["verdict"] == "helped"


def test_errors_are_listed_by_replicate_and_molecule(study):
    rows = check_table(replicate_errors(study, "plain"), REPLICATE_ERRORS).to_pylist()
    assert [(r["variant"], r["replicate"], r["mae"], r["difference"]) for r in rows] == [
        ("good", 1, 2.0, -3.0),
        ("good", 2, 2.0, -3.0),
        ("plain", 1, 5.0, 0.0),
        ("plain", 2, 5.0, 0.0),
    ]
    rows = check_table(molecule_errors(study, None), MOLECULE_ERRORS).to_pylist()
    assert [row["molecule"] for row in rows[:5]] == ["m0", "m1", "m2", "m3", "m4"]
    assert rows[2]["tests"] == 2
    assert rows[2]["mean_error"] == -2.0
    assert rows[2]["difference"] is None


def test_overlap_is_the_share_of_common_training_molecules(study):
    assert study.overlap == pytest.approx(1 / 3)  # {3, 4, 5} and {0, 1, 5}


def test_repeating_a_split_narrows_no_interval():
    rng = np.random.default_rng(3)
    split = make_split({f"m{i}" for i in range(20)}, 40)
    other_folds = split.set_column(3, "fold", pa.array([1] * 40))
    found = {}
    for replicates in (1, 4):
        splits = {r: split if r == 1 else other_folds for r in range(1, replicates + 1)}
        found[replicates] = collect_errors(
            {name: dict.fromkeys(splits, made) for name, made in noisy(split, rng).items()}, splits
        )
        rng = np.random.default_rng(3)
    once, often = found[1], found[4]
    assert list(often.split_numbers) == [0, 0, 0, 0]
    assert often.overlap == 0
    assert variant_summary(often).equals(variant_summary(once))
    assert paired_differences(often, ["plain"]).equals(paired_differences(once, ["plain"]))
    assert variant_summary(often)["replicates"].to_pylist() == [1, 1]
    assert replicate_errors(often, "plain").num_rows == 8


def test_a_repeated_split_weighs_no_more_than_another():
    one, two = make_split({"m0", "m1", "m2"}), make_split({"m2", "m3", "m4"})
    splits = {1: one, 2: two, 3: one}
    predictions = {r: make_predictions(split, {1: 2.0, 2: 5.0, 3: 4.0}[r])
                   for r, split in splits.items()}  # fmt: skip
    study = collect_errors({"a": predictions}, splits)
    assert list(study.split_numbers) == [0, 1, 0]
    assert study.overlap == pytest.approx(1 / 3)
    (row,) = variant_summary(study).to_pylist()
    assert (row["replicates"], row["mae"]) == (2, 4.0)


def noisy(split, rng):
    made = {}
    for name in ("good", "plain"):
        table = make_predictions(split, 3.0)
        moved = table["prediction"].to_numpy() + rng.normal(size=len(table))
        made[name] = table.set_column(3, PREDICTIONS.schema().field(3), pa.array(moved))
    return made


def test_predictions_on_other_molecules_are_refused():
    splits = {1: make_split({"m0", "m1"})}
    other = make_predictions(make_split({"m0", "m2"}), 1.0)
    with pytest.raises(UserError, match="variant a, replicate 1: molecule m1"):
        collect_errors({"a": {1: other}}, splits)
    with pytest.raises(UserError, match="no predictions for replicate 1"):
        collect_errors({"a": {}}, splits)


def test_tables_are_found_by_variant_and_replicate(tmp_path):
    split = make_split({"m0"})
    paths = [tmp_path / f"models/{v}/replicate-{r}/predictions.csv" for v in "ab" for r in (1, 12)]
    for path in paths:
        write_table(make_predictions(split, 1.0), path, PREDICTIONS)
    write_table(split, tmp_path / "splits/replicate-12.csv", SPLIT)
    found = read_all_predictions(paths)
    assert {variant: list(tables) for variant, tables in found.items()} == {
        "a": [1, 12],
        "b": [1, 12],
    }
    assert found["a"][12].equals(make_predictions(split, 1.0))
    assert list(read_all_splits([tmp_path / "splits/replicate-12.csv"])) == [12]
    document = paths[0].parent / "bundle" / "bundle.json"
    document.parent.mkdir()
    document.write_text('{"format": 1}')
    assert read_all_documents([document]) == {"a": {1: {"format": 1}}}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("labels", ["usual", "zero", "same", "one zero"])
@pytest.mark.parametrize("tested", [1, 2, 3])
@pytest.mark.parametrize("replicates", [1, 2])
def test_too_few_values_give_empty_fields_and_no_warning(replicates, tested, labels):
    rng = np.random.default_rng(5)
    errors = np.full((replicates, 6), np.nan)
    errors[:, :tested] = rng.normal(size=(replicates, tested))
    known = {"usual": rng.normal(size=6), "zero": np.zeros(6), "same": np.full(6, 2.0)}
    known["one zero"] = np.r_[0.0, known["usual"][1:]]
    study = Study(
        replicates=tuple(range(1, replicates + 1)),
        molecules=tuple("abcdef"),
        groups=np.arange(6),
        labels=known[labels],
        test={"model": errors, "mean": 2 * errors},
        cross_validation={"model": errors, "mean": 2 * errors},
        train={},
        train_sizes=np.full(replicates, 3),
        split_numbers=np.arange(replicates),
        overlap=0.5 if replicates > 1 else 0.0,
    )
    row = variant_summary(study).to_pylist()[0]
    assert (row["r2"] is None) == (tested < 2 or labels in ("zero", "same"))
    assert (row["relative_error"] is None) == ("zero" in labels)
    assert row["mae"] == pytest.approx(np.nanmean(np.abs(errors)))
    difference = paired_differences(study, ["mean"]).to_pylist()[0]
    assert difference["difference"] == pytest.approx(-np.nanmean(np.abs(errors)))
    assert replicate_errors(study, "mean").num_rows == 2 * replicates
    assert molecule_errors(study, "mean").num_rows == 2 * tested
