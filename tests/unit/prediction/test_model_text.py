"""Every model that LightGBM writes for this program passes; an attacker's text does not."""

import re
import warnings

import lightgbm as lgb
import numpy as np
import pytest
from bundle_mutations import with_tree_sizes

from confaug.errors import UserError
from confaug.learning.lightgbm_learner import lightgbm_parameters, make_dataset
from confaug.prediction.model_text import MAX_DEPTH, check_model_text

FEATURES = ["nC", "ATS0dv", "MATS1[a]", "25%DPSA1_DGmmff", "a=b", "BCUTi-1h", "x", "Xc,3d"]
SETTINGS = {
    "defaults": {},
    "random thresholds": {"extra_trees": True},
    "few bins": {"max_bin": 2},
    "many bins": {"max_bin": 255, "min_data_in_bin": 1, "num_leaves": 150},
    "zero is missing": {"zero_as_missing": True},
    "nothing is missing": {"use_missing": False},
    "stumps": {"max_depth": 1},
    "two leaves": {"num_leaves": 2},
    "shallow": {"max_depth": 3, "num_leaves": 50},
    "one leaf": {"min_gain_to_split": 1e12},
    "absolute error": {"objective": "regression_l1"},
    "huber": {"objective": "huber", "alpha": 0.5},
    "dropout": {"boosting": "dart", "drop_rate": 0.5},
    "dropout as by XGBoost": {"boosting": "dart", "drop_rate": 0.5, "xgboost_dart_mode": True},
    "dear splits": {"cegb_penalty_split": 0.01, "feature_fraction_bynode": 0.5},
    "smoothed": {"path_smooth": 3.0, "lambda_l1": 0.8, "lambda_l2": 0.2},
    "from zero": {"boost_from_average": False, "max_delta_step": 0.1},
    "slow": {"learning_rate": 1e-5},
    "bagging": {"bagging_fraction": 0.5, "bagging_freq": 1, "feature_fraction": 0.6},
}
SCALES = {"plain": 1.0, "whole": None, "huge": 1e30, "tiny": 1e-38}


def train(parameters, scale=1.0, missing=True, rows=200):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(rows, len(FEATURES)))
    labels = 5 + X[:, 0] + X[:, 1] ** 2
    X = (np.round(2 * X) if scale is None else X * scale).astype(np.float32)
    if missing:
        X[rng.random(X.shape) < 0.3] = np.nan
    translated = lightgbm_parameters(parameters, seed=1)
    dataset = make_dataset(X, labels, rng.random(rows), FEATURES, translated)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return lgb.train(translated, dataset, num_boost_round=8), X


@pytest.fixture(scope="module")
def text():
    return train({"num_leaves": 6})[0].model_to_string()


def refusal(text, parameters=None, features=FEATURES):
    with pytest.raises(UserError) as error:
        check_model_text(text.encode(), features, parameters or {})
    return str(error.value)


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
@pytest.mark.parametrize("parameters", SETTINGS.values(), ids=SETTINGS)
def test_what_lightgbm_writes_passes_and_predicts_as_before(parameters, scale):
    for missing in (False, True):
        booster, X = train(parameters, scale, missing)
        checked = check_model_text(booster.model_to_string().encode(), FEATURES, parameters)
        assert checked.endswith("end of trees\n")
        again = lgb.Booster(model_str=checked)
        np.testing.assert_array_equal(again.predict(X), booster.predict(X))
        np.testing.assert_array_equal(
            again.predict(X[:5], pred_contrib=True), booster.predict(X[:5], pred_contrib=True)
        )


def test_thresholds_of_missing_values_are_infinite_and_accepted():
    text = train({"max_bin": 2})[0].model_to_string()
    assert re.search(r"^threshold=.*\binf\b", text, re.MULTILINE)
    check_model_text(text.encode(), FEATURES, {"max_bin": 2})
    assert "tree 0 is not complete" in refusal(
        with_tree_sizes(re.sub(r"(?m)^(threshold=.*?)\binf\b", r"\1-inf", text, count=1))
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("num_tree_per_iteration=1", "num_tree_per_iteration=7"),
        ("num_tree_per_iteration=1", "num_tree_per_iteration=200000"),
        ("num_tree_per_iteration=1\n", ""),
        ("num_class=1", "num_class=2"),
        ("num_class=1", "num_class=1\nnum_class=7"),
        ("version=v4", "version=v5"),
        ("label_index=0", "label_index=-9"),
        ("objective=regression\n", "objective=regression\naverage_output\n"),
        ("objective=regression\n", ""),
        ("objective=regression\n", "objective=regression\nlinear_tree=1\n"),
        ("feature_infos=[", "feature_infos=0:1:2 ["),
        ("tree\n", ""),
        ("tree\n", "\ufefftree\n"),
        ("tree\n", "\x00tree\n"),
        ("\n", "\r\n"),
        ("pandas_categorical:null", "pandas_categorical:[[1]]"),
        ("end of parameters\n", ""),
        ("end of trees\n", ""),
        ("\nend of trees\n", "\nTree=8\nnum_leaves=1\n\n\nend of trees\n"),
    ],
)
def test_another_kind_of_model_is_refused(text, old, new):
    assert old in text
    assert "is not a LightGBM model of this program" in refusal(text.replace(old, new))


def test_the_objective_and_the_features_are_those_declared(text):
    forged = text.replace("objective=regression", "objective=poisson")
    assert "its objective is poisson, not regression" in refusal(forged)
    assert "is regression, not huber" in refusal(text, {"objective": "huber"})
    assert "reg_sqrt" in refusal(text, {"reg_sqrt": True})
    assert "'rf' is not supported" in refusal(text, {"boosting": "rf"})
    assert "other features" in refusal(text, features=FEATURES[::-1])
    assert "other than 7 entries" in refusal(text, features=FEATURES[1:])
    forged = text.replace("max_feature_idx=7", "max_feature_idx=9")
    assert "max_feature_idx is 9" in refusal(forged)


def edited(text, key, edit, tree=2):
    """Edit the entries of one line of one tree; the sizes of the trees are made right."""
    lines = text.split("\n")
    place = next(i for i in range(lines.index(f"Tree={tree}"), len(lines)) if key in lines[i])
    name, _, value = lines[place].partition("=")
    lines[place] = f"{name}={' '.join(map(str, edit(value.split(' '))))}"
    return with_tree_sizes("\n".join(lines))


def test_an_edit_that_changes_nothing_passes(text):
    same = edited(text, "left_child", lambda items: items)
    assert same == text
    check_model_text(same.encode(), FEATURES, {})


@pytest.mark.parametrize(
    ("key", "edit", "fault"),
    [
        ("left_child", lambda items: ["0", *items[1:]], "nodes do not form one tree"),
        ("left_child", lambda items: ["99", *items[1:]], "nodes do not form one tree"),
        ("left_child", lambda items: ["-99", *items[1:]], "do not"),
        ("right_child", lambda items: items[:-1], "right_child has 4 entries instead of 5"),
        ("leaf_value", lambda items: [*items, "1"], "leaf_value has 7 entries instead of 6"),
        ("leaf_value", lambda items: ["nan", *items[1:]], "is not complete"),
        ("leaf_value", lambda items: ["inf", *items[1:]], "is not complete"),
        ("leaf_value", lambda items: ["1e+999", *items[1:]], "is not complete"),
        ("threshold", lambda items: ["nan", *items[1:]], "is not complete"),
        ("threshold", lambda items: ["-1e+999", *items[1:]], "is not complete"),
        ("threshold", lambda items: ["1e-400", *items[1:]], "is not complete"),
        ("threshold", lambda items: ["0x10", *items[1:]], "is not complete"),
        ("split_feature", lambda items: ["8", *items[1:]], "a feature that the model does not"),
        ("split_feature", lambda items: ["-1", *items[1:]], "is not complete"),
        ("decision_type", lambda items: ["1", *items[1:]], "a split is not numerical"),
        ("decision_type", lambda items: ["12", *items[1:]], "a split is not numerical"),
        ("num_leaves", lambda _: ["7"], "has 5 entries instead of 6"),
        ("num_leaves", lambda _: ["0"], "it has 0 leaves"),
        ("num_leaves", lambda _: ["999999"], "it has 999999 leaves"),
        ("num_leaves", lambda _: ["1"], "has 5 entries instead of 0"),
        ("num_cat", lambda _: ["1"], "is not complete"),
        ("is_linear", lambda _: ["1"], "is not complete"),
        ("shrinkage", lambda _: ["nan"], "is not complete"),
        ("leaf_count", lambda items: ["-5", *items[1:]], "is not complete"),
        ("Tree=2", lambda _: ["3"], "tree 2 is not complete"),
    ],
)
def test_a_tree_that_is_none_is_refused_by_number(text, key, edit, fault):
    told = refusal(edited(text, key, edit))
    assert fault in told
    assert "tree 2" in told


def test_a_circle_below_the_root_is_refused(text):
    """Nodes 3 and 4 have each other for children; every number occurs once all the same."""
    forged = edited(text, "left_child", lambda _: ["1", "-1", "-2", "4", "3"])
    forged = edited(forged, "right_child", lambda _: ["2", "-3", "-4", "-5", "-6"])
    assert "circle" in refusal(forged)


def test_every_cut_and_every_missing_line_is_refused(text):
    for end in range(0, len(text), 97):
        assert "is not a LightGBM model" in refusal(text[:end])
    lines = text.split("\n")
    for place in range(lines.index("feature_importances:")):
        assert "is not a LightGBM model" in refusal("\n".join(lines[:place] + lines[place + 1 :]))


def test_tree_sizes_are_those_of_the_trees(text):
    size = re.search(r"tree_sizes=(\d+)", text)[1]
    for other in ("0", "1", "9999999999", str(int(size) + 1), f"{size} {size}"):
        told = refusal(text.replace(f"tree_sizes={size}", f"tree_sizes={other}", 1))
        assert re.search(r"tree [01] is not complete", told)


def chain(text, splits):
    """Put a tree that is one long branch in place of tree 2."""
    few = {"left_child": [*range(1, splits), -1], "right_child": range(-2, -2 - splits, -1)}
    few |= {"split_feature": [0] * splits, "decision_type": [2] * splits, "threshold": [0] * splits}
    few |= dict.fromkeys(("split_gain", "internal_value", "internal_weight"), [1] * splits)
    few |= {"internal_count": [1] * splits, "num_leaves": [splits + 1]}
    few |= dict.fromkeys(("leaf_value", "leaf_weight", "leaf_count"), [1] * (splits + 1))
    for key, items in few.items():
        text = edited(text, key, lambda _, items=items: items)
    return text


def test_a_tree_is_not_deeper_than_recursion_can_go(text):
    checked = check_model_text(chain(text, MAX_DEPTH).encode(), FEATURES, {})
    rows = np.zeros((1, len(FEATURES)))
    assert np.isfinite(lgb.Booster(model_str=checked).predict(rows, pred_contrib=True)).all()
    assert f"deeper than {MAX_DEPTH} splits" in refusal(chain(text, MAX_DEPTH + 1))
