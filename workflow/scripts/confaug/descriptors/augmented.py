"""The augmented table: one row per conformer with its label and 3D descriptors."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from confaug.descriptors.shards import (
    check_same_shards,
    described_by,
    files_by_shard,
    labels_of,
    shard_rows,
)
from confaug.tables.descriptors import AUGMENTED
from confaug.tables.engine import stream_parquet

logger = logging.getLogger("confaug")
#: Rows of a row group, at least; with 213 descriptors some 14 MB.
ROWS_AT_A_TIME = 8192
#: In a large study, a row group has this many rows for each shard. Opening a Parquet file takes
#: 1 kB of memory for every column of every row group, whatever its size.
ROWS_PER_SHARD = 256


def merge_augmented(
    molecules: pa.Table,
    shards: Mapping[str, Sequence[str]],
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
    shards
        The molecules of each shard, by its name ("shard-03").
    descriptors_3d
        DESCRIPTORS_3D files of all protocols, repeats and shards, in any order; none at all if
        no molecule has conformers.
    output
        The Parquet file.

    Returns
    -------
    int
        The number of rows written.

    Raises
    ------
    UserError
        If a shard lacks its files or its molecules, or a file does not match its declaration.
    """
    files = files_by_shard(descriptors_3d)
    if files:
        check_same_shards(shards, files)
    names = described_by(files)
    schema = AUGMENTED.schema(names)
    at_a_time = max(ROWS_AT_A_TIME, ROWS_PER_SHARD * len(shards))
    count = 0
    with stream_parquet(output, schema, {"energy", *names}) as writer:
        for number, shard in enumerate(sorted(shards), start=1):
            rows = shard_rows(files.get(shard, []), shards[shard], names)
            labels = labels_of(rows["molecule"], molecules)
            rows = rows.append_column("label", labels).select(schema.names).cast(schema)
            writer.write_table(rows, row_group_size=at_a_time)
            count += rows.num_rows
            logger.info("shard %d of %d merged, %d rows", number, len(shards), count)
    return count
