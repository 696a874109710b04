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
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from confaug.errors import UserError
from confaug.mordred_names import NAMES_3D
from confaug.tables import AUGMENTED, DISTRIBUTION

Matrix = NDArray[np.float32]
Indices = NDArray[np.intp]
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
_BATCH_ROWS = 1024


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

    @property
    def starts(self) -> Indices:
        """Index of the first row of each molecule."""
        changes = self.molecule[1:] != self.molecule[:-1]
        first = [0] if len(self.molecule) else []
        return np.concatenate([np.array(first, dtype=np.intp), np.flatnonzero(changes) + 1])

    @property
    def molecules(self) -> NDArray[np.str_]:
        """The molecules, each once, in ascending order."""
        return self.molecule[self.starts]

    @property
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
    names_3d: Sequence[str] = NAMES_3D,
    seed: int = 1,
) -> Rows:
    """Build the rows of some molecules under one representation.

    The result does not depend on the order of rows in the files. A molecule without a conformer
    has one row whose 3D features are NaN.

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
    return build(table, wanted, _Settings(tuple(protocols), seed))


@dataclass(frozen=True)
class _Settings:
    """What single representations need to know."""

    protocols: tuple[str, ...]
    seed: int


@dataclass(frozen=True)
class _Wanted:
    """Rows of the augmented table in their canonical order: where they are and whose they are."""

    position: Indices
    molecule: NDArray[np.str_]
    protocol: NDArray[np.str_]
    energy: NDArray[np.float64]
    rank: NDArray[np.int64]

    def pick(self, rows: NDArray[np.bool_] | Indices) -> "_Wanted":
        return _Wanted(
            self.position[rows],
            self.molecule[rows],
            self.protocol[rows],
            self.energy[rows],
            self.rank[rows],
        )

    def slices(self) -> Iterator[slice]:
        """Yield the rows of each molecule."""
        changes = np.flatnonzero(self.molecule[1:] != self.molecule[:-1]) + 1
        edges = [0, *changes.tolist(), len(self.molecule)]
        for start, stop in pairwise(edges):
            yield slice(start, stop)

    def first_rows(self) -> "_Wanted":
        """One row of each molecule."""
        return self.pick(np.array([part.start for part in self.slices()], dtype=np.intp))


class _AugmentedTable:
    """The augmented table on disk, read in pieces."""

    def __init__(self, path: str | Path, names_3d: Sequence[str]) -> None:
        self.path = path
        self.file = pq.ParquetFile(path)
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
        keys = keys.append_column("position", pa.array(np.arange(keys.num_rows)))
        keys = keys.filter(pc.is_in(keys["molecule"], pa.array(list(molecules), pa.string())))
        if only_protocols is not None:
            keys = _keep_protocols(keys, only_protocols)
        keys = keys.sort_by([(name, "ascending") for name in _KEYS[:4]])
        found = keys["molecule"].to_numpy().astype(np.str_)
        _check_found(molecules, found, self.path)
        wanted = _Wanted(
            keys["position"].to_numpy().astype(np.intp),
            found,
            keys["protocol"].fill_null("").to_numpy().astype(np.str_),
            keys["energy"].cast(pa.float64()).fill_null(np.nan).to_numpy(),
            np.zeros(len(found), dtype=np.int64),
        )
        return replace(wanted, rank=_spread_ranks(wanted))

    def read(self, wanted: _Wanted, names: Sequence[str]) -> Matrix:
        """Read some columns of some rows as float32, piece by piece."""
        X = np.full((len(wanted.position), len(names)), np.nan, dtype=np.float32)
        destination = np.full(self.file.metadata.num_rows, -1, dtype=np.intp)
        destination[wanted.position] = np.arange(len(wanted.position))
        row = 0
        for group in range(self.file.num_row_groups):
            size = self.file.metadata.row_group(group).num_rows
            if (destination[row : row + size] >= 0).any():
                self._read_group(group, destination[row : row + size], names, X)
            row += size
        return X

    def _read_group(
        self, group: int, destination: Indices, names: Sequence[str], X: Matrix
    ) -> None:
        """Put the wanted rows of one row group at their place in `X`."""
        row = 0
        for batch in self.file.iter_batches(
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


def _keep_protocols(keys: pa.Table, protocols: Sequence[str]) -> pa.Table:
    """Keep the rows of some protocols, and one row without conformer for molecules left bare."""
    known = set(pc.unique(keys["protocol"]).to_pylist())
    unknown = [name for name in protocols if name not in known]
    if unknown:
        raise UserError(f"protocol {unknown[0]!r} is not in the augmented table")
    chosen = pc.fill_null(pc.is_in(keys["protocol"], pa.array(list(protocols))), False)
    chosen = pc.or_(chosen, pc.is_null(keys["protocol"]))
    left = keys.filter(chosen)
    bare = pc.invert(pc.is_in(keys["molecule"], left["molecule"].combine_chunks()))
    rest = keys.filter(bare).group_by("molecule").aggregate([("position", "min")])
    empty = keys.schema.empty_table().to_pydict()
    empty.update(
        {name: [None] * rest.num_rows for name in ("protocol", "seed", "conformer", "energy")}
    )
    empty["molecule"] = rest["molecule"].to_pylist()
    empty["position"] = rest["position_min"].to_pylist()
    return pa.concat_tables([left, pa.table(empty, schema=keys.schema)])


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
    ranks = np.zeros(len(wanted.molecule), dtype=np.int64)
    for part in wanted.slices():
        protocol = wanted.protocol[part]
        _, first, inverse = np.unique(protocol, return_index=True, return_inverse=True)
        within = np.arange(len(protocol)) - first[inverse]
        ranks[part][np.lexsort((inverse, within))] = np.arange(len(protocol))
    return ranks


def _has_conformer(wanted: _Wanted) -> NDArray[np.bool_]:
    return wanted.protocol != ""


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
    return replace(wanted, rank=np.zeros(len(wanted.molecule), dtype=np.int64))


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
    for name in [*order, *sorted(set(protocol.tolist()))]:
        here = (protocol == name) & np.isfinite(energy)
        if here.any():
            return int(np.argmin(np.where(here, energy, np.inf)))
    return 0


def _mean_pooled(table: _AugmentedTable, wanted: _Wanted, settings: _Settings) -> Rows:
    first = _single(wanted.first_rows())
    X2 = table.read(first, table.names_2d)
    return _rows(first, table.names_2d + table.names_3d, X2, _means_3d(table, wanted))


def _means_3d(table: _AugmentedTable, wanted: _Wanted) -> Matrix:
    """Return the mean 3D descriptors of each molecule, NaN only where no conformer has a value."""
    X = _read_3d(table, wanted)
    return np.vstack([_nan_mean(X[part]) for part in wanted.slices()]).astype(np.float32)


def _nan_mean(X: NDArray[np.floating]) -> NDArray[np.float64]:
    known = np.isfinite(X)
    total = np.where(known, X, 0.0).sum(axis=0, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return total / known.sum(axis=0)


def _augmented_3d(table: _AugmentedTable, wanted: _Wanted, settings: _Settings) -> Rows:
    return _rows(wanted, table.names_3d, _read_3d(table, wanted))


def _augmented_2d_3d(table: _AugmentedTable, wanted: _Wanted, settings: _Settings) -> Rows:
    names = table.names_2d + table.names_3d
    X = table.read(wanted, names)
    X[np.ix_(~_has_conformer(wanted), np.arange(len(table.names_2d), len(names)))] = np.nan
    return _rows(wanted, names, X)


def _gaussian_noise(table: _AugmentedTable, wanted: _Wanted, settings: _Settings) -> Rows:
    rows = _augmented_2d_3d(table, wanted, settings)
    in_3d = slice(len(table.names_2d), None)
    for part in wanted.slices():
        noise = _noise_generator(str(wanted.molecule[part.start]), settings.seed)
        rows.X[part, in_3d] = gaussian_scatter(rows.X[part, in_3d], noise)
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
    repeats = [part.stop - part.start for part in wanted.slices()]
    return _rows(wanted, pooled.feature_names, np.repeat(pooled.X, repeats, axis=0))


def _distribution_rows(path: str | Path, molecules: Sequence[str]) -> Rows:
    """Read the distribution table."""
    names = pq.read_schema(path).names
    features = [name for name in names if name not in set(DISTRIBUTION.names)]
    table = pq.read_table(
        path, columns=["molecule", *features], partitioning=None, use_threads=False
    )
    table = table.filter(pc.is_in(table["molecule"], pa.array(list(molecules), pa.string())))
    table = table.take(pc.sort_indices(table, [("molecule", "ascending")]))
    found = table["molecule"].to_numpy().astype(np.str_)
    _check_found(molecules, found, path)
    X = np.empty((table.num_rows, len(features)), dtype=np.float32)
    for column, name in enumerate(features):
        X[:, column] = _finite(table[name].to_numpy())
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
