import pytest

from confaug.infrastructure.remaining import LEAST_LEFT, TYPICAL, USUAL, Left, Remaining


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def jobs(rule, *numbers):
    return [Left(number, rule, False) for number in numbers]


def run(remaining, clock, rule, numbers, seconds, at_once=1):
    """Let jobs of one rule run, some at a time."""
    for first in range(0, len(numbers), at_once):
        batch = numbers[first : first + at_once]
        for number in batch:
            remaining.begin(number, rule)
        clock.now += seconds
        for number in batch:
            remaining.finish(number)


def test_nothing_is_promised_before_a_job_has_finished(clock):
    remaining = Remaining(clock)
    assert remaining.seconds(jobs("a", 1, 2)) is None
    remaining.begin(1, "a")
    clock.now += 5
    assert remaining.seconds(jobs("a", 1, 2)) is None


def test_equal_jobs_take_as_long_as_those_before(clock):
    remaining = Remaining(clock)
    run(remaining, clock, "a", [1, 2, 3], 10)
    assert remaining.seconds(jobs("a", 4, 5)) == pytest.approx(20)


@pytest.mark.parametrize("cores", [1, 2, 4])
def test_jobs_at_the_same_time_count_by_what_they_get_done(clock, cores):
    remaining = Remaining(clock)
    run(remaining, clock, "a", list(range(8)), 10, at_once=cores)
    assert remaining.seconds(jobs("a", *range(8, 16))) == pytest.approx(80 / cores)


def test_rules_that_have_not_run_are_scaled_by_the_speed_of_this_run(clock):
    remaining = Remaining(clock)
    run(remaining, clock, "embed_conformers", list(range(20)), TYPICAL["embed_conformers"] / 2)
    assert remaining.seconds(jobs("tune_model", 20)) == pytest.approx(TYPICAL["tune_model"] / 2)
    assert remaining.seconds(jobs("new_tune_model", 20)) == remaining.seconds(
        jobs("tune_model", 20)
    )
    assert remaining.seconds(jobs("never_seen", 20)) == pytest.approx(USUAL / 2)


def test_a_long_job_counts_more_than_many_short_ones(clock):
    remaining = Remaining(clock)
    run(remaining, clock, "long", [1], 1000)
    run(remaining, clock, "short", list(range(2, 12)), 1)
    assert remaining.seconds(jobs("long", 12)) > 50 * remaining.seconds(jobs("short", 12, 13))


def test_too_little_work_says_nothing(clock):
    remaining = Remaining(clock)
    run(remaining, clock, "clean_molecules", [1], USUAL)
    assert remaining.seconds(jobs("tune_randomised", 2)) is None
    assert remaining.seconds(jobs("write_report", 2)) is not None


def test_a_running_job_counts_down_but_never_to_nothing_or_below(clock):
    remaining = Remaining(clock)
    run(remaining, clock, "a", list(range(9)), 10)
    remaining.begin(9, "a")
    before = remaining.seconds(jobs("a", 9))
    clock.now += 4
    assert 0 < remaining.seconds(jobs("a", 9)) < before
    clock.now += 10_000
    late = remaining.seconds(jobs("a", 9))
    assert late == pytest.approx(LEAST_LEFT * 10 * (clock.now - 100) / 90)
    assert late > 0


def test_a_job_that_waited_in_a_queue_counts_by_what_its_log_says(clock):
    remaining = Remaining(clock)
    for number in range(4):  # submitted at once, and run one after the other
        remaining.begin(number, "a")
    for number in range(4):
        clock.now += 10
        remaining.finish(number, at_most=10)
    assert remaining.seconds(jobs("a", 4, 5)) == pytest.approx(20)


def test_a_job_that_is_begun_again_counts_once(clock):
    remaining = Remaining(clock)
    remaining.begin(1, "a")
    clock.now += 100
    remaining.begin(1, "a")
    clock.now += 10
    remaining.finish(1)
    remaining.finish(99)  # never begun here
    assert remaining.seconds(jobs("a", 1, 2)) == pytest.approx(10 * 110 / 10)


def test_the_job_that_has_just_finished_is_not_left(clock):
    remaining = Remaining(clock)
    run(remaining, clock, "a", [1, 2], 10)
    assert remaining.seconds(jobs("a", 1, 2)) == 0
