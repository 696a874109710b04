"""Columns with one row per molecule: where the tables of each kind are, and how they are read."""

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
        If a molecule is in no file, or files have different columns.
    """
    place = {name: row for row, name in enumerate(molecules)}
    X, names, found = np.empty((0, 0), np.float32), None, []
    source: str | Path = ""
    for source in paths:
        file = CheckedFile(source, read_dictionary=["molecule"])
        columns = [name for name in file.schema_arrow.names if name != "molecule"]
        if names is None:
            names, X = columns, np.full((len(molecules), len(columns)), np.nan, np.float32)
        elif columns != names:
            raise UserError(f"{source} has other columns than its neighbours; delete it, run again")
        owner, present = number_texts(file.read(columns=["molecule"])["molecule"], molecules)
        position = np.flatnonzero(owner >= 0)
        rows = [place[str(name)] for name in present[owner[position]]]
        X[rows] = read_rows(file, position, columns)
        found += present.tolist()
    check_found(molecules, np.array(found, np.str_), source)
    return tuple(feature_name(kind, name) for name in names or ()), X


def _listed(files: Any) -> list[str | Path]:
    """Return one file, or several, as a list."""
    return [files] if isinstance(files, str | Path) else list(files)
