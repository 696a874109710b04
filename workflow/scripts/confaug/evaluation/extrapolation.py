"""How far models extrapolate: predictions of what was held out, and their errors by distance.

Every model is fitted again without each part, see `held_out`. Its parameters are those that the
first split chose on its training molecules, because choosing them anew for every part costs twenty
times as much. Some of the molecules that are held out here were among those training molecules, so
they had a say in the parameters, though not in the fit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from confaug.evaluation.confidence_intervals import crossed_interval, or_none
from confaug.evaluation.held_out import (
    CLUSTERS,
    FOLDS,
    HeldOut,
    end_of_labels,
    nearest_similarities,
    number_parts,
    similarity_clusters,
)
from confaug.tables.engine import check_table
from confaug.tables.evaluation import EXTRAPOLATION_ERRORS, EXTRAPOLATION_PREDICTIONS

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
#: Predicts the molecules that a mask holds out, in their order, by a model of the others.
Predict = Callable[[Mask], Floats]
#: Fewer molecules than these at an end of the labels say nothing.
LEAST = 5
#: Why nothing is measured.
TOO_FEW, EQUAL_LABELS = "too_few", "equal_labels"
#: Where a label lies: among the middle half of the training labels, among the others, or beyond.
INSIDE, EDGE, OUTSIDE = "inside", "edge", "outside"
EVERY = "all"
#: Similarity to the most similar training molecule: the lower end of each bin.
SIMILARITY_BINS = (0.0, 0.35, 0.5, 0.7)


@dataclass(frozen=True)
class Design:
    """Which molecules are held out, and where they lie.

    Attributes
    ----------
    molecules
        Names of the labelled molecules, in ascending order.
    labels, groups
        Label and number of the group of every molecule, shape (molecules,).
    held_out
        What is held out; ends and clusters only where the data allow them.
    similarity
        Similarity to the most similar training molecule, for each of `held_out`.
    """

    molecules: tuple[str, ...]
    labels: Floats
    groups: NDArray[np.int64]
    held_out: tuple[HeldOut, ...]
    similarity: tuple[Floats, ...]


def why_not(labels: Floats, share: float) -> str | None:
    """Return why labels do not allow the test: `TOO_FEW` or `EQUAL_LABELS`; None if they do.

    Examples
    --------
    >>> why_not(np.arange(24.0), 0.2), why_not(np.arange(25.0), 0.2), why_not(np.ones(25), 0.2)
    ('too_few', None, 'equal_labels')
    """
    if len(labels) * (share or 0.2) < LEAST:
        return TOO_FEW
    return EQUAL_LABELS if np.ptp(labels) == 0 else None


def design_extrapolation(
    molecules: Sequence[Mapping[str, Any]],
    folds: Mapping[str, int],
    share: float,
    clusters: int,
) -> Design:
    """Decide what is held out.

    Parameters
    ----------
    molecules
        Rows of MOLECULES.
    folds
        Ordinary fold of every labelled molecule.
    share
        Share of the molecules at each end of the labels; 0 leaves the ends out.
    clusters
        Number of clusters; 0 leaves them out.
    """
    rows = sorted((m for m in molecules if m["molecule"] in folds), key=lambda m: m["molecule"])
    labels = np.array([row["label"] for row in rows], dtype=np.float64)
    groups = np.unique([row["group"] for row in rows], return_inverse=True)[1]
    structures = [row["modelled_smiles"] for row in rows]
    held_out = [number_parts(FOLDS, np.array([folds[row["molecule"]] for row in rows]))]
    if clusters:
        held_out += _if_any(similarity_clusters(structures, groups, clusters))
    for highest in (True, False) if share else ():
        held_out += _if_any(end_of_labels(labels, groups, share, highest))
    nearest = nearest_similarities(structures, held_out)
    names = tuple(row["molecule"] for row in rows)
    return Design(names, labels, groups, tuple(held_out), tuple(nearest))


def _if_any(found: HeldOut | None) -> list[HeldOut]:
    """Return what is held out as a list; empty if nothing can be."""
    return [] if found is None else [found]


def predict_design(design: Design, predict: Predict) -> dict[str, Floats]:
    """Predict every part by a model of the others.

    Returns
    -------
    dict
        Predictions by what is held out, shape (molecules,); NaN for what is not.
    """
    found = {}
    for one in design.held_out:
        found[one.name] = np.full(len(design.labels), np.nan)
        for part in one.parts:
            found[one.name][part] = predict(part)
    return found


def predictions_table(design: Design, predicted: Mapping[str, Mapping[str, Floats]]) -> pa.Table:
    """Return predictions, by variant and by what was held out, as EXTRAPOLATION_PREDICTIONS."""
    rows = []
    for variant, by_name in predicted.items():
        for one, similarity in zip(design.held_out, design.similarity, strict=True):
            values = by_name[one.name]
            for part in one.parts:
                train = design.labels[~part]
                for place in np.flatnonzero(part).tolist():
                    rows.append(
                        {
                            "variant": variant,
                            "held_out": one.name,
                            "molecule": design.molecules[place],
                            "label": float(design.labels[place]),
                            "prediction": float(values[place]),
                            "training_low": float(train.min()),
                            "training_high": float(train.max()),
                            "region": label_region(float(design.labels[place]), train),
                            "similarity": float(similarity[place]),
                        }
                    )
    rows.sort(key=lambda row: (row["variant"], row["held_out"], row["molecule"]))
    table = pa.Table.from_pylist(rows, schema=EXTRAPOLATION_PREDICTIONS.schema())
    return check_table(table, EXTRAPOLATION_PREDICTIONS)


def label_region(label: float, train: Floats) -> str:
    """Tell where a label lies among training labels: `INSIDE`, `EDGE` or `OUTSIDE`.

    Examples
    --------
    >>> [label_region(label, np.arange(9.0)) for label in (4.0, 8.0, 9.0)]
    ['inside', 'edge', 'outside']
    """
    if label < train.min() or label > train.max():
        return OUTSIDE
    low, high = np.quantile(train, [0.25, 0.75])
    return INSIDE if low <= label <= high else EDGE


def errors_table(predictions: pa.Table, groups: Mapping[str, str]) -> pa.Table:
    """Summarise an EXTRAPOLATION_PREDICTIONS table by place of the labels and by similarity.

    Parameters
    ----------
    groups
        Group of every molecule; intervals are bootstrapped over groups.

    Returns
    -------
    pa.Table
        EXTRAPOLATION_ERRORS.
    """
    rows: list[dict[str, Any]] = []
    every = predictions.to_pylist()
    for variant in dict.fromkeys(row["variant"] for row in every):
        own = [row for row in every if row["variant"] == variant]
        for held_out in dict.fromkeys(row["held_out"] for row in own):
            some = [row for row in own if row["held_out"] == held_out]
            pieces = [("label", EVERY, some)]
            pieces += [
                ("label", region, [row for row in some if row["region"] == region])
                for region in (INSIDE, EDGE, OUTSIDE)
            ]
            if held_out in (FOLDS, CLUSTERS):
                pieces += [("similarity", name, found) for name, found in by_similarity(some)]
            rows += [
                {"variant": variant, "held_out": held_out, "by": by, "place": place}
                | _errors(found, groups)
                for by, place, found in pieces
                if found
            ]
    table = pa.Table.from_pylist(rows, schema=EXTRAPOLATION_ERRORS.schema())
    return check_table(table, EXTRAPOLATION_ERRORS)


def by_similarity(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Divide rows by similarity to the training molecules, the least similar first."""
    ends = [*SIMILARITY_BINS[1:], np.inf]
    return [
        (bin_name(low), [row for row in rows if low <= row["similarity"] < high])
        for low, high in zip(SIMILARITY_BINS, ends, strict=True)
    ]


def bin_name(low: float) -> str:
    """Name a bin of similarities by its lower end.

    >>> [bin_name(low) for low in SIMILARITY_BINS]
    ['below 0.35', '0.35 to 0.5', '0.5 to 0.7', '0.7 and above']
    """
    place = SIMILARITY_BINS.index(low)
    if place == 0:
        return f"below {SIMILARITY_BINS[1]:g}"
    if place == len(SIMILARITY_BINS) - 1:
        return f"{low:g} and above"
    return f"{low:g} to {SIMILARITY_BINS[place + 1]:g}"


def _errors(rows: Sequence[Mapping[str, Any]], groups: Mapping[str, str]) -> dict[str, Any]:
    """Return error and bias of some predictions, with intervals over groups."""
    errors = np.array([row["prediction"] - row["label"] for row in rows])
    names = [groups[row["molecule"]] for row in rows]
    beyond = [
        row["prediction"] < row["training_low"] or row["prediction"] > row["training_high"]
        for row in rows
    ]
    mae, low, high = mean_interval(np.abs(errors), names)
    bias, bias_low, bias_high = mean_interval(errors, names)
    return {
        "molecules": len(rows),
        "mae": mae,
        "low": low,
        "high": high,
        "bias": bias,
        "bias_low": bias_low,
        "bias_high": bias_high,
        "beyond": int(np.count_nonzero(beyond)),
    }


def mean_interval(
    values: Floats, groups: Sequence[str], confidence: float = 0.95
) -> tuple[float, float | None, float | None]:
    """Return a mean with its bootstrap interval over groups; no interval below `LEAST` groups."""
    names, numbers = np.unique(groups, return_inverse=True)
    if len(names) < LEAST:
        return float(np.mean(values)), None, None
    found = crossed_interval(values[None, :], numbers, 0.0, confidence)
    return found.value, or_none(found.low), or_none(found.high)
