"""With what a study was made and what it cost: versions, code, and time of every stage."""

import hashlib
import platform
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from confaug import __version__
from confaug.infrastructure.job import Cost, read_cost
from confaug.infrastructure.provenance import LIBRARY, code_hash
from confaug.infrastructure.sums import sum_in_order
from confaug.infrastructure.versions import REPORTED, installed_versions

#: Rules whose work only conformers need, in their order.
CONFORMER_RULES = ("embed_conformers", "minimise_conformers", "describe_3d")


@dataclass(frozen=True)
class StageCost:
    """What the jobs of one rule took.

    Attributes
    ----------
    seconds, cpu_seconds
        Wall time and CPU time, summed over jobs.
    longest
        Wall time of the longest job, in seconds.
    memory
        Largest resident set, in MB.
    """

    rule: str
    jobs: int
    seconds: float
    cpu_seconds: float
    longest: float
    memory: float


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


def description_seconds(folder: str | Path, kinds: Iterable[str], conformers: bool) -> float:
    """Return the CPU time that describing the molecules of a study took, starts of jobs included.

    Parameters
    ----------
    folder
        As for `read_costs`.
    kinds
        Kinds of columns that a model reads.
    conformers
        Whether it needs conformers.
    """
    folder = Path(folder)
    parts = [folder / "describe_2d" / kind for kind in sorted(set(kinds))]
    parts += [folder / rule for rule in CONFORMER_RULES] if conformers else []
    costs = [read_cost(log) for part in parts for log in sorted(part.rglob("*.log"))]
    return float(sum_in_order(cost.processor for cost in costs if cost))


def read_costs(folder: str | Path) -> list[StageCost]:
    """Add up what the jobs of every rule took, most CPU time first.

    Parameters
    ----------
    folder
        Logs of jobs, `<rule>.log` or below a folder `<rule>/`.
    """
    folder = Path(folder)
    jobs: dict[str, list[Cost]] = defaultdict(list)
    for path in sorted(folder.rglob("*.log")):
        cost = read_cost(path)
        if cost is not None:
            jobs[path.relative_to(folder).parts[0].removesuffix(".log")].append(cost)
    stages = [
        StageCost(
            rule=rule,
            jobs=len(costs),
            seconds=sum(cost.seconds for cost in costs),
            cpu_seconds=sum(cost.processor for cost in costs),
            longest=max(cost.seconds for cost in costs),
            memory=max(cost.memory for cost in costs),
        )
        for rule, costs in jobs.items()
    ]
    return sorted(stages, key=lambda stage: (-stage.cpu_seconds, stage.rule))
