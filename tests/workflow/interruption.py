"""End a run in the middle, and see exactly what had been finished by then.

A job is finished when Snakemake has said so. It says so after it has recorded the job and its
outputs, so that such a job must never run again. A job that ran at the moment of the end, or whose
report came too late, may run again.
"""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from study import Study, command

STARTED = re.compile(r"^Job (\d+): (.+)$", re.MULTILINE)
FINISHED = re.compile(r"^Finished jobid: (\d+) ", re.MULTILINE)


def kill_everything(process: subprocess.Popen[bytes]) -> None:
    """`kill -9` of the workflow and all its jobs, as when a machine goes down."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def kill_main(process: subprocess.Popen[bytes]) -> None:
    """`kill -9` of the main process alone; the jobs that run go on to their ends without it."""
    process.kill()
    process.wait()


def interrupt(process: subprocess.Popen[bytes]) -> None:
    """Ctrl-C in the terminal: an interrupt for the workflow and all its jobs."""
    os.killpg(process.pid, signal.SIGINT)
    process.wait()


ENDS = (kill_everything, kill_main, interrupt)
End = Callable[[subprocess.Popen[bytes]], None]


@dataclass
class Run:
    """One call of Snakemake that may be ended before it has finished.

    Attributes
    ----------
    study
        Where it runs.
    process
        The main process, which leads a process group of its own.
    earlier
        Snakemake's logs of the calls before.
    last_words
        What Snakemake had said when the run was over.
    """

    study: Study
    process: subprocess.Popen[bytes]
    earlier: frozenset[Path]
    last_words: str | None = None

    @classmethod
    def start(cls, study: Study, *arguments: str, cores: int = 2, **environment: str) -> "Run":
        """Start the quick preset; what it says goes to `console`."""
        earlier = frozenset(_logs(study))
        with _console(study).open("wb") as output:
            process = subprocess.Popen(
                command(*arguments, cores=cores),
                cwd=study.folder,
                env={**os.environ, **environment},
                start_new_session=True,
                # A shell lets the jobs in its background ignore interrupts, and they inherit it.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        return cls(study, process, earlier)

    def end(self, way: End) -> None:
        """End the run in one of `ENDS`."""
        way(self.process)
        self.last_words = self.log

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the run to end by itself; return its exit status."""
        status = self.process.wait(timeout)
        self.last_words = self.log
        return status

    @property
    def log(self) -> str:
        """What Snakemake itself has said so far; it writes line by line."""
        if self.last_words is not None:
            return self.last_words
        return "".join(path.read_text() for path in _logs(self.study) if path not in self.earlier)

    @property
    def console(self) -> str:
        """What the user has seen of the latest run."""
        return _console(self.study).read_text()

    @property
    def started(self) -> dict[str, str]:
        """What the jobs that were started do, which names each of them, by job number."""
        return dict(STARTED.findall(self.log))

    @property
    def finished(self) -> set[str]:
        """What the jobs do that have been reported as finished."""
        log = self.log
        names = dict(STARTED.findall(log))
        return {names[number] for number in FINISHED.findall(log)}

    @property
    def running(self) -> set[str]:
        """What the jobs do that have been started and not been reported."""
        return set(self.started.values()) - self.finished

    def outlast_jobs(self) -> None:
        """Wait until no job of this run is left, even if the main process was killed before."""
        deadline = time.monotonic() + 300
        while _exists(self.process.pid):
            assert time.monotonic() < deadline, "jobs of a killed run did not end within 300 s"
            time.sleep(0.05)

    def wait_for_work(self) -> None:
        """Wait until a job runs, or the run is over."""
        while self.process.poll() is None and not self.running:
            time.sleep(0.05)

    def wait_for(self, beginning: str) -> None:
        """Wait until a job runs that does what begins so."""
        deadline = time.monotonic() + 300
        while not any(name.startswith(beginning) for name in self.running):
            assert self.process.poll() is None, f"the run ended before it was {beginning}"
            assert time.monotonic() < deadline, f"not {beginning} within 300 s"
            time.sleep(0.02)


def resume(study: Study, *arguments: str) -> Run:
    """Continue after an end, as a user does: unlock if need be, and give the same command again."""
    study.snakemake("--unlock")
    return Run.start(study, *arguments)


def run_again(runs: Iterable[Run]) -> list[str]:
    """Return the jobs that were started after one of the runs before had finished them."""
    done: set[str] = set()
    again: list[str] = []
    for run in runs:
        again += sorted(done & set(run.started.values()))
        done |= run.finished
    return again


def _exists(group: int) -> bool:
    """Tell whether a process group has members left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _console(study: Study) -> Path:
    return study.folder.with_name(f"{study.folder.name}.console")


def _logs(study: Study) -> list[Path]:
    return sorted((study.folder / ".snakemake" / "log").glob("*.snakemake.log"))
