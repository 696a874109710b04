"""Molecules whose label may be wrong: it disagrees with similar molecules, or rows disagree.

A large residual means that either the model or the label is wrong. The label is the likelier cause
if the most similar training molecules agree with each other and with the model, but not with the
label. Neighbours are other structures that were measured under the same conditions. The list is for
checking labels at their source; no molecule is removed because of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class LabelOutlier:
    """A molecule whose label may be wrong, and the evidence against the label.

    Attributes
    ----------
    molecule, kind, label, expected, score
        As declared by LABEL_OUTLIERS.
    neighbour_labels
        Labels of the most similar training molecules, in ascending order (`unlike_neighbours`).
    rows
        Rows of the input table with their labels (`contradictory_rows`).
    remark
        What was remarked on the label when the table was cleaned (`unlike_all_labels`).
    """

    molecule: str
    kind: str
    label: float
    expected: float | None = None
    score: float | None = None
    neighbour_labels: tuple[float, ...] = ()
    rows: tuple[tuple[int, float], ...] = ()
    remark: str = ""


def find_label_outliers(
    predictions: pa.Table,
    neighbours: pa.Table,
    ledger: pa.Table,
    doubtful: Iterable[Mapping[str, Any]] = (),
) -> list[LabelOutlier]:
    """List the molecules whose label may be wrong, by kind, the highest score first.

    Parameters
    ----------
    predictions
        A PREDICTIONS table; its out-of-fold part is judged.
    neighbours
        A NEIGHBOURS table that covers the training molecules.
    ledger
        A LEDGER table; molecules whose rows disagree have the status conflict.
    doubtful
        `molecule`, `label` and `reason` of labels that looked wrong at cleaning.
    """
    found = _unlike_neighbours(predictions, _near(neighbours))
    found += _contradictory(ledger) + _unlike_all(doubtful)
    return sorted(found, key=lambda one: (one.kind, -(one.score or 0.0), one.molecule))


def label_outliers_table(outliers: Sequence[LabelOutlier], reasons: Sequence[str]) -> pa.Table:
    """Return label outliers, with a reason in words for each, as a LABEL_OUTLIERS table."""
    rows = [
        {
            "molecule": one.molecule,
            "kind": one.kind,
            "label": one.label,
            "expected": one.expected,
            "score": one.score,
            "reason": reason,
        }
        for one, reason in zip(outliers, reasons, strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=LABEL_OUTLIERS.schema())


def count_unjudged(predictions: pa.Table, neighbours: pa.Table) -> tuple[int, int]:
    """Count training molecules with too few neighbours to be judged by, and all of them."""
    near = _near(neighbours)
    names = [
        row["molecule"] for row in predictions.to_pylist() if row["part"] == "cross_validation"
    ]
    return sum(len(near[name]) < LEAST_NEIGHBOURS for name in names), len(names)


def _near(neighbours: pa.Table) -> dict[str, list[float]]:
    """Return the labels of the neighbours that are similar enough to judge by, by molecule."""
    near: dict[str, list[float]] = defaultdict(list)
    for row in neighbours.to_pylist():
        if row["similarity"] >= SIMILAR:
            near[row["molecule"]].append(row["neighbour_label"])
    return near


def _unlike_neighbours(predictions: pa.Table, near: dict[str, list[float]]) -> list[LabelOutlier]:
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
    # A gross error that spoils all predictions must not be hidden by the errors it causes.
    scale = min(scale, robust_scale(measured) or scale)
    return [
        LabelOutlier(
            molecule=row["molecule"],
            kind="unlike_neighbours",
            label=row["label"],
            expected=row["prediction"],
            score=abs(row["label"] - row["prediction"]) / scale,
            neighbour_labels=tuple(sorted(near[row["molecule"]])),
        )
        for row in rows
        if scale > 0 and _is_at_odds(row, sorted(near[row["molecule"]]), scale)
    ]


def _is_at_odds(row: Row, labels: list[float], scale: float) -> bool:
    """Tell whether the model and neighbours that agree contradict a label.

    Parameters
    ----------
    row
        Of the out-of-fold part of PREDICTIONS.
    labels
        Of the neighbours, in ascending order.
    scale
        Robust standard deviation of residuals.
    """
    residual = row["label"] - row["prediction"]
    if abs(residual) < LARGE * scale or len(labels) < LEAST_NEIGHBOURS:
        return False
    beyond = row["label"] - labels[-1] if residual > 0 else labels[0] - row["label"]
    return bool(labels[-1] - labels[0] <= AGREEMENT * scale and beyond >= AGREEMENT * scale)


def _unlike_all(doubtful: Iterable[Mapping[str, Any]]) -> list[LabelOutlier]:
    """Return molecules with a label that looks wrong whatever the structure."""
    by_molecule = {entry["molecule"]: entry for entry in doubtful}
    return [
        LabelOutlier(molecule, "unlike_all_labels", entry["label"], remark=entry["reason"])
        for molecule, entry in by_molecule.items()
    ]


def _contradictory(ledger: pa.Table) -> list[LabelOutlier]:
    """Return molecules whose input rows disagree by more than the tolerance."""
    rows: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for row in ledger.to_pylist():
        known = row["molecule"] is not None and row["label"] is not None
        if row["status"] == "conflict" and known:
            rows[row["molecule"]].append((row["row"], row["label"]))
    return [
        LabelOutlier(
            molecule=molecule,
            kind="contradictory_rows",
            label=float(np.median([label for _, label in listed])),
            rows=tuple(listed),
        )
        for molecule, listed in rows.items()
    ]
