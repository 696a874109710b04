"""How long jobs take by the clock when some of them run at the same time."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from confaug.infrastructure.snakemake_jobs import PlannedJob

#: Seconds that Snakemake takes for its plan, and to start a job and to note that it has ended.
PLANNING, STARTING = 4.0, 0.3


@dataclass(frozen=True)
class Schedule:
    """When the unfinished jobs of a plan run.

    Attributes
    ----------
    clock
        Seconds until the last one ends; 0 if there are none.
    idle
        Share of the cores' time in which they have no job, from the first job on.
    """

    clock: float
    idle: float


def clock_seconds(jobs: Sequence[PlannedJob], seconds: Sequence[float], cores: int) -> float:
    """Return how long the unfinished jobs of a plan take on so many cores.

    Parameters
    ----------
    jobs, seconds, cores
        As for `schedule_jobs`.
    """
    return schedule_jobs(jobs, seconds, cores).clock


def schedule_jobs(jobs: Sequence[PlannedJob], seconds: Sequence[float], cores: int) -> Schedule:
    """Return how the unfinished jobs of a plan share so many cores.

    A job starts as soon as those that it waits for have ended and its cores are free; of several
    that could start, the one of the highest priority does, or else the longest.

    Parameters
    ----------
    jobs
        A plan, see `snakemake_jobs.plan_jobs`.
    seconds
        What each job takes by the clock, see `order.seconds_by_the_clock`.
    """
    cores = max(1, cores)
    threads = [max(1, min(job.threads, cores)) for job in jobs]
    durations, followers = _durations(jobs, seconds), _followers(jobs)
    waiting = [len(job.needs) for job in jobs]

    def rank(number: int) -> tuple[float, float, int]:
        return -jobs[number].priority, -durations[number], number

    ready = [rank(number) for number, count in enumerate(waiting) if not count]
    heapq.heapify(ready)
    running: list[tuple[float, int]] = []
    free, now, busy = cores, 0.0, 0.0
    while ready or running:
        too_wide = []
        while ready and free:
            number = heapq.heappop(ready)[-1]
            if threads[number] > free:
                too_wide.append(number)
                continue
            heapq.heappush(running, (now + durations[number], number))
            free -= threads[number]
        for number in too_wide:
            heapq.heappush(ready, rank(number))
        now, number = heapq.heappop(running)
        free += threads[number]
        busy += durations[number] * threads[number]
        for follower in followers[number]:
            waiting[follower] -= 1
            if not waiting[follower]:
                heapq.heappush(ready, rank(follower))
    return Schedule(PLANNING + now, 1 - busy / (cores * now)) if now else Schedule(0.0, 0.0)


def longest_path(jobs: Sequence[PlannedJob], seconds: Sequence[float]) -> list[int]:
    """Return the places of those unfinished jobs that take longest one after the other.

    No number of cores finishes a plan faster than they take.

    Parameters
    ----------
    jobs, seconds
        As for `schedule_jobs`.
    """
    durations, followers = _durations(jobs, seconds), _followers(jobs)
    to_end = [0.0] * len(jobs)
    for number in reversed(range(len(jobs))):  # those that others wait for come first in a plan
        after = max((to_end[follower] for follower in followers[number]), default=0.0)
        to_end[number] = durations[number] + after
    path: list[int] = []
    choices: Sequence[int] = range(len(jobs))
    while choices:
        path.append(max(choices, key=lambda n: (to_end[n], -n)))
        choices = followers[path[-1]]
    return [number for number in path if not jobs[number].finished]


def _durations(jobs: Sequence[PlannedJob], seconds: Sequence[float]) -> list[float]:
    """Return what each job takes once it starts; nothing if it has finished."""
    return [
        0.0 if job.finished else STARTING + each for job, each in zip(jobs, seconds, strict=True)
    ]


def _followers(jobs: Sequence[PlannedJob]) -> list[list[int]]:
    """Return the places of the jobs that wait for each job."""
    followers: list[list[int]] = [[] for _ in jobs]
    for number, job in enumerate(jobs):
        for other in job.needs:
            followers[other].append(number)
    return followers
