"""How long a run is going to take, by what its jobs have taken so far."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from confaug.infrastructure.sums import sum_in_order

#: Before this share of the work is done, an estimate would rest on the first jobs alone.
LEAST_SHARE = 0.05
#: A job that takes longer than expected has at least this share of its time before it.
LEAST_LEFT = 0.1


class Left(NamedTuple):
    """A job that is not finished.

    Attributes
    ----------
    number, rule
        What Snakemake calls it.
    expected
        Seconds that it is expected to take; only how jobs compare matters.
    is_checkpoint
        Whether further jobs follow from it.
    """

    number: int
    rule: str
    expected: float
    is_checkpoint: bool = False


@dataclass
class Remaining:
    """Estimates the remaining time of a run.

    What jobs are expected to take is multiplied by how much longer or shorter those of the same
    rule took in this run, or all jobs if none of the rule has finished. The sum over all jobs that
    are left, divided by how many seconds of jobs were done per second so far, is the remaining
    time. So cores, other users of the machine, and waiting times on a cluster need not be known.

    Attributes
    ----------
    clock
        Returns the current time (s).
    """

    clock: Callable[[], float] = time.monotonic
    _start: float | None = None
    _began: dict[int, float] = field(default_factory=dict)
    _taken: dict[int, float] = field(default_factory=dict)
    _seen: dict[int, Left] = field(default_factory=dict)

    def begin(self, number: int) -> None:
        """Note that a job has begun, or begun once more."""
        now = self.clock()
        self._start = now if self._start is None else self._start
        self._began[number] = now

    def finish(self, number: int, at_most: float | None = None) -> None:
        """Note that a job has finished.

        Parameters
        ----------
        number
            Number of the job; one that has not begun in this run is passed over.
        at_most
            What it took at most (s), if that is known: it may have waited before it began.
        """
        if number in self._began:
            taken = self.clock() - self._began[number]
            self._taken[number] = taken if at_most is None else min(taken, at_most)

    def seconds(self, left: Iterable[Left]) -> float | None:
        """Estimate the remaining time (s), never below zero; None if too little is known.

        Parameters
        ----------
        left
            The jobs that are not finished; one that has just finished may be among them.
        """
        jobs = list(left)
        self._seen.update({job.number: job for job in jobs})
        paces = self._paces()
        done = sum_in_order(self._taken.values())
        if self._start is None or None not in paces or done <= 0:
            return None
        now = self.clock()
        work = sum_in_order(
            self._left_of(job, job.expected * paces.get(job.rule, paces[None]), now)
            for job in jobs
            if job.number not in self._taken
        )
        if done < LEAST_SHARE * (done + work):
            return None
        return float(work * max(now - self._start, 0.0) / done)

    def _left_of(self, job: Left, expected: float, now: float) -> float:
        """Return what is left of one job (s)."""
        if job.number not in self._began:
            return expected
        return max(LEAST_LEFT * expected, expected - (now - self._began[job.number]))

    def _paces(self) -> dict[str | None, float]:
        """Return by rule, and under None for all, what jobs took for each expected second."""
        taken: dict[str | None, float] = defaultdict(float)
        expected: dict[str | None, float] = defaultdict(float)
        for number, seconds in self._taken.items():
            if job := self._seen.get(number):
                for name in (job.rule, None):
                    taken[name] += seconds
                    expected[name] += job.expected
        return {name: taken[name] / expected[name] for name in taken if expected[name] > 0}
