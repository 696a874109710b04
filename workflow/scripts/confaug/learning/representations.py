"""How molecules are shown to a learner: a list of kinds of columns, joined by molecule.

Kinds with one row per molecule come from a table each, see `molecule_columns`. At most one kind is
made of conformers, and has one row per molecule or one per conformer. Most are made from the
augmented table (one row per conformer), ``distribution_3d`` from the distribution table.

======================  ===============  ===========================================================
kind of conformers      rows             columns
======================  ===============  ===========================================================
lowest_energy_3d        1 per molecule   3D descriptors of the conformer of lowest energy
mean_3d                 1 per molecule   mean 3D descriptors over the conformers
boltzmann_3d            1 per molecule   Boltzmann-weighted means of the 3D descriptors
ensemble_statistics_3d  1 per molecule   statistics of the 3D descriptors over the conformers
distribution_3d         1 per molecule   order statistics of the 3D descriptors, per protocol
augmented_3d            1 per conformer  3D descriptors
noise_3d                1 per conformer  as augmented_3d, the scatter replaced by Gaussian noise
duplicated_3d           1 per conformer  mean_3d, repeated
======================  ===============  ===========================================================

In front of a kind with one row per conformer, the columns of the molecule are repeated.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from confaug.config.settings.descriptors import DescriptorSettings
from confaug.config.settings.variants import Variant
from confaug.descriptors.names import EVERY_3D
from confaug.errors import UserError
from confaug.learning.augmented_table import AugmentedTable, Wanted, check_found, read_rows
from confaug.learning.conformer_rows import RowSettings, augmented, lowest_energy, mean
from confaug.learning.control_rows import duplicated, noise
from confaug.learning.ensemble_statistics import boltzmann_rows, ensemble_statistics_rows
from confaug.learning.molecule_columns import DescriptorFiles, read_molecule_columns
from confaug.learning.rows import Matrix, Rows, number_texts
from confaug.tables.descriptors import DISTRIBUTION
from confaug.tables.parquet import CheckedFile

#: What builds the rows of each kind from the augmented table.
BUILDERS: dict[str, Callable[[AugmentedTable, Wanted, RowSettings], Rows]] = {
    "lowest_energy_3d": lowest_energy,
    "mean_3d": mean,
    "boltzmann_3d": boltzmann_rows,
    "ensemble_statistics_3d": ensemble_statistics_rows,
    "augmented_3d": augmented,
    "noise_3d": noise,
    "duplicated_3d": duplicated,
}
FROM_DISTRIBUTION = "distribution_3d"


def build_rows(
    variant: Variant,
    files: DescriptorFiles,
    molecules: Sequence[str],
    *,
    protocols: Sequence[str] = (),
    only_protocols: Sequence[str] | None = None,
    rows_per_molecule: int | None = None,
    names_3d: Sequence[str] = EVERY_3D,
    descriptors: DescriptorSettings | None = None,
    seed: int = 1,
) -> Rows:
    """Build the rows of some molecules under one representation.

    The result does not depend on the order of rows in the files. A molecule without a conformer
    has one row whose 3D features are NaN. The tables are read in pieces: besides what is returned,
    memory holds the 3D columns, one piece and the keys of the augmented table, some 100 bytes a
    row.

    Parameters
    ----------
    variant
        The variant whose representation is built.
    files
        Where the columns are; only what is needed is read.
    molecules
        Identifiers of the molecules wanted.
    protocols
        The study's protocols in configured order. ``lowest_energy_3d`` takes its conformer from the
        first of them that has energies for the molecule, because energies can be compared only
        within one force field.
    only_protocols
        Use the conformers of these protocols alone; None means all.
    rows_per_molecule
        Most rows of each molecule; the result is that of ``Rows.per_molecule``, without the other
        rows ever being in memory together. None means all.
    names_3d
        Names of the 3D descriptors.
    descriptors
        Temperature and energy window of Boltzmann-weighted means; None for the defaults.
    seed
        Random state of ``noise_3d``.

    Raises
    ------
    UserError
        If a molecule is not in a table, or protocols are chosen for ``distribution_3d``.
    """
    wanted = sorted(set(molecules))
    columns = [
        read_molecule_columns(kind, files.by_kind[kind], wanted) for kind in variant.molecule_kinds
    ]
    kind = variant.conformer_kind
    if kind is None:
        return _repeat(columns, _one_row_each(wanted))
    if kind == FROM_DISTRIBUTION:
        return _repeat(columns, _distribution_rows(files, wanted, only_protocols))
    table = AugmentedTable(_present(files.augmented), names_3d)
    located = table.locate(wanted, only_protocols)
    settings = RowSettings(
        tuple(protocols), seed, rows_per_molecule, descriptors or DescriptorSettings()
    )
    return _repeat(columns, BUILDERS[kind](table, located, settings))


def _repeat(columns: Sequence[tuple[Sequence[str], Matrix]], rows: Rows) -> Rows:
    """Put the columns of the molecules in front of those of their rows."""
    if not columns:
        return rows
    owner = np.repeat(np.arange(len(rows.starts)), rows.counts)
    names = (*(name for names, _ in columns for name in names), *rows.feature_names)
    X = np.empty((len(rows.molecule), len(names)), np.float32)
    edge = 0
    for own, values in columns:
        X[:, edge : edge + len(own)] = values[owner]
        edge += len(own)
    X[:, edge:] = rows.X
    return Rows(X, names, rows.molecule, rows.rank)


def _one_row_each(molecules: Sequence[str]) -> Rows:
    """Return one row without columns for each molecule."""
    n = len(molecules)
    return Rows(np.empty((n, 0), np.float32), (), np.array(molecules, np.str_), np.zeros(n, int))


def _distribution_rows(
    files: DescriptorFiles, molecules: Sequence[str], only_protocols: Sequence[str] | None
) -> Rows:
    """Read the distribution table."""
    if only_protocols is not None:
        raise UserError(
            f"{FROM_DISTRIBUTION} is made of all conformers; "
            "use another representation with a subset of protocols"
        )
    path = _present(files.distribution)
    file = CheckedFile(path, read_dictionary=["molecule"])
    features = [name for name in file.schema_arrow.names if name not in set(DISTRIBUTION.names)]
    owner, found = number_texts(file.read(columns=["molecule"])["molecule"], molecules)
    check_found(molecules, found, path)
    position = np.flatnonzero(owner >= 0)
    position = position[np.argsort(owner[position])]
    X = read_rows(file, position, features)
    return Rows(X, tuple(features), found, np.zeros(len(found), dtype=np.int64))


def _present(path: str | Path | None) -> str | Path:
    """Return the path of a table that a kind is made from."""
    if path is None:
        raise ValueError("a representation of conformers needs the table of conformers")
    return path
