"""Row-wise splits of a study's own tables."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from confaug.evaluation.errors import groups_of
from confaug.evaluation.row_splits import Row, row_split_errors, row_split_table
from confaug.tables.descriptors import AUGMENTED
from confaug.tables.engine import check_table
from confaug.tables.parquet import CheckedFile

Floats = NDArray[np.float64]
#: Conformers of a molecule in a row-wise split; more would take longer and show the same.
AUGMENTED_ROWS = 6


def row_split_study(
    molecules: pa.Table,
    rows: Sequence[tuple[str, float]],
    descriptors_2d: pa.Table,
    augmented: pa.Table,
    split: pa.Table,
    published: Sequence[int] = (),
) -> pa.Table:
    """Measure the apparent errors under row-wise splits of a study's own tables.

    Nothing of the result depends on the order of rows in any table.

    Parameters
    ----------
    molecules
        A MOLECULES table, for the groups.
    rows
        Molecule and label of the input rows, from `splitting.source_rows`.
    descriptors_2d
        A DESCRIPTORS_2D table; what input rows are described by.
    augmented
        An AUGMENTED table with any descriptors; `AUGMENTED_ROWS` conformers of every molecule,
        spread evenly over its rows, are split as rows of their own.
    split
        A SPLIT table; as large a share of the rows as of its molecules goes into training.
    published
        Numbers of training rows of published row-wise splits of the same rows.

    Returns
    -------
    pa.Table
        A ROW_SPLIT_ERRORS table.
    """
    group_of = groups_of(molecules)
    described = {name: i for i, name in enumerate(descriptors_2d["molecule"].to_pylist())}
    rows = sorted(row for row in rows if row[0] in described)
    names = [name for name, _ in rows]
    share = pc.sum(pc.equal(split["part"], "train")).as_py() / len(split)
    X = _matrix(descriptors_2d)[[described[name] for name in names]]
    labels = np.array([label for _, label in rows])
    groups = [group_of[name] for name in names]
    found: list[Row] = []
    for size in dict.fromkeys([round(share * len(rows)), *published]):
        if 0 < size < len(rows):
            words = f"input rows, {size} of {len(rows)} in training"
            found += row_split_errors(X, labels, names, groups, size, words)
    kept = _spread_rows(augmented)
    names, labels = kept["molecule"].to_pylist(), kept["label"].to_numpy(zero_copy_only=False)
    groups, size = [group_of[name] for name in names], round(share * len(names))
    words = f"conformers, {size} of {len(names)} in training"
    found += row_split_errors(_matrix(kept), labels, names, groups, size, words, draws=3)
    return row_split_table(found)


def _matrix(table: pa.Table) -> Floats:
    """Return the descriptors of a table as a matrix."""
    declared = {"molecule", *AUGMENTED.names}
    columns = [name for name in table.column_names if name not in declared]
    return np.column_stack([table[name].to_numpy() for name in columns])


def read_spread_rows(augmented: str | Path, descriptors: Sequence[str]) -> pa.Table:
    """Read what `row_split_study` takes from an augmented table, and no more.

    Parameters
    ----------
    augmented
        The Parquet file; its row groups are read one after another.
    descriptors
        Names of the descriptors to read.

    Returns
    -------
    pa.Table
        An AUGMENTED table of `AUGMENTED_ROWS` labelled conformers of every molecule.
    """
    file = CheckedFile(augmented)
    places = np.array(_spread_places(file.read([*AUGMENTED.key, "label"])), dtype=np.int64)
    pieces, row = [], 0
    for group in range(file.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        here = np.sort(places[(places >= row) & (places < row + size)])
        piece = file.read_row_group(group, [*AUGMENTED.names, *descriptors])
        pieces.append(piece.take(here - row))
        row += size
    return check_table(pa.concat_tables(pieces), AUGMENTED)


def _spread_rows(augmented: pa.Table) -> pa.Table:
    """Take some labelled conformers of every molecule, evenly spread over its rows by key."""
    return augmented.take(_spread_places(augmented))


def _spread_places(augmented: pa.Table) -> list[int]:
    """Return where the rows of `_spread_rows` are."""
    order = pc.sort_indices(
        augmented.select(AUGMENTED.key), [(name, "ascending") for name in AUGMENTED.key]
    )
    rows_of: dict[str, list[int]] = defaultdict(list)
    valid = pc.and_(pc.is_valid(augmented["label"]), pc.is_valid(augmented["conformer"]))
    names = augmented["molecule"].to_pylist()
    usable = valid.to_numpy()
    for i in order.to_pylist():
        if usable[i]:
            rows_of[names[i]].append(i)
    return [
        rows[i]
        for rows in rows_of.values()
        for i in np.unique(np.linspace(0, len(rows) - 1, AUGMENTED_ROWS).round().astype(int))
    ]
