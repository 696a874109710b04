"""How long a run is going to take, by what its jobs have taken so far."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from confaug.infrastructure.sums import sum_in_order

#: What jobs of the default study take (s), where that is more than `USUAL`. Only how they compare
#: with each other matters, and only until a job of the rule has finished.
TYPICAL = {
    "embed_conformers": 26.0,
    "describe_3d": 5.0,
    "tune_model": 42.0,
    "fit_model": 18.0,
    "evaluate_baseline": 20.0,
    "evaluate_model": 12.0,
    "tune_randomised": 130.0,
    "measure_learning_curves": 50.0,
    "study_row_splits": 28.0,
    "explain_model": 18.0,
    "measure_extrapolation": 16.0,
    "draw_polymers": 14.0,
    "draw_figures": 10.0,
    "write_report": 10.0,
    "measure_training_sizes": 9.0,
    "compare_variants": 8.0,
    "fit_final_model": 8.0,
}
USUAL = 3.5
#: Before this share of the work is done, an estimate would rest on the first jobs alone.
LEAST_SHARE = 0.05
#: A job that takes longer than expected has at least this share of its time before it.
LEAST_LEFT = 0.1
#: What a run of predictions puts before the names of rules that it shares with the study.
_PREFIX = "new_"


class Left(NamedTuple):
    """A job that is not finished: its number, its rule, and whether more jobs follow from it."""

    number: int
    rule: str
    is_checkpoint: bool


@dataclass
class Remaining:
    """Estimates the remaining time of a run.

    A job is expected to take as long as those of its rule took on average. Where none has
    finished, `TYPICAL` times are scaled by how fast this run has been. The sum over all jobs that
    are left, divided by how many seconds of jobs were done per second so far, is the remaining
    time. So cores, other users of the machine, and waiting times on a cluster need not be known.

    Attributes
    ----------
    clock
        Returns the current time (s).
    """

    clock: Callable[[], float] = time.monotonic
    _began: dict[int, float] = field(default_factory=dict)
    _rules: dict[int, str] = field(default_factory=dict)
    _finished: set[int] = field(default_factory=set)
    _numbers: Counter[str] = field(default_factory=Counter)
    _seconds: dict[str, float] = field(default_factory=dict)
    _start: float | None = None

    def begin(self, number: int, rule: str) -> None:
        """Note that a job has begun, or begun once more."""
        now = self.clock()
        self._start = now if self._start is None else self._start
        self._began[number] = now
        self._rules[number] = rule

    def finish(self, number: int, at_most: float | None = None) -> None:
        """Note that a job has finished.

        Parameters
        ----------
        number
            Number of the job; one that has not begun in this run is passed over.
        at_most
            What it took at most (s), if that is known: it may have waited before it began.
        """
        if number not in self._began:
            return
        taken = self.clock() - self._began[number]
        rule = self._rules[number]
        self._numbers[rule] += 1
        self._seconds[rule] = self._seconds.get(rule, 0.0) + (
            taken if at_most is None else min(taken, at_most)
        )
        self._finished.add(number)

    def seconds(self, left: Iterable[Left]) -> float | None:
        """Estimate the remaining time (s), never below zero; None if too little is known.

        Parameters
        ----------
        left
            The jobs that are not finished; one that has just finished may be among them.
        """
        done = sum_in_order(self._seconds.values())
        if self._start is None or done <= 0:
            return None
        now = self.clock()
        waiting = [job for job in left if job.number not in self._finished]
        expected = {rule: self._expected(rule) for rule in {job.rule for job in waiting}}
        work = sum_in_order(self._left_of(job, expected[job.rule], now) for job in waiting)
        if done < LEAST_SHARE * (done + work):
            return None
        return float(work * max(now - self._start, 0.0) / done)

    def _left_of(self, job: Left, expected: float, now: float) -> float:
        """Return what is left of one job (s)."""
        if job.number not in self._began:
            return expected
        return max(LEAST_LEFT * expected, expected - (now - self._began[job.number]))

    def _expected(self, rule: str) -> float:
        """Return how long a job of a rule is going to take (s)."""
        if number := self._numbers[rule]:
            return self._seconds[rule] / number
        done: float = sum_in_order(self._seconds.values())
        typical = sum_in_order(n * _typical(name) for name, n in self._numbers.items())
        return _typical(rule) * done / float(typical)


def _typical(rule: str) -> float:
    return TYPICAL.get(rule.removeprefix(_PREFIX), USUAL)
