"""How long jobs take by the clock."""

import pytest

from confaug.costs.schedule import PLANNING, STARTING, clock_seconds, longest_path, schedule_jobs
from confaug.infrastructure.snakemake_jobs import PlannedJob


def job(*needs, threads=1, finished=False, priority=0.0):
    return PlannedJob("rule", {}, threads, 500, needs, finished, priority)


def test_jobs_of_a_chain_run_one_after_the_other():
    chain = [job(), job(0), job(1)]
    expected = PLANNING + 3 * STARTING + 60
    for cores in (1, 2, 8):
        assert clock_seconds(chain, [10, 20, 30], cores) == pytest.approx(expected)


def test_independent_jobs_share_the_cores():
    jobs = [job() for _ in range(4)]
    alone = clock_seconds(jobs, [10, 10, 10, 10], 1)
    assert alone == pytest.approx(PLANNING + 4 * (10 + STARTING))
    assert clock_seconds(jobs, [10, 10, 10, 10], 2) == pytest.approx(PLANNING + 20 + 2 * STARTING)
    assert clock_seconds(jobs, [10, 10, 10, 10], 99) == pytest.approx(PLANNING + 10 + STARTING)


def test_the_longest_job_starts_first():
    jobs = [job(), job(), job()]
    assert clock_seconds(jobs, [1, 1, 20], 2) == pytest.approx(PLANNING + 20 + STARTING)


def test_a_priority_goes_before_length():
    first = job(priority=1)
    jobs = [first, job(), job(), job(0)]
    seconds = [1, 10, 10, 20]
    expected = PLANNING + 1 + 20 + 2 * STARTING
    assert clock_seconds(jobs, seconds, 2) == pytest.approx(expected)
    late = [job(), *jobs[1:]]
    assert clock_seconds(late, seconds, 2) == pytest.approx(expected + 10 + STARTING)


def test_cores_without_a_job_are_idle():
    jobs = [job(), job(threads=3)]
    schedule = schedule_jobs(jobs, [10 - STARTING, 4 - STARTING], 4)
    assert schedule.clock == pytest.approx(PLANNING + 10)
    assert schedule.idle == pytest.approx(3 * 6 / 40)
    assert schedule_jobs([job(), job()], [5, 5], 2).idle == pytest.approx(0)
    assert schedule_jobs([job(finished=True)], [5], 2).idle == 0


def test_the_longest_path_takes_as_long_as_a_study_with_a_core_for_every_job():
    jobs = [job(finished=True), job(0), job(0), job(1), job(2), job(3, 4)]
    seconds = [50, 3, 4, 9, 20, 1]
    assert longest_path(jobs, seconds) == [2, 4, 5]
    path = 4 + 20 + 1 + 3 * STARTING
    assert clock_seconds(jobs, seconds, 8) == pytest.approx(PLANNING + path)


def test_a_job_of_several_threads_takes_as_many_cores():
    wide, narrow = job(threads=3), job()
    alone = PLANNING + STARTING + 10
    assert clock_seconds([wide], [10], 2) == pytest.approx(alone), "no more cores than there are"
    assert clock_seconds([wide, narrow], [10, 10], 4) == pytest.approx(alone)
    assert clock_seconds([wide, narrow], [10, 10], 3) == pytest.approx(alone + STARTING + 10)
    narrow_first = clock_seconds([wide, narrow, narrow], [9, 10, 10], 3)
    assert narrow_first == pytest.approx(alone + STARTING + 9), "what fits goes on beside"


def test_finished_jobs_take_no_time_and_let_others_start():
    jobs = [job(finished=True), job(0)]
    assert clock_seconds(jobs, [100, 7], 1) == pytest.approx(PLANNING + 7 + STARTING)
    assert clock_seconds([job(finished=True)], [100], 1) == 0


def test_no_plan_is_shorter_than_its_work_or_its_longest_chain():
    jobs = [job(), job(0), job(0), job(1, 2), job(), job(4)]
    seconds = [5, 30, 10, 5, 20, 20]
    for cores in (1, 2, 3):
        clock = clock_seconds(jobs, seconds, cores)
        assert clock >= sum(seconds) / cores
        assert clock >= 5 + 30 + 5
        assert clock <= PLANNING + sum(seconds) + len(jobs) * STARTING
