"""Columns with one row per molecule: where the tables of each kind are, and how they are read."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from confaug.config.settings.variants import Variant
from confaug.descriptors.names import feature_name
from confaug.errors import UserError
from confaug.learning.augmented_table import check_found, read_rows
from confaug.learning.rows import Matrix, number_texts
from confaug.tables.parquet import CheckedFile


@dataclass(frozen=True)
class DescriptorFiles:
    """Where the columns that a representation consists of are.

    Attributes
    ----------
    by_kind
        Files of each kind with one row per molecule, one for every shard.
    augmented, distribution
        The tables that kinds of conformers are made from; None where no kind reads them.
    """

    by_kind: Mapping[str, Sequence[str | Path]] = field(default_factory=dict)
    augmented: str | Path | None = None
    distribution: str | Path | None = None

    @classmethod
    def of(cls, files: Any, variant: Variant) -> "DescriptorFiles":
        """Find what a variant reads among the inputs of a job, which have the names of kinds."""
        return cls(
            by_kind={kind: _listed(getattr(files, kind)) for kind in variant.molecule_kinds},
            augmented=getattr(files, "augmented", None),
            distribution=getattr(files, "distribution", None),
        )


def read_molecule_columns(
    kind: str, paths: Iterable[str | Path], molecules: Sequence[str]
) -> tuple[tuple[str, ...], Matrix]:
    """Read one kind of columns.

    Parameters
    ----------
    kind
        Name of the kind.
    paths
        Parquet files with the column ``molecule``, each with some of the molecules.
    molecules
        Identifiers of the molecules wanted, in ascending order.

    Returns
    -------
    names : tuple of str
        Names of the columns, as a learner calls them.
    X : ndarray
        Shape (molecules, columns), float32; NaN where a value is missing.

    Raises
    ------
    UserError
        If a molecule is in no file or twice, or files have different columns.
    """
    paths = list(paths)
    place = {name: row for row, name in enumerate(molecules)}
    X, names, found = np.empty((0, 0), np.float32), None, np.zeros(len(molecules), bool)
    for source in paths:
        file = CheckedFile(source, read_dictionary=["molecule"])
        columns = [name for name in file.schema_arrow.names if name != "molecule"]
        if names is None:
            names, X = columns, np.full((len(molecules), len(columns)), np.nan, np.float32)
        elif columns != names:
            raise UserError(f"{source} has other columns than its neighbours; delete it, run again")
        owner, present = number_texts(file.read(columns=["molecule"])["molecule"], molecules)
        position = np.flatnonzero(owner >= 0)
        rows = np.array([place[str(name)] for name in present[owner[position]]], np.int64)
        again = found[rows] | (np.bincount(rows, minlength=len(found))[rows] > 1)
        if again.any():
            twice = molecules[rows[again][0]]
            raise UserError(
                f"{_where(kind, paths)} has two rows of molecule {twice}, the second in "
                f"{Path(source).name}; delete it and run again"
            )
        X[rows] = read_rows(file, position, columns)
        found[rows] = True
    check_found(molecules, np.array(molecules, np.str_)[found], _where(kind, paths))
    return tuple(feature_name(kind, name) for name in names or ()), X


def _where(kind: str, paths: Sequence[str | Path]) -> str:
    """Name the table of a kind: its file, or the folder of its files."""
    place = paths[0] if len(paths) == 1 else os.path.commonpath([Path(one).parent for one in paths])
    return f"the table of {kind}, {place},"


def _listed(files: Any) -> list[str | Path]:
    """Return one file, or several, as a list."""
    return [files] if isinstance(files, str | Path) else list(files)
