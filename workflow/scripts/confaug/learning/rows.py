"""The rows that a learner is given: a feature matrix, and the molecule of each row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from confaug.errors import UserError

#: Arrays of learning: features, values of molecules or rows, places, and numbers of names.
Matrix = NDArray[np.float32]
Values = NDArray[np.float64]
Indices = NDArray[np.intp]
Numbers = NDArray[np.int32]


@dataclass(frozen=True)
class Rows:
    """A feature matrix whose rows belong to molecules.

    Attributes
    ----------
    X
        Features, shape (n_rows, n_features), float32; NaN where a descriptor is missing.
    feature_names
        Names of the columns of `X`.
    molecule
        Identifier of the molecule of each row; rows of one molecule are adjacent and molecules
        are in ascending order.
    rank
        Place of each row in the order in which rows of its molecule are taken when only some
        are wanted: evenly over the protocols, within a protocol by repeat and conformer.
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
            f"the descriptor table lacks {len(missing)} features that the model needs; the first "
            f"is {missing[0]!r}; describe the molecules with the same protocols and versions"
        )
    if tuple(present) == tuple(wanted):
        return X
    return X[:, [position[name] for name in wanted]]


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
