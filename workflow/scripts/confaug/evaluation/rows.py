"""Rows of the comparison's tables, and values with intervals, as types."""

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Interval:
    """A value with the ends of its confidence interval; None where those are not known."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class VariantErrors:
    """A row of VARIANT_SUMMARY; its columns say what the fields mean."""

    variant: str
    replicates: int
    molecules: int
    mae: float
    low: float | None
    high: float | None
    replicate_sd: float | None
    rmse: float
    r2: float | None
    relative_error: float | None
    mae_cross_validation: float | None
    mae_train: float | None


@dataclass(frozen=True)
class Difference:
    """A row of PAIRED_DIFFERENCES; its columns say what the fields mean."""

    variant: str
    reference: str
    difference: float
    low: float | None
    high: float | None
    standard_error: float | None
    degrees_of_freedom: float | None
    p_value: float | None
    low_resampled: float | None
    high_resampled: float | None
    relative_difference: float | None
    difference_cross_validation: float | None
    replicates: int
    replicates_better: int
    molecules: int
    molecules_better: int
    molecules_worse: int
    verdict: str


def errors_by_variant(summary: pa.Table) -> dict[str, VariantErrors]:
    """Return the rows of a VARIANT_SUMMARY table by variant, in their order."""
    return {row["variant"]: VariantErrors(**row) for row in summary.to_pylist()}


def differences_by_pair(differences: pa.Table) -> dict[tuple[str, str], Difference]:
    """Return the rows of a PAIRED_DIFFERENCES table by variant and reference."""
    rows = [Difference(**row) for row in differences.to_pylist()]
    return {(row.variant, row.reference): row for row in rows}
