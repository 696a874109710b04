"""How often Snakemake looks for jobs that may start."""

import threading
import time

from snakemake.scheduling.job_scheduler import JobScheduler


def look_again_once() -> None:
    """Let Snakemake look for jobs once more only if its limit of new jobs has held some back.

    Snakemake (9.27) limits how many jobs start in a second (`--max-jobs-per-timespan`, by default
    100). After every look it asks for another one a second later, whether or not the limit was
    reached, and so does that one. Every job that ends adds such a chain: a run of thousands of
    jobs looks for new ones without a pause, and keeps a core busy.
    """
    JobScheduler._schedule_reevalutation = _look_again


def _look_again(scheduler: JobScheduler, delay: float) -> None:
    """Look for jobs after some seconds, unless this is planned already or there is no reason."""
    limiter = scheduler.job_rate_limiter
    if limiter is not None and delay == limiter.timespan and limiter.get_free_jobs():
        return
    now = time.monotonic()
    if now <= getattr(scheduler, "looks_again_at", -1.0) <= now + delay:
        return
    scheduler.looks_again_at = now + delay
    threading.Timer(delay, scheduler._open_jobs.release).start()
