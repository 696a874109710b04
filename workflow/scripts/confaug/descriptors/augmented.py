"""The augmented table: one row per conformer with its label, 2D and 3D descriptors."""

import logging
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from confaug.descriptors.names import NAMES_2D
from confaug.descriptors.shards import (
    check_same_shards,
    described_by,
    files_by_shard,
    labels_of,
    shard_rows,
)
from confaug.tables.descriptors import AUGMENTED, DESCRIPTORS_2D
from confaug.tables.engine import read_table, stream_parquet

logger = logging.getLogger("confaug")
#: Rows of a row group, at least; with 1826 descriptors some 120 MB.
ROWS_AT_A_TIME = 8192
#: In a large study, a row group has this many rows for each shard. Opening a Parquet file takes
#: 1 kB of memory for every column of every row group, some 2 MB for each group, whatever its size.
ROWS_PER_SHARD = 256


def merge_augmented(
    molecules: pa.Table,
    descriptors_2d: Iterable[str | Path],
    descriptors_3d: Iterable[str | Path],
    output: str | Path,
) -> int:
    """Write the augmented table, one row per conformer.

    Rows are sorted by molecule, protocol, repeat and conformer within a shard, and shards follow
    each other. A molecule without any conformer has one row without protocol, repeat, conformer and
    energy, whose 3D descriptors are NaN.

    Parameters
    ----------
    molecules
        MOLECULES table, for the labels.
    descriptors_2d
        DESCRIPTORS_2D file of every shard.
    descriptors_3d
        DESCRIPTORS_3D files of all protocols, repeats and shards, in any order; none at all for
        learners that need no conformers.
    output
        The Parquet file.

    Returns
    -------
    int
        The number of rows written.

    Raises
    ------
    UserError
        If a file of a shard is missing on either side or does not match its declaration.
    """
    files_3d = files_by_shard(descriptors_3d)
    names_3d = described_by(files_3d)
    schema = AUGMENTED.schema((*NAMES_2D, *names_3d))
    files_2d = files_by_shard(descriptors_2d)
    if files_3d:
        check_same_shards(files_2d, files_3d)
    at_a_time = max(ROWS_AT_A_TIME, ROWS_PER_SHARD * len(files_2d))
    count = 0
    with stream_parquet(output, schema, {"energy", *names_3d}) as writer:
        for number, (shard, (file_2d,)) in enumerate(files_2d.items(), start=1):
            table_2d = read_table(file_2d, DESCRIPTORS_2D)
            molecules_here = table_2d["molecule"].to_pylist()
            rows = shard_rows(files_3d.get(shard, []), molecules_here, names_3d)
            for start in range(0, rows.num_rows, at_a_time):
                piece = rows.slice(start, at_a_time)
                writer.write_table(_augment(piece, table_2d, molecules, schema))
            count += rows.num_rows
            logger.info("shard %d of %d merged, %d rows", number, len(files_2d), count)
    return count


def _augment(
    rows: pa.Table, table_2d: pa.Table, molecules: pa.Table, schema: pa.Schema
) -> pa.Table:
    """Add labels and 2D descriptors to rows of conformers."""
    places = pc.index_in(rows["molecule"], table_2d["molecule"].combine_chunks())
    repeated = table_2d.select(NAMES_2D).take(places)
    columns = {
        **dict(zip(rows.column_names, rows.columns, strict=True)),
        **dict(zip(NAMES_2D, repeated.columns, strict=True)),
        "label": labels_of(rows["molecule"], molecules),
    }
    return pa.table([columns[name] for name in schema.names], schema=schema)
