"""Why a run failed, by the logs of its jobs."""

import logging
import re
import sys
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from confaug.infrastructure.job import job_name, read_cost
from confaug.infrastructure.running import (
    lock_sentence,
    other_runs,
    require_no_other_run,
    stop_when_nobody_listens,
)
from confaug.report.wording import console as words

#: Causes that are repeated at the end of a run, at most.
MAX_CAUSES = 10
_ERROR = re.compile(r"^\S+ \S+ ERROR (?:ERROR: )?(.+)$", re.MULTILINE)


class FailedJobs(logging.Handler):
    """Collects the logs of jobs that failed, as Snakemake reports them."""

    def __init__(self) -> None:
        super().__init__()
        self.logs: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Note the logs of a job or of the jobs of a group."""
        event = event_of(record)
        if event == "job_error":
            self._note(record.__dict__)
        elif event == "group_error":
            for info in record.__dict__["job_error_info"]:
                self._note(info)

    def _note(self, job: dict[str, Any]) -> None:
        self.logs.update(dict.fromkeys(map(str, job["log"] or ())))


def guard_run(logger: logging.Logger, failed: FailedJobs) -> None:
    """Keep the folder from being unlocked under another run, and explain what fails in this one.

    Raises
    ------
    UserError
        If the folder is to be unlocked while another run uses it.
    """
    if "--unlock" in sys.argv:
        require_no_other_run(Path.cwd())
    stop_when_nobody_listens()
    logger.addHandler(failed)
    logger.addFilter(said_better)


def said_better(record: logging.LogRecord) -> bool:
    """Let through what the user needs: jobs say themselves why they fail, and locks mislead."""
    message = str(record.msg)
    if message.startswith("LockException:"):
        record.msg = lock_sentence(Path.cwd(), other_runs(Path.cwd()))
    return not message.endswith("returned non-zero exit status 1.")


def event_of(record: logging.LogRecord) -> str | None:
    """Return the name of Snakemake's event that a message reports; None for other messages."""
    event: str | None = getattr(getattr(record, "event", None), "value", None)
    return event


def causes(logs: Iterable[str], said: Collection[str] = ()) -> list[str]:
    """Say why jobs failed, each cause once, by their logs.

    Parameters
    ----------
    logs
        Log files of jobs that failed; one that has ended well since is passed over.
    said
        Causes that are left out.
    """
    jobs: dict[str, list[str]] = {}
    for log in logs:
        for cause in _causes_of(Path(log)):
            if cause in said:
                continue
            jobs.setdefault(cause, []).append(job_name(Path(log)))
    lines = [words.cause_line(names, cause) for cause, names in jobs.items()]
    if len(lines) > MAX_CAUSES:
        lines[MAX_CAUSES:] = [words.further_causes(len(lines) - MAX_CAUSES)]
    return lines


def _causes_of(log: Path) -> list[str]:
    """Return the errors that a log tells of."""
    if not log.is_file():
        return [words.no_log(log)]
    if read_cost(log) is not None:
        return []
    return causes_in(log) or [words.ended_from_outside(log)]


def causes_in(log: Path) -> list[str]:
    """Return the errors that the log of a failed job names; none if something else ended it."""
    text = log.read_text(encoding="utf-8", errors="replace")
    found: list[str] = _ERROR.findall(text)
    if found and found[-1] == "The job failed":  # a traceback follows, whose last line is the cause
        found[-1] = words.unexpected(text.rstrip().splitlines()[-1], log)
    return found
