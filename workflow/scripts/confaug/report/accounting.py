"""With what a study was made and what it cost: versions, code, and time of every stage."""

import csv
import hashlib
import platform
from collections import defaultdict
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from confaug import __version__
from confaug.provenance import LIBRARY, code_hash

#: Packages whose versions decide results.
PACKAGES = (
    "snakemake",
    "rdkit",
    "mordredcommunity",
    "lightgbm",
    "bayesian-optimization",
    "scikit-learn",
    "numpy",
    "scipy",
    "numba",
    "pandas",
    "pyarrow",
    "matplotlib",
)


def software_versions() -> dict[str, str]:
    """Return the versions of confaug, Python and the packages that are installed here."""
    versions = {"confaug": __version__, "python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def script_hashes() -> dict[str, str]:
    """Return the hash of every rule's script, the library modules it uses included."""
    return {path.stem: code_hash(path) for path in sorted(LIBRARY.parent.glob("*.py"))}


def file_hash(path: str | Path) -> str:
    """Return the SHA-256 digest of a file in hexadecimal digits."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_benchmarks(folder: str | Path) -> list[dict[str, Any]]:
    """Add up what the jobs of every rule took.

    Parameters
    ----------
    folder
        Snakemake's benchmark files, `<rule>.tsv` or below a folder `<rule>/`.

    Returns
    -------
    list of dict
        `rule`, `jobs`, `seconds` (wall time, summed), `cpu_seconds`, `longest` (wall time of the
        longest job, s) and `memory` (largest resident set, MB), most CPU time first.
    """
    folder = Path(folder)
    jobs: dict[str, list[dict[str, float]]] = defaultdict(list)
    for path in sorted(folder.rglob("*.tsv")):
        rule = path.relative_to(folder).parts[0].removesuffix(".tsv")
        with path.open(encoding="utf-8", newline="") as file:
            jobs[rule].extend(_measured(csv.DictReader(file, delimiter="\t")))
    stages = [
        {
            "rule": rule,
            "jobs": len(rows),
            "seconds": sum(row["s"] for row in rows),
            "cpu_seconds": sum(row["cpu_time"] for row in rows),
            "longest": max(row["s"] for row in rows),
            "memory": max(row["max_rss"] for row in rows),
        }
        for rule, rows in jobs.items()
        if rows
    ]
    return sorted(stages, key=lambda row: (-row["cpu_seconds"], row["rule"]))


def _measured(rows: Iterable[dict[str, str]]) -> list[dict[str, float]]:
    """Return the figures of benchmark rows; what was too short to be measured counts as 0."""
    return [{key: _number(row.get(key)) for key in ("s", "cpu_time", "max_rss")} for row in rows]


def _number(text: str | None) -> float:
    """Return a number, or 0 for the marks that stand for none (`-`, `NA`)."""
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


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
