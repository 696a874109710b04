"""How long jobs take by the clock when some of them run at the same time."""

import heapq
from collections.abc import Sequence

from confaug.infrastructure.snakemake_jobs import PlannedJob

#: Seconds that Snakemake takes for its plan, and to start a job and to note that it has ended.
PLANNING, STARTING = 4.0, 0.3


def clock_seconds(jobs: Sequence[PlannedJob], seconds: Sequence[float], cores: int) -> float:
    """Return how long the unfinished jobs of a plan take on so many cores.

    A job starts as soon as those that it waits for have ended and its cores are free; of several
    that could start, the longest does.

    Parameters
    ----------
    jobs
        A plan, see `snakemake_jobs.plan_jobs`.
    seconds
        What each job takes by the clock.
    """
    threads = [max(1, min(job.threads, cores)) for job in jobs]
    durations = [
        0.0 if job.finished else STARTING + each for job, each in zip(jobs, seconds, strict=True)
    ]
    waiting = [len(job.needs) for job in jobs]
    followers: list[list[int]] = [[] for _ in jobs]
    for number, job in enumerate(jobs):
        for other in job.needs:
            followers[other].append(number)
    ready = [(-durations[n], n) for n, count in enumerate(waiting) if not count]
    heapq.heapify(ready)
    running: list[tuple[float, int]] = []
    free, now = max(1, cores), 0.0
    while ready or running:
        too_wide: list[tuple[float, int]] = []
        while ready and free:
            item = heapq.heappop(ready)
            number = item[1]
            if threads[number] > free:
                too_wide.append(item)
                continue
            heapq.heappush(running, (now + durations[number], number))
            free -= threads[number]
        for item in too_wide:
            heapq.heappush(ready, item)
        now, number = heapq.heappop(running)
        free += threads[number]
        for follower in followers[number]:
            waiting[follower] -= 1
            if not waiting[follower]:
                heapq.heappush(ready, (-durations[follower], follower))
    return PLANNING + now if any(durations) else now
