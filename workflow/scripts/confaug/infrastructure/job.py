"""What every script does around its one library call: write a log, and report errors in it."""

import logging
import os
import re
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, Protocol

from confaug.errors import UserError
from confaug.infrastructure.files import full_disk_named
from confaug.infrastructure.library import check_library

logger = logging.getLogger("confaug")
#: The last line of the log of a finished job.
FINISHED = "finished in {:.1f} s (processor {:.1f} s, peak memory {:.0f} MB)"
NO_MEMORY = (
    "memory ran out: use fewer --cores, so that fewer jobs share it, or see docs/scale.md for "
    "settings that need less"
)
#: If this environment variable is set, jobs write to their logs alone: the process that started
#: them reads these, and says what is to be said.
QUIET_JOBS = "CONFAUG_QUIET_JOBS"
_MESSAGE = re.compile(r"^\S+ \S+ (INFO|WARNING|ERROR) (.+)$")
_FINISHED = re.compile(r"finished in ([\d.]+) s \(processor ([\d.]+) s, peak memory (\d+) MB\)$")


class Job(Protocol):
    """What Snakemake gives to a script under the name `snakemake`, as far as scripts use it.

    Inputs, outputs, parameters and wildcards are those that the rule names.
    """

    input: Any
    output: Any
    params: Any
    wildcards: Any
    threads: int
    log: Sequence[str]


class Cost(NamedTuple):
    """What a job used: wall time (s), processor time (s) and peak memory (MB)."""

    seconds: float
    processor: float
    memory: float


class Message(NamedTuple):
    """One message of a log."""

    text: str
    is_warning: bool


def spare_pandas() -> None:
    """Keep Arrow from loading pandas, in a job that uses none.

    Arrow looks for it when it makes its first array, and goes on without it if it is not there.
    Of the 0.75 s of processor time with which a job of conformers starts, loading it takes 0.3 s.
    """
    sys.meta_path.insert(0, _NoPandas())


class _NoPandas(MetaPathFinder):
    """Say that pandas cannot be imported."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError("this job is to do without pandas", name=fullname)


@contextmanager
def job_log(path: str | Path) -> Iterator[None]:
    """Log to a file and to the console, and end the process cleanly when the job fails.

    A `UserError` prints its sentence alone, an interruption one word. Any other exception writes
    its traceback to the log file, and one sentence that names the file to the console. Nothing goes
    to the console if `QUIET_JOBS` is set, unless the file cannot be written.

    Parameters
    ----------
    path
        The log file; parent folders are made, an older log is replaced.

    Raises
    ------
    SystemExit
        With status 1 when the body raised or the library is not the script's own, 130 when it was
        interrupted from the keyboard.
    """
    path = Path(path)
    to_console = logging.StreamHandler(sys.stderr)
    to_console.setFormatter(logging.Formatter(f"[{job_name(path)}] %(message)s"))
    logger.setLevel(logging.INFO)
    logger.handlers = [to_console]
    logger.propagate = False
    started = time.perf_counter()
    try:
        with full_disk_named(path):
            to_file = _LogFile(path, to_console)
        logger.addHandler(to_file)
        if os.environ.get(QUIET_JOBS):
            logger.removeHandler(to_console)
        check_library()
        yield
    except UserError as error:
        logger.error("ERROR: %s", error)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        logger.error("interrupted")
        raise SystemExit(130) from None
    except MemoryError:
        logger.error("ERROR: %s", NO_MEMORY)
        raise SystemExit(1) from None
    except Exception as error:
        on_console = to_console in logger.handlers
        logger.removeHandler(to_console)
        logger.exception("The job failed")
        logger.handlers = [to_console]
        if on_console:
            logger.error("ERROR: %s: %s (details in %s)", type(error).__name__, error, path)
        raise SystemExit(1) from None
    logger.info(FINISHED.format(time.perf_counter() - started, *resources_used()))


def read_cost(log: str | Path) -> Cost | None:
    """Return what a job used according to its log; None if it has not finished.

    Snakemake's own benchmark files are less exact: they sample the processor time, the last time
    some seconds before the end.
    """
    lines = Path(log).read_text(encoding="utf-8").splitlines()
    found = _FINISHED.search(lines[-1]) if lines else None
    return Cost(*map(float, found.groups())) if found else None


def read_messages(log: str | Path) -> list[Message]:
    """Return what a job has said, without what it used; further lines of a message are left out."""
    lines = Path(log).read_text(encoding="utf-8", errors="replace").splitlines()
    found = [match.groups() for line in lines if (match := _MESSAGE.match(line))]
    return [
        Message(text, level == "WARNING" or text.startswith("WARNING:"))
        for level, text in found
        if not _FINISHED.search(text)
    ]


def resources_used() -> tuple[float, float]:
    """Return what this process and its finished children used so far.

    Returns
    -------
    tuple of float
        Processor time in seconds, and the memory of the largest process at its peak, in MB.
    """
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    unit = 1e6 if sys.platform == "darwin" else 1e3  # bytes there, kilobytes elsewhere
    return cpu, max(_own_peak(own.ru_maxrss), children.ru_maxrss) / unit


def _own_peak(reported: int) -> int:
    """Return the peak of this program alone; the system's figure includes what started it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return reported
    peak = re.search(r"^VmHWM:\s*(\d+)", status.read_text(encoding="utf-8"), re.MULTILINE)
    return int(peak[1]) if peak else reported  # some sandboxes leave it out


class _LogFile(logging.Handler):
    """The log file of one job; when the disk is full, messages go to the console alone."""

    def __init__(self, path: Path, console: logging.Handler) -> None:
        super().__init__()
        self._console = console
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        """Append a message; give up the file when that is impossible."""
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(self.format(record) + "\n")
        except OSError as error:
            alone = self._console not in logger.handlers
            logger.handlers = [self._console]
            logger.warning("WARNING: %s can no longer be written: %s", self._path, error.strerror)
            if alone:  # what could not be written is not lost
                self._console.handle(record)


def job_name(path: Path) -> str:
    """Name a job by its log: the path below the folder of all logs, rule first.

    A study of the atlas stands before it, because many have the same jobs.

    Examples
    --------
    >>> job_name(Path("results/logs/tune_model/ridge/replicate-1.log"))
    'tune_model/ridge/replicate-1'
    >>> job_name(Path("results/atlas/solubility/logs/clean_molecules.log"))
    'solubility: clean_molecules'
    """
    parts = path.with_suffix("").parts
    if "logs" not in parts:
        return parts[-1]
    place = parts.index("logs")
    job = "/".join(parts[place + 1 :])
    match parts[:place]:
        case (*_, "atlas", study):
            return f"{study}: {job}"
    return job
