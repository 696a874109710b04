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

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from confaug.descriptors.names import NAMES_3D
from confaug.errors import UserError
from confaug.learning.augmented_table import AugmentedTable, Wanted, check_found, read_rows
from confaug.learning.conformer_rows import (
    RowSettings,
    augmented_2d_3d,
    augmented_3d,
    lowest_energy,
    mean_pooled,
    only_2d,
)
from confaug.learning.control_rows import duplicated, gaussian_noise
from confaug.learning.rows import Rows, number_texts
from confaug.tables.descriptors import DISTRIBUTION
from confaug.tables.parquet import CheckedFile

#: What builds the rows of each representation from the augmented table.
_BUILDERS: dict[str, Callable[[AugmentedTable, Wanted, RowSettings], Rows]] = {
    "2d": only_2d,
    "lowest_energy": lowest_energy,
    "mean_pooled": mean_pooled,
    "augmented_3d": augmented_3d,
    "augmented_2d_3d": augmented_2d_3d,
    "gaussian_noise": gaussian_noise,
    "duplicated": duplicated,
}
REPRESENTATIONS = (*_BUILDERS, "distribution")


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
    return build(table, wanted, RowSettings(tuple(protocols), seed, rows_per_molecule))


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
