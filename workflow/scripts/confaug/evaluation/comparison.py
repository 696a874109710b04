"""Held-out errors of variants on identical splits: means, paired differences and intervals.

Replicates of a split are not independent: they test the same molecules again and train on
overlapping sets. A plain t test over replicates, or over molecules, therefore sees differences
where there are none (half of the true nulls at 10 replicates of 70/154 molecules). The interval
here adds two sources of variance:

* molecules: the variance of the mean clustered by molecule (by group, where a group has several),
  whatever the number of times each was tested; one margin of the two-way clustering of Cameron,
  Gelbach and Miller (2011), which is also what Owen's pigeonhole bootstrap (2007) estimates. Like
  that bootstrap, and unlike Cameron et al., the term that the two margins share is not taken off:
  the interval is on the safe side.
* training sets: the variance between replicates over their number, and on top of it what replicates
  share, which is the argument of Nadeau and Bengio (2003) applied to training sets. With a
  correlation c of two replicates, the variance between them understates by c / (1 - c); only the
  variance that the choice of test molecules does not explain is inflated. Effects that are sums
  over the members of a training set would correlate as far as the sets overlap. An error is nearly
  quadratic in what a fit takes from single molecules, so that it correlates as the square of the
  overlap (Hoeffding 1948: terms of second order of a symmetric function). Measured are powers of
  the overlap between 1.5 and 4 for errors of ridge regression, Gaussian processes, neighbours and
  trees, and more for differences between models of one kind (benchmark_intervals.py).

Replicates with the same training and test molecules, as a split column makes them, are one split:
their errors are averaged before, molecule by molecule, so that repeating a split narrows nothing.

In simulations of two equally good learners on shared molecules the 95 % interval misses zero in 2
to 7 % of the studies (see the tests). The corrected resampled t interval of Nadeau and Bengio is
given next to it; it is wider when the test part is the larger one.

References
----------
.. [1] Nadeau, Bengio (2003), Inference for the generalization error, Machine Learning 52, 239.
.. [2] Owen (2007), The pigeonhole bootstrap, Annals of Applied Statistics 1, 386.
.. [3] Cameron, Gelbach, Miller (2011), Robust inference with multiway clustering, Journal of
   Business & Economic Statistics 29, 238.
.. [4] Hoeffding (1948), A class of statistics with asymptotically normal distribution, Annals of
   Mathematical Statistics 19, 293.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from confaug.evaluation.confidence_intervals import (
    Estimate,
    crossed_interval,
    mean_of_known,
    or_none,
)
from confaug.evaluation.errors import Study
from confaug.tables.evaluation import (
    MOLECULE_ERRORS,
    PAIRED_DIFFERENCES,
    REPLICATE_ERRORS,
    VARIANT_SUMMARY,
)

Floats = NDArray[np.float64]
HELPED, NO_DIFFERENCE, HURT = "helped", "no_difference", "hurt"


def variant_summary(study: Study, confidence: float = 0.95) -> pa.Table:
    """Summarise the held-out errors of every variant, best first (VARIANT_SUMMARY)."""
    rows = [_summary_row(study, variant, confidence) for variant in study.test]
    rows.sort(key=lambda row: (row["mae"], row["variant"]))
    return pa.Table.from_pylist(rows, schema=VARIANT_SUMMARY.schema())


def paired_differences(study: Study, references: list[str], confidence: float = 0.95) -> pa.Table:
    """Compare every variant with every reference on the same molecules (PAIRED_DIFFERENCES).

    The verdict is `helped` if the interval of the difference lies below zero, `hurt` if above. With
    one replicate the out-of-fold errors must also differ in the same direction: the interval then
    covers molecules only, and this keeps equally good variants from being told apart too often.
    """
    rows = [
        _difference_row(study, variant, reference, confidence)
        for reference in references
        for variant in study.test
        if variant != reference
    ]
    return pa.Table.from_pylist(rows, schema=PAIRED_DIFFERENCES.schema())


def replicate_errors(study: Study, reference: str | None) -> pa.Table:
    """List the test MAE of every variant on every replicate (REPLICATE_ERRORS)."""
    rows = []
    for variant, errors in study.test.items():
        maes = mean_of_known(np.abs(errors), axis=1)
        base = mean_of_known(np.abs(study.test[reference]), axis=1) if reference else maes * np.nan
        for i, replicate in enumerate(study.replicates):
            rows.append(
                {
                    "variant": variant,
                    "replicate": replicate,
                    "train_molecules": int(study.train_sizes[i]),
                    "test_molecules": int((~np.isnan(errors[i])).sum()),
                    "mae": maes[i],
                    "difference": or_none(maes[i] - base[i]),
                }
            )
    return pa.Table.from_pylist(rows, schema=REPLICATE_ERRORS.schema())


def molecule_errors(study: Study, reference: str | None) -> pa.Table:
    """List the mean held-out error of every molecule, largest first (MOLECULE_ERRORS)."""
    rows = []
    for variant, errors in study.test.items():
        absolute = mean_of_known(np.abs(errors), axis=0)
        base = mean_of_known(np.abs(study.test[reference]), axis=0) if reference else None
        signed = mean_of_known(errors, axis=0)
        found = [
            {
                "variant": variant,
                "molecule": study.molecules[i],
                "tests": int((~np.isnan(errors[:, i])).sum()),
                "label": study.labels[i],
                "mean_error": signed[i],
                "mean_absolute_error": absolute[i],
                "difference": None if base is None else absolute[i] - base[i],
            }
            for i in np.flatnonzero(~np.isnan(absolute))
        ]
        rows.extend(sorted(found, key=lambda r: (-r["mean_absolute_error"], r["molecule"])))
    return pa.Table.from_pylist(rows, schema=MOLECULE_ERRORS.schema())


def by_split(study: Study, values: Floats) -> Floats:
    """Average the rows of replicates that are one split, shape (different splits, molecules)."""
    numbers = study.split_numbers
    return np.stack([mean_of_known(values[numbers == n], axis=0) for n in np.unique(numbers)])


def _summary_row(study: Study, variant: str, confidence: float) -> dict[str, object]:
    """Return one row of VARIANT_SUMMARY."""
    errors = study.test[variant]
    absolute = np.abs(errors)
    averaged = by_split(study, absolute)
    estimate = crossed_interval(averaged, study.groups, study.overlap, confidence)
    maes = mean_of_known(averaged, axis=1)
    mean_squares = mean_of_known(errors**2, axis=1)
    return {
        "variant": variant,
        "replicates": len(maes),
        "molecules": int((~np.isnan(errors)).any(axis=0).sum()),
        "mae": estimate.value,
        "low": or_none(estimate.low),
        "high": or_none(estimate.high),
        "replicate_sd": float(maes.std(ddof=1)) if len(maes) > 1 else None,
        "rmse": float(np.nanmean(np.sqrt(mean_squares))),
        "r2": _r_squared(study, errors, mean_squares),
        "relative_error": _relative_error(study, absolute),
        "mae_cross_validation": _mean_mae(study.cross_validation.get(variant)),
        "mae_train": _mean_mae(study.train.get(variant)),
    }


def _r_squared(study: Study, errors: Floats, mean_squares: Floats) -> float | None:
    """Return the mean over replicates of R2; None where the labels of a replicate do not vary."""
    if np.count_nonzero(~np.isnan(errors), axis=1).min() < 2:
        return None
    scatter = np.nanvar(np.where(np.isnan(errors), np.nan, study.labels), axis=1)
    return float(np.mean(1 - mean_squares / scatter)) if np.all(scatter > 0) else None


def _relative_error(study: Study, absolute: Floats) -> float | None:
    """Return the mean of |error / label| over all tests; None where a label is zero."""
    tested, sizes = ~np.isnan(absolute), np.abs(study.labels)
    if not np.all(sizes[tested.any(axis=0)] > 0):
        return None
    shares = np.divide(absolute, sizes, out=np.full_like(absolute, np.nan), where=tested)
    return float(np.nanmean(shares))


def _difference_row(
    study: Study, variant: str, reference: str, confidence: float
) -> dict[str, object]:
    """Return one row of PAIRED_DIFFERENCES."""
    differences = by_split(study, np.abs(study.test[variant]) - np.abs(study.test[reference]))
    estimate = crossed_interval(differences, study.groups, study.overlap, confidence)
    by_molecule = mean_of_known(differences, axis=0)
    out_of_fold = _difference_out_of_fold(study, variant, reference)
    return {
        "variant": variant,
        "reference": reference,
        "difference": estimate.value,
        "low": or_none(estimate.low),
        "high": or_none(estimate.high),
        "standard_error": or_none(estimate.standard_error),
        "degrees_of_freedom": or_none(estimate.freedom),
        "p_value": or_none(estimate.p_value),
        "low_resampled": or_none(estimate.low_resampled),
        "high_resampled": or_none(estimate.high_resampled),
        "relative_difference": _relative(estimate.value, study.test[reference]),
        "difference_cross_validation": out_of_fold,
        "replicates": len(differences),
        "replicates_better": int((mean_of_known(differences, axis=1) < 0).sum()),
        "molecules": int((~np.isnan(by_molecule)).sum()),
        "molecules_better": int((by_molecule < 0).sum()),
        "molecules_worse": int((by_molecule > 0).sum()),
        "verdict": judge(estimate, len(differences), out_of_fold),
    }


def judge(estimate: Estimate, n_replicates: int, out_of_fold: float | None) -> str:
    """Return helped, no_difference or hurt for a difference of errors (negative is better)."""
    if not (estimate.high < 0 or estimate.low > 0):
        return NO_DIFFERENCE
    if n_replicates == 1 and out_of_fold is not None and out_of_fold * estimate.value <= 0:
        return NO_DIFFERENCE
    return HELPED if estimate.value < 0 else HURT


def _difference_out_of_fold(study: Study, variant: str, reference: str) -> float | None:
    """Return the difference of the out-of-fold MAE, if both variants have one."""
    maes = [_mean_mae(study.cross_validation.get(name)) for name in (variant, reference)]
    return None if maes[0] is None or maes[1] is None else maes[0] - maes[1]


def _mean_mae(errors: Floats | None) -> float | None:
    """Return the mean over replicates of the MAE."""
    if errors is None:
        return None
    maes = mean_of_known(np.abs(errors), axis=1)
    return float(np.mean(maes[~np.isnan(maes)]))


def _relative(difference: float, reference: Floats) -> float | None:
    """Return a difference of MAE as a share of the reference's MAE."""
    mae = _mean_mae(reference)
    return difference / mae if mae else None
