"""Read the descriptor files of shards for the tables that join them."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from confaug.descriptors.names import EVERY_3D, NAMES_3D
from confaug.errors import UserError
from confaug.tables.descriptors import AUGMENTED, DESCRIPTORS_3D
from confaug.tables.engine import read_table
from confaug.tables.parquet import CheckedFile


def files_by_shard(paths: Iterable[str | Path]) -> dict[str, list[Path]]:
    """Return files grouped by the shard in their name ("shard-03.parquet"), in order of shards."""
    groups: dict[str, list[Path]] = {}
    for path in map(Path, paths):
        groups.setdefault(path.stem, []).append(path)
    return dict(sorted(groups.items()))


def check_same_shards(
    molecules: Mapping[str, Sequence[str]], files_3d: Mapping[str, Sequence[Path]]
) -> None:
    """Raise a `UserError` if a shard has molecules but no 3D descriptors, or the reverse."""
    odd = sorted(molecules.keys() ^ files_3d.keys())
    if odd:
        raise UserError(
            f"{odd[0]} does not have both molecules and 3D descriptors; "
            "delete the folders shards and descriptors_3d and run again"
        )


def described_by(files: dict[str, list[Path]]) -> tuple[str, ...]:
    """Return the 3D descriptors that DESCRIPTORS_3D files have, by shard; mordred's without any.

    The first file is asked. `shard_rows` raises an error if another one lacks a descriptor.
    """
    first = next((path for paths in files.values() for path in paths), None)
    present = {*NAMES_3D, *(CheckedFile(first).schema_arrow.names if first else ())}
    return tuple(name for name in EVERY_3D if name in present)


def shard_rows(
    paths: Sequence[Path], molecules: Sequence[str], descriptors: Sequence[str]
) -> pa.Table:
    """Return the 3D rows of one shard, sorted by their key.

    Parameters
    ----------
    paths
        DESCRIPTORS_3D files of the shard.
    molecules
        Molecules of the shard; one that the files lack has one row of nulls and NaN.
    descriptors
        The 3D descriptors to read.

    Raises
    ------
    UserError
        If a file does not match its declaration or lacks a descriptor.
    """
    schema = AUGMENTED.schema(tuple(descriptors)).remove(AUGMENTED.names.index("label"))
    tables = [
        read_table(path, DESCRIPTORS_3D, list(descriptors)).select(schema.names).cast(schema)
        for path in paths
    ]
    had = {name for table in tables for name in pc.unique(table["molecule"]).to_pylist()}
    lacking = [name for name in molecules if name not in had]
    are_3d = set(descriptors)
    blank: dict[str, pa.Array] = {
        field.name: pa.array(np.full(len(lacking), np.nan))
        if field.name in are_3d
        else pa.nulls(len(lacking), field.type)
        for field in schema
    }
    blank["molecule"] = pa.array(lacking, pa.string())
    rows = pa.concat_tables([*tables, pa.table(blank, schema=schema)])
    return rows.sort_by([(name, "ascending") for name in AUGMENTED.key]).combine_chunks()


def labels_of(names: pa.ChunkedArray | pa.Array, molecules: pa.Table) -> pa.ChunkedArray:
    """Return the label of each molecule from the MOLECULES table."""
    places = pc.index_in(names, molecules["molecule"].combine_chunks())
    if places.null_count:
        unknown = names.filter(pc.is_null(places))[0].as_py()
        raise UserError(
            f"molecule {unknown} has descriptors but is not in molecules.csv; "
            "delete the descriptor files and run again"
        )
    return molecules["label"].take(places)
