"""Errors of every variant, molecule and replicate, collected from prediction tables."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from confaug.errors import UserError
from confaug.molecules.split_draws import number_splits
from confaug.tables.engine import TableSpec, read_table
from confaug.tables.learning import PREDICTIONS
from confaug.tables.molecules import SPLIT

Floats = NDArray[np.float64]
#: A label this much nearer to zero than the median makes a mean of relative errors its own.
NEAR_ZERO = 0.01
#: PREDICTIONS tables by variant and replicate.
Predictions = Mapping[str, Mapping[int, pa.Table]]
#: SPLIT tables by replicate.
Splits = Mapping[int, pa.Table]


@dataclass(frozen=True)
class Study:
    """Errors of all variants on all replicates.

    Attributes
    ----------
    replicates, molecules
        Names of the rows and columns of every error matrix.
    groups
        Number of the group of every molecule, shape (molecules,).
    labels
        Labels, shape (molecules,).
    test, cross_validation, train
        Prediction minus label by variant, shape (replicates, molecules); NaN where a molecule is
        not in that part. A variant without such predictions is missing.
    train_sizes
        Training molecules by replicate, shape (replicates,).
    split_numbers
        Number of the split of every replicate, from 0; the same for the same training and test
        molecules. Shape (replicates,).
    overlap
        Mean share of training molecules that two different splits have in common; 0 for one split.
    """

    replicates: tuple[int, ...]
    molecules: tuple[str, ...]
    groups: NDArray[np.int64]
    labels: Floats
    test: dict[str, Floats]
    cross_validation: dict[str, Floats]
    train: dict[str, Floats]
    train_sizes: NDArray[np.int64]
    split_numbers: NDArray[np.int64]
    overlap: float


def read_all(paths: Iterable[str | Path], spec: TableSpec) -> dict[str, dict[int, pa.Table]]:
    """Read tables of one kind from `.../{variant}/replicate-{replicate}/<file>`."""
    tables: dict[str, dict[int, pa.Table]] = {}
    for path in map(Path, paths):
        variant, replicate = path.parts[-3], replicate_of(path.parts[-2])
        tables.setdefault(variant, {})[replicate] = read_table(path, spec)
    return tables


def read_all_predictions(paths: Iterable[str | Path]) -> dict[str, dict[int, pa.Table]]:
    """Read PREDICTIONS tables from `.../{variant}/replicate-{replicate}/<file>`."""
    return read_all(paths, PREDICTIONS)


def read_all_splits(paths: Iterable[str | Path]) -> dict[int, pa.Table]:
    """Read SPLIT tables from `.../replicate-{replicate}.csv`."""
    return {replicate_of(Path(path).stem): read_table(path, SPLIT) for path in paths}


def read_all_documents(paths: Iterable[str | Path]) -> dict[str, dict[int, Any]]:
    """Read the JSON of bundles from `.../{variant}/replicate-{replicate}/bundle/<file>`."""
    documents: dict[str, dict[int, Any]] = {}
    for path in map(Path, paths):
        variant, replicate = path.parts[-4], replicate_of(path.parts[-3])
        documents.setdefault(variant, {})[replicate] = json.loads(path.read_text("utf-8"))
    return documents


def groups_of(molecules: pa.Table) -> dict[str, str]:
    """Return the group of every molecule, from a MOLECULES or SPLIT table."""
    return dict(zip(molecules["molecule"].to_pylist(), molecules["group"].to_pylist(), strict=True))


def replicate_of(name: str) -> int:
    """Return the number in a file or folder name.

    >>> replicate_of("replicate-12")
    12
    """
    return int(name.removeprefix("replicate-"))


def relative_errors_are_meaningful(labels: Iterable[float], logarithmic: bool = False) -> bool:
    """Tell whether errors divided by their labels can be averaged to a meaningful number.

    They cannot where labels have both signs or are zero, since the zero of such a scale says
    nothing about sizes; nor where a label is so near to zero that its ratio is all of the mean,
    except on a logarithmic scale, on which every ratio counts alike.

    >>> [relative_errors_are_meaningful(labels) for labels in ([300, 350], [-5, 80], [1e-9, 2, 3])]
    [True, False, False]
    """
    known = list(labels)
    sizes = sorted(map(abs, known))
    if not sizes or sizes[0] == 0 or min(known) < 0 < max(known):
        return False
    return logarithmic or sizes[0] >= NEAR_ZERO * sizes[len(sizes) // 2]


def collect_errors(predictions: Predictions, splits: Splits) -> Study:
    """Arrange the predictions of all variants and replicates as matrices of errors.

    Raises
    ------
    UserError
        If a variant lacks a replicate, or was not tested on exactly the molecules of the split.
    """
    replicates = tuple(sorted(splits))
    group_of = {name: group for r in replicates for name, group in groups_of(splits[r]).items()}
    molecules = tuple(sorted(group_of))
    trained = [_members(splits[r], "train") for r in replicates]
    numbers = number_splits(splits)
    different = dict(zip(numbers, trained, strict=True)).values()
    for variant, tables in predictions.items():
        _check_molecules(variant, tables, splits)
    errors: dict[str, dict[str, Floats]] = {
        part: {
            variant: matrix
            for variant, tables in predictions.items()
            if not np.isnan(
                matrix := _error_matrix([tables[r] for r in replicates], molecules, part)
            ).all()
        }
        for part in ("test", "cross_validation", "train")
    }
    overlaps = [len(a & b) / np.sqrt(len(a) * len(b)) for a, b in combinations(different, 2)]
    return Study(
        replicates=replicates,
        molecules=molecules,
        groups=np.unique([group_of[name] for name in molecules], return_inverse=True)[1],
        labels=_labels(predictions, molecules),
        train_sizes=np.array([len(names) for names in trained]),
        split_numbers=np.array(numbers),
        overlap=float(np.mean(overlaps)) if overlaps else 0.0,
        **errors,
    )


def _check_molecules(variant: str, tables: Mapping[int, pa.Table], splits: Splits) -> None:
    """Refuse predictions that are not on the test molecules of the split."""
    for replicate, split in splits.items():
        if replicate not in tables:
            raise UserError(
                f"variant {variant} has no predictions for replicate {replicate}; "
                "run the workflow again to make them"
            )
        expected, found = _members(split, "test"), _members(tables[replicate], "test")
        if expected != found:
            odd = sorted(expected ^ found)[0]
            raise UserError(
                f"variant {variant}, replicate {replicate}: molecule {odd} is in the test part of "
                "either the split or the predictions only; delete the predictions and run again"
            )


def _members(table: pa.Table, part: str) -> set[str]:
    """Return the molecules of one part of a SPLIT or PREDICTIONS table."""
    pairs = zip(table["molecule"].to_pylist(), table["part"].to_pylist(), strict=True)
    return {molecule for molecule, where in pairs if where == part}


def _error_matrix(tables: list[pa.Table], molecules: tuple[str, ...], part: str) -> Floats:
    """Return prediction minus label, shape (tables, molecules), NaN where there is none."""
    column = {molecule: i for i, molecule in enumerate(molecules)}
    errors = np.full((len(tables), len(molecules)), np.nan)
    for i, table in enumerate(tables):
        for row in table.select(["molecule", "part", "label", "prediction"]).to_pylist():
            if row["part"] == part and row["label"] is not None and row["molecule"] in column:
                errors[i, column[row["molecule"]]] = row["prediction"] - row["label"]
    return errors


def _labels(predictions: Predictions, molecules: tuple[str, ...]) -> Floats:
    """Return the label of every molecule."""
    labels = {
        row["molecule"]: row["label"]
        for tables in predictions.values()
        for table in tables.values()
        for row in table.select(["molecule", "label"]).to_pylist()
        if row["label"] is not None
    }
    return np.array([labels.get(molecule, np.nan) for molecule in molecules])
