"""How molecules are shown to a learner: one row each, or one row per conformer.

Every representation is built from the augmented table (one row per conformer, 2D and 3D
descriptors) or, for ``distribution``, from the distribution table (one row per molecule).

=================  ===============  ================================================================
name               rows             features
=================  ===============  ================================================================
2d                 1 per molecule   2D
lowest_energy      1 per molecule   2D and the 3D of the conformer of lowest energy
mean_pooled        1 per molecule   2D and the mean 3D over the conformers
distribution       1 per molecule   order statistics of the 3D descriptors, per protocol
augmented_3d       1 per conformer  3D
augmented_2d_3d    1 per conformer  2D and 3D
gaussian_noise     1 per conformer  2D and 3D, the conformer scatter replaced by Gaussian noise
duplicated         1 per conformer  2D and the mean 3D, repeated
=================  ===============  ================================================================
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from confaug.descriptors.names import NAMES_3D
from confaug.errors import UserError
from confaug.infrastructure import random_draws
from confaug.learning.augmented_table import (
    PIECE_ROWS,
    AugmentedTable,
    Wanted,
    check_found,
    has_conformer,
    read_rows,
)
from confaug.learning.rows import Rows, number_texts
from confaug.tables.descriptors import DISTRIBUTION
from confaug.tables.parquet import CheckedFile

Matrix = NDArray[np.float32]
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
    table = AugmentedTable(augmented, names_3d)
    wanted = table.locate(molecules, only_protocols)
    build = _BUILDERS[representation]
    return build(table, wanted, _Settings(tuple(protocols), seed, rows_per_molecule))


@dataclass(frozen=True)
class _Settings:
    """What single representations need to know."""

    protocols: tuple[str, ...]
    seed: int
    rows_per_molecule: int | None


def _read_3d(table: AugmentedTable, wanted: Wanted) -> Matrix:
    """Read 3D columns; rows that stand for no conformer are NaN."""
    X = table.read(wanted, table.names_3d)
    X[~has_conformer(wanted)] = np.nan
    return X


def _rows(wanted: Wanted, names: Sequence[str], *parts: Matrix) -> Rows:
    X = parts[0] if len(parts) == 1 else np.hstack(parts)
    return Rows(X, tuple(names), wanted.molecule, wanted.rank)


def _single(wanted: Wanted) -> Wanted:
    """Say of one row per molecule that it is the first."""
    return replace(wanted, rank=np.zeros(len(wanted.owner), dtype=np.int64))


def _only_2d(table: AugmentedTable, wanted: Wanted, settings: _Settings) -> Rows:
    first = _single(wanted.first_rows())
    return _rows(first, table.names_2d, table.read(first, table.names_2d))


def _lowest_energy(table: AugmentedTable, wanted: Wanted, settings: _Settings) -> Rows:
    order = settings.protocols
    chosen = [part.start + _lowest(wanted, part, order) for part in wanted.slices()]
    best = _single(wanted.pick(np.array(chosen, dtype=np.intp)))
    names = table.names_2d + table.names_3d
    return _rows(best, names, table.read(best, table.names_2d), _read_3d(table, best))


def _lowest(wanted: Wanted, part: slice, order: Sequence[str]) -> int:
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


def _mean_pooled(table: AugmentedTable, wanted: Wanted, settings: _Settings) -> Rows:
    first = _single(wanted.first_rows())
    X2 = table.read(first, table.names_2d)
    return _rows(first, table.names_2d + table.names_3d, X2, _means_3d(table, wanted))


def _means_3d(table: AugmentedTable, wanted: Wanted) -> Matrix:
    """Return the mean 3D descriptors of each molecule, NaN only where no conformer has a value."""
    means = np.empty((len(wanted.molecules), len(table.names_3d)), dtype=np.float32)
    for number, X in _by_molecule(table, wanted):
        means[number] = _nan_mean(X)
    return means


def _by_molecule(table: AugmentedTable, wanted: Wanted) -> Iterator[tuple[int, Matrix]]:
    """Yield every molecule's number and 3D rows, reading some molecules at a time.

    They come as they lie in the file, so that each piece of it is read once.
    """
    parts = list(wanted.slices())
    first = [int(wanted.position[part].min()) for part in parts]
    waiting = np.argsort(first).tolist()
    while waiting:
        sizes = np.cumsum([parts[i].stop - parts[i].start for i in waiting[:PIECE_ROWS]])
        several = max(1, int(np.searchsorted(sizes, PIECE_ROWS, side="right")))
        numbers, waiting = waiting[:several], waiting[several:]
        rows = np.concatenate([np.arange(parts[i].start, parts[i].stop) for i in numbers])
        X = _read_3d(table, wanted.pick(rows))
        yield from zip(numbers, np.split(X, sizes[: several - 1]), strict=True)


def _nan_mean(X: NDArray[np.floating]) -> NDArray[np.float64]:
    known = np.isfinite(X)
    total = np.where(known, X, 0.0).sum(axis=0, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return total / known.sum(axis=0)


def _augmented_3d(table: AugmentedTable, wanted: Wanted, settings: _Settings) -> Rows:
    few = wanted.per_molecule(settings.rows_per_molecule)
    return _rows(few, table.names_3d, _read_3d(table, few))


def _augmented_2d_3d(table: AugmentedTable, wanted: Wanted, settings: _Settings) -> Rows:
    few = wanted.per_molecule(settings.rows_per_molecule)
    names = table.names_2d + table.names_3d
    X = table.read(few, names)
    X[np.ix_(~has_conformer(few), np.arange(len(table.names_2d), len(names)))] = np.nan
    return _rows(few, names, X)


def _gaussian_noise(table: AugmentedTable, wanted: Wanted, settings: _Settings) -> Rows:
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
    """Return the source of the noise of one molecule."""
    return np.random.default_rng(random_draws.integer(f"gaussian_noise|{seed}|{molecule}"))


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


def _duplicated(table: AugmentedTable, wanted: Wanted, settings: _Settings) -> Rows:
    pooled = _mean_pooled(table, wanted, settings)
    few = wanted.per_molecule(settings.rows_per_molecule)
    return _rows(few, pooled.feature_names, pooled.X[few.owner])


def _distribution_rows(path: str | Path, molecules: Sequence[str]) -> Rows:
    """Read the distribution table."""
    file = CheckedFile(path, read_dictionary=["molecule"])
    features = [name for name in file.schema_arrow.names if name not in set(DISTRIBUTION.names)]
    owner, found = number_texts(file.read(columns=["molecule"])["molecule"], molecules)
    check_found(molecules, found, path)
    position = np.flatnonzero(owner >= 0)
    position = position[np.argsort(owner[position])]
    X = read_rows(file, position, features)
    return Rows(X, tuple(features), found, np.zeros(len(found), dtype=np.int64))


_BUILDERS: dict[str, Callable[[AugmentedTable, Wanted, _Settings], Rows]] = {
    "2d": _only_2d,
    "lowest_energy": _lowest_energy,
    "mean_pooled": _mean_pooled,
    "augmented_3d": _augmented_3d,
    "augmented_2d_3d": _augmented_2d_3d,
    "gaussian_noise": _gaussian_noise,
    "duplicated": _duplicated,
}
