"""What a study costs as a whole."""

from collections import Counter
from dataclasses import replace

import pytest
from recorded_costs import configuration, parse_job, read_record

from confaug.costs.disk import disk_bytes
from confaug.costs.embedding import Shape
from confaug.costs.facts import StudyFacts
from confaug.costs.seconds import START, expected_seconds
from confaug.costs.study import CONFORMERS, RANDOMISATION, cost_of, slowest_molecules
from confaug.infrastructure.snakemake_jobs import PlannedJob

SHORT, LONG = Shape.of("CCO"), Shape.of("C" * 30)


@pytest.fixture(scope="module")
def record():
    return read_record("default")


def planned(record, finished=frozenset()):
    """Return the jobs of a recorded study as if they did not wait for each other."""
    jobs = []
    for name in record[1]:
        rule, wildcards = parse_job(name)
        memory = 2000 if rule == "fit_final_model" else 900
        jobs.append(PlannedJob(rule, wildcards, 1, memory, (), rule in finished))
    return jobs


def test_the_cost_is_the_sum_of_all_jobs_and_of_its_parts(record):
    facts, jobs = record[0], planned(record)
    cost = cost_of(jobs, facts, 2)
    each = [expected_seconds(job.rule, job.wildcards, facts) for job in jobs]
    assert cost.processor == pytest.approx(sum(each))
    assert sum(cost.parts.values()) == pytest.approx(cost.processor)
    assert cost.parts[CONFORMERS] > cost.parts[RANDOMISATION] > 10
    assert (cost.jobs, cost.finished, cost.remaining) == (len(jobs), 0, cost.processor)
    assert (cost.memory, cost.together) == (2000, 2900)
    assert cost.processor / 2 < cost.clock < cost.processor


def test_what_is_finished_is_not_left(record):
    rules = Counter(job.rule for job in planned(record))
    made = {"embed_conformers", "minimise_conformers"}
    cost = cost_of(planned(record, made), record[0], 1)
    assert cost.finished == sum(rules[rule] for rule in made)
    assert cost.remaining < 0.7 * cost.processor
    assert cost_of(planned(record, set(rules)), record[0], 1).clock == 0


def test_the_slowest_molecules_come_first_with_their_shares(record):
    shapes = {"a": SHORT, "b": LONG, "c": SHORT}
    found = slowest_molecules(record[0], shapes, 2)
    assert [one.molecule for one in found] == ["b", "a"]
    whole = slowest_molecules(record[0], shapes, 3)
    assert sum(one.share for one in whole) == pytest.approx(1)
    assert whole[0].seconds / whole[0].share == pytest.approx(sum(one.seconds for one in whole))


def test_a_molecule_takes_what_the_jobs_of_its_conformers_take(record):
    """Embedded once for each method, and minimised for each protocol with a force field."""
    facts = replace(record[0], shards={"0": 1}, work={"0": 1.0}).with_shapes({"0": [LONG]})
    jobs = {"embed_conformers": ("dg", "etkdg")}
    jobs["minimise_conformers"] = ("dg_mmff", "dg_uff", "etkdg_mmff", "etkdg_uff")
    expected = sum(
        expected_seconds(rule, {"protocol": name, "shard": "0"}, facts) - START[rule]
        for rule, names in jobs.items()
        for name in names
    )
    (found,) = slowest_molecules(facts, {"a": LONG}, 1)
    assert found.seconds == pytest.approx(expected)


def test_a_study_without_conformers_has_no_slow_molecules(record):
    config = configuration(["config/config.yaml"])
    config["variants"] = {"constant": {"representation": "rdkit_2d", "learner": "constant"}}
    facts = StudyFacts(config, {"0": 3}, {"0": 3.0}, 2, 1, record[0].own_columns)
    assert slowest_molecules(facts, {"a": SHORT, "b": LONG}, 3) == []
    assert disk_bytes(facts, 30) < disk_bytes(record[0], 30) / 5


@pytest.mark.parametrize(
    ("study", "megabytes"), [("default", 130), ("ten_splits", 209), ("quick", 9), ("tutorial", 15)]
)
def test_the_disk_is_as_large_as_measured_within_a_factor_of_two(study, megabytes):
    facts, seconds = read_record(study)
    assert megabytes / 2 < disk_bytes(facts, len(seconds)) / 1e6 < 2 * megabytes
