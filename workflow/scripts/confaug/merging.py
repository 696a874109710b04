"""The two tables that learning starts from, written shard by shard.

The augmented table has one row per conformer. The distribution table has one row per molecule: five
order statistics of every 3D descriptor over the conformers of a protocol, all seeds together.

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
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from confaug.errors import UserError
from confaug.mordred_names import NAMES_2D, NAMES_3D
from confaug.tables import (
    AUGMENTED,
    DESCRIPTORS_2D,
    DESCRIPTORS_3D,
    DISTRIBUTION,
    read_table,
    stream_parquet,
)

logger = logging.getLogger("confaug")

#: Order statistics of the distribution table: name and quantile.
STATISTICS = (("min", 0.0), ("25%", 0.25), ("50%", 0.5), ("75%", 0.75), ("max", 1.0))
#: Rows that are put together at a time, at least; with 1826 descriptors some 120 MB.
ROWS_AT_A_TIME = 8192
#: As many times this many rows as there are shards are put together in a large study. Whoever opens
#: a Parquet file holds 1 kB for every column of every piece, some 2 MB a piece, whatever its size.
ROWS_PER_SHARD = 256
#: The same for the distribution table, where a piece costs three times as much: with 6390 columns
#: this many molecules are some 50 MB.
DISTRIBUTION_ROWS_AT_A_TIME = 1024
DISTRIBUTION_ROWS_PER_SHARD = 16


def merge_augmented(
    molecules: pa.Table,
    descriptors_2d: Iterable[str | Path],
    descriptors_3d: Iterable[str | Path],
    output: str | Path,
) -> int:
    """Write the augmented table, one row per conformer.

    Rows are sorted by molecule, protocol, seed and conformer within a shard, and shards follow each
    other. A molecule without any conformer has one row without protocol, seed, conformer and
    energy, whose 3D descriptors are NaN.

    Parameters
    ----------
    molecules
        MOLECULES table, for the labels.
    descriptors_2d
        DESCRIPTORS_2D file of every shard.
    descriptors_3d
        DESCRIPTORS_3D files of all protocols, seeds and shards, in any order; none at all for
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


def merge_distribution(
    molecules: pa.Table,
    descriptors_3d: Iterable[str | Path],
    protocols: dict[str, dict[str, str]],
    output: str | Path,
) -> int:
    """Write the distribution table, one row per molecule (names: see the head of this module).

    Molecules are sorted within a shard, and shards follow each other; molecules without any
    conformer come last. A statistic leaves out the conformers for which the descriptor is
    undefined and is NaN when there are no others. Quantiles are interpolated linearly (NumPy's
    default).

    Parameters
    ----------
    molecules
        MOLECULES table, for the labels.
    descriptors_3d
        DESCRIPTORS_3D files of all protocols, seeds and shards, in any order.
    protocols
        Definition (``method`` and ``force_field``) of every protocol, by name.
    output
        The Parquet file.

    Returns
    -------
    int
        The number of rows written.

    Raises
    ------
    UserError
        If two protocols are the same, or a file does not match its declaration.
    """
    names = distribution_columns(protocols)
    schema = DISTRIBUTION.schema(names)
    files = files_by_shard(descriptors_3d)
    blocks = _distribution_blocks(molecules["molecule"].to_pylist(), files, list(protocols))
    at_least = max(DISTRIBUTION_ROWS_AT_A_TIME, DISTRIBUTION_ROWS_PER_SHARD * len(files))
    with stream_parquet(output, schema, names) as writer:
        for found, values in _put_together(blocks, at_least):
            writer.write_table(_distribution_table(found, values, molecules, schema))
    return molecules.num_rows


def protocol_suffix(protocol: dict[str, str]) -> str:
    """Return how the names of distribution columns end for a protocol.

    Examples
    --------
    >>> protocol_suffix({"method": "etkdg", "force_field": "mmff"})
    '_ETKDGmmff'
    >>> protocol_suffix({"method": "dg", "force_field": "none"})
    ''
    """
    method, force_field = protocol["method"], protocol["force_field"]
    if (method, force_field) == ("dg", "none"):
        return ""
    return f"_{method.upper()}{'' if force_field == 'none' else force_field}"


def distribution_columns(protocols: dict[str, dict[str, str]]) -> list[str]:
    """Return the names of all distribution columns, by protocol, descriptor and statistic.

    Raises
    ------
    UserError
        If two protocols have the same method and force field, so that names would clash.

    Examples
    --------
    >>> distribution_columns({"dg": {"method": "dg", "force_field": "none"}})[:2]
    ['minPNSA1', '25%PNSA1']
    """
    seen: dict[str, str] = {}
    for name, definition in protocols.items():
        other = seen.setdefault(protocol_suffix(definition), name)
        if other != name:
            raise UserError(
                f"embedding.protocols.{other} and embedding.protocols.{name} have the same method "
                "and force field; keep one of them"
            )
    return [
        f"{statistic}{descriptor}{suffix}"
        for suffix in seen
        for descriptor in NAMES_3D
        for statistic, _ in STATISTICS
    ]


def order_statistics(values: np.ndarray) -> np.ndarray:
    """Return the five order statistics of every column, leaving out NaN.

    Parameters
    ----------
    values
        Shape (conformers, descriptors).

    Returns
    -------
    numpy.ndarray
        Shape (descriptors, 5); NaN for a column without a number.

    Examples
    --------
    >>> order_statistics(np.array([[1.0], [2.0], [4.0]]))
    array([[1. , 1.5, 2. , 3. , 4. ]])
    """
    quantiles = [quantile for _, quantile in STATISTICS]
    result = np.full((values.shape[1], len(quantiles)), np.nan)
    defined = ~np.isnan(values)
    whole = defined.all(axis=0) if len(values) else np.zeros(values.shape[1], bool)
    if whole.any():
        result[whole] = np.quantile(values[:, whole], quantiles, axis=0).T
    for column in np.flatnonzero(defined.any(axis=0) & ~whole):
        result[column] = np.quantile(values[defined[:, column], column], quantiles)
    return result


def files_by_shard(paths: Iterable[str | Path]) -> dict[str, list[Path]]:
    """Return files grouped by the shard in their name ("shard-03.parquet"), in order of shards."""
    groups: dict[str, list[Path]] = {}
    for path in map(Path, paths):
        groups.setdefault(path.stem, []).append(path)
    return dict(sorted(groups.items()))


def check_same_shards(files_2d: dict[str, list[Path]], files_3d: dict[str, list[Path]]) -> None:
    """Raise a `UserError` if a shard has 2D but no 3D descriptors, or the other way round."""
    odd = sorted(files_2d.keys() ^ files_3d.keys())
    if odd:
        raise UserError(
            f"{odd[0]} does not have both 2D and 3D descriptors; "
            "delete the folders descriptors_2d and descriptors_3d and run again"
        )


def shard_rows(paths: Sequence[Path], molecules: Sequence[str]) -> pa.Table:
    """Return the 3D rows of one shard, sorted by their key.

    Parameters
    ----------
    paths
        DESCRIPTORS_3D files of the shard.
    molecules
        Molecules of the shard; one that the files lack has one row of nulls and NaN.
    """
    schema = AUGMENTED.schema(NAMES_3D).remove(AUGMENTED.names.index("label"))
    tables = [read_table(path, DESCRIPTORS_3D).select(schema.names).cast(schema) for path in paths]
    had = {name for table in tables for name in pc.unique(table["molecule"]).to_pylist()}
    lacking = [name for name in molecules if name not in had]
    blank: dict[str, pa.Array] = {
        field.name: pa.array(np.full(len(lacking), np.nan))
        if field.name in NAMES_3D
        else pa.nulls(len(lacking), field.type)
        for field in schema
    }
    blank["molecule"] = pa.array(lacking, pa.string())
    rows = pa.concat_tables([*tables, pa.table(blank, schema=schema)])
    return rows.sort_by([(name, "ascending") for name in AUGMENTED.key]).combine_chunks()


def _augment(
    rows: pa.Table, table_2d: pa.Table, molecules: pa.Table, schema: pa.Schema
) -> pa.Table:
    """Add labels and 2D descriptors to rows of conformers."""
    places = pc.index_in(rows["molecule"], table_2d["molecule"].combine_chunks())
    repeated = table_2d.select(NAMES_2D).take(places)
    columns = {
        **dict(zip(rows.column_names, rows.columns, strict=True)),
        **dict(zip(NAMES_2D, repeated.columns, strict=True)),
        "label": _labels(rows["molecule"], molecules),
    }
    return pa.table([columns[name] for name in schema.names], schema=schema)


def _labels(names: pa.ChunkedArray | pa.Array, molecules: pa.Table) -> pa.ChunkedArray:
    """Return the label of each molecule."""
    places = pc.index_in(names, molecules["molecule"].combine_chunks())
    if places.null_count:
        unknown = names.filter(pc.is_null(places))[0].as_py()
        raise UserError(
            f"molecule {unknown} has descriptors but does not stand in molecules.csv; "
            "delete the descriptor files and run again"
        )
    return molecules["label"].take(places)


def _distribution_blocks(
    molecules: Sequence[str], files: dict[str, list[Path]], protocols: Sequence[str]
) -> Iterator[tuple[list[str], np.ndarray]]:
    """Yield molecules and their order statistics, shard by shard, then those without conformers."""
    waiting = set(molecules)
    for number, paths in enumerate(files.values(), start=1):
        found, values = _distribution_of_shard(paths, protocols)
        waiting -= set(found)
        yield found, values
        logger.info("shard %d of %d merged", number, len(files))
    lacking = sorted(waiting)
    columns = len(protocols) * len(NAMES_3D) * len(STATISTICS)
    for start in range(0, len(lacking), DISTRIBUTION_ROWS_AT_A_TIME):
        some = lacking[start : start + DISTRIBUTION_ROWS_AT_A_TIME]
        yield some, np.full((len(some), columns), np.nan)


def _put_together(
    blocks: Iterable[tuple[list[str], np.ndarray]], at_least: int
) -> Iterator[tuple[list[str], np.ndarray]]:
    """Yield blocks of molecules put together until they have this many, but for the last."""
    names: list[str] = []
    waiting: list[np.ndarray] = []
    for found, values in blocks:
        names += found
        waiting.append(values)
        if len(names) >= at_least:
            yield names, np.concatenate(waiting)
            names, waiting = [], []
    if names:
        yield names, np.concatenate(waiting)


def _distribution_of_shard(
    paths: Sequence[Path], protocols: Sequence[str]
) -> tuple[list[str], np.ndarray]:
    """Return the molecules of a shard, sorted, and their order statistics, one row each."""
    rows = shard_rows(paths, [])
    names = rows["molecule"].to_numpy()
    of_protocol = rows["protocol"].to_numpy()
    matrix = np.column_stack([rows[name].to_numpy() for name in NAMES_3D])
    found = sorted(set(names))
    values = np.full((len(found), len(protocols), len(NAMES_3D), len(STATISTICS)), np.nan)
    for i, j, start, stop in _blocks(names, of_protocol, found, protocols):
        values[i, j] = order_statistics(matrix[start:stop])
    return found, values.reshape(len(found), math.prod(values.shape[1:]))


def _blocks(
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


def _distribution_table(
    found: Sequence[str], values: np.ndarray, molecules: pa.Table, schema: pa.Schema
) -> pa.Table:
    """Return rows of the distribution table."""
    names = pa.array(found, pa.string())
    descriptors = map(pa.array, np.ascontiguousarray(values.T))
    return pa.table([names, _labels(names, molecules), *descriptors], schema=schema)
