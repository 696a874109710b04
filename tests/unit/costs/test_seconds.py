"""What is expected of jobs, against what the jobs of finished studies took."""

import pytest
from recorded_costs import RECORDS, by_rule, configuration, read_record

from confaug.costs.facts import UNKNOWN, StudyFacts
from confaug.costs.seconds import USUAL, expected_seconds

STUDIES = sorted(path.stem for path in RECORDS.glob("*.json"))


@pytest.fixture(scope="module")
def default():
    return read_record("default")[0]


@pytest.mark.parametrize("study", STUDIES)
def test_a_study_costs_what_is_expected_within_a_factor_of_two(study):
    _, taken, expected = map(sum, zip(*by_rule(*read_record(study)).values(), strict=True))
    assert taken / 2 < expected < 2 * taken


@pytest.mark.parametrize("study", STUDIES)
def test_no_rule_that_matters_is_far_from_what_is_expected(study):
    rules = by_rule(*read_record(study))
    whole = sum(taken for _, taken, _ in rules.values())
    wrong = {
        rule: (taken, expected)
        for rule, (_, taken, expected) in rules.items()
        if max(taken, expected) > 0.05 * whole and not taken / 3 < expected < 3 * taken
    }
    assert wrong == {}


def test_what_grows_grows(default):
    job = {"protocol": "etkdg_mmff", "repeat": "1", "shard": "2"}
    more = configuration(["config/config.yaml"])
    more["embedding"]["conformers_per_repeat"] *= 5
    larger = StudyFacts(more, default.shards, default.work, 70, 153, default.own_columns)
    once = expected_seconds("minimise_conformers", job, default)
    assert 4 * once < expected_seconds("minimise_conformers", job, larger) < 5 * once
    assert expected_seconds("minimise_conformers", job | {"shard": "0"}, default) < once
    assert expected_seconds("embed_conformers", job | {"protocol": "dg"}, default) < once / 2


def test_a_rule_that_is_not_known_is_a_short_job(default):
    assert expected_seconds("no_such_rule", {}, default) == USUAL


def test_molecules_are_assumed_before_there_are_any(tmp_path):
    facts = StudyFacts.read(configuration(["config/config.yaml"]), tmp_path / "none", "none")
    assert facts.molecules == UNKNOWN
    assert facts.molecules_of("3") == UNKNOWN
    assert (facts.training, facts.held_out) == (70, UNKNOWN - 70)
