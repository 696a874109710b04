"""The check catches planted leaks, and the misleading number is as misleading as it should be."""

import copy
import json
from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from sklearn.impute import SimpleImputer
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline

from confaug.evaluation.leakage import LeakageError, check_leakage
from confaug.evaluation.leakage_findings import UNITS, LeakageFindings
from confaug.evaluation.row_split_study import read_spread_rows, row_split_study
from confaug.evaluation.row_split_summary import summarise_row_splits
from confaug.evaluation.row_splits import row_split_errors, row_split_table
from confaug.molecules.splitting import split_molecules
from confaug.report.wording.leakage import CHECKS, crossing, row_split_sentence
from confaug.tables.descriptors import AUGMENTED
from confaug.tables.engine import check_table
from confaug.tables.evaluation import ROW_SPLIT_ERRORS
from confaug.tables.learning import FITS, PREDICTIONS
from confaug.tables.molecules import MOLECULES, SPLIT

SMILES = ["C", "CC", "CCC", "CCCC", "C/C=C/C", "C/C=C\\C", "CCO", "CCN", "CCCl", "CCF"]
BUTENES = {"m04", "m05"}  # one connectivity block, two stereoisomers
ONE_POLYMER = {"m06": "*CC*", "m07": "*CC*"}  # taken for two monomers of it


def make_molecules(units=ONE_POLYMER):
    n = len(SMILES)
    names = [f"m{i:02d}" for i in range(n)]
    columns = {field.name: pa.nulls(n, field.type) for field in MOLECULES.schema()}
    columns |= {"molecule": pa.array(names), "smiles": pa.array(SMILES)}
    columns |= {"label": pa.array(np.arange(n, dtype=float))}
    columns["group"] = pa.array([f"G{ {5: 4, 7: 6}.get(i, i) }" for i in range(n)])
    columns["repeat_unit"] = pa.array([units.get(name) for name in names], pa.string())
    return pa.table(columns)


def make_predictions(split):
    rows = []
    for row in split.to_pylist():
        parts = ["test"] if row["part"] == "test" else ["train", "cross_validation"]
        common = {
            "molecule": row["molecule"],
            "label": 0.0,
            "prediction": 0.0,
            "standard_deviation": 0.0,
        }
        rows += [{**common, "part": part, "n_rows": 1} for part in parts]
    return pa.Table.from_pylist(rows, schema=PREDICTIONS.schema())


def make_fits(split):
    """Three fits of a baseline: without either fold, and with all training molecules."""
    folds = {row["molecule"]: row["fold"] for row in split.to_pylist() if row["part"] == "train"}
    rows = [
        {"fit": "final" if left_out is None else f"fold {left_out}", "molecule": molecule}
        for left_out in (0, 1, None)
        for molecule, fold in folds.items()
        if fold != left_out
    ]
    sizes = Counter(row["fit"] for row in rows)
    return pa.Table.from_pylist(
        [{**row, "rows": 1, "seen": sizes[row["fit"]]} for row in rows], schema=FITS.schema()
    )


def change_fit(table, fit, change):
    """Return the table with other rows for one fit."""
    rows = table.to_pylist()
    own = change([row for row in rows if row["fit"] == fit])
    return pa.Table.from_pylist(
        [row for row in rows if row["fit"] != fit] + own, schema=FITS.schema()
    )


@pytest.fixture
def clean():
    """Arguments of a study without a leak; tests plant theirs."""
    molecules = make_molecules()
    splits = {r: split_molecules(molecules, 6, 2, 1, r) for r in (1, 2)}
    training = {
        r: [{"molecule": row["molecule"]} for row in split.to_pylist() if row["part"] == "train"]
        for r, split in splits.items()
    }
    return {
        "molecules": molecules,
        "splits": splits,
        "predictions": {"plain": {r: make_predictions(split) for r, split in splits.items()}},
        "fits": {"plain": {r: make_fits(split) for r, split in splits.items()}},
        "bundles": {"plain": {r: {"training_molecules": training[r]} for r in splits}},
        "group_by": "connectivity",
    }


def move(split, molecules, part, fold=None):
    rows = split.to_pylist()
    for row in rows:
        if row["molecule"] in molecules:
            row |= {"part": part, "fold": fold}
    return pa.Table.from_pylist(rows, schema=SPLIT.schema())


def divide(split, pair, part="test", fold=None):
    """Move one of two molecules into the first fold of training, and the other elsewhere."""
    first, second = sorted(pair)
    return move(move(split, {first}, "train", 0), {second}, part, fold)


def test_a_clean_study_passes_every_check(clean):
    findings = check_leakage(**clean)
    assert [check.kind for check in findings.checks] == list(CHECKS)
    assert (findings.molecules, findings.blocks) == (10, 9)
    assert findings.shared_blocks == 0
    assert all(check.violations == 0 < check.compared for check in findings.checks)
    training = sum(len(info["training_molecules"]) for info in clean["bundles"]["plain"].values())
    assert findings.checks[-1].compared == training
    document = findings.document()
    assert document["leak_free"] is True
    assert LeakageFindings.from_document(json.loads(json.dumps(document))) == findings


def test_a_connectivity_block_in_both_parts_is_a_leak(clean):
    clean["splits"][2] = divide(clean["splits"][2], BUTENES)
    clean["predictions"] = clean["fits"] = clean["bundles"] = {}
    with pytest.raises(LeakageError, match=r"replicate 2: connectivity block IAQRGU.*m04.*m05"):
        check_leakage(**clean)
    findings = check_leakage(**clean | {"group_by": "molecule"})
    assert [check.violations for check in findings.checks] == [0, 1, 0, 0, 0, 0, 0, 0]
    assert findings.shared_blocks == 1
    (found,) = findings.checks[1].examples
    assert found.replicate == 2
    assert found.places == (("fold 0 of training", "m04"), ("test", "m05"))
    assert LeakageFindings.from_document(json.loads(json.dumps(findings.document()))) == findings
    assert all(word in crossing(found) for word in ("replicate 2", "IAQRGU", "m04", "m05"))


def test_a_connectivity_block_in_two_folds_is_a_leak(clean):
    clean["splits"] = {1: divide(clean["splits"][1], BUTENES, "train", 1)}
    clean["predictions"] = clean["fits"] = clean["bundles"] = {}
    with pytest.raises(LeakageError, match=r"fold 0 of training.*fold 1 of training"):
        check_leakage(**clean)


@pytest.mark.parametrize("group_by", ["connectivity", "molecule"])
def test_a_repeat_unit_in_both_parts_is_a_leak_whatever_else_is_grouped(clean, group_by):
    first, second = sorted(ONE_POLYMER)
    clean["splits"] = {1: divide(clean["splits"][1], ONE_POLYMER)}
    clean["predictions"] = clean["fits"] = clean["bundles"] = {}
    with pytest.raises(LeakageError, match=rf"repeat unit \*CC\* is in.*{first}.*{second}"):
        check_leakage(**clean | {"group_by": group_by})


@pytest.mark.parametrize("other", ["*C([2H])C(*)CC", "*[13CH2]C(*)CC", "*C[C@H](*)CC"])
def test_repeat_units_are_compared_as_group_by_says(clean, other):
    first, second = sorted(ONE_POLYMER)
    clean["molecules"] = make_molecules({first: "*CC(*)CC", second: other})
    clean["splits"] = {1: divide(clean["splits"][1], ONE_POLYMER)}
    clean["predictions"] = clean["fits"] = clean["bundles"] = {}
    with pytest.raises(LeakageError, match=r"repeat unit \*CC\(\*\)CC is in"):
        check_leakage(**clean | {"group_by": "connectivity"})
    assert check_leakage(**clean | {"group_by": "molecule"}).checks


def test_without_repeat_units_there_is_no_check_of_them(clean):
    clean["molecules"] = make_molecules({})
    findings = check_leakage(**clean)
    assert [check.kind for check in findings.checks] == [k for k in CHECKS if k != UNITS]


def test_a_filter_that_saw_the_fold_it_is_judged_on_is_a_leak(clean):
    table = clean["fits"]["plain"][1]
    final = table.filter(pc.equal(table["fit"], "final")).to_pylist()

    def fit_on_all(rows):
        return [{**row, "fit": "fold 1", "seen": len(final)} for row in final]

    clean["fits"]["plain"][1] = change_fit(table, "fold 1", fit_on_all)
    with pytest.raises(LeakageError, match=r"leak: variant plain, replicate 1: .* fold 1 fit incl"):
        check_leakage(**clean)


def test_a_scaler_that_saw_test_molecules_is_a_leak(clean):
    def see_more(rows):
        return [{**row, "seen": row["seen"] + 4} for row in rows]

    clean["fits"]["plain"][2] = change_fit(clean["fits"]["plain"][2], "final", see_more)
    with pytest.raises(LeakageError, match=r"replicate 2: .* final fit are 6, but .* saw 10"):
        check_leakage(**clean)


@pytest.mark.parametrize("fit", ["fold 0", "final"])
def test_a_fit_that_is_not_recorded_is_not_passed_over(clean, fit):
    clean["fits"]["plain"][1] = change_fit(clean["fits"]["plain"][1], fit, lambda rows: [])
    if fit == "final":
        assert check_leakage(**clean).checks, "the bundle tells of it"
    with pytest.raises(LeakageError, match=f"{fit} fit lack"):
        check_leakage(**clean | {"bundles": {}})


def test_a_fit_that_the_split_does_not_know_is_not_passed_over(clean):
    table = clean["fits"]["plain"][1]
    other = [{**row, "fit": "fold 7"} for row in table.to_pylist()[:3]]
    clean["fits"]["plain"][1] = change_fit(table, "fold 7", lambda rows: other)
    with pytest.raises(LeakageError, match="replicate 1: there is a fit 'fold 7'"):
        check_leakage(**clean)


def test_one_structure_under_two_names_is_a_leak(clean):
    smiles = [*SMILES[:6], "OCC", *SMILES[7:9], "CCO"]  # m06 and m09 are ethanol
    table = clean["molecules"]
    clean["molecules"] = table.set_column(1, "smiles", pa.array(smiles))
    clean["splits"] = {1: move(move(clean["splits"][1], {"m06"}, "train", 0), {"m09"}, "test")}
    clean["predictions"] = clean["fits"] = clean["bundles"] = {}
    with pytest.raises(LeakageError, match=r"canonical SMILES CCO.*m09"):
        check_leakage(**clean | {"group_by": "molecule"})


@pytest.mark.parametrize("part", ["test", "train", "cross_validation"])
def test_predictions_of_another_split_are_a_leak(clean, part):
    tables = clean["predictions"]["plain"]
    rows = [row for row in tables[2].to_pylist() if row["part"] == part]
    others = [row for row in tables[1].to_pylist() if row["part"] != part]
    tables[1] = pa.Table.from_pylist(others + rows, schema=PREDICTIONS.schema())
    with pytest.raises(LeakageError, match=f"variant plain, replicate 1: the {part} predictions"):
        check_leakage(**clean)


def test_a_model_that_saw_test_molecules_is_a_leak(clean):
    bundles = copy.deepcopy(clean["bundles"])
    seen = next(r["molecule"] for r in clean["splits"][1].to_pylist() if r["part"] == "test")
    bundles["plain"][1]["training_molecules"].append({"molecule": seen})
    with pytest.raises(LeakageError, match=f"training molecules include {seen}"):
        check_leakage(**clean | {"bundles": bundles})
    bundles["plain"][1]["training_molecules"] = bundles["plain"][1]["training_molecules"][1:-1]
    with pytest.raises(LeakageError, match="training molecules lack"):
        check_leakage(**clean | {"bundles": bundles})
    with pytest.raises(LeakageError, match="not recorded"):
        check_leakage(**clean | {"bundles": {"plain": {1: {}}}})


# Row-wise splits


def duplicated_table(n=60, copies=4):
    """Labels are pure chance, so only a structure seen in training can be predicted."""
    rng = np.random.default_rng(1)
    X = np.repeat(rng.normal(size=(n, 3)), copies, axis=0)
    y = np.repeat(rng.normal(100, 10, size=n), copies)
    names = np.repeat([f"m{i}" for i in range(n)], copies).tolist()
    return X, y, names


def test_row_split_seems_to_predict_chance():
    X, y, names = duplicated_table()
    found = row_split_errors(
        X, y, names, names, 180, "copies", draws=4, learner=KNeighborsRegressor(1)
    )
    table = check_table(row_split_table(found), ROW_SPLIT_ERRORS)
    (summary,) = summarise_row_splits(table)
    assert summary.row.share_seen > 0.9
    assert summary.molecule.share_seen == 0
    assert summary.row.mae < 2
    # Two independent normals of standard deviation 10 differ by 11.3 on average.
    assert summary.molecule.mae == pytest.approx(11.3, abs=3)
    assert summary.molecule.train_molecules == 45
    assert "their own structure in training" in row_split_sentence(summary)


@pytest.mark.parametrize(
    ("by_row", "by_molecule", "words"),
    [
        (9.0, 27.0, "smaller than for new molecules by a factor of 3.0"),
        (10.0, 9.0, "no smaller"),
        (10.0, 10.2, "hardly smaller"),
        (0.0, 9.0, "zero, which it is not"),
    ],
)
def test_a_row_wise_error_is_never_called_a_fraction_of_a_time_smaller(by_row, by_molecule, words):
    rows = [
        {
            "rows": "conformers",
            "split_by": by,
            "draw": 1,
            "train_rows": 9,
            "test_rows": 3,
            "train_molecules": 3,
            "test_molecules": 1,
            "share_seen": seen,
            "mae": mae,
        }
        for by, mae, seen in (("row", by_row, 0.5), ("molecule", by_molecule, 0.0))
    ]
    (summary,) = summarise_row_splits(row_split_table(rows))
    assert words in row_split_sentence(summary)
    rows[0]["share_seen"] = 0.0
    assert summarise_row_splits(row_split_table(rows)) == []


def test_row_split_does_not_depend_on_row_order():
    X, y, names = duplicated_table(20)
    order = np.random.default_rng(2).permutation(len(y))
    shuffled = [names[i] for i in order]
    a = row_split_errors(X, y, names, names, 50, "x", 2, learner=KNeighborsRegressor(1))
    b = row_split_errors(
        X[order], y[order], shuffled, shuffled, 50, "x", 2, learner=KNeighborsRegressor(1)
    )
    assert [row["mae"] for row in a] == pytest.approx([row["mae"] for row in b])


def test_honest_split_keeps_groups_together():
    X, y, names = duplicated_table(20, 1)
    groups = [f"g{int(name[1:]) // 2}" for name in names]
    found = row_split_errors(X, y, names, groups, 9, "x", 3, learner=KNeighborsRegressor(1))
    assert all(row["train_molecules"] == 8 for row in found if row["split_by"] == "molecule")


def test_study_splits_input_rows_and_conformers():
    molecules = make_molecules()
    names = molecules["molecule"].to_pylist()
    values = pa.array(np.arange(10.0))
    descriptors_2d = pa.table({"molecule": names[:9], "d": values[:9]})
    n = 10 * 20
    columns = {field.name: pa.nulls(n, field.type) for field in AUGMENTED.schema()}
    columns |= {"molecule": pa.array(np.repeat(names, 20)), "label": pa.array(np.ones(n))}
    columns |= {"conformer": pa.array(np.tile(np.arange(20), 10)), "Mor01": pa.array(np.ones(n))}
    rows = [(name, 1.0) for name in names] * 2
    split = move(split_molecules(molecules, 6, 2, 1, 1), set(names), "test")
    split = move(split, set(names[:6]), "train", 0)
    table = row_split_study(molecules, rows, descriptors_2d, pa.table(columns), split, [4, 300])
    found = table.group_by("rows").aggregate([("draw", "max"), ("train_rows", "max")]).to_pylist()
    assert [(row["rows"], row["draw_max"]) for row in found] == [
        ("input rows, 11 of 18 in training", 20),
        ("input rows, 4 of 18 in training", 20),
        ("conformers, 36 of 60 in training", 3),
    ]


def study_tables():
    """Return input rows and tables of ten molecules, everything with fractional values."""
    random = np.random.default_rng(3)
    molecules = make_molecules()
    names = molecules["molecule"].to_pylist()
    described = {"molecule": names, "d": random.normal(size=10), "e": [np.nan] * 10}
    n = 10 * 8
    columns = {field.name: pa.nulls(n, field.type) for field in AUGMENTED.schema()}
    columns |= {"molecule": pa.array(np.repeat(names, 8))}
    columns |= {"label": pa.array(np.repeat(random.normal(size=10), 8))}
    columns |= {"protocol": pa.array(["a", "b"] * 40), "repeat": pa.array(np.ones(n, int))}
    columns |= {"conformer": pa.array(np.arange(n)), "Mor01": pa.array(random.normal(size=n))}
    rows = [(name, float(random.normal())) for name in names for _ in range(3)]
    return molecules, rows, pa.table(described), pa.table(columns)


def test_study_does_not_depend_on_the_order_of_rows_and_shards():
    molecules, rows, described, augmented = study_tables()
    split = split_molecules(molecules, 6, 2, 1, 1)
    expected = row_split_study(molecules, rows, described, augmented, split)
    random = np.random.default_rng(4)
    rows = [rows[i] for i in random.permutation(len(rows))]
    described, augmented = (
        table.take(random.permutation(len(table))) for table in (described, augmented)
    )
    assert row_split_study(molecules, rows, described, augmented, split).equals(expected)


def test_the_rows_that_are_split_are_read_alone(tmp_path):
    molecules, rows, described, augmented = study_tables()
    split = split_molecules(molecules, 6, 2, 1, 1)
    shuffled = augmented.take(np.random.default_rng(5).permutation(len(augmented)))
    pq.write_table(shuffled, tmp_path / "augmented.parquet", row_group_size=11)
    read = read_spread_rows(tmp_path / "augmented.parquet", ["Mor01"])
    assert read.num_rows == 10 * 6
    expected = row_split_study(molecules, rows, described, augmented, split)
    assert row_split_study(molecules, rows, described, read, split).equals(expected)


def test_share_of_training_rows_is_that_of_the_split():
    molecules, *tables = study_tables()
    fixed = move(split_molecules(molecules, 6, 2, 1, 1), {f"m{i:02d}" for i in range(10)}, "test")
    fixed = move(fixed, {"m00", "m01", "m02"}, "train", 0)
    table = row_split_study(molecules, *tables, fixed)
    assert set(table["rows"].to_pylist()) == {
        "input rows, 9 of 30 in training",
        "conformers, 18 of 60 in training",
    }


def test_equal_rows_with_missing_values_count_once():
    X, y, names = duplicated_table(20)
    X[:, 1] = np.nan
    imputer = SimpleImputer(keep_empty_features=True)
    learner = make_pipeline(imputer, KNeighborsRegressor(1))
    once = row_split_errors(X[::4], y[::4], names[::4], names[::4], 15, "x", 1, learner=learner)
    several = row_split_errors(X, y, names, names, 60, "x", 1, learner=learner)
    assert several[1]["test_rows"] == once[1]["test_rows"] == 5
    assert several[1]["mae"] == pytest.approx(once[1]["mae"])
