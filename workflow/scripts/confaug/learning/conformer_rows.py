"""Kinds of 3D columns, one row for each molecule or one for each conformer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from confaug.config.settings.descriptors import DescriptorSettings
from confaug.learning.augmented_table import AugmentedTable, Wanted, has_conformer
from confaug.learning.rows import Matrix, Rows, Values

#: Rows that are in memory at a time, where every row of a molecule is needed.
PIECE_ROWS = 16384


@dataclass(frozen=True)
class RowSettings:
    """What a kind of columns may depend on besides the table.

    Attributes
    ----------
    protocols
        The study's protocols in configured order.
    seed
        Random state of noise.
    rows_per_molecule
        Most rows of each molecule; None means all.
    descriptors
        Settings of Boltzmann-weighted means.
    """

    protocols: tuple[str, ...]
    seed: int
    rows_per_molecule: int | None
    descriptors: DescriptorSettings = field(default_factory=DescriptorSettings)


def lowest_energy(table: AugmentedTable, wanted: Wanted, settings: RowSettings) -> Rows:
    """Return the 3D descriptors of the conformer of lowest energy."""
    order = settings.protocols
    chosen = [part.start + _lowest(wanted, part, order) for part in wanted.slices()]
    best = _single(wanted.pick(np.array(chosen, dtype=np.intp)))
    return rows_3d(table, best, _read_3d(table, best))


def mean(table: AugmentedTable, wanted: Wanted, settings: RowSettings) -> Rows:
    """Return the mean 3D descriptors over the conformers, NaN only where none has a value."""
    means = np.empty((len(wanted.molecules), len(table.names_3d)), dtype=np.float32)
    for number, X in iter_molecules_3d(table, wanted):
        means[number] = nan_mean(X)
    return rows_3d(table, _single(wanted.first_rows()), means)


def augmented(table: AugmentedTable, wanted: Wanted, settings: RowSettings) -> Rows:
    """Return the 3D descriptors of every conformer."""
    few = wanted.per_molecule(settings.rows_per_molecule)
    return rows_3d(table, few, _read_3d(table, few))


def rows_3d(table: AugmentedTable, wanted: Wanted, X: Matrix) -> Rows:
    """Put values of the 3D descriptors together with the molecules of their rows."""
    return Rows(X, tuple(table.names_3d), wanted.molecule, wanted.rank)


def iter_molecules_3d(table: AugmentedTable, wanted: Wanted) -> Iterator[tuple[int, Matrix]]:
    """Yield every molecule's number and 3D rows, reading some molecules at a time.

    Molecules come in the order of the file, so that each piece of it is read once.
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


def comparable_energies(wanted: Wanted, part: slice, order: Sequence[str]) -> Values:
    """Return the energies of a molecule's conformers that can be compared; all others are infinite.

    They are those of the first configured protocol that has any for the molecule, in kcal/mol.
    """
    configured = [wanted.protocols.index(name) for name in order if name in wanted.protocols]
    return energies_of_one_protocol(wanted.protocol[part], wanted.energy[part], configured)


def energies_of_one_protocol(
    protocol: NDArray[np.generic], energy: Values, order: Sequence[int | str]
) -> Values:
    """Return the energies of one protocol; all others are infinite.

    Those of different force fields cannot be compared.

    Parameters
    ----------
    protocol, energy
        Of each conformer of a molecule; the energy is NaN without a force field.
    order
        Protocols, as in `protocol`. The first that has energies is taken, or if none of them has,
        the first other one in ascending order.

    Examples
    --------
    >>> protocols, energies = np.array(["dg", "dg_uff", "dg_mmff"]), np.array([np.nan, 2.0, 1.0])
    >>> energies_of_one_protocol(protocols, energies, ["dg", "dg_uff"])
    array([inf,  2., inf])
    """
    for one in [*order, *sorted(set(protocol.tolist()))]:
        here = (protocol == one) & np.isfinite(energy)
        if here.any():
            return np.where(here, energy, np.inf)
    return np.full(len(energy), np.inf)


def nan_mean(X: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the mean of every column without its NaN; NaN for a column of NaN."""
    known = np.isfinite(X)
    total = np.where(known, X, 0.0).sum(axis=0, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        mean: NDArray[np.float64] = total / known.sum(axis=0)
    return mean


def _read_3d(table: AugmentedTable, wanted: Wanted) -> Matrix:
    """Read 3D columns; rows that stand for no conformer are NaN."""
    X = table.read(wanted, table.names_3d)
    X[~has_conformer(wanted)] = np.nan
    return X


def _single(wanted: Wanted) -> Wanted:
    """Say of one row per molecule that it is the first."""
    return replace(wanted, rank=np.zeros(len(wanted.owner), dtype=np.int64))


def _lowest(wanted: Wanted, part: slice, order: Sequence[str]) -> int:
    """Return the place, within a molecule's rows, of the conformer of lowest energy.

    Without any energy it is the first conformer.
    """
    return int(np.argmin(comparable_energies(wanted, part, order)))
