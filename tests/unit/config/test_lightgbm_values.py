"""What a study may set LightGBM's parameters to, against LightGBM itself."""

import lightgbm as lgb
import numpy as np
import pytest

from confaug.config.lightgbm_parameters import DATASET_PARAMETERS, check_tuned_parameters
from confaug.config.lightgbm_values import USEFUL
from confaug.errors import UserError

NUMBERS = [name for name, allowed in USEFUL.items() if allowed.kind in ("int", "float")]
TUNABLE = [name for name in NUMBERS if name not in DATASET_PARAMETERS]
OTHERS = [name for name in USEFUL if name not in NUMBERS]
#: Values that LightGBM 4.7 refuses, found by trying; it takes some others without a word.
IMPOSSIBLE = {
    "bagging_fraction": [0, -0.5, 1.1],
    "bin_construct_sample_cnt": [0],
    "drop_rate": [-0.1, 1.5],
    "feature_fraction": [0, 1.5],
    "feature_fraction_bynode": [0, 1.5],
    "lambda_l1": [-1],
    "lambda_l2": [-0.1],
    "learning_rate": [0, -1],
    "max_bin": [1],
    "min_data_in_bin": [0],
    "min_data_in_leaf": [-1],
    "min_gain_to_split": [-1],
    "num_leaves": [1, 131_073],
    "path_smooth": [-1],
    "skip_drop": [-0.1, 1.5],
}


def possible(name):
    """Return the ends and the middle of what is allowed."""
    allowed = USEFUL[name]
    if allowed.kind == "text":
        return list(allowed.texts)
    if allowed.kind == "bool":
        return [False, True]
    low = max(allowed.least, allowed.above)
    low = low if np.isfinite(low) else -1
    high = allowed.most if np.isfinite(allowed.most) else 64
    if allowed.kind == "int":
        return [int(low), int(min(high, 64))]
    return [low if low != allowed.above else 1e-3, (low + high) / 2, high]


def train(parameters):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(60, 3))
    given = {"objective": "regression", "verbosity": -1, "num_threads": 1, **parameters}
    given.setdefault("boosting", "dart")  # some parameters are looked at under dart only
    data = lgb.Dataset(X, label=X[:, 0], params=given)
    return lgb.train(given, data, num_boost_round=3)


@pytest.mark.parametrize("name", USEFUL)
def test_what_is_allowed_passes_and_trains(name):
    for value in possible(name):
        check_tuned_parameters({name: value}, {})
        assert train({name: value}).num_trees() > 0


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in IMPOSSIBLE.items() for value in values]
)
def test_what_lightgbm_refuses_is_refused_before(name, value):
    with pytest.raises(lgb.basic.LightGBMError):
        train({name: value})
    with pytest.raises(
        UserError, match=rf"'tuning\.fixed\.{name}': value .* is not supported; use"
    ):
        check_tuned_parameters({name: value}, {})


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_neither_texts_nor_truth_values(name):
    wrong = ["many", True, *([0.5, 2.5] if USEFUL[name].kind == "int" else [])]
    for value in wrong:
        with pytest.raises(UserError, match=rf"'tuning\.fixed\.{name}': value {value!r} is not"):
            check_tuned_parameters({name: value}, {})


@pytest.mark.parametrize("name", TUNABLE)
def test_both_bounds_and_all_choices_are_checked(name):
    allowed, kind = USEFUL[name], "int" if USEFUL[name].kind == "int" else "float"
    good = possible(name)
    low, high = good[0], good[-1]
    check_tuned_parameters({}, {name: {"type": kind, "low": low, "high": high}})
    check_tuned_parameters({}, {name: {"type": "choice", "values": good}})
    outside = []
    if np.isfinite(max(allowed.least, allowed.above)):
        outside.append(("low", -2, {"type": kind, "low": -2, "high": high}))
    if np.isfinite(allowed.most):
        outside.append(("high", 200_000, {"type": kind, "low": low, "high": 200_000}))
    outside.append(("values", "many", {"type": "choice", "values": [low, "many"]}))
    for end, value, entry in outside:
        message = rf"'tuning\.space\.{name}\.{end}': value {value!r} is not supported"
        with pytest.raises(UserError, match=message):
            check_tuned_parameters({}, {name: entry})
    if kind == "int":
        for other in ("float", "log"):
            with pytest.raises(UserError, match=rf"'tuning\.space\.{name}\.type' must be int or"):
                check_tuned_parameters({}, {name: {"type": other, "low": low, "high": high}})


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_number_is_only_chosen(name):
    with pytest.raises(UserError, match=rf"'tuning\.fixed\.{name}': .* is not supported"):
        check_tuned_parameters({name: 1}, {})
    if name in DATASET_PARAMETERS:
        return
    check_tuned_parameters({}, {name: {"type": "choice", "values": possible(name)}})
    with pytest.raises(UserError, match=rf"'tuning\.space\.{name}\.type' must be choice"):
        check_tuned_parameters({}, {name: {"type": "int", "low": 0, "high": 1}})


@pytest.mark.parametrize("boosting", ["rf", "goss", "random_forest", "gbrt"])
def test_other_kinds_of_boosting_are_refused(boosting):
    with pytest.raises(UserError, match=r"tuning\.fixed\.boost'.*; use one of gbdt, dart"):
        check_tuned_parameters({"boost": boosting}, {})
