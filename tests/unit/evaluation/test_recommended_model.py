"""What a study recommends follows from the out-of-fold errors of its training molecules alone."""

import json

import numpy as np
import pyarrow as pa
import pytest

from confaug.errors import UserError
from confaug.evaluation.recommended_model import (
    RecommendedModel,
    make_candidates,
    out_of_fold_errors,
    recommend_model,
)
from confaug.tables.learning import PREDICTIONS

NEEDS = {"ridge": False, "pls": False, "shapes": True}
FAMILIES = {"ridge": "ridge", "pls": "pls", "shapes": "lightgbm"}


def predictions(errors, test=()):
    """Make a table with an error for every training molecule, and of some test molecules."""
    parts = [("cross_validation", errors), ("test", dict(test))]
    rows = [
        {
            "molecule": name,
            "part": part,
            "label": 100.0,
            "prediction": 100.0 + error,
            "standard_deviation": 0.0,
            "n_rows": 1,
        }
        for part, found in parts
        for name, error in found.items()
    ]
    return pa.Table.from_pylist(rows, schema=PREDICTIONS.schema())


def study(**errors):
    """Make predictions of variants in one replicate: the sizes of errors of four molecules."""
    return {
        name: {1: predictions(dict(zip("abcd", map(float, sizes), strict=True)))}
        for name, sizes in errors.items()
    }


#: Every molecule is a group of its own.
GROUPS = {name: name for name in "abcd"}


def choose(tables, size=2, chosen=("ridge",), families=FAMILIES, groups=GROUPS):
    variants = [name for name in tables if name in NEEDS]
    possible = {"consensus": variants, "consensus_2d": [n for n in variants if not NEEDS[n]]}
    consensuses = {name: possible[name] for name in possible if name in tables}
    return recommend_model(tables, NEEDS, families, consensuses, size, chosen, groups)[0]


def test_errors_are_those_out_of_fold_whatever_the_test_part_says():
    tables = {
        "ridge": {1: predictions({"a": 1, "b": -3}, test={"c": 90})},
        "pls": {1: predictions({"b": 9, "a": 9}, test={"c": 0})},
    }
    assert out_of_fold_errors(tables) == {"ridge": {"a": 1, "b": 3}, "pls": {"a": 9, "b": 9}}
    assert choose(tables).model == "ridge"


def test_a_molecule_counts_by_its_mean_over_replicates():
    tables = {"ridge": {1: predictions({"a": 2, "b": 4}), 2: predictions({"b": -8, "c": 1})}}
    assert out_of_fold_errors(tables) == {"ridge": {"a": 2, "b": 6, "c": 1}}


def test_variants_of_other_molecules_are_refused():
    tables = {"ridge": {1: predictions({"a": 1})}, "pls": {1: predictions({"b": 1})}}
    with pytest.raises(UserError, match="not been cross-validated on the same molecules"):
        out_of_fold_errors(tables)


def test_molecules_of_one_group_are_no_further_evidence():
    tables = study(ridge="1155", shapes="1166")
    assert choose(tables).runner_up.standard_error == pytest.approx(0.5 / np.sqrt(3))
    paired = choose(tables, groups={"a": "x", "b": "x", "c": "y", "d": "y"})
    assert paired.runner_up.standard_error == pytest.approx(0.5)


def test_a_consensus_costs_what_its_members_cost():
    errors = out_of_fold_errors(study(ridge="1234", shapes="1234", consensus="1234"))
    costs = [
        {
            one.name: one.cost
            for one in make_candidates(
                errors, NEEDS, {"consensus": members, "consensus_2d": ["pls"]}, GROUPS
            )
        }["consensus"]
        for members in (["ridge"], ["ridge", "pls"], ["ridge", "shapes"])
    ]
    assert costs == [(False, False), (False, True), (True, True)]


def test_a_consensus_without_conformers_is_taken_if_it_is_as_good_as_one_with_them():
    variants = study(ridge="7777", pls="8888", shapes="6666")
    tables = {**variants, **study(consensus="2413", consensus_2d="3322")}
    found = choose(tables, chosen=["consensus_2d"])
    assert (found.model, found.members) == ("consensus_2d", ("ridge", "pls"))
    assert not found.needs_conformers
    assert found.consensuses == {"consensus": ("shapes", "ridge"), "consensus_2d": found.members}
    assert found.runner_up.name == "consensus"
    worse = {**variants, **study(consensus="1111", consensus_2d="3333")}
    assert choose(worse).model == "consensus"


def test_a_single_model_is_cheaper_than_a_consensus_without_conformers():
    tables = study(ridge="2413", pls="8888", shapes="9999", consensus="9999", consensus_2d="3322")
    found = choose(tables)
    assert found.model == "ridge"
    assert found.runner_up.name == "consensus_2d"


def test_a_consensus_of_the_same_members_is_not_the_runner_up():
    variants = study(ridge="5555", pls="6666", shapes="9999")
    found = choose({**variants, **study(consensus="1111", consensus_2d="1111")})
    assert found.model == "consensus"
    assert set(found.consensuses.values()) == {("ridge", "pls")}
    assert not found.needs_conformers
    assert found.runner_up.name == "ridge"


def test_a_consensus_has_the_members_of_lowest_pooled_error_whatever_replicates_chose():
    first = study(ridge="1111", pls="2222", shapes="9999", consensus="0000")
    second = study(ridge="1111", pls="8888", shapes="0000", consensus="0000")
    tables = {name: {1: first[name][1], 2: second[name][1]} for name in first}
    found = choose(tables, chosen=["consensus", "shapes"])
    assert (found.model, found.members) == ("consensus", ("ridge", "shapes"))
    assert found.consensuses == {"consensus": found.members}
    assert found.needs_conformers
    assert found.chosen == ("consensus", "shapes")
    assert list(found.times_chosen.items()) == [("consensus", 1), ("shapes", 1)]


def test_the_constant_joins_the_consensus_only_if_there_is_nothing_else():
    tables = study(ridge="5555", pls="1111", consensus="0000")
    found = choose(tables, size=3, families={**FAMILIES, "pls": "constant"})
    assert found.consensuses == {"consensus": ("ridge",)}


def test_a_variant_is_its_own_only_member_and_the_runner_up_is_compared_with_it():
    found = choose(study(ridge="2424", shapes="1315", consensus="9999"), chosen=["shapes"] * 3)
    assert (found.model, found.members, found.needs_conformers) == ("ridge", ("ridge",), False)
    assert found.consensuses == {"consensus": ("shapes", "ridge")}
    assert found.error == 3.0
    assert found.molecules == 4
    assert found.runner_up.name == "shapes"
    assert found.runner_up.difference == pytest.approx(-0.5)
    expected = np.std([-1, -1, -1, 1], ddof=1) / 2
    assert found.runner_up.standard_error == pytest.approx(expected)
    assert found.times_chosen == {"shapes": 3}


def test_one_candidate_has_no_runner_up_and_no_consensus():
    found = choose(study(shapes="1234"))
    assert found.runner_up is None
    assert found.consensuses == {}


def test_the_facts_are_read_back_from_their_document():
    both = study(ridge="2424", pls="9999", shapes="1315", consensus="1111", consensus_2d="1111")
    for tables in (study(ridge="2424", shapes="1315"), study(shapes="1111"), both):
        found = choose(tables)
        document = json.loads(json.dumps(found.document()))
        assert RecommendedModel.from_document(document) == found


def test_what_is_fitted_is_what_was_asked_for():
    model = choose(study(ridge=[1, 1, 1, 1], pls=[2, 2, 2, 2], shapes=[9, 9, 9, 9]))
    assert model.to_fit("recommended") == ("ridge", ("ridge",))
    assert model.to_fit("shapes") == ("shapes", ("shapes",))
    with_consensus = study(ridge=[1, 1, 1, 1], shapes=[2, 2, 2, 2], consensus=[5, 5, 5, 5])
    assert choose(with_consensus).to_fit("consensus") == ("consensus", ("ridge", "shapes"))
    second = {**with_consensus, **study(pls=[3, 3, 3, 3], consensus_2d=[6, 6, 6, 6])}
    assert choose(second).to_fit("consensus_2d") == ("consensus_2d", ("ridge", "pls"))
