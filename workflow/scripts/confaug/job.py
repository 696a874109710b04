"""What every script does around its one library call: a log, and errors that end in it."""

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from confaug.errors import UserError

logger = logging.getLogger("confaug")


@contextmanager
def job_log(path: str | Path) -> Iterator[None]:
    """Log to a file and to the console, and end the process cleanly when the job fails.

    A `UserError` ends in its sentence alone. Any other exception leaves its traceback in the log
    file and one sentence that names that file on the console.

    Parameters
    ----------
    path
        The log file; parent folders are made, an older log is replaced.

    Raises
    ------
    SystemExit
        With status 1 when the body raised.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    to_file = logging.FileHandler(path, mode="w", encoding="utf-8")
    to_console = logging.StreamHandler(sys.stderr)
    to_file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    to_console.setFormatter(logging.Formatter(f"[{_job_name(path)}] %(message)s"))
    logger.setLevel(logging.INFO)
    logger.handlers = [to_file, to_console]
    logger.propagate = False
    started = time.perf_counter()
    try:
        yield
    except UserError as error:
        logger.error("ERROR: %s", error)
        raise SystemExit(1) from None
    except Exception as error:
        logger.removeHandler(to_console)
        logger.exception("The job failed")
        logger.addHandler(to_console)
        logger.removeHandler(to_file)
        logger.error("ERROR: %s: %s (details in %s)", type(error).__name__, error, path)
        raise SystemExit(1) from None
    logger.info("finished in %.1f s", time.perf_counter() - started)


def _job_name(path: Path) -> str:
    """Name a job by its log: the path below the folder of all logs, rule first."""
    parts = path.with_suffix("").parts
    return "/".join(parts[parts.index("logs") + 1 :] if "logs" in parts else parts[-1:])
