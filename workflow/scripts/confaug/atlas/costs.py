"""What the studies of the atlas cost, with conformers and without."""

from collections.abc import Collection, Mapping
from pathlib import Path

import pyarrow as pa

from confaug.infrastructure.job import read_cost
from confaug.infrastructure.sums import sum_in_order
from confaug.report.accounting import CONFORMER_RULES
from confaug.tables.atlas import COSTS
from confaug.tables.engine import check_table

#: Rules that make tables of conformers.
TABLES = ("merge_augmented", "merge_distribution")


def count_costs(logs: Mapping[str, str], conformers: Mapping[str, Collection[str]]) -> pa.Table:
    """Add up the processor time of the jobs of every study, from their logs (COSTS).

    Parameters
    ----------
    logs
        Folder of the logs of each study.
    conformers
        Variants of each study that need conformers.
    """
    rows = [
        {"study": study, **_count(Path(folder), conformers[study])}
        for study, folder in logs.items()
    ]
    return check_table(pa.Table.from_pylist(rows, schema=COSTS.schema()), COSTS)


def _count(folder: Path, conformers: Collection[str]) -> dict[str, float]:
    """Add up the processor time by what it was spent on (s)."""
    spent: dict[str, list[float]] = {"plain": [], "conformers": [], "learning": []}
    for path in sorted(folder.rglob("*.log")):
        if (cost := read_cost(path)) is None:
            continue
        parts = path.relative_to(folder).parts
        rule = parts[0].removesuffix(".log")
        if rule in (*CONFORMER_RULES, *TABLES):
            purpose = "conformers"
        else:
            purpose = (
                "learning" if conformers and parts[1:2] and parts[1] in conformers else "plain"
            )
        spent[purpose].append(cost.processor)
    return {purpose: float(sum_in_order(seconds)) for purpose, seconds in spent.items()}
