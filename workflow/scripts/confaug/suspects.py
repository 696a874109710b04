"""Molecules whose label may be wrong: at odds with their neighbours, or with their own rows.

A large residual alone says that the model is wrong or the label is. It points at the label when the
most similar training molecules agree with each other and with the model, and the label with none.
Suspects are for a look at the source, never left out by themselves.
"""

from collections import defaultdict
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from confaug.tables import SUSPECTS

#: Robust standard deviations that a residual must reach.
LARGE = 3.0
#: Robust standard deviations within which neighbours agree, and by which the label is off theirs.
AGREEMENT = 2.0
#: Tanimoto similarity from which a training molecule is a neighbour to judge by.
SIMILAR = 0.4
LEAST_NEIGHBOURS = 2
Row = dict[str, Any]


def label_suspects(
    predictions: pa.Table, neighbours: pa.Table, ledger: pa.Table, unit: str
) -> pa.Table:
    """List the molecules whose label is suspect, the strongest suspicion first (SUSPECTS).

    Parameters
    ----------
    predictions
        A PREDICTIONS table; its out-of-fold part is judged.
    neighbours
        A NEIGHBOURS table that covers the training molecules.
    ledger
        A LEDGER table; molecules whose rows disagree have the status conflict.
    unit
        Unit of the labels, for the reasons.
    """
    near: dict[str, list[Row]] = defaultdict(list)
    for row in neighbours.to_pylist():
        if row["similarity"] >= SIMILAR:
            near[row["molecule"]].append(row)
    rows = _at_odds_with_neighbours(predictions, near, unit) + _contradictory(ledger, unit)
    rows.sort(key=lambda row: (row["kind"], -(row["score"] or 0.0), row["molecule"]))
    return pa.Table.from_pylist(rows, schema=SUSPECTS.schema())


def robust_scale(values: NDArray[np.float64]) -> float:
    """Return the median absolute deviation, scaled to a normal's standard deviation.

    Examples
    --------
    >>> round(robust_scale(np.array([1.0, 2.0, 3.0, 4.0, 100.0])), 4)
    1.4826
    """
    return float(1.4826 * np.median(np.abs(values - np.median(values))))


def _at_odds_with_neighbours(
    predictions: pa.Table, near: dict[str, list[Row]], unit: str
) -> list[Row]:
    """Return molecules far from their out-of-fold prediction and from agreeing neighbours."""
    rows = [
        row
        for row in predictions.to_pylist()
        if row["part"] == "cross_validation" and row["label"] is not None
    ]
    if not rows:
        return []
    scale = robust_scale(np.array([row["label"] - row["prediction"] for row in rows]))
    found = []
    for row in rows:
        residual = row["label"] - row["prediction"]
        labels = sorted(neighbour["neighbour_label"] for neighbour in near[row["molecule"]])
        if (
            scale > 0
            and abs(residual) >= LARGE * scale
            and len(labels) >= LEAST_NEIGHBOURS
            and labels[-1] - labels[0] <= AGREEMENT * scale
            and _beyond(row["label"], labels, residual) >= AGREEMENT * scale
        ):
            found.append(
                {
                    "molecule": row["molecule"],
                    "kind": "unlike_neighbours",
                    "label": row["label"],
                    "expected": row["prediction"],
                    "score": abs(residual) / scale,
                    "reason": (
                        f"the label is {row['label']:.4g} {unit}, but a model that has not seen it "
                        f"expects {row['prediction']:.4g} {unit}, and its {len(labels)} most "
                        f"similar training molecules have {labels[0]:.4g} to {labels[-1]:.4g} "
                        f"{unit}"
                    ),
                }
            )
    return found


def _beyond(label: float, neighbours: list[float], residual: float) -> float:
    """Return how far a label lies beyond its neighbours' on the side of the residual."""
    return label - neighbours[-1] if residual > 0 else neighbours[0] - label


def _contradictory(ledger: pa.Table, unit: str) -> list[Row]:
    """Return molecules whose input rows disagree by more than the tolerance."""
    lines: dict[str, list[Row]] = defaultdict(list)
    for row in ledger.to_pylist():
        known = row["molecule"] is not None and row["label"] is not None
        if row["status"] == "conflict" and known:
            lines[row["molecule"]].append(row)
    found = []
    for molecule, rows in lines.items():
        given = ", ".join(f"{row['label']:.4g} {unit} in row {row['row']}" for row in rows)
        found.append(
            {
                "molecule": molecule,
                "kind": "contradictory_rows",
                "label": float(np.median([row["label"] for row in rows])),
                "expected": None,
                "score": None,
                "reason": f"its rows disagree: {given}",
            }
        )
    return found
