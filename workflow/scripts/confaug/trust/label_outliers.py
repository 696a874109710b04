"""Molecules whose label may be wrong: at odds with their neighbours, or with their own rows.

A large residual alone says that the model is wrong or the label is. It points at the label when the
most similar training molecules agree with each other and with the model, and the label with none.
Suspects are for a look at the source, never left out by themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from confaug.molecules.label_checks import robust_scale
from confaug.tables.trust import LABEL_OUTLIERS

#: Robust standard deviations that a residual must reach.
LARGE = 3.0
#: Robust standard deviations within which neighbours agree, and by which the label is off theirs.
AGREEMENT = 2.0
#: Tanimoto similarity from which a training molecule is a neighbour to judge by.
SIMILAR = 0.4
LEAST_NEIGHBOURS = 2
Row = dict[str, Any]


def find_label_outliers(
    predictions: pa.Table,
    neighbours: pa.Table,
    ledger: pa.Table,
    unit: str,
    doubtful: Iterable[Mapping[str, Any]] = (),
) -> pa.Table:
    """List the molecules whose label may be wrong, the strongest reason first (LABEL_OUTLIERS).

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
    doubtful
        `molecule`, `label` and `reason` of labels that looked wrong at cleaning.
    """
    rows = _at_odds_with_neighbours(predictions, _near(neighbours), unit)
    rows += _contradictory(ledger, unit) + _unlike_all(doubtful)
    rows.sort(key=lambda row: (row["kind"], -(row["score"] or 0.0), row["molecule"]))
    return pa.Table.from_pylist(rows, schema=LABEL_OUTLIERS.schema())


def count_unjudged(predictions: pa.Table, neighbours: pa.Table) -> tuple[int, int]:
    """Count training molecules with too few neighbours to be judged by, and all of them."""
    near = _near(neighbours)
    names = [
        row["molecule"] for row in predictions.to_pylist() if row["part"] == "cross_validation"
    ]
    return sum(len(near[name]) < LEAST_NEIGHBOURS for name in names), len(names)


def _near(neighbours: pa.Table) -> dict[str, list[Row]]:
    """Return the neighbours of every molecule that are similar enough to judge by."""
    near: dict[str, list[Row]] = defaultdict(list)
    for row in neighbours.to_pylist():
        if row["similarity"] >= SIMILAR:
            near[row["molecule"]].append(row)
    return near


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
    measured = np.array([row["label"] for row in rows])
    scale = robust_scale(measured - np.array([row["prediction"] for row in rows]))
    # A gross error that spoils all predictions must not hide behind their errors.
    scale = min(scale, robust_scale(measured) or scale)
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


def _unlike_all(doubtful: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return molecules with a label that looks wrong whatever the structure."""
    by_molecule = {entry["molecule"]: entry for entry in doubtful}
    return [
        {
            "molecule": molecule,
            "kind": "unlike_all_labels",
            "label": entry["label"],
            "expected": None,
            "score": None,
            "reason": entry["reason"],
        }
        for molecule, entry in by_molecule.items()
    ]


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
