"""How often conformal prediction intervals hold the measured label."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import stats

from confaug.evaluation.decades import factor
from confaug.infrastructure.quantity import of_unit
from confaug.tables.trust import COVERAGE
from confaug.trust.conformal import Calibration, calibrate_on, conformal_rank, intervals


def coverage_row(
    variant: str, replicate: int, table: pa.Table, calibration: Calibration
) -> dict[str, Any] | None:
    """Return one row of COVERAGE from an INTERVALS table, or None without any interval.

    If theory holds, the number of covered molecules is beta-binomial (Vovk 2012): one draw of
    calibration molecules makes the true coverage a beta variate, and the test counts by it.
    """
    judged = table.filter(pc.is_valid(table["covered"]))
    if not len(judged):
        return None
    n, covered = len(judged), int(pc.sum(judged["covered"]).as_py())
    low, high = expected_coverage(calibration.molecules, n, calibration.coverage)
    width = judged["high"].to_numpy() - judged["low"].to_numpy()
    return {
        "variant": variant,
        "replicate": replicate,
        "target": calibration.coverage,
        "calibration_molecules": calibration.molecules,
        "test_molecules": n,
        "covered": covered,
        "coverage": covered / n,
        "expected_low": low,
        "expected_high": high,
        "median_width": float(np.median(width)),
        "scaled": calibration.scaled,
    }


def coverage_study(
    predictions: Mapping[str, Mapping[int, pa.Table]],
    coverage: float = 0.9,
    transform: str = "none",
) -> pa.Table:
    """Measure the coverage of every variant on every replicate (COVERAGE).

    Parameters
    ----------
    predictions
        PREDICTIONS tables with all parts, by variant and replicate. Those without out-of-fold
        predictions have no intervals and are left out.
    coverage, transform
        As for `calibrate`.
    """
    rows = []
    for variant, tables in predictions.items():
        for replicate, table in tables.items():
            calibration = calibrate_on(table, coverage, transform)
            judged = intervals(table, calibration)
            rows.append(coverage_row(variant, replicate, judged, calibration))
    return coverage_table(rows)


def expected_coverage(n_calibration: int, n_test: int, coverage: float) -> tuple[float, float]:
    """Return the 2.5 and 97.5 % quantiles of the share of covered test molecules under theory."""
    rank = conformal_rank(n_calibration, coverage)
    law = stats.betabinom(n_test, rank, n_calibration + 1 - rank)
    return float(law.ppf(0.025) / n_test), float(law.ppf(0.975) / n_test)


def coverage_table(rows: Sequence[dict[str, Any] | None]) -> pa.Table:
    """Return rows of `coverage_row` as a COVERAGE table."""
    return pa.Table.from_pylist([row for row in rows if row], schema=COVERAGE.schema())


def coverage_summary(
    table: pa.Table, variant: str, unit: str, decades: float | None = None
) -> dict[str, Any]:
    """Summarise the coverage of one variant over replicates.

    Parameters
    ----------
    table
        COVERAGE.
    unit
        Of the labels.
    decades
        Typical half width of an interval, where logarithms are learned.

    Returns
    -------
    dict
        `replicates`, `target`, `coverage` (mean over replicates), `lowest`, `highest`,
        `within_expected` (replicates), `median_width` (mean over replicates), `sentence`;
        `half_width_decades` where logarithms are learned. Without any interval: `replicates` 0 and
        the sentence.
    """
    rows = [row for row in table.to_pylist() if row["variant"] == variant]
    if not rows:
        words = "There are too few training molecules for prediction intervals of this coverage."
        return {"replicates": 0, "sentence": words}
    shares = [row["coverage"] for row in rows]
    within = sum(row["expected_low"] <= row["coverage"] <= row["expected_high"] for row in rows)
    width = float(np.mean([row["median_width"] for row in rows]))
    target, mean = rows[0]["target"], float(np.mean(shares))
    where = (
        f"of {rows[0]['test_molecules']} held-out molecules"
        if len(rows) == 1
        else f"of held-out molecules on average over {len(rows)} replicates"
    )
    typical = (
        f"A typical interval is {of_unit(unit).text(width)} wide."
        if decades is None
        else f"A typical interval reaches from the prediction divided by {factor(decades)} to the "
        f"prediction times {factor(decades)}."
    )
    sentence = (
        f"Intervals meant to hold {target:.0%} of labels held {mean:.0%} {where}; "
        f"{within} of {len(rows)} {'is' if len(rows) == 1 else 'are'} within what chance allows. "
        f"{typical}"
    )
    return {
        "replicates": len(rows),
        "target": target,
        "coverage": mean,
        "lowest": min(shares),
        "highest": max(shares),
        "within_expected": within,
        "median_width": width,
        **({} if decades is None else {"half_width_decades": decades}),
        "sentence": sentence,
    }
