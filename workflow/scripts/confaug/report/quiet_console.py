"""The console of a run that shows what its user needs, and leaves the rest to the log files."""

import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from confaug.infrastructure.job import job_name, read_cost, read_messages
from confaug.infrastructure.remaining import Left, Remaining
from confaug.report.console import causes_in, event_of
from confaug.report.progress import LiveLine, SparingLine
from confaug.report.wording import console as words

#: Warnings of one rule that are shown, at most.
MAX_WARNINGS = 5
#: Rules whose whole logs are shown: what became of the rows of the user's table.
ROWS = ("clean_molecules", "clean_unlabelled")
#: What Snakemake says that is shown beside warnings and errors, by how it begins.
SHOWN = ("Nothing to be done", "Complete log", "Terminating processes", "Trying to restart job")
#: How Snakemake ends a run with a failed job, after all has been said.
SAID_BEFORE = "WorkflowError:\nAt least one job did not complete successfully"
#: What is shown because an option asks for it.
ASKED = ("shellcmd", "debug_dag")
#: The name that Snakemake gives to its handler of the console.
CONSOLE = "DefaultStreamHandler"
#: Marks a message as one of this program's own.
OWN = {"confaug": True}
#: What the start of a job takes besides what its log says (s).
START_UP = 2.0
#: Jobs that are left are counted again after so many seconds, or so many times what counting took.
COUNT_AFTER, COUNT_SHARE = 1.0, 100.0


class _Begun(NamedTuple):
    """A job that Snakemake has begun: its rule, its log, and the time stamp of an earlier log."""

    rule: str
    log: Path | None
    earlier: int | None


class QuietConsole(logging.Handler):
    """Hides what Snakemake says of every job, and shows progress, rows, warnings and causes.

    It is a handler that learns from all messages of Snakemake, and a filter of those that the
    console shows. The log file of Snakemake is left alone. Until a run starts nothing is hidden,
    so that lists and graphs are printed as they were asked for.

    Parameters
    ----------
    logger
        Snakemake's logger.
    jobs_left
        Returns the jobs that are not finished.
    conclude
        Returns what is said at the end of a run with nothing to do.
    keep_errors
        Whether Snakemake's report of a failed job is shown, too.
    """

    def __init__(
        self,
        logger: logging.Logger,
        jobs_left: Callable[[], Iterable[Left]],
        conclude: Callable[[], Sequence[str]],
        *,
        keep_errors: bool = False,
    ) -> None:
        super().__init__()
        self._logger = logger
        self._jobs_left = jobs_left
        self._conclude = conclude
        self._keep_errors = keep_errors
        self._started = False
        self._begun: dict[int, _Begun] = {}
        self._remaining = Remaining()
        self._warnings: Counter[str] = Counter()
        self._last_causes: set[str] = set()
        self._line: LiveLine | None = None
        self._sparing = SparingLine(self.say)
        self._growing = True
        self._estimate: float | None = None
        self._counted = self._pause = 0.0

    def install(self) -> None:
        """Take over the console of the logger, if Snakemake itself writes to it."""
        for handler in self._logger.handlers:
            if handler.name == "DefaultStreamHandler" and isinstance(
                handler, logging.StreamHandler
            ):
                if handler.stream.isatty() and os.environ.get("TERM") != "dumb":
                    self._line = LiveLine(handler.stream)
                    handler.setStream(self._line)
                handler.addFilter(self.shows)
                self._logger.addHandler(self)
                return

    def say(self, line: str, level: int = logging.INFO) -> None:
        """Show a line on the console; Snakemake's log file has it, too."""
        self._last_causes.clear()
        self._logger.log(level, line, extra=OWN)

    def shows(self, record: logging.LogRecord) -> bool:
        """Tell whether the console shows a message."""
        event, message = event_of(record), str(record.msg)
        if not self._started and event != "workflow_started":
            return not message.startswith("Assuming unrestricted shared filesystem")
        if event in ("job_error", "group_error"):
            return self._keep_errors or not self._said_by_jobs(record)
        if message.startswith(SAID_BEFORE):
            return False
        return (
            record.levelno != logging.INFO
            or event in ASKED
            or hasattr(record, "confaug")
            or message.startswith(SHOWN)
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Learn from a message, and say what follows from it."""
        event, about = event_of(record), record.__dict__
        if event == "workflow_started":
            self._started = True
        elif event == "job_info":
            self._begin(about)
        elif event == "job_finished":
            self._finish(int(about["job_id"]))
        elif event == "job_error":
            self._fail(about)
        elif event == "progress":
            self._progress(int(about["done"]), int(about["total"]))
        elif str(record.msg).startswith("Nothing to be done"):
            self.end(self._conclude())

    def end(self, conclusion: Iterable[str], level: int = logging.INFO) -> None:
        """Say how many warnings were left out, and the last words of a run."""
        if self._line:
            self._line.close()
        for rule, number in self._warnings.items():
            if number > MAX_WARNINGS:
                self.say(words.further_warnings(rule, number - MAX_WARNINGS), logging.WARNING)
        for line in conclusion:
            self.say(line, level)

    @property
    def just_said(self) -> frozenset[str]:
        """Causes of failures after which nothing else was said."""
        return frozenset(self._last_causes)

    def close(self) -> None:
        """Remove the line of progress."""
        if self._line:
            self._line.close()
        super().close()

    def _begin(self, about: dict[str, Any]) -> None:
        log = Path(about["log"][0]) if about["log"] else None
        job = _Begun(about["rule_name"], log, _time_stamp(log))
        self._begun[int(about["jobid"])] = job
        self._remaining.begin(int(about["jobid"]))

    def _finish(self, number: int) -> None:
        """Say what a finished job has to say."""
        job = self._begun.get(number)
        log = _written(job)
        cost = read_cost(log) if log else None
        self._remaining.finish(number, cost.seconds + START_UP if cost else None)
        if job is None or log is None:
            return
        if job.rule.removeprefix("new_") in ROWS:
            for message in read_messages(log):
                self.say(message.text, logging.WARNING if message.is_warning else logging.INFO)
            return
        for message in read_messages(log):
            if message.is_warning:
                self._warnings[job.rule] += 1
                if self._warnings[job.rule] <= MAX_WARNINGS:
                    self.say(words.cause_line([job_name(log)], message.text), logging.WARNING)

    def _fail(self, about: dict[str, Any]) -> None:
        """Say why a job failed."""
        if log := _written(self._begun.get(int(about["jobid"]))):
            said = set(self._last_causes)
            for cause in causes_in(log):
                if cause not in said:
                    self.say(words.error_line(job_name(log), cause), logging.ERROR)
                said.add(cause)
            self._last_causes = said

    def _said_by_jobs(self, record: logging.LogRecord) -> bool:
        """Tell whether the log of a failed job, or of one in a group, says why."""
        about = record.__dict__
        if about.get("indent"):  # its group was reported before
            return True
        jobs = about.get("job_error_info", [about])
        logs = (_written(self._begun.get(int(job["jobid"]))) for job in jobs)
        return any(causes_in(log) for log in logs if log)

    def _progress(self, done: int, total: int) -> None:
        """Say how far the run is."""
        now = time.monotonic()
        if self._growing or now - self._counted >= self._pause:
            left = list(self._jobs_left())
            self._growing = any(job.is_checkpoint for job in left)
            estimate = self._remaining.seconds(left)
            self._estimate = None if self._growing else estimate
            self._counted = time.monotonic()
            self._pause = max(COUNT_AFTER, COUNT_SHARE * (self._counted - now))
        known, counted, estimate = not self._growing, self._counted, self._estimate

        def text() -> str:
            passed = time.monotonic() - counted
            left = None if estimate is None or done == total else max(0.0, estimate - passed)
            return words.progress_line(done, total if known else None, left)

        if self._line:
            self._line.show(text)
        elif known:
            self._sparing.show(text, done, total)


def _time_stamp(path: Path | None) -> int | None:
    """Return when a file was written; None without one."""
    return path.stat().st_mtime_ns if path and path.exists() else None


def _written(job: _Begun | None) -> Path | None:
    """Return the log that a job has written since it was begun."""
    if job is None or _time_stamp(job.log) in (None, job.earlier):
        return None
    return job.log
