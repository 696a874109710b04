import subprocess
import sys
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pytest

from confaug.errors import UserError
from confaug.learning.lightgbm_learner import (
    LabelTransform,
    lightgbm_parameters,
    row_weights,
    safe_name,
    select_features,
    train_models,
)
from confaug.learning.rows import Rows

SCRIPTS = Path(__file__).parents[3] / "workflow" / "scripts"


def make_rows(counts, X=None, names=None):
    molecule = np.repeat([f"m{i:03d}" for i in range(len(counts))], counts)
    rank = np.concatenate([np.arange(n) for n in counts])
    if X is None:
        X = np.arange(len(molecule), dtype=np.float32)[:, None]
    names = names or tuple(f"f{i}" for i in range(X.shape[1]))
    return Rows(X.astype(np.float32), names, molecule, rank)


def test_every_molecule_weighs_the_same_however_many_rows_it_has():
    rows = make_rows([1, 4, 10])
    weights = row_weights(rows)
    np.testing.assert_allclose(np.add.reduceat(weights, rows.starts), 1.0)


def test_constant_empty_and_repeated_features_are_left_out():
    nan = np.nan
    X = np.array(
        [
            [1, 5, nan, 1, 0.0, nan, 2],
            [2, 5, nan, 2, -0.0, 3, 2],
            [3, 5, nan, 3, 0.0, 3, 1],
        ],
        dtype=np.float32,
    )
    names = ["varies", "constant", "empty", "repeated", "zeros", "gap", "last"]
    assert select_features(X, names) == ["varies", "gap", "last"]
    with pytest.raises(UserError, match="no descriptor differs"):
        select_features(X[:, 1:3], names[1:3])


@pytest.mark.parametrize("counts", [[1] * 40, [7] * 40, list(range(1, 41))])
def test_min_molecules_in_leaf_counts_molecules_not_rows(counts):
    """Rows of one molecule are alike here, so that a leaf holds whole molecules."""
    X = np.repeat(np.arange(40.0), counts)[:, None]
    rows = make_rows(counts, X)
    labels = np.random.default_rng(0).normal(size=40)
    for least in (3, 8):
        parameters = lightgbm_parameters(
            {"min_molecules_in_leaf": least, "num_leaves": 40, "min_data_in_bin": 1}, seed=1
        )
        (booster,) = train_models(rows, labels, parameters, 1, ["f0"], seeds=[1])
        leaves = booster.predict(np.arange(40.0)[:, None], pred_leaf=True).ravel()
        sizes = np.bincount(leaves.astype(int))
        assert sizes[sizes > 0].min() >= least
        assert len(sizes) > 40 // (3 * least), "the limit must not forbid more than it says"


def test_parameters_are_translated():
    parameters = lightgbm_parameters({"min_molecules_in_leaf": 2.5}, seed=3, threads=2)
    assert parameters["min_sum_hessian_in_leaf"] == 2.5
    assert "min_molecules_in_leaf" not in parameters
    assert parameters["min_data_in_leaf"] == 1
    assert parameters["num_threads"] == 2
    assert parameters["deterministic"]
    assert parameters["force_col_wise"]
    assert lightgbm_parameters({"min_data_in_leaf": 20}, seed=3)["min_data_in_leaf"] == 20


def test_other_names_of_parameters_have_the_same_effect():
    main = {"min_data_in_leaf": 3, "lambda_l2": 0.5, "max_bin": 15}
    other = {"min_child_samples": 3, "reg_lambda": 0.5, "max_bins": 15}
    assert lightgbm_parameters(other, seed=1) == lightgbm_parameters(main, seed=1)
    with pytest.raises(UserError, match="did you mean"):
        lightgbm_parameters({"num_leafs": 5}, seed=1)


def test_trained_model_does_not_depend_on_threads():
    rng = np.random.default_rng(3)
    rows = make_rows([20] * 100, rng.normal(size=(2000, 30)))
    labels = rng.normal(size=100)
    study = {"feature_fraction": 0.5, "bagging_fraction": 0.7, "bagging_freq": 1}
    texts = []
    for threads in (1, 2):
        parameters = lightgbm_parameters(study, seed=1, threads=threads)
        (booster,) = train_models(rows, labels, parameters, 20, rows.feature_names, seeds=[1])
        texts.append(booster.model_to_string().split("\nparameters:")[0])
    assert texts[0] == texts[1]


def test_log10_is_undone_and_needs_positive_labels():
    transform = LabelTransform("log10")
    labels = np.array([0.01, 1.0, 350.0])
    np.testing.assert_allclose(transform.forward(labels), [-2, 0, np.log10(350)])
    np.testing.assert_allclose(transform.inverse(transform.forward(labels)), labels)
    with pytest.raises(UserError, match="label -1 is not positive"):
        transform.forward(np.array([2.0, -1.0]))
    with pytest.raises(UserError, match="'ln' is not known"):
        LabelTransform("ln")


def test_names_that_lightgbm_refuses_are_mended():
    X = np.random.default_rng(0).normal(size=(30, 1))
    name = safe_name('a"b,c:d[e]f{g} h')
    lgb.Dataset(X, label=X[:, 0], feature_name=[name]).construct()
    assert safe_name("25%DPSA1_DGmmff") == "25%DPSA1_DGmmff"


def test_waiting_threads_are_passive():
    code = "import os, confaug.learning.lightgbm_learner; print(os.environ['OMP_WAIT_POLICY'])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=SCRIPTS,
        env={"PYTHONPATH": str(SCRIPTS), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "PASSIVE"
