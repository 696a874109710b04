import numpy as np
import pytest

from confaug.errors import UserError
from confaug.learning.consensus import combine_best, consensus_table
from confaug.learning.predictions import Predictions, error_metrics
from confaug.tables.engine import check_table
from confaug.tables.learning import CONSENSUS


def predictions(part, values, labels=(1.0, 2.0, 3.0)):
    values = np.asarray(values, dtype=float)
    n = len(values)
    return Predictions(
        part,
        np.array([f"{part[0]}{i}" for i in range(n)]),
        np.asarray(labels, dtype=float)[:n],
        values,
        np.zeros(n),
        np.ones(n, dtype=np.int64),
        error_metrics(np.asarray(labels)[:n], values),
    )


@pytest.fixture
def candidates():
    """The worst by cross-validation is perfect on the test part, and the other way round."""
    return {
        "worst": [predictions("cross_validation", [9, 9, 9]), predictions("test", [1, 2, 3])],
        "best": [predictions("cross_validation", [1, 2, 3]), predictions("test", [9, 9, 9])],
        "middle": [predictions("cross_validation", [2, 3, 4]), predictions("test", [5, 5, 5])],
    }


def test_members_are_chosen_by_cross_validation_alone(candidates):
    consensus = combine_best(candidates, 2)
    assert consensus.members == ("best", "middle")
    test = next(part for part in consensus.parts if part.part == "test")
    np.testing.assert_allclose(test.predictions, [7, 7, 7])
    np.testing.assert_allclose(test.standard_deviation, [2, 2, 2])
    assert test.n_rows.tolist() == [2, 2, 2]
    assert consensus.errors == {"worst": 7.0, "best": 0.0, "middle": 1.0}
    table = check_table(consensus_table(consensus), CONSENSUS)
    assert table["variant"].to_pylist() == ["best", "middle", "worst"]
    assert table["member"].to_pylist() == [True, True, False]


def test_one_member_of_each_family(candidates):
    families = {"best": "trees", "middle": "trees", "worst": "linear"}
    assert combine_best(candidates, 2, families).members == ("best", "worst")
    assert combine_best(candidates, 3, families).members == ("best", "worst")


def test_the_constant_is_no_candidate_unless_it_is_the_only_one(candidates):
    families = {"best": "constant", "middle": "trees", "worst": "linear"}
    consensus = combine_best(candidates, 5, families)
    assert consensus.members == ("middle", "worst")
    assert set(consensus.errors) == {"middle", "worst"}
    assert combine_best({"best": candidates["best"]}, 3, families).members == ("best",)


def test_a_consensus_is_never_worse_than_its_members_on_average(candidates):
    consensus = combine_best(candidates, 3)
    for part in consensus.parts:
        own = [p for parts in candidates.values() for p in parts if p.part == part.part]
        errors = [error_metrics(p.labels, p.predictions)["mae"] for p in own]
        assert error_metrics(part.labels, part.predictions)["mae"] <= np.mean(errors) + 1e-12


def test_ties_are_broken_by_name_and_few_candidates_are_all_taken(candidates):
    twins = {"b": candidates["best"], "a": candidates["best"]}
    assert combine_best(twins, 1).members == ("a",)
    assert combine_best(twins, 5).members == ("a", "b")


def test_candidates_of_other_splits_are_refused(candidates):
    candidates["middle"] = [predictions("cross_validation", [2, 3])]
    with pytest.raises(UserError, match="not predicted the same cross_validation molecules"):
        combine_best(candidates, 3)
    with pytest.raises(UserError, match="at least one variant"):
        combine_best({}, 3)
