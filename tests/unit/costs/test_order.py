"""Which jobs start first, and which get more than one core."""

import pytest
from recorded_costs import configuration

from confaug.costs.facts import StudyFacts
from confaug.costs.order import (
    EXAMINING,
    RANDOMISING,
    TUNING,
    folds_at_once,
    seconds_to_end,
    speed_up,
)
from confaug.costs.seconds import expected_seconds


@pytest.fixture(params=["config", "lecture", "quick"])
def study(request, tmp_path):
    config = configuration([f"config/{request.param}.yaml"])
    facts = StudyFacts.read(config, tmp_path / "none.json", tmp_path / "none.parquet")
    tuned = [name for name, one in facts.variants.items() if one.learner == "lightgbm"]
    return facts, tuned


def test_a_tuning_counts_what_waits_for_its_model(study):
    facts, tuned = study
    randomised = facts.config["evaluation"]["y_randomisations"]
    for name in tuned:
        wildcards = {"variant": name, "replicate": "1"}
        own = expected_seconds(TUNING, wildcards, facts)
        after = seconds_to_end(TUNING, wildcards, facts) - own
        if name != facts.main:
            assert after == 0
        else:
            curves = expected_seconds("measure_learning_curves", {}, facts)
            assert after == pytest.approx(curves) or (after > curves and randomised)
    for rule in EXAMINING:
        assert seconds_to_end(rule, {}, facts) == expected_seconds(rule, {}, facts)


def test_longer_tunings_get_more_cores_where_there_are_some(study):
    facts, tuned = study

    def threads(cores):
        return [folds_at_once(TUNING, {"variant": name}, facts, tuned, cores) for name in tuned]

    assert threads(None) == threads(1) == [1] * len(tuned), "a cluster gives each job its own"
    for cores in (2, 4, 8, 64):
        work = [expected_seconds(TUNING, {"variant": name}, facts) for name in tuned]
        given = threads(cores)
        assert all(1 <= number <= facts.config["splits"]["folds"] for number in given)
        ranked = [number for _, number in sorted(zip(work, given, strict=True))]
        assert ranked == sorted(ranked)
    randomised = folds_at_once(RANDOMISING, {}, facts, tuned, 8)
    assert max(*threads(8), randomised) > 1, "eight do not"
    assert max(threads(64)) == facts.config["splits"]["folds"]


def test_many_splits_need_no_threads(study):
    facts, tuned = study
    many = {**facts.config, "splits": {**facts.config["splits"], "replicates": 10}}
    wide = StudyFacts(many, facts.shards, facts.work, 70, 153, facts.own_columns)
    assert {folds_at_once(TUNING, {"variant": n}, wide, tuned, 8) for n in tuned} == {1}


@pytest.mark.parametrize(
    ("folds", "threads", "expected"),
    [(5, 1, 1), (5, 2, 5 / 3), (5, 3, 2.5), (5, 4, 2.5), (5, 5, 5), (3, 2, 1.5)],
)
def test_folds_wait_for_the_slowest_thread(folds, threads, expected):
    assert speed_up(folds, threads) == pytest.approx(expected)


def test_no_thread_is_given_that_saves_nothing(study):
    facts, tuned = study
    given = {
        folds_at_once(TUNING, {"variant": name}, facts, tuned, cores)
        for name in tuned
        for cores in range(1, 65)
    }
    folds = facts.config["splits"]["folds"]
    assert all(n == 1 or speed_up(folds, n) > speed_up(folds, n - 1) for n in given)
