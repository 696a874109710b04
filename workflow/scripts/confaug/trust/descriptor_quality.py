"""Whether descriptors vary between molecules or between the conformers of one molecule."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from confaug.learning.rows import Rows
from confaug.tables.trust import DESCRIPTOR_HEALTH
from confaug.trust.importance import dimension, family

Floats = NDArray[np.float64]
COLUMNS_AT_ONCE = 100
#: Values that are in memory at a time, in some ten arrays of 8 bytes each.
VALUES_AT_ONCE = 12_000_000


@dataclass(frozen=True)
class VarianceComponents:
    """The variance of descriptors, divided; every array has the shape (descriptors,).

    Attributes
    ----------
    between, within
        Variances between and within molecules; NaN where undefined.
    molecules
        Molecules with at least one value.
    missing
        Share of rows without a value.
    constant
        Whether there is no variation.
    """

    between: Floats
    within: Floats
    molecules: NDArray[np.int64]
    missing: Floats
    constant: NDArray[np.bool_]


def variance_components(values: Floats, molecules: NDArray[Any]) -> VarianceComponents:
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
        highest = np.where(valid, centred, -np.inf).max(axis=0)
        extent = highest - np.where(valid, centred, np.inf).min(axis=0)
    return VarianceComponents(
        between=np.where(groups > 1, between, np.nan),
        within=np.where(count > groups, within, np.nan),
        molecules=groups,
        missing=1 - count / max(len(values), 1),
        constant=~(extent > 0),
    )


def descriptor_health(rows: Rows) -> pa.Table:
    """Judge every column of a model's rows (DESCRIPTOR_HEALTH), some columns at a time."""
    at_once = max(1, min(COLUMNS_AT_ONCE, VALUES_AT_ONCE // max(1, len(rows.molecule))))
    found: list[dict[str, Any]] = []
    for start in range(0, len(rows.feature_names), at_once):
        some = slice(start, start + at_once)
        values = rows.X[:, some].astype(np.float64)
        found += _health_rows(rows.feature_names[some], variance_components(values, rows.molecule))
    return pa.Table.from_pylist(found, schema=DESCRIPTOR_HEALTH.schema())


def typical_within_share(health: pa.Table) -> float | None:
    """Return the median share of the variance of 3D descriptors that is within molecules.

    Parameters
    ----------
    health
        DESCRIPTOR_HEALTH.

    Returns
    -------
    float or None
        None if no 3D descriptor varies.
    """
    shares = health.filter(pc.equal(health["dimension"], "3D"))["within_share"].drop_null()
    return float(np.median(shares.to_numpy())) if len(shares) else None


def _health_rows(names: Sequence[str], found: VarianceComponents) -> list[dict[str, Any]]:
    """Return rows of DESCRIPTOR_HEALTH."""
    rows = []
    for i, name in enumerate(names):
        between, within = float(found.between[i]), float(found.within[i])
        total = between + within
        rows.append(
            {
                "descriptor": name,
                "dimension": dimension(name),
                "family": family(name),
                "molecules": int(found.molecules[i]),
                "missing": float(found.missing[i]),
                "constant": bool(found.constant[i]),
                "between": between if np.isfinite(between) else None,
                "within": within if np.isfinite(within) else None,
                "within_share": within / total if np.isfinite(total) and total > 0 else None,
            }
        )
    return rows
