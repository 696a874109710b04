"""The table of what could not be computed, and the record that every stage fills it with."""

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
        "descriptors_2d/shard-{shard}.failures.csv",
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
