"""What the model uses: SHAP values by descriptor, by family and by dimension; descriptor health.

SHAP values come from LightGBM's own contributions, which add up to the prediction. Many descriptors
say nearly the same, and the model divides its use among them at will: sums over families are
steadier than single descriptors. How much a group moves the prediction as a whole, its members'
opposite contributions cancelled, is given as its joint importance.

References
----------
.. [1] Lundberg, Erion, Chen, DeGrave, Prutkin, Nair, Katz, Himmelfarb, Bansal, Lee (2020), From
   local explanations to global understanding with explainable AI for trees, Nature Machine
   Intelligence 2, 56.
.. [2] Donner (1986), A review of inference procedures for the intraclass correlation coefficient
   in the one-way random effects model, International Statistical Review 54, 67.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from mordred import Calculator, descriptors
from numpy.typing import NDArray

from confaug.mordred_names import NAMES_3D
from confaug.parquet import CheckedFile
from confaug.quantity import of_unit
from confaug.representations import number_texts
from confaug.tables import AUGMENTED, DESCRIPTOR_HEALTH, GROUP_IMPORTANCE, IMPORTANCE

Floats = NDArray[np.float64]
#: A column of the distribution table: an order statistic of a 3D descriptor under a protocol.
ORDER_STATISTIC = re.compile(r"(?:min|\d+%|max)(?P<descriptor>[^_]+)(?:_.+)?")
COLUMNS_AT_ONCE = 100
#: Values that are in memory at a time, in some ten arrays of 8 bytes each.
VALUES_AT_ONCE = 12_000_000
#: Rows of each molecule that are explained; SHAP values take longer than predictions.
ROWS_PER_MOLECULE = 30


def base_descriptor(name: str) -> str:
    """Return the descriptor that a column of the distribution table is about, or the name itself.

    Examples
    --------
    >>> base_descriptor("25%DPSA1_DGmmff")
    'DPSA1'
    >>> base_descriptor("SpAbs_A")
    'SpAbs_A'
    """
    match = ORDER_STATISTIC.fullmatch(name)
    if match and match["descriptor"] in _names_3d():
        return match["descriptor"]
    return name


def dimension(name: str) -> str:
    """Return 2D or 3D.

    >>> dimension("Mor01"), dimension("nAtom")
    ('3D', '2D')
    """
    return "3D" if base_descriptor(name) in _names_3d() else "2D"


def family(name: str) -> str:
    """Return the family of a descriptor: the module of mordred that defines it.

    Examples
    --------
    >>> family("Mor01"), family("min75%"), family("ATS0dv")
    ('MoRSE', 'other', 'Autocorrelation')
    """
    return _families().get(base_descriptor(name), "other")


def importance_table(
    contributions: Floats, names: Sequence[str], molecules: Sequence[str] | NDArray[np.str_]
) -> pa.Table:
    """Summarise SHAP values by descriptor, most important first (IMPORTANCE).

    Parameters
    ----------
    contributions
        LightGBM's `predict(..., pred_contrib=True)`, shape (rows, descriptors), in label units; a
        last column with the expected value, as LightGBM gives it, is left out.
    names
        Names of the descriptors.
    molecules
        Molecule of every row; rows are weighted so that every molecule counts the same.
    """
    mean = _weights(molecules) @ np.abs(_without_bias(contributions, names))
    total = mean.sum()
    rows: list[dict[str, Any]] = [
        {
            "descriptor": name,
            "dimension": dimension(name),
            "family": family(name),
            "importance": float(value),
            "share": float(value / total) if total else 0.0,
        }
        for name, value in zip(names, mean, strict=True)
    ]
    rows.sort(key=lambda row: (-row["importance"], row["descriptor"]))
    return pa.Table.from_pylist(rows, schema=IMPORTANCE.schema())


def group_importance_table(
    contributions: Floats, names: Sequence[str], molecules: Sequence[str] | NDArray[np.str_]
) -> pa.Table:
    """Summarise SHAP values by family and by dimension, most important first (GROUP_IMPORTANCE).

    Parameters as for `importance_table`.
    """
    values, weights = _without_bias(contributions, names), _weights(molecules)
    rows = []
    for grouping, group_of in (("dimension", dimension), ("family", family)):
        rows += _group_rows(grouping, group_of, values, weights, names)
    return pa.Table.from_pylist(rows, schema=GROUP_IMPORTANCE.schema())


def importance_sentence(groups: pa.Table, unit: str) -> str:
    """Say how much of the prediction comes from 3D descriptors."""
    shares = {row["name"]: row for row in groups.to_pylist() if row["grouping"] == "dimension"}
    if set(shares) != {"2D", "3D"}:
        return f"The model has {' and '.join(shares)} descriptors only."
    families = [row["name"] for row in groups.to_pylist() if row["grouping"] == "family"]
    quantity = of_unit(unit)
    return (
        f"3D descriptors carry {shares['3D']['share']:.0%} of the SHAP values; together they move "
        f"a prediction by {quantity.text(shares['3D']['joint'])} on average, 2D descriptors by "
        f"{quantity.text(shares['2D']['joint'])}. The most used families are "
        f"{', '.join(families[:3])}."
    )


def contribution_unit(property_section: Mapping[str, Any]) -> str:
    """Return the unit of SHAP values: the label's, or decades if the model sees logarithms."""
    if property_section.get("transform") == "log10":
        return "decades"
    return str(property_section.get("unit", ""))


def variance_components(values: Floats, molecules: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Divide the variance of descriptors into between and within molecules.

    One-way analysis of variance with random, unbalanced groups; a negative estimate between
    molecules is 0.

    Parameters
    ----------
    values
        Descriptors, shape (rows, descriptors); rows that are not finite are left out, descriptor by
        descriptor.
    molecules
        Molecule of every row, shape (rows,).

    Returns
    -------
    dict of arrays
        `between` and `within` (variances; NaN where they cannot be had), `molecules` (with at least
        one value), `missing` (share of rows) and `constant`, each of shape (descriptors,).
    """
    codes = np.unique(molecules, return_inverse=True)[1]
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    valid = np.isfinite(values[order])
    count = valid.sum(axis=0)
    total = np.where(valid, values[order], 0.0)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        centred = np.where(valid, total - total.sum(axis=0) / count, 0.0)
        n = np.add.reduceat(valid.astype(float), starts, axis=0)
        sums = np.add.reduceat(centred, starts, axis=0)
        means = np.where(n > 0, sums / n, 0.0)
        groups = (n > 0).sum(axis=0)
        deviations = np.where(valid, centred - np.repeat(means, np.bincount(codes), axis=0), 0.0)
        within = (deviations**2).sum(axis=0) / (count - groups)
        mean_square = (n * means**2).sum(axis=0) / (groups - 1)
        size = (count - (n**2).sum(axis=0) / count) / (groups - 1)
        between = np.maximum((mean_square - np.where(count > groups, within, 0)) / size, 0)
        spread = np.where(valid, centred, -np.inf).max(axis=0) - np.where(
            valid, centred, np.inf
        ).min(axis=0)
    return {
        "between": np.where(groups > 1, between, np.nan),
        "within": np.where(count > groups, within, np.nan),
        "molecules": groups,
        "missing": 1 - count / max(len(values), 1),
        "constant": ~(spread > 0),
    }


def descriptor_health(augmented: str | Path) -> pa.Table:
    """Judge every descriptor of an augmented table (DESCRIPTOR_HEALTH), some columns at a time."""
    file = CheckedFile(augmented, read_dictionary=["molecule"])
    declared = set(AUGMENTED.names)
    names = [name for name in file.schema_arrow.names if name not in declared]
    molecules, _ = number_texts(file.read(["molecule"])["molecule"])
    at_once = max(1, min(COLUMNS_AT_ONCE, VALUES_AT_ONCE // max(1, len(molecules))))
    rows: list[dict[str, Any]] = []
    for some in _chunks(names, at_once):
        block = file.read(some)
        values = np.column_stack([block[name].to_numpy() for name in some])
        rows += _health_rows(some, variance_components(values, molecules))
    return pa.Table.from_pylist(rows, schema=DESCRIPTOR_HEALTH.schema())


def health_summary(health: pa.Table) -> dict[str, Any]:
    """Count healthy and unhealthy descriptors by dimension.

    Returns
    -------
    dict
        `2D` and `3D`, each with `descriptors`, `constant`, `with_missing`, `all_missing` and
        `median_within_share` (None for 2D), and `sentence`.
    """
    summary: dict[str, Any] = {}
    for name in ("2D", "3D"):
        rows = [row for row in health.to_pylist() if row["dimension"] == name]
        shares = [row["within_share"] for row in rows if row["within_share"] is not None]
        summary[name] = {
            "descriptors": len(rows),
            "constant": sum(row["constant"] for row in rows),
            "with_missing": sum(row["missing"] > 0 for row in rows),
            "all_missing": sum(row["missing"] == 1 for row in rows),
            "median_within_share": float(np.median(shares)) if shares and name == "3D" else None,
        }
    share = summary["3D"]["median_within_share"]
    summary["sentence"] = (
        "There is no variation within molecules to judge."
        if share is None
        else f"In a typical 3D descriptor, {share:.0%} of the variance is between the conformers "
        f"of one molecule and {1 - share:.0%} between molecules."
    )
    return summary


@cache
def _names_3d() -> frozenset[str]:
    """Return the names of the 3D descriptors for look-ups."""
    return frozenset(NAMES_3D)


@cache
def _families() -> dict[str, str]:
    """Return the mordred module of every descriptor."""
    calculator = Calculator(descriptors, ignore_3D=False)
    return {str(d): type(d).__module__.rpartition(".")[2] for d in calculator.descriptors}


def _without_bias(contributions: Floats, names: Sequence[str]) -> Floats:
    """Return contributions of descriptors alone."""
    if contributions.shape[1] not in (len(names), len(names) + 1):
        raise ValueError(f"{contributions.shape[1]} contributions do not fit {len(names)} names")
    return contributions[:, : len(names)]


def _weights(molecules: Sequence[str] | NDArray[np.str_]) -> Floats:
    """Return weights of rows that add up to one, the same for every molecule."""
    _, codes, counts = np.unique(molecules, return_inverse=True, return_counts=True)
    return 1 / (counts[codes] * len(counts))


def _group_rows(
    grouping: str,
    group_of: Callable[[str], str],
    values: Floats,
    weights: Floats,
    names: Sequence[str],
) -> list[dict[str, Any]]:
    """Return the rows of GROUP_IMPORTANCE of one grouping."""
    groups = np.array([group_of(name) for name in names])
    mean = weights @ np.abs(values)
    rows = []
    for name in np.unique(groups):
        members = groups == name
        summed = float(mean[members].sum())
        rows.append(
            {
                "grouping": grouping,
                "name": str(name),
                "descriptors": int(members.sum()),
                "summed": summed,
                "share": summed / float(mean.sum()) if mean.any() else 0.0,
                "joint": float(weights @ np.abs(values[:, members].sum(axis=1))),
            }
        )
    return sorted(rows, key=lambda row: (-row["summed"], row["name"]))


def _chunks(names: list[str], size: int) -> Iterator[list[str]]:
    """Yield the names some at a time."""
    for start in range(0, len(names), size):
        yield names[start : start + size]


def _health_rows(names: list[str], found: dict[str, NDArray[Any]]) -> list[dict[str, Any]]:
    """Return rows of DESCRIPTOR_HEALTH."""
    rows = []
    for i, name in enumerate(names):
        between, within = float(found["between"][i]), float(found["within"][i])
        total = between + within
        rows.append(
            {
                "descriptor": name,
                "dimension": dimension(name),
                "family": family(name),
                "molecules": int(found["molecules"][i]),
                "missing": float(found["missing"][i]),
                "constant": bool(found["constant"][i]),
                "between": between if np.isfinite(between) else None,
                "within": within if np.isfinite(within) else None,
                "within_share": within / total if np.isfinite(total) and total > 0 else None,
            }
        )
    return rows
