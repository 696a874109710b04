"""Read rows and columns of the augmented table in pieces."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from confaug.errors import UserError
from confaug.learning.rows import Indices, Matrix, Numbers, number_texts
from confaug.tables.descriptors import AUGMENTED
from confaug.tables.parquet import CheckedFile

_KEYS = ["molecule", "protocol", "repeat", "conformer", "energy"]
_BATCH_ROWS = 4096


@dataclass(frozen=True)
class Wanted:
    """Some rows of the augmented table in canonical order: their places, molecules and protocols.

    Molecules and protocols are numbers of names in ascending order; the table may have so many
    rows that their texts would not fit in memory. A row without a conformer has protocol -1.
    """

    position: Indices
    owner: Numbers
    protocol: Numbers
    energy: NDArray[np.float64]
    rank: NDArray[np.int64]
    molecules: NDArray[np.str_]
    protocols: tuple[str, ...]

    @property
    def molecule(self) -> NDArray[np.str_]:
        """Identifier of the molecule of each row."""
        return self.molecules[self.owner]

    def pick(self, rows: NDArray[np.bool_] | Indices) -> "Wanted":
        """Only some of the rows, in the order given."""
        return replace(
            self,
            position=self.position[rows],
            owner=self.owner[rows],
            protocol=self.protocol[rows],
            energy=self.energy[rows],
            rank=self.rank[rows],
        )

    def per_molecule(self, limit: int | None) -> "Wanted":
        """At most `limit` rows of each molecule."""
        return self if limit is None else self.pick(self.rank < limit)

    def slices(self) -> Iterator[slice]:
        """Yield the rows of each molecule."""
        changes = np.flatnonzero(self.owner[1:] != self.owner[:-1]) + 1
        edges = [0, *changes.tolist(), len(self.owner)]
        for start, stop in pairwise(edges):
            yield slice(start, stop)

    def first_rows(self) -> "Wanted":
        """One row of each molecule."""
        return self.pick(np.array([part.start for part in self.slices()], dtype=np.intp))


class AugmentedTable:
    """The augmented table on disk, read in pieces."""

    def __init__(self, path: str | Path, names_3d: Sequence[str]) -> None:
        self.path = path
        self.file = CheckedFile(path, read_dictionary=["molecule", "protocol"])
        present = self.file.schema_arrow.names
        missing = [name for name in AUGMENTED.names if name not in present]
        if missing:
            raise UserError(
                f"{path} cannot be used as an {AUGMENTED.name} (it lacks the column "
                f"{missing[0]!r}); delete it and run again"
            )
        are_3d = set(names_3d)
        self.names_3d = [name for name in present if name in are_3d]

    def locate(self, molecules: Sequence[str], only_protocols: Sequence[str] | None) -> Wanted:
        """Find the rows of some molecules and sort them by their key."""
        keys = self.file.read(columns=_KEYS)
        owner, found = number_texts(keys["molecule"], molecules)
        check_found(molecules, found, self.path)
        position = np.flatnonzero(owner >= 0)
        protocol, names = number_texts(keys["protocol"])
        energy = keys["energy"].cast(pa.float64()).fill_null(np.nan).to_numpy()
        wanted = Wanted(
            position,
            owner[position],
            protocol[position],
            energy[position],
            np.zeros(len(position), dtype=np.int64),
            found,
            tuple(names.tolist()),
        )
        within = [keys[name].fill_null(0).to_numpy()[position] for name in ("conformer", "repeat")]
        wanted = wanted.pick(np.lexsort((*within, wanted.protocol, wanted.owner)))
        if only_protocols is not None:
            wanted = _keep_protocols(wanted, only_protocols)
        return replace(wanted, rank=_spread_ranks(wanted))

    def read(self, wanted: Wanted, names: Sequence[str]) -> Matrix:
        """Read some columns of some rows."""
        return read_rows(self.file, wanted.position, names)


def read_rows(file: CheckedFile, position: Indices, names: Sequence[str]) -> Matrix:
    """Read columns of the rows at some positions as float32, piece by piece."""
    X = np.full((len(position), len(names)), np.nan, dtype=np.float32)
    order = np.argsort(position)
    ascending = position[order]
    row = 0
    for group in range(file.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        start, stop = np.searchsorted(ascending, [row, row + size])
        if start < stop:
            destination = np.full(size, -1, dtype=np.intp)
            destination[ascending[start:stop] - row] = order[start:stop]
            _read_group(file, group, destination, names, X)
        row += size
    return X


def _read_group(
    file: CheckedFile, group: int, destination: Indices, names: Sequence[str], X: Matrix
) -> None:
    """Put the wanted rows of one row group at their place in `X`."""
    row = 0
    for batch in file.iter_batches(
        _BATCH_ROWS, row_groups=[group], columns=list(names), use_threads=False
    ):
        to = destination[row : row + batch.num_rows]
        row += batch.num_rows
        here = to >= 0
        if here.any():
            for column, name in enumerate(names):
                values = batch.column(batch.schema.get_field_index(name))
                X[to[here], column] = _finite(values.to_numpy(zero_copy_only=False))[here]


def _finite(values: NDArray[np.float64]) -> Matrix:
    """Convert to float32; what does not fit is NaN."""
    with np.errstate(over="ignore"):
        single = values.astype(np.float32)
    single[~np.isfinite(single)] = np.nan
    return single


def _keep_protocols(wanted: Wanted, protocols: Sequence[str]) -> Wanted:
    """Keep the rows of some protocols, and one row without conformer for molecules left bare."""
    present = {wanted.protocols[i] for i in np.unique(wanted.protocol) if i >= 0}
    unknown = [name for name in protocols if name not in present]
    if unknown:
        raise UserError(f"protocol {unknown[0]!r} is not in the augmented table")
    numbers = [-1, *(wanted.protocols.index(name) for name in protocols)]
    chosen = np.isin(wanted.protocol, numbers)
    bare = ~np.isin(wanted.owner, wanted.owner[chosen])
    first = np.zeros(len(bare), dtype=bool)
    first[[part.start for part in wanted.slices()]] = True
    wanted = replace(
        wanted,
        protocol=np.where(bare, -1, wanted.protocol).astype(np.int32),
        energy=np.where(bare, np.nan, wanted.energy),
    )
    return wanted.pick(chosen | (bare & first))


def check_found(molecules: Sequence[str], found: NDArray[np.str_], path: str | Path) -> None:
    """Raise if a molecule has no row at all."""
    missing = sorted(set(molecules) - set(found.tolist()))
    if missing:
        raise UserError(
            f"{path} has no row for molecule {missing[0]} "
            f"({len(missing)} of {len(set(molecules))} are missing); delete it and run again"
        )


def _spread_ranks(wanted: Wanted) -> NDArray[np.int64]:
    """Rank the rows of each molecule so that the first k are spread evenly over protocols."""
    within = _places(wanted.owner, wanted.protocol)
    order = np.lexsort((wanted.protocol, within, wanted.owner))
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = _places(wanted.owner)
    return ranks


def _places(*keys: Numbers) -> NDArray[np.int64]:
    """Return the place of each row among adjacent rows with equal keys, from 0."""
    rows = np.arange(len(keys[0]))
    begins = np.zeros(len(rows), dtype=bool)
    begins[:1] = True
    for key in keys:
        begins[1:] |= key[1:] != key[:-1]
    return rows - np.maximum.accumulate(np.where(begins, rows, 0))


def has_conformer(wanted: Wanted) -> NDArray[np.bool_]:
    """Which rows stand for a conformer."""
    return wanted.protocol >= 0
