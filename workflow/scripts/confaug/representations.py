"""How molecules are shown to a learner: one row each, or one row per conformer.

Every representation is built from the augmented table (one row per conformer, 2D and 3D
descriptors) or, for ``distribution``, from the distribution table (one row per molecule).

=================  ==============  ================================================================
name               rows            features
=================  ==============  ================================================================
2d                 1 per molecule  2D
lowest_energy      1 per molecule  2D and the 3D of the conformer of lowest energy
mean_pooled        1 per molecule  2D and the mean 3D over the conformers
distribution       1 per molecule  order statistics of the 3D descriptors, per protocol
augmented_3d       1 per conformer 3D
augmented_2d_3d    1 per conformer 2D and 3D
gaussian_noise     1 per conformer 2D and 3D, the conformer scatter replaced by Gaussian noise
duplicated         1 per conformer 2D and the mean 3D, repeated
=================  ==============  ================================================================
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from confaug.errors import UserError
from confaug.mordred_names import NAMES_3D
from confaug.parquet import CheckedFile
from confaug.tables import AUGMENTED, DISTRIBUTION

Matrix = NDArray[np.float32]
Indices = NDArray[np.intp]
Numbers = NDArray[np.int32]
REPRESENTATIONS = (
    "2d",
    "lowest_energy",
    "mean_pooled",
    "distribution",
    "augmented_3d",
    "augmented_2d_3d",
    "gaussian_noise",
    "duplicated",
)
#: Representations with one row per conformer.
MANY_ROWS = ("augmented_3d", "augmented_2d_3d", "gaussian_noise", "duplicated")
_KEYS = ["molecule", "protocol", "seed", "conformer", "energy"]
_BATCH_ROWS = 4096
_PIECE_ROWS = 16384


@dataclass(frozen=True)
class Rows:
    """A feature matrix whose rows belong to molecules.

    Attributes
    ----------
    X
        Features, shape (n_rows, n_features), float32; NaN where a descriptor could not be had.
    feature_names
        Names of the columns of `X`.
    molecule
        Identifier of the molecule of each row; rows of one molecule are adjacent and molecules
        are in ascending order.
    rank
        Place of each row in the order in which rows of its molecule are taken when only some
        are wanted: evenly over the protocols, within a protocol by seed and conformer.
    """

    X: Matrix
    feature_names: tuple[str, ...]
    molecule: NDArray[np.str_]
    rank: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Check that the parts fit each other and that molecules are in ascending order."""
        if self.X.shape != (len(self.molecule), len(self.feature_names)):
            raise ValueError("the feature matrix does not fit its row and column names")
        if np.any(self.molecule[1:] < self.molecule[:-1]):
            raise ValueError("rows are not sorted by molecule")

    @cached_property
    def starts(self) -> Indices:
        """Index of the first row of each molecule."""
        changes = self.molecule[1:] != self.molecule[:-1]
        first = [0] if len(self.molecule) else []
        return np.concatenate([np.array(first, dtype=np.intp), np.flatnonzero(changes) + 1])

    @property
    def molecules(self) -> NDArray[np.str_]:
        """The molecules, each once, in ascending order."""
        return self.molecule[self.starts]

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Number of rows of each molecule."""
        return np.diff(np.append(self.starts, len(self.molecule)))

    def take(self, rows: NDArray[np.bool_]) -> "Rows":
        """Return the rows that a mask selects, in the same order."""
        if rows.all():
            return self
        return replace(self, X=self.X[rows], molecule=self.molecule[rows], rank=self.rank[rows])

    def of_molecules(self, molecules: Sequence[str] | NDArray[np.str_]) -> "Rows":
        """Return the rows of some molecules."""
        return self.take(np.isin(self.molecule, np.asarray(molecules, dtype=np.str_)))

    def per_molecule(self, limit: int | None) -> "Rows":
        """Return at most `limit` rows of each molecule, spread evenly over the protocols."""
        return self if limit is None else self.take(self.rank < limit)

    def mask(self, molecules: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return the mask of the rows of the molecules that a mask of molecules selects."""
        return np.repeat(molecules, self.counts)

    def expand(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Repeat one value per molecule for all of its rows."""
        return np.repeat(values, self.counts)

    def with_features(self, names: Sequence[str]) -> Matrix:
        """Return the columns with the given names, in the given order.

        Raises
        ------
        UserError
            If one is missing.
        """
        return select_columns(self.X, self.feature_names, names)


def select_columns(X: Matrix, present: Sequence[str], wanted: Sequence[str]) -> Matrix:
    """Return the columns of a feature matrix by name, in the order wanted.

    Raises
    ------
    UserError
        If a wanted column is not present.
    """
    position = {name: i for i, name in enumerate(present)}
    missing = [name for name in wanted if name not in position]
    if missing:
        raise UserError(
            f"the descriptor table lacks {len(missing)} features that the model needs, the first "
            f"is {missing[0]!r}; describe the molecules with the same protocols and versions"
        )
    if tuple(present) == tuple(wanted):
        return X
    return X[:, [position[name] for name in wanted]]


def build_rows(
    representation: str,
    augmented: str | Path,
    distribution: str | Path,
    molecules: Sequence[str],
    *,
    protocols: Sequence[str] = (),
    only_protocols: Sequence[str] | None = None,
    rows_per_molecule: int | None = None,
    names_3d: Sequence[str] = NAMES_3D,
    seed: int = 1,
) -> Rows:
    """Build the rows of some molecules under one representation.

    The result does not depend on the order of rows in the files. A molecule without a conformer
    has one row whose 3D features are NaN. The tables are read in pieces: besides what is returned,
    memory holds one piece and the keys of the augmented table, some 100 bytes a row.

    Parameters
    ----------
    representation
        One of `REPRESENTATIONS`.
    augmented, distribution
        Files of the augmented and of the distribution table; only what is needed is read.
    molecules
        Identifiers of the molecules wanted.
    protocols
        The study's protocols in configured order. ``lowest_energy`` takes its conformer from the
        first of them that has energies for the molecule, because energies can be compared only
        within one force field.
    only_protocols
        Use the conformers of these protocols alone; None means all.
    rows_per_molecule
        Most rows of each molecule; the result is that of ``Rows.per_molecule``, without the other
        rows ever being in memory together. None means all.
    names_3d
        Names of the 3D descriptors.
    seed
        Random state of ``gaussian_noise``.

    Raises
    ------
    UserError
        If a molecule is not in the table, or protocols are chosen for ``distribution``.
    """
    if representation not in REPRESENTATIONS:
        raise UserError(
            f"representation {representation!r} is not known; "
            f"use one of {', '.join(REPRESENTATIONS)}"
        )
    if representation == "distribution":
        if only_protocols is not None:
            raise UserError(
                "representation 'distribution' is made of all conformers; "
                "use another one with a subset of protocols"
            )
        return _distribution_rows(distribution, molecules)
    table = _AugmentedTable(augmented, names_3d)
    wanted = table.locate(molecules, only_protocols)
    build = _BUILDERS[representation]
    return build(table, wanted, _Settings(tuple(protocols), seed, rows_per_molecule))


def number_texts(
    texts: pa.ChunkedArray, wanted: Sequence[str] | None = None
) -> tuple[Numbers, NDArray[np.str_]]:
    """Give the different texts of a column numbers, in ascending order of the texts.

    Parameters
    ----------
    texts
        A column of texts, dictionary-encoded (see `read_dictionary` of `ParquetFile`).
    wanted
        The texts that get a number; None means all.

    Returns
    -------
    tuple of ndarray
        The number of each row's text, -1 for nulls and for what is not wanted; and the texts.
    """
    column = texts.unify_dictionaries().combine_chunks()
    present = column.dictionary.to_numpy(zero_copy_only=False).astype(np.str_)
    kept = np.ones(len(present), dtype=bool)
    if wanted is not None:
        kept = np.isin(present, np.asarray(wanted, dtype=np.str_))
    names, inverse = np.unique(present[kept], return_inverse=True)
    number = np.full(len(present) + 1, -1, dtype=np.int32)  # the last one is that of nulls
    number[np.flatnonzero(kept)] = inverse
    return number[column.indices.fill_null(len(present)).to_numpy()], names


@dataclass(frozen=True)
class _Settings:
    """What single representations need to know."""

    protocols: tuple[str, ...]
    seed: int
    rows_per_molecule: int | None


@dataclass(frozen=True)
class _Wanted:
    """Rows of the augmented table in their canonical order: where they are and whose they are.

    Molecules and protocols are numbers of names in ascending order; the table may have so many
    rows that texts of their own would not fit. A row that stands for no conformer has protocol -1.
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

    def pick(self, rows: NDArray[np.bool_] | Indices) -> "_Wanted":
        return replace(
            self,
            position=self.position[rows],
            owner=self.owner[rows],
            protocol=self.protocol[rows],
            energy=self.energy[rows],
            rank=self.rank[rows],
        )

    def per_molecule(self, limit: int | None) -> "_Wanted":
        """At most `limit` rows of each molecule."""
        return self if limit is None else self.pick(self.rank < limit)

    def slices(self) -> Iterator[slice]:
        """Yield the rows of each molecule."""
        changes = np.flatnonzero(self.owner[1:] != self.owner[:-1]) + 1
        edges = [0, *changes.tolist(), len(self.owner)]
        for start, stop in pairwise(edges):
            yield slice(start, stop)

    def first_rows(self) -> "_Wanted":
        """One row of each molecule."""
        return self.pick(np.array([part.start for part in self.slices()], dtype=np.intp))


class _AugmentedTable:
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
        features = [name for name in present if name not in set(AUGMENTED.names)]
        self.names_2d = [name for name in features if name not in are_3d]
        self.names_3d = [name for name in features if name in are_3d]

    def locate(self, molecules: Sequence[str], only_protocols: Sequence[str] | None) -> _Wanted:
        """Find the rows of some molecules and sort them by their key."""
        keys = self.file.read(columns=_KEYS)
        owner, found = number_texts(keys["molecule"], molecules)
        _check_found(molecules, found, self.path)
        position = np.flatnonzero(owner >= 0)
        protocol, names = number_texts(keys["protocol"])
        energy = keys["energy"].cast(pa.float64()).fill_null(np.nan).to_numpy()
        wanted = _Wanted(
            position,
            owner[position],
            protocol[position],
            energy[position],
            np.zeros(len(position), dtype=np.int64),
            found,
            tuple(names.tolist()),
        )
        within = [keys[name].fill_null(0).to_numpy()[position] for name in ("conformer", "seed")]
        wanted = wanted.pick(np.lexsort((*within, wanted.protocol, wanted.owner)))
        if only_protocols is not None:
            wanted = _keep_protocols(wanted, only_protocols)
        return replace(wanted, rank=_spread_ranks(wanted))

    def read(self, wanted: _Wanted, names: Sequence[str]) -> Matrix:
        """Read some columns of some rows."""
        return _read_rows(self.file, wanted.position, names)


def _read_rows(file: CheckedFile, position: Indices, names: Sequence[str]) -> Matrix:
    """Read some columns of the rows at some positions as float32, piece by piece."""
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


def _keep_protocols(wanted: _Wanted, protocols: Sequence[str]) -> _Wanted:
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


def _check_found(molecules: Sequence[str], found: NDArray[np.str_], path: str | Path) -> None:
    """Raise if a molecule has no row at all."""
    missing = sorted(set(molecules) - set(found.tolist()))
    if missing:
        raise UserError(
            f"{path} has no row for molecule {missing[0]} "
            f"({len(missing)} of {len(set(molecules))} are missing); delete it and run again"
        )


def _spread_ranks(wanted: _Wanted) -> NDArray[np.int64]:
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


def _has_conformer(wanted: _Wanted) -> NDArray[np.bool_]:
    return wanted.protocol >= 0


def _read_3d(table: _AugmentedTable, wanted: _Wanted) -> Matrix:
    """Read 3D columns; rows that stand for no conformer are NaN."""
    X = table.read(wanted, table.names_3d)
    X[~_has_conformer(wanted)] = np.nan
    return X


def _rows(wanted: _Wanted, names: Sequence[str], *parts: Matrix) -> Rows:
    X = parts[0] if len(parts) == 1 else np.hstack(parts)
    return Rows(X, tuple(names), wanted.molecule, wanted.rank)


def _single(wanted: _Wanted) -> _Wanted:
    """Say of one row per molecule that it is the first."""
    return replace(wanted, rank=np.zeros(len(wanted.owner), dtype=np.int64))


def _only_2d(table: _AugmentedTable, wanted: _Wanted, settings: _Settings) -> Rows:
    first = _single(wanted.first_rows())
    return _rows(first, table.names_2d, table.read(first, table.names_2d))


def _lowest_energy(table: _AugmentedTable, wanted: _Wanted, settings: _Settings) -> Rows:
    order = settings.protocols
    chosen = [part.start + _lowest(wanted, part, order) for part in wanted.slices()]
    best = _single(wanted.pick(np.array(chosen, dtype=np.intp)))
    names = table.names_2d + table.names_3d
    return _rows(best, names, table.read(best, table.names_2d), _read_3d(table, best))


def _lowest(wanted: _Wanted, part: slice, order: Sequence[str]) -> int:
    """Return the place, within a molecule's rows, of the conformer of lowest energy.

    Without any energy it is the first conformer.
    """
    protocol, energy = wanted.protocol[part], wanted.energy[part]
    configured = [wanted.protocols.index(name) for name in order if name in wanted.protocols]
    for number in [*configured, *sorted(set(protocol.tolist()))]:
        here = (protocol == number) & np.isfinite(energy)
        if here.any():
            return int(np.argmin(np.where(here, energy, np.inf)))
    return 0


def _mean_pooled(table: _AugmentedTable, wanted: _Wanted, settings: _Settings) -> Rows:
    first = _single(wanted.first_rows())
    X2 = table.read(first, table.names_2d)
    return _rows(first, table.names_2d + table.names_3d, X2, _means_3d(table, wanted))


def _means_3d(table: _AugmentedTable, wanted: _Wanted) -> Matrix:
    """Return the mean 3D descriptors of each molecule, NaN only where no conformer has a value."""
    means = np.empty((len(wanted.molecules), len(table.names_3d)), dtype=np.float32)
    for number, X in _by_molecule(table, wanted):
        means[number] = _nan_mean(X)
    return means


def _by_molecule(table: _AugmentedTable, wanted: _Wanted) -> Iterator[tuple[int, Matrix]]:
    """Yield every molecule's number and 3D rows, reading some molecules at a time.

    They come as they lie in the file, so that each piece of it is read once.
    """
    parts = list(wanted.slices())
    first = [int(wanted.position[part].min()) for part in parts]
    waiting = np.argsort(first).tolist()
    while waiting:
        sizes = np.cumsum([parts[i].stop - parts[i].start for i in waiting[:_PIECE_ROWS]])
        several = max(1, int(np.searchsorted(sizes, _PIECE_ROWS, side="right")))
        numbers, waiting = waiting[:several], waiting[several:]
        rows = np.concatenate([np.arange(parts[i].start, parts[i].stop) for i in numbers])
        X = _read_3d(table, wanted.pick(rows))
        yield from zip(numbers, np.split(X, sizes[: several - 1]), strict=True)


def _nan_mean(X: NDArray[np.floating]) -> NDArray[np.float64]:
    known = np.isfinite(X)
    total = np.where(known, X, 0.0).sum(axis=0, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return total / known.sum(axis=0)


def _augmented_3d(table: _AugmentedTable, wanted: _Wanted, settings: _Settings) -> Rows:
    few = wanted.per_molecule(settings.rows_per_molecule)
    return _rows(few, table.names_3d, _read_3d(table, few))


def _augmented_2d_3d(table: _AugmentedTable, wanted: _Wanted, settings: _Settings) -> Rows:
    few = wanted.per_molecule(settings.rows_per_molecule)
    names = table.names_2d + table.names_3d
    X = table.read(few, names)
    X[np.ix_(~_has_conformer(few), np.arange(len(table.names_2d), len(names)))] = np.nan
    return _rows(few, names, X)


def _gaussian_noise(table: _AugmentedTable, wanted: _Wanted, settings: _Settings) -> Rows:
    """Draw as many rows as there are conformers; which of them are kept changes none."""
    rows = _augmented_2d_3d(table, wanted, settings)
    in_3d = slice(len(table.names_2d), None)
    limit = settings.rows_per_molecule
    ranks = [wanted.rank[part] for part in wanted.slices()]
    edges = np.append(rows.starts, len(rows.molecule))
    for number, X in _by_molecule(table, wanted):
        noise = _noise_generator(str(wanted.molecules[number]), settings.seed)
        kept = ranks[number] < (len(X) if limit is None else limit)
        rows.X[edges[number] : edges[number + 1], in_3d] = gaussian_scatter(X, noise)[kept]
    return rows


def _noise_generator(molecule: str, seed: int) -> np.random.Generator:
    digest = hashlib.sha256(f"gaussian_noise|{seed}|{molecule}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def gaussian_scatter(X: Matrix, generator: np.random.Generator) -> NDArray[np.float64]:
    """Replace the scatter of rows by Gaussian noise with the same mean and covariance.

    With the centred rows ``D`` and a matrix ``Z`` of independent standard normal numbers, the
    rows of ``Z @ D / sqrt(n - 1)`` are normal with the covariance ``D.T @ D / (n - 1)``, which is
    the sample covariance; no large covariance matrix is made.

    Parameters
    ----------
    X
        Shape (n, n_features). A value that is NaN counts as the mean of its column; a column
        without any value stays NaN.
    generator
        Source of ``Z``.

    Returns
    -------
    ndarray
        Shape (n, n_features). A single row is returned as it is.
    """
    mean = _nan_mean(X)
    n = len(X)
    if n == 1:
        return X.astype(np.float64)
    deviations = np.nan_to_num(X - mean, nan=0.0)
    with threadpool_limits(limits=1):  # the order of a BLAS sum may depend on its threads
        return mean + generator.standard_normal((n, n)) @ deviations / np.sqrt(n - 1)


def _duplicated(table: _AugmentedTable, wanted: _Wanted, settings: _Settings) -> Rows:
    pooled = _mean_pooled(table, wanted, settings)
    few = wanted.per_molecule(settings.rows_per_molecule)
    return _rows(few, pooled.feature_names, pooled.X[few.owner])


def _distribution_rows(path: str | Path, molecules: Sequence[str]) -> Rows:
    """Read the distribution table."""
    file = CheckedFile(path, read_dictionary=["molecule"])
    features = [name for name in file.schema_arrow.names if name not in set(DISTRIBUTION.names)]
    owner, found = number_texts(file.read(columns=["molecule"])["molecule"], molecules)
    _check_found(molecules, found, path)
    position = np.flatnonzero(owner >= 0)
    position = position[np.argsort(owner[position])]
    X = _read_rows(file, position, features)
    return Rows(X, tuple(features), found, np.zeros(len(found), dtype=np.int64))


_BUILDERS: dict[str, Callable[[_AugmentedTable, _Wanted, _Settings], Rows]] = {
    "2d": _only_2d,
    "lowest_energy": _lowest_energy,
    "mean_pooled": _mean_pooled,
    "augmented_3d": _augmented_3d,
    "augmented_2d_3d": _augmented_2d_3d,
    "gaussian_noise": _gaussian_noise,
    "duplicated": _duplicated,
}
