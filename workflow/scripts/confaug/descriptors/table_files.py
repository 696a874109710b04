"""Describe the structures of a user's table and write the descriptors to a file, batch by batch.

A batch of rows is read, cleaned and described by one process, so that memory does not grow with the
table. A structure that occurs in several rows of a batch is described once.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from confaug.descriptors.mordred2d.kernels import compiled_kernels
from confaug.descriptors.request import Request
from confaug.descriptors.structures import describe_structures
from confaug.infrastructure.bounded import PROGRESS_INTERVAL
from confaug.infrastructure.parallel import ordered_map
from confaug.molecules.reading.records import Record, read_records
from confaug.molecules.reading.smiles_column import find_smiles_column
from confaug.molecules.smiles_checks import StructureError
from confaug.molecules.structures import molecule_id, read_smiles
from confaug.tables.described import described_table, not_described_table
from confaug.tables.engine import TableSpec, check_table, stream_csv, stream_parquet

logger = logging.getLogger("confaug.table")

#: Rows of the input that a process describes at a time; fewer where each becomes many rows.
ROWS_OF_A_BATCH, ROWS_WITH_CONFORMERS = 250, 10
#: Values of a row group of Parquet, 64 MB. Many small groups would make a file slow to open.
VALUES_OF_A_GROUP = 2**23

Write = Callable[[pa.Table], None]


@dataclass(frozen=True)
class Outcome:
    """What became of a table.

    Attributes
    ----------
    rows
        Rows of the input.
    unreadable
        Those without a usable SMILES, which are in the table of failures alone.
    incomplete
        Further rows with an entry in the table of failures.
    written
        Rows of the table of descriptors.
    descriptors
        Its columns of descriptors.
    """

    rows: int
    unreadable: int
    incomplete: int
    written: int
    descriptors: int


def failures_path(output: str | Path) -> Path:
    """Return the file beside the output that lists failures.

    >>> failures_path("results/table.parquet").as_posix()
    'results/table.failures.csv'
    """
    return Path(output).with_suffix(".failures.csv")


def describe_table(
    table: str | Path,
    output: str | Path,
    request: Request,
    smiles_column: str | None = None,
    processes: int = 1,
) -> Outcome:
    """Describe the structures of a table.

    Parameters
    ----------
    table
        The user's table, text or an Excel workbook, see `records.read_records`.
    output
        A file that ends in ``.parquet`` or ``.csv``. What could not be read or calculated is
        written beside it, see `failures_path`. Both appear when they are complete, and replace what
        was there.
    request
        What is wanted.
    smiles_column
        Name of the column with the SMILES; None to look for it.
    processes
        Number of processes. The files do not depend on it.

    Raises
    ------
    UserError
        If the table cannot be read.
    """
    column = smiles_column or find_smiles_column(table, "--smiles")
    found = read_records(table, {"smiles_column": column}, "--smiles")
    for warning in found.warnings:
        logger.warning("%s", warning)
    if "mordred_2d" in request.kinds and (kernels := compiled_kernels()):
        kernels.prepare()  # once, and not in every process
    size = ROWS_WITH_CONFORMERS if request.conformers else ROWS_OF_A_BATCH
    batches = [found.records[i : i + size] for i in range(0, len(found.records), size)]
    describe = partial(describe_records, request=request)
    spec, columns = described_table(conformers=request.conformers > 0), request.columns
    unreadable, incomplete, written = 0, 0, 0
    with (
        closing(ordered_map(describe, batches, processes)) as blocks,
        _writer(output, spec, columns) as write,
        stream_csv(failures_path(output), not_described_table()) as note,
    ):
        for batch, (described, failures) in zip(_with_progress(batches), blocks, strict=True):
            write(check_table(described, spec))
            note(failures)
            readable = len(set(described["row"].to_pylist()))
            unreadable += len(batch) - readable
            incomplete += len(set(failures["row"].to_pylist())) - (len(batch) - readable)
            written += described.num_rows
    return Outcome(len(found.records), unreadable, incomplete, written, len(columns))


def describe_records(records: Sequence[Record], request: Request) -> tuple[pa.Table, pa.Table]:
    """Describe the structures of some records.

    Returns
    -------
    descriptors : pyarrow.Table
        As by `described_table`, in the order of the records.
    failures : pyarrow.Table
        As by `not_described_table`, likewise.
    """
    smiles: dict[int, str] = {}
    unreadable: dict[int, str] = {}
    for record in records:
        try:
            smiles[record.row] = _read(record)
        except StructureError as error:
            unreadable[record.row] = str(error)
    table, failures = describe_structures(sorted(set(smiles.values())), request)
    rows, molecules = list(smiles), list(map(molecule_id, smiles.values()))
    described = _rows_of(table, rows, molecules)
    texts = [smiles[row] for row in described["row"].to_pylist()]
    described = described.add_column(2, "smiles", pa.array(texts, pa.string()))
    lines = [
        {"row": row, "stage": "read_smiles", "reason": reason} for row, reason in unreadable.items()
    ]
    schema = not_described_table().schema()
    failed = _rows_of(failures, rows, molecules).select(schema.names).cast(schema)
    read = pa.Table.from_pylist(lines, schema=schema)
    return described, pa.concat_tables([read, failed]).sort_by("row")


def _read(record: Record) -> str:
    """Return the canonical SMILES of a record."""
    if record.problem:
        raise StructureError(record.problem)
    return read_smiles(record.smiles or "")


def _rows_of(table: pa.Table, rows: Sequence[int], molecules: Sequence[str]) -> pa.Table:
    """Return the lines of a table for each row of the input, given the molecule of each."""
    places: dict[str, list[int]] = {name: [] for name in molecules}
    for place, name in enumerate(table["molecule"].to_pylist()):
        places[name].append(place)
    taken = [place for name in molecules for place in places[name]]
    numbers = np.repeat(rows, [len(places[name]) for name in molecules])
    column = pa.array(numbers, pa.int64())
    return table.take(pa.array(taken, pa.int64())).add_column(0, "row", column)


@contextmanager
def _writer(output: str | Path, spec: TableSpec, columns: Sequence[str]) -> Iterator[Write]:
    """Give a function that writes a piece of the table of descriptors."""
    if Path(output).suffix == ".csv":
        with stream_csv(output, spec, columns) as write:
            yield lambda piece: write(_without_nan(piece))
        return
    schema = spec.schema(tuple(columns))
    enough = max(1, VALUES_OF_A_GROUP // len(schema))
    waiting: list[pa.Table] = []
    with stream_parquet(output, schema, {"energy", *columns}) as writer:

        def write_groups(piece: pa.Table) -> None:
            waiting.append(piece)
            if sum(one.num_rows for one in waiting) >= enough:
                writer.write_table(pa.concat_tables(waiting).combine_chunks(), enough)
                waiting.clear()

        yield write_groups
        if waiting:
            writer.write_table(pa.concat_tables(waiting).combine_chunks(), enough)


def _without_nan(table: pa.Table) -> pa.Table:
    """Return a table with empty fields in place of NaN."""
    for place, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            values = pa.array(table.column(place).to_numpy(), from_pandas=True)
            table = table.set_column(place, field, values)
    return table


def _with_progress(batches: Sequence[Sequence[Record]]) -> Iterator[Sequence[Record]]:
    """Pass on batches, and log from time to time how many rows are done."""
    last, done, total = time.monotonic(), 0, sum(map(len, batches))
    for batch in batches:
        if time.monotonic() - last > PROGRESS_INTERVAL:
            logger.info("%d of %d rows", done, total)
            last = time.monotonic()
        yield batch
        done += len(batch)
