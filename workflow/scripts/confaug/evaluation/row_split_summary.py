"""What row-wise splits, which leak, make of the error, as means over their draws."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

Row = dict[str, Any]


@dataclass(frozen=True)
class SplitMeans:
    """Figures of one kind of split: means over its draws.

    Attributes
    ----------
    mae
        Mean absolute error.
    relative_error
        Mean of |error / label|; None if a label is zero.
    share_seen
        Share of test rows whose molecule is also in training.
    train_molecules
        Molecules in training.
    """

    mae: float
    relative_error: float | None
    share_seen: float
    train_molecules: float


@dataclass(frozen=True)
class RowSplitSummary:
    """Row-wise splits of one kind of rows, beside splits by molecule."""

    rows: str
    row: SplitMeans
    molecule: SplitMeans


def summarise_row_splits(table: pa.Table) -> list[RowSplitSummary]:
    """Summarise a ROW_SPLIT_ERRORS table for each kind of rows.

    A kind of rows of which none has its own structure in training cannot mislead, and is left out.
    """
    found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in table.to_pylist():
        found[row["rows"]][row["split_by"]].append(row)
    summaries = [
        RowSplitSummary(rows, _mean_over_draws(kinds["row"]), _mean_over_draws(kinds["molecule"]))
        for rows, kinds in found.items()
        if {"row", "molecule"} <= set(kinds)
    ]
    return [summary for summary in summaries if summary.row.share_seen]


def _mean_over_draws(rows: list[Row]) -> SplitMeans:
    """Return the means of the figures over draws."""
    keys = ("mae", "share_seen", "train_molecules")
    means = {key: float(np.mean([row[key] for row in rows])) for key in keys}
    relative = [row["relative_error"] for row in rows if row["relative_error"] is not None]
    return SplitMeans(
        **means,
        relative_error=float(np.mean(relative)) if relative else None,
    )
