"""With what a study was made and what it cost: versions, code, and time of every stage."""

import hashlib
import platform
from collections import defaultdict
from pathlib import Path
from typing import Any

from confaug import __version__
from confaug.infrastructure.job import Cost, read_cost
from confaug.infrastructure.provenance import LIBRARY, code_hash
from confaug.infrastructure.versions import REPORTED, installed_versions


def software_versions() -> dict[str, str]:
    """Return the versions of confaug, Python and the packages that are installed here."""
    own = {"confaug": __version__, "python": platform.python_version()}
    return own | installed_versions(REPORTED)


def script_hashes() -> dict[str, str]:
    """Return the hash of every rule's script, the library modules it uses included."""
    return {path.stem: code_hash(path) for path in sorted(LIBRARY.parent.glob("*.py"))}


def file_hash(path: str | Path) -> str:
    """Return the SHA-256 digest of a file in hexadecimal digits."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_costs(folder: str | Path) -> list[dict[str, Any]]:
    """Add up what the jobs of every rule took.

    Parameters
    ----------
    folder
        Logs of jobs, `<rule>.log` or below a folder `<rule>/`.

    Returns
    -------
    list of dict
        `rule`, `jobs`, `seconds` (wall time, summed), `cpu_seconds`, `longest` (wall time of the
        longest job, s) and `memory` (largest resident set, MB), most CPU time first.
    """
    folder = Path(folder)
    jobs: dict[str, list[Cost]] = defaultdict(list)
    for path in sorted(folder.rglob("*.log")):
        cost = read_cost(path)
        if cost is not None:
            jobs[path.relative_to(folder).parts[0].removesuffix(".log")].append(cost)
    stages = [
        {
            "rule": rule,
            "jobs": len(costs),
            "seconds": sum(cost.seconds for cost in costs),
            "cpu_seconds": sum(cost.processor for cost in costs),
            "longest": max(cost.seconds for cost in costs),
            "memory": max(cost.memory for cost in costs),
        }
        for rule, costs in jobs.items()
    ]
    return sorted(stages, key=lambda row: (-row["cpu_seconds"], row["rule"]))


def duration(seconds: float) -> str:
    """Write a time for people.

    >>> [duration(s) for s in (0.4, 12, 200, 7300)]
    ['0.4 s', '12 s', '3 min 20 s', '2 h 2 min']
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    total = round(seconds)
    if total < 60:
        return f"{total} s"
    if total < 3600:
        return f"{total // 60} min {total % 60} s"
    return f"{total // 3600} h {total % 3600 // 60} min"
