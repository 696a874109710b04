import lightgbm as lgb
import pytest

from confaug.config.lightgbm_parameters import (
    ALIASES,
    DATASET_PARAMETERS,
    RESERVED,
    canonical_name,
    canonical_parameters,
    check_tuned_parameters,
)
from confaug.config.lightgbm_values import UNSUITABLE, USEFUL
from confaug.errors import UserError


def choice(*values):
    return {"type": "choice", "values": list(values)}


RESERVED_NAMES = sorted(name for main in RESERVED for name in (main, *ALIASES[main]))


def test_the_names_are_those_of_the_installed_lightgbm():
    theirs = lgb.basic._ConfigAliases._get_all_param_aliases()
    assert {name: set(others) | {name} for name, others in ALIASES.items()} == {
        name: set(names) for name, names in theirs.items()
    }
    assert set(DATASET_PARAMETERS) <= set(USEFUL)


def test_every_parameter_is_useful_reserved_or_refused():
    assert sorted([*USEFUL, *RESERVED, *UNSUITABLE]) == sorted(ALIASES)


@pytest.mark.parametrize("name", RESERVED_NAMES)
def test_parameters_of_the_workflow_cannot_be_set_under_any_name(name):
    with pytest.raises(UserError, match=f"'{name}' is set by the workflow"):
        canonical_parameters({name: 1})


@pytest.mark.parametrize(
    ("name", "hint"),
    [("num_leafs", "did you mean 'num_lea"), ("zzz", "remove it"), ("machinez", "remove it")],
)
def test_an_unknown_name_is_refused_in_one_sentence(name, hint):
    with pytest.raises(UserError, match=f"'tuning.{name}' is not a LightGBM parameter; {hint}"):
        canonical_name(name)


def test_names_become_the_main_ones():
    given = {"min_child_samples": 3, "reg_alpha": 0.1, "loss": "huber", "min_molecules_in_leaf": 2}
    assert canonical_parameters(given) == {
        "min_data_in_leaf": 3,
        "lambda_l1": 0.1,
        "objective": "huber",
        "min_sum_hessian_in_leaf": 2,
    }


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("eta", "learning_rate"), "'tuning.eta' and 'tuning.learning_rate' are the same"),
        (("min_child_weight", "min_molecules_in_leaf"), "are the same LightGBM parameter"),
    ],
)
def test_one_parameter_under_two_names_is_refused(names, message):
    with pytest.raises(UserError, match=message):
        canonical_parameters(dict.fromkeys(names, 0.1))


@pytest.mark.parametrize("main", UNSUITABLE)
def test_what_cannot_work_is_refused_under_any_name_with_the_reason(main):
    for name in (main, *ALIASES[main]):
        for given in ({name: 1}, {name: "x"}):
            with pytest.raises(UserError, match=f"'tuning.fixed.{name}' cannot be used") as error:
                check_tuned_parameters(given, {})
            assert UNSUITABLE[main] in str(error.value)
        entry = {"type": "int", "low": 1, "high": 2}
        with pytest.raises(UserError, match=f"'tuning.space.{name}' cannot be used"):
            check_tuned_parameters({}, {name: entry})


@pytest.mark.parametrize("name", ["objective", "loss", "application"])
def test_an_objective_whose_weights_are_not_molecules_is_refused(name):
    with pytest.raises(UserError, match="objective 'poisson' is not supported"):
        canonical_parameters({name: "poisson"})
    with pytest.raises(UserError, match=rf"tuning\.space\.{name}.*'poisson' is not supported"):
        check_tuned_parameters({}, {name: choice("huber", "poisson")})
    check_tuned_parameters({}, {name: choice("huber", "regression")})


@pytest.mark.parametrize("name", ["max_bin", "max_bins", "subsample_for_bin"])
def test_what_belongs_to_the_binned_data_cannot_be_tuned(name):
    check_tuned_parameters({name: 31}, {})
    with pytest.raises(UserError, match="belongs to the binned data"):
        check_tuned_parameters({}, {name: {"type": "int", "low": 7, "high": 31}})


def test_fixed_and_tuned_parameters_differ_under_any_name():
    with pytest.raises(UserError, match=r"'tuning\.space\.num_leaves' is also in 'tuning\.fixed'"):
        check_tuned_parameters({"max_leaves": 7}, {"num_leaves": choice(3, 7)})
