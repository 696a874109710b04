"""The two tables that learning starts from, written shard by shard.

The augmented table has one row per conformer. The distribution table has one row per molecule: five
order statistics of every 3D descriptor over the conformers of a protocol, all repeats together.

Names of the distribution columns
---------------------------------
A name is statistic, descriptor and protocol in one: ``25%DPSA1_DGmmff`` is the lower quartile of
DPSA1 over the conformers from distance geometry minimised with MMFF94. Statistics are ``min``,
``25%``, ``50%``, ``75%`` and ``max``. The protocol is written as its method in capitals followed by
its force field (nothing for none); plain distance geometry is written as nothing at all, so that
``minDPSA1`` is the minimum over the conformers from distance geometry without a force field:

======================  ===========  ===============
method, force field     suffix       example
======================  ===========  ===============
dg, none                (nothing)    minDPSA1
dg, mmff                _DGmmff      minDPSA1_DGmmff
dg, uff                 _DGuff       minDPSA1_DGuff
etkdg, none             _ETKDG       minDPSA1_ETKDG
etkdg, mmff             _ETKDGmmff   minDPSA1_ETKDGmmff
etkdg, uff              _ETKDGuff    minDPSA1_ETKDGuff
kdg, mmff94s            _KDGmmff94s  minDPSA1_KDGmmff94s
======================  ===========  ===============

The six protocols of the default configuration give 6 × 213 × 5 = 6390 columns, ordered by protocol,
descriptor and statistic.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from confaug.descriptors.names import NAMES_2D, NAMES_3D
from confaug.descriptors.shards import check_same_shards, files_by_shard, shard_rows
from confaug.errors import UserError
from confaug.tables.descriptors import AUGMENTED, DESCRIPTORS_2D
from confaug.tables.engine import read_table, stream_parquet

logger = logging.getLogger("confaug")
#: Rows that are put together at a time, at least; with 1826 descriptors some 120 MB.
ROWS_AT_A_TIME = 8192
#: As many times this many rows as there are shards are put together in a large study. Whoever opens
#: a Parquet file holds 1 kB for every column of every piece, some 2 MB a piece, whatever its size.
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
    schema = AUGMENTED.schema((*NAMES_2D, *NAMES_3D))
    files_3d = files_by_shard(descriptors_3d)
    files_2d = files_by_shard(descriptors_2d)
    if files_3d:
        check_same_shards(files_2d, files_3d)
    at_a_time = max(ROWS_AT_A_TIME, ROWS_PER_SHARD * len(files_2d))
    count = 0
    with stream_parquet(output, schema, {"energy", *NAMES_3D}) as writer:
        for number, (shard, (file_2d,)) in enumerate(files_2d.items(), start=1):
            table_2d = read_table(file_2d, DESCRIPTORS_2D)
            rows = shard_rows(files_3d.get(shard, []), table_2d["molecule"].to_pylist())
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
        "label": labels(rows["molecule"], molecules),
    }
    return pa.table([columns[name] for name in schema.names], schema=schema)


def labels(names: pa.ChunkedArray | pa.Array, molecules: pa.Table) -> pa.ChunkedArray:
    """Return the label of each molecule."""
    places = pc.index_in(names, molecules["molecule"].combine_chunks())
    if places.null_count:
        unknown = names.filter(pc.is_null(places))[0].as_py()
        raise UserError(
            f"molecule {unknown} has descriptors but does not stand in molecules.csv; "
            "delete the descriptor files and run again"
        )
    return molecules["label"].take(places)


def blocks(
    names: np.ndarray, of_protocol: np.ndarray, found: Sequence[str], protocols: Sequence[str]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield the number of molecule and protocol, and first and last row, of every block of rows."""
    changes = (names[1:] != names[:-1]) | (of_protocol[1:] != of_protocol[:-1])
    bounds = [0, *(np.flatnonzero(changes) + 1).tolist(), len(names)] if len(names) else []
    molecule_number = {name: i for i, name in enumerate(found)}
    protocol_number = {name: j for j, name in enumerate(protocols)}
    for start, stop in pairwise(bounds):
        if of_protocol[start] in protocol_number:
            place = molecule_number[names[start]], protocol_number[of_protocol[start]]
            yield *place, start, stop
