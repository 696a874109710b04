import pytest

from confaug.infrastructure.remaining import LEAST_LEFT, LEAST_SHARE, Left, Remaining


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def jobs(rule, *numbers, expected=10.0):
    return [Left(number, rule, expected) for number in numbers]


def run(remaining, clock, done, seconds, at_once=1):
    """Let jobs run, some at a time."""
    remaining.seconds(done)
    for first in range(0, len(done), at_once):
        batch = done[first : first + at_once]
        for job in batch:
            remaining.begin(job.number)
        clock.now += seconds
        for job in batch:
            remaining.finish(job.number)


def test_nothing_is_promised_before_a_job_has_finished(clock):
    remaining = Remaining(clock)
    assert remaining.seconds(jobs("a", 1, 2)) is None
    remaining.begin(1)
    clock.now += 5
    assert remaining.seconds(jobs("a", 1, 2)) is None


@pytest.mark.parametrize("expected", [0.1, 10, 500])
def test_equal_jobs_take_as_long_as_those_before(clock, expected):
    remaining = Remaining(clock)
    run(remaining, clock, jobs("a", 1, 2, 3, expected=expected), 10)
    assert remaining.seconds(jobs("a", 4, 5, expected=expected)) == pytest.approx(20)


@pytest.mark.parametrize("cores", [1, 2, 4])
def test_jobs_at_the_same_time_count_by_what_they_get_done(clock, cores):
    remaining = Remaining(clock)
    run(remaining, clock, jobs("a", *range(8)), 10, at_once=cores)
    assert remaining.seconds(jobs("a", *range(8, 16))) == pytest.approx(80 / cores)


def test_rules_are_scaled_by_their_own_jobs_and_others_by_all(clock):
    remaining = Remaining(clock)
    run(remaining, clock, jobs("slow", 1, 2, expected=10), 30)
    run(remaining, clock, jobs("fast", 3, 4, expected=10), 10)
    assert remaining.seconds(jobs("slow", 5, expected=20)) == pytest.approx(60)
    assert remaining.seconds(jobs("fast", 5, expected=20)) == pytest.approx(20)
    assert remaining.seconds(jobs("new", 5, expected=20)) == pytest.approx(40)


def test_a_long_job_counts_more_than_many_short_ones(clock):
    remaining = Remaining(clock)
    run(remaining, clock, jobs("short", *range(100), expected=1), 1)
    long, short = jobs("long", 200, expected=1000), jobs("short", 201, 202, expected=1)
    assert remaining.seconds(long) == pytest.approx(500 * remaining.seconds(short))


def test_too_little_work_says_nothing(clock):
    remaining = Remaining(clock)
    run(remaining, clock, jobs("a", 1, expected=1), 1)
    assert remaining.seconds(jobs("b", 2, expected=1.01 / LEAST_SHARE)) is None
    assert remaining.seconds(jobs("b", 2, expected=0.9 / LEAST_SHARE)) is not None


def test_a_running_job_counts_down_but_never_to_nothing_or_below(clock):
    remaining = Remaining(clock)
    run(remaining, clock, jobs("a", *range(9)), 10)
    remaining.begin(9)
    before = remaining.seconds(jobs("a", 9))
    clock.now += 4
    assert 0 < remaining.seconds(jobs("a", 9)) < before
    clock.now += 10_000
    late = remaining.seconds(jobs("a", 9))
    assert late == pytest.approx(LEAST_LEFT * 10 * (clock.now - 100) / 90)


def test_a_job_that_waited_in_a_queue_counts_by_what_its_log_says(clock):
    remaining = Remaining(clock)
    remaining.seconds(jobs("a", *range(6)))
    for number in range(4):  # submitted at once, and run one after the other
        remaining.begin(number)
    for number in range(4):
        clock.now += 10
        remaining.finish(number, at_most=10)
    assert remaining.seconds(jobs("a", 4, 5)) == pytest.approx(20)


def test_a_job_that_is_begun_again_counts_once(clock):
    remaining = Remaining(clock)
    remaining.seconds(jobs("a", 1, 2))
    remaining.begin(1)
    clock.now += 100
    remaining.begin(1)
    clock.now += 10
    remaining.finish(1)
    remaining.finish(99)  # never begun here
    assert remaining.seconds(jobs("a", 1, 2)) == pytest.approx(10 * 110 / 10)


def test_the_job_that_has_just_finished_is_not_left(clock):
    remaining = Remaining(clock)
    run(remaining, clock, jobs("a", 1, 2), 10)
    assert remaining.seconds(jobs("a", 1, 2)) == 0


def test_jobs_that_were_never_planned_promise_nothing(clock):
    remaining = Remaining(clock)
    remaining.begin(1)
    clock.now += 10
    remaining.finish(1)
    assert remaining.seconds(jobs("a", 2)) is None
