"""How often conformal prediction intervals hold the measured label."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import stats

from confaug.tables.trust import COVERAGE
from confaug.trust.conformal import Calibration, calibrate_on, conformal_rank, intervals


@dataclass(frozen=True)
class Coverage:
    """One row of COVERAGE, which explains the columns."""

    variant: str
    replicate: int
    target: float
    calibration_molecules: int
    test_molecules: int
    covered: int
    coverage: float
    expected_low: float
    expected_high: float
    median_width: float
    scaled: bool


@dataclass(frozen=True)
class CoverageSummary:
    """How often the intervals of one variant held the label.

    Attributes
    ----------
    replicates
        Replicates with intervals.
    test_molecules
        Held-out molecules of the first of them.
    target
        Coverage that was asked for.
    coverage
        Coverage that was reached, mean over replicates.
    within_expected
        Replicates whose coverage is within what theory lets expect.
    median_width
        Median width of the intervals, mean over replicates, in label units.
    """

    replicates: int
    test_molecules: int
    target: float
    coverage: float
    within_expected: int
    median_width: float


def coverage_of(
    variant: str,
    replicate: int,
    table: pa.Table,
    calibration: Calibration,
    structures: Mapping[str, str] | None = None,
) -> Coverage | None:
    """Return the coverage of the intervals of an INTERVALS table, or None without any interval.

    If theory holds, the number of covered molecules is beta-binomial (Vovk 2012): one draw of
    calibration molecules makes the true coverage a beta variate, and the test counts by it.
    Molecules of one structure, which hardly vary on their own, count as one there.
    """
    judged = table.filter(pc.is_valid(table["covered"]))
    if not len(judged):
        return None
    n, covered = len(judged), int(pc.sum(judged["covered"]).as_py())
    different = n
    if structures is not None:
        different = len({structures[name] for name in judged["molecule"].to_pylist()})
    low, high = expected_coverage(calibration.molecules, different, calibration.coverage)
    width = judged["high"].to_numpy() - judged["low"].to_numpy()
    return Coverage(
        variant=variant,
        replicate=replicate,
        target=calibration.coverage,
        calibration_molecules=calibration.molecules,
        test_molecules=n,
        covered=covered,
        coverage=covered / n,
        expected_low=low,
        expected_high=high,
        median_width=float(np.median(width)),
        scaled=calibration.scaled,
    )


def coverage_study(
    predictions: Mapping[str, Mapping[int, pa.Table]],
    coverage: float,
    transform: str = "none",
    structures: Mapping[str, str] | None = None,
) -> pa.Table:
    """Measure the coverage of every variant on every replicate (COVERAGE).

    Parameters
    ----------
    predictions
        PREDICTIONS tables with all parts, by variant and replicate. Those without out-of-fold
        predictions have no intervals and are left out.
    coverage, transform, structures
        As for `calibrate_on`.
    """
    rows = []
    for variant, tables in predictions.items():
        for replicate, table in tables.items():
            calibration = calibrate_on(table, coverage, transform, structures)
            judged = intervals(table, calibration)
            rows.append(coverage_of(variant, replicate, judged, calibration, structures))
    return coverage_table(rows)


def expected_coverage(n_calibration: int, n_test: int, coverage: float) -> tuple[float, float]:
    """Return the 2.5 and 97.5 % quantiles of the share of covered test molecules under theory."""
    rank = conformal_rank(n_calibration, coverage)
    law = stats.betabinom(n_test, rank, n_calibration + 1 - rank)
    return float(law.ppf(0.025) / n_test), float(law.ppf(0.975) / n_test)


def coverage_table(rows: Sequence[Coverage | None]) -> pa.Table:
    """Return rows of `coverage_of` as a COVERAGE table."""
    return pa.Table.from_pylist([asdict(row) for row in rows if row], schema=COVERAGE.schema())


def coverage_summary(table: pa.Table, variant: str) -> CoverageSummary | None:
    """Summarise the coverage of one variant over replicates; None without any interval.

    Parameters
    ----------
    table
        COVERAGE.
    """
    rows = table.filter(pc.equal(table["variant"], variant))
    if not len(rows):
        return None
    shares = rows["coverage"].to_numpy()
    within = (rows["expected_low"].to_numpy() <= shares) & (shares <= rows["expected_high"])
    return CoverageSummary(
        replicates=len(rows),
        test_molecules=rows["test_molecules"][0].as_py(),
        target=rows["target"][0].as_py(),
        coverage=float(shares.mean()),
        within_expected=int(within.sum()),
        median_width=float(rows["median_width"].to_numpy().mean()),
    )
