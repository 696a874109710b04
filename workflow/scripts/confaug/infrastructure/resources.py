"""What jobs ask a cluster for: memory and time, by the number of molecules, rows and attempts.

Each rule states its own numbers in `workflow/rules`; here is how requests grow. They are
calibrated on the default study with a margin. A request that is too small costs one more attempt,
which asks for more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

#: Memory of Snakemake itself in MB: a cluster's job starts Snakemake, which starts Snakemake for
#: the rule, which starts the script.
SNAKEMAKE_MEMORY = 500
#: Memory that learning takes for a row of the variant that requests are calibrated on, in MB.
ROW_MEMORY = 0.016
#: Memory that merging or streaming a table takes for each of its rows, in MB.
ROW_MEMORY_MERGED = 0.001
#: What requests grow with, see `Requests._request`.
UNITS = ("molecule", "conformer", "table_row", "learned_row", "work")

Request = Callable[..., int]
Numbers = Callable[[Path], Mapping[str, float]]


@dataclass(frozen=True)
class Requests:
    """The requests of the jobs of one study.

    Attributes
    ----------
    manifest
        File of the shards' manifest. While it is missing, the number
        of molecules counts as 0; requests are made again when a job is about to start.
    read_molecules, read_work
        Functions that read the number of molecules, or the work of embedding them, of every shard.
    conformers
        Conformers of a molecule in one job, at most.
    rows
        Rows of a molecule in the augmented table, at most.
    learned_rows
        Function that returns how many rows of a molecule a variant learns from, at most. Rows with
        more columns than those of the variant that requests are calibrated on count more. None
        stands for rules without the wildcard `variant`, which may read any variant.
    """

    manifest: Path
    read_molecules: Numbers
    read_work: Numbers
    conformers: int
    rows: int
    learned_rows: Callable[[str | None], float]

    def memory(self, megabytes: float, **per: float) -> Request:
        """Return a request for memory in MB.

        Parameters
        ----------
        megabytes
            What the script itself takes.
        per
            MB for each molecule and so on, see `_request`.
        """
        return self._request(SNAKEMAKE_MEMORY + megabytes, per)

    def minutes(self, minutes: float, **seconds_per: float) -> Request:
        """Return a request for time in minutes.

        Parameters
        ----------
        minutes
            What a job of no molecules takes.
        seconds_per
            Seconds for each molecule and so on, see `_request`.
        """
        return self._request(minutes, {unit: value / 60 for unit, value in seconds_per.items()})

    def _request(self, base: float, per: Mapping[str, float]) -> Request:
        """Return a resource function of Snakemake that grows with the job and with every attempt.

        Parameters
        ----------
        base
            What a job of no molecules asks for.
        per
            What is added for each `molecule` of the job's shard (of the study, if it has none), for
            each `conformer` of these molecules in one job, each `table_row` (row of the augmented
            table), each `learned_row` (row that the job's variant learns from), and for the `work`
            of embedding one conformer of 16 heavy atoms.

        Raises
        ------
        TypeError
            If there is no such unit.
        """
        if unknown := set(per) - set(UNITS):
            raise TypeError(f"{sorted(unknown)} are none of {UNITS}")

        def ask(wildcards: Any, attempt: int) -> int:
            learns = "learned_row" in per
            number = {
                "molecule": 1,
                "conformer": self.conformers,
                "table_row": self.rows,
                "learned_row": self.learned_rows(wildcards.get("variant")) if learns else 0,
            }
            work = per.get("work", 0) * self.conformers
            each = sum(per[unit] * number[unit] for unit in number if unit in per)
            asked = base
            if each:
                asked += each * self._of_job(self.read_molecules, wildcards)
            if work:
                asked += work * self._of_job(self.read_work, wildcards)
            return attempt * ceil(asked)

        return ask

    def _of_job(self, read: Numbers, wildcards: Any) -> float:
        """Return the manifest's number for the shard of a job, or the sum over all shards."""
        numbers = read(self.manifest) if self.manifest.is_file() else {}
        return numbers.get(wildcards.get("shard")) or sum(numbers.values())
