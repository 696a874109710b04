"""The distribution table: order statistics of every 3D descriptor, one row per molecule.

The five order statistics are taken over the conformers of a protocol, all repeats together.

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

from confaug.config.protocols import Protocol
from confaug.descriptors.names import NAMES_3D
from confaug.descriptors.shards import described_by, files_by_shard, labels_of, shard_rows
from confaug.errors import UserError
from confaug.tables.descriptors import DISTRIBUTION
from confaug.tables.engine import stream_parquet

logger = logging.getLogger("confaug")
#: Order statistics of the distribution table: name and quantile.
STATISTICS = (("min", 0.0), ("25%", 0.25), ("50%", 0.5), ("75%", 0.75), ("max", 1.0))
#: Rows of a row group, at least, and for each shard of a large study (see `augmented`); with 6390
#: columns, 1024 rows are some 50 MB.
ROWS_AT_A_TIME = 1024
ROWS_PER_SHARD = 16


def merge_distribution(
    molecules: pa.Table,
    descriptors_3d: Iterable[str | Path],
    protocols: dict[str, Protocol],
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
        DESCRIPTORS_3D files of all protocols, repeats and shards, in any order.
    protocols
        Every protocol by its name.
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
    files = files_by_shard(descriptors_3d)
    descriptors = described_by(files)
    names = distribution_columns(protocols, descriptors)
    schema = DISTRIBUTION.schema(names)
    everyone = molecules["molecule"].to_pylist()
    blocks = _distribution_blocks(everyone, files, list(protocols), descriptors)
    at_least = max(ROWS_AT_A_TIME, ROWS_PER_SHARD * len(files))
    with stream_parquet(output, schema, names) as writer:
        for found, values in _put_together(blocks, at_least):
            writer.write_table(_distribution_table(found, values, molecules, schema))
    return int(molecules.num_rows)


def protocol_suffix(protocol: Protocol) -> str:
    """Return how the names of distribution columns end for a protocol.

    Examples
    --------
    >>> protocol_suffix(Protocol("etkdg", "mmff"))
    '_ETKDGmmff'
    >>> protocol_suffix(Protocol("dg"))
    ''
    """
    method, force_field = protocol.method, protocol.force_field
    if (method, force_field) == ("dg", "none"):
        return ""
    return f"_{method.upper()}{'' if force_field == 'none' else force_field}"


def distribution_columns(
    protocols: dict[str, Protocol], descriptors: Sequence[str] = NAMES_3D
) -> list[str]:
    """Return the names of all distribution columns, by protocol, descriptor and statistic.

    Raises
    ------
    UserError
        If two protocols have the same method and force field, so that names would clash.

    Examples
    --------
    >>> distribution_columns({"dg": Protocol("dg")})[:2]
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
        for descriptor in descriptors
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


def _distribution_blocks(
    molecules: Sequence[str],
    files: dict[str, list[Path]],
    protocols: Sequence[str],
    descriptors: Sequence[str],
) -> Iterator[tuple[list[str], np.ndarray]]:
    """Yield molecules and their order statistics, shard by shard, then those without conformers."""
    waiting = set(molecules)
    for number, paths in enumerate(files.values(), start=1):
        found, values = _distribution_of_shard(paths, protocols, descriptors)
        waiting -= set(found)
        yield found, values
        logger.info("shard %d of %d merged", number, len(files))
    lacking = sorted(waiting)
    columns = len(protocols) * len(descriptors) * len(STATISTICS)
    for start in range(0, len(lacking), ROWS_AT_A_TIME):
        some = lacking[start : start + ROWS_AT_A_TIME]
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
    paths: Sequence[Path], protocols: Sequence[str], descriptors: Sequence[str]
) -> tuple[list[str], np.ndarray]:
    """Return the molecules of a shard, sorted, and their order statistics, one row each."""
    rows = shard_rows(paths, [], descriptors)
    names = rows["molecule"].to_numpy()
    of_protocol = rows["protocol"].to_numpy()
    matrix = np.column_stack([rows[name].to_numpy() for name in descriptors])
    found = sorted(set(names))
    values = np.full((len(found), len(protocols), len(descriptors), len(STATISTICS)), np.nan)
    for i, j, start, stop in _blocks(names, of_protocol, found, protocols):
        values[i, j] = order_statistics(matrix[start:stop])
    return found, values.reshape(len(found), math.prod(values.shape[1:]))


def _distribution_table(
    found: Sequence[str], values: np.ndarray, molecules: pa.Table, schema: pa.Schema
) -> pa.Table:
    """Return rows of the distribution table."""
    names = pa.array(found, pa.string())
    descriptors = map(pa.array, np.ascontiguousarray(values.T))
    return pa.table([names, labels_of(names, molecules), *descriptors], schema=schema)


def _blocks(
    names: np.ndarray, of_protocol: np.ndarray, found: Sequence[str], protocols: Sequence[str]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield the numbers of molecule and protocol, and start and stop, of every block of rows."""
    changes = (names[1:] != names[:-1]) | (of_protocol[1:] != of_protocol[:-1])
    bounds = [0, *(np.flatnonzero(changes) + 1).tolist(), len(names)] if len(names) else []
    molecule_number = {name: i for i, name in enumerate(found)}
    protocol_number = {name: j for j, name in enumerate(protocols)}
    for start, stop in pairwise(bounds):
        if of_protocol[start] in protocol_number:
            place = molecule_number[names[start]], protocol_number[of_protocol[start]]
            yield *place, start, stop
