"""The table of what could not be computed, and the record that every stage fills it with."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import pyarrow as pa

from confaug.tables.columns import MOLECULE
from confaug.tables.engine import INT, TEXT, Column, TableSpec

FAILURES = TableSpec(
    "failures",
    (
        Column("stage", TEXT, "rule in which it happened"),
        MOLECULE,
        Column("protocol", TEXT, "protocol; empty where it does not matter", nullable=True),
        Column("repeat", INT, "repeat; empty where it does not matter", nullable=True),
        Column("conformer", INT, "conformer; empty for all of the molecule", nullable=True),
        Column("reason", TEXT, "what is missing, and why"),
    ),
    files=(
        "failures.csv",
        "conformers/{protocol}/repeat-{repeat}/shard-{shard}.failures.csv",
        "descriptors_2d/{kind}/shard-{shard}.failures.csv",
        "descriptors_3d/{protocol}/repeat-{repeat}/shard-{shard}.failures.csv",
    ),
)


@dataclass(frozen=True)
class Failure:
    """Something that could not be computed for a molecule: a row of the FAILURES table."""

    stage: str
    molecule: str
    reason: str
    protocol: str | None = None
    repeat: int | None = None
    conformer: int | None = None


def failure_table(failures: Iterable[Failure]) -> pa.Table:
    """Return the FAILURES table of some failures, in their order.

    Examples
    --------
    >>> failure_table([Failure("describe_2d", "m6b23c0d5f35d", "too large")]).num_rows
    1
    """
    return pa.Table.from_pylist([asdict(one) for one in failures], schema=FAILURES.schema())


def merge_failures(tables: Iterable[pa.Table]) -> pa.Table:
    """Return one FAILURES table of several, in an order that sharding does not change."""
    order = [(name, "ascending") for name in FAILURES.names]
    return pa.concat_tables(tables).sort_by(order)


@dataclass(frozen=True)
class FailureCount:
    """How often something failed for one reason, and for how many molecules.

    `protocol` is None where it does not matter.
    """

    stage: str
    protocol: str | None
    reason: str
    records: int
    molecules: int


def count_failures(failures: pa.Table) -> list[FailureCount]:
    """Count the rows of a FAILURES table by stage, protocol and reason, in that order."""
    molecules: dict[tuple[str, str | None, str], list[str]] = defaultdict(list)
    for row in failures.to_pylist():
        molecules[row["stage"], row["protocol"], row["reason"]].append(row["molecule"])
    counts = [FailureCount(*kind, len(names), len(set(names))) for kind, names in molecules.items()]
    return sorted(counts, key=lambda one: (one.stage, one.protocol or "", one.reason))
