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
  share. If an effect of the training set is a sum over its members, two replicates correlate as far
  as their training sets overlap; with an overlap rho, the variance between replicates understates
  by rho / (1 - rho), the argument of Nadeau and Bengio (2003) applied to training sets. Only the
  variance that the choice of test molecules does not explain is inflated.

Replicates with the same training and test molecules, as a split column makes them, are one split:
their errors are averaged before, molecule by molecule, so that repeating a split narrows nothing.

In simulations of two equally good learners on shared molecules the 95 % interval misses zero in 2
to 5 % of the studies (see the tests). The corrected resampled t interval of Nadeau and Bengio is
given next to it; it is wider when the test part is the larger one.

References
----------
.. [1] Nadeau, Bengio (2003), Inference for the generalization error, Machine Learning 52, 239.
.. [2] Owen (2007), The pigeonhole bootstrap, Annals of Applied Statistics 1, 386.
.. [3] Cameron, Gelbach, Miller (2011), Robust inference with multiway clustering, Journal of
   Business & Economic Statistics 29, 238.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import stats

from confaug.errors import UserError
from confaug.splitting import number_splits
from confaug.tables import (
    MOLECULE_ERRORS,
    PAIRED_DIFFERENCES,
    PREDICTIONS,
    REPLICATE_ERRORS,
    SPLIT,
    VARIANT_SUMMARY,
    TableSpec,
    read_table,
)

Floats = NDArray[np.float64]
#: PREDICTIONS tables by variant and replicate.
Predictions = Mapping[str, Mapping[int, pa.Table]]
#: SPLIT tables by replicate.
Splits = Mapping[int, pa.Table]
HELPED, NO_DIFFERENCE, HURT = "helped", "no_difference", "hurt"
BOOTSTRAP_SAMPLES = 4999


@dataclass(frozen=True)
class Study:
    """Errors of all variants on all replicates.

    Attributes
    ----------
    replicates, molecules
        Names of the rows and columns of every error matrix.
    groups
        Number of the group of every molecule, shape (molecules,).
    labels
        Labels, shape (molecules,).
    test, cross_validation, train
        Prediction minus label by variant, shape (replicates, molecules); NaN where a molecule is
        not in that part. A variant without such predictions is missing.
    train_sizes
        Training molecules by replicate, shape (replicates,).
    split_numbers
        Number of the split of every replicate, from 0; the same for the same training and test
        molecules. Shape (replicates,).
    overlap
        Mean share of training molecules that two different splits have in common; 0 for one split.
    """

    replicates: tuple[int, ...]
    molecules: tuple[str, ...]
    groups: NDArray[np.int64]
    labels: Floats
    test: dict[str, Floats]
    cross_validation: dict[str, Floats]
    train: dict[str, Floats]
    train_sizes: NDArray[np.int64]
    split_numbers: NDArray[np.int64]
    overlap: float


@dataclass(frozen=True)
class Estimate:
    """A mean over replicates and molecules, and how sure it is.

    `low_resampled` and `high_resampled` are Nadeau and Bengio's corrected resampled t interval;
    NaN with one replicate.
    """

    value: float
    low: float
    high: float
    standard_error: float
    p_value: float
    low_resampled: float
    high_resampled: float


def read_all(paths: Iterable[str | Path], spec: TableSpec) -> dict[str, dict[int, pa.Table]]:
    """Read tables of one kind from `.../{variant}/replicate-{replicate}/<file>`."""
    tables: dict[str, dict[int, pa.Table]] = {}
    for path in map(Path, paths):
        variant, replicate = path.parts[-3], replicate_of(path.parts[-2])
        tables.setdefault(variant, {})[replicate] = read_table(path, spec)
    return tables


def read_all_predictions(paths: Iterable[str | Path]) -> dict[str, dict[int, pa.Table]]:
    """Read PREDICTIONS tables from `.../{variant}/replicate-{replicate}/<file>`."""
    return read_all(paths, PREDICTIONS)


def read_all_splits(paths: Iterable[str | Path]) -> dict[int, pa.Table]:
    """Read SPLIT tables from `.../replicate-{replicate}.csv`."""
    return {replicate_of(Path(path).stem): read_table(path, SPLIT) for path in paths}


def replicate_of(name: str) -> int:
    """Return the number in a file or folder name.

    >>> replicate_of("replicate-12")
    12
    """
    return int(name.removeprefix("replicate-"))


def collect_errors(predictions: Predictions, splits: Splits) -> Study:
    """Arrange the predictions of all variants and replicates as matrices of errors.

    Raises
    ------
    UserError
        If a variant lacks a replicate, or was not tested on exactly the molecules of the split.
    """
    replicates = tuple(sorted(splits))
    rows = {row["molecule"]: row["group"] for r in replicates for row in splits[r].to_pylist()}
    molecules = tuple(sorted(rows))
    trained = [_members(splits[r], "train") for r in replicates]
    numbers = number_splits(splits)
    different = dict(zip(numbers, trained, strict=True)).values()
    for variant, tables in predictions.items():
        _check_molecules(variant, tables, splits)
    errors: dict[str, dict[str, Floats]] = {
        part: {
            variant: matrix
            for variant, tables in predictions.items()
            if not np.isnan(
                matrix := _error_matrix([tables[r] for r in replicates], molecules, part)
            ).all()
        }
        for part in ("test", "cross_validation", "train")
    }
    overlaps = [len(a & b) / np.sqrt(len(a) * len(b)) for a, b in combinations(different, 2)]
    return Study(
        replicates=replicates,
        molecules=molecules,
        groups=np.unique([rows[name] for name in molecules], return_inverse=True)[1],
        labels=_labels(predictions, molecules),
        train_sizes=np.array([len(names) for names in trained]),
        split_numbers=np.array(numbers),
        overlap=float(np.mean(overlaps)) if overlaps else 0.0,
        **errors,
    )


def crossed_interval(
    values: Floats, groups: NDArray[np.int64], overlap: float, confidence: float = 0.95
) -> Estimate:
    """Estimate the mean of a quantity measured on molecules in replicates of a split.

    With several replicates the interval is that of the module's description, with Welch and
    Satterthwaite's degrees of freedom. With one replicate it is a BCa bootstrap over groups of
    molecules, and says nothing about other training sets.

    Parameters
    ----------
    values
        Absolute errors or paired differences of them, shape (replicates, molecules), NaN where a
        molecule was not tested.
    groups
        Number of the group of every molecule, shape (molecules,).
    overlap
        Mean share of training molecules that two replicates have in common. At 1 (a fixed training
        set) its choice cannot be judged and is left out of the variance.
    confidence
        Of the interval, two-sided.

    Examples
    --------
    >>> values = np.array([[1.0, 2.0, 3.0, np.nan], [np.nan, 2.5, 2.5, 1.0]])
    >>> crossed_interval(values, np.arange(4), overlap=0.25).value
    2.0
    """
    values = values[~np.isnan(values).all(axis=1)]  # a replicate without labels says nothing
    n_replicates = len(values)
    if not n_replicates:
        return Estimate(*[np.nan] * 7)
    sizes = np.count_nonzero(~np.isnan(values), axis=1)
    means = np.nanmean(values, axis=1)
    value = float(means.mean())
    weighted = np.where(np.isnan(values), 0.0, (values - value) / (n_replicates * sizes)[:, None])
    by_group = np.bincount(groups, weights=weighted.sum(axis=0))
    tested = np.bincount(groups, weights=(~np.isnan(values)).sum(axis=0)) > 0
    n_groups = int(tested.sum())
    molecules = n_groups / max(n_groups - 1, 1) * float((by_group**2).sum())
    if n_replicates == 1:
        low, high = _bootstrap_over_groups(values[0], groups, confidence)
        p_value = _p_value(value, molecules, n_groups - 1)
        return Estimate(value, low, high, molecules**0.5, p_value, np.nan, np.nan)
    between = float(means.var(ddof=1))
    training = between / n_replicates + _shared_training_variance(values, between, overlap)
    variance = molecules + training
    freedom = _degrees_of_freedom([molecules, training], [n_groups - 1, n_replicates - 1])
    half = _half_width(variance, freedom, confidence)
    resampled = _half_width(
        between * (1 / n_replicates + _test_ratio(values)), n_replicates - 1, confidence
    )
    return Estimate(
        value,
        value - half,
        value + half,
        variance**0.5,
        _p_value(value, variance, freedom),
        value - resampled,
        value + resampled,
    )


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
        maes = _mean_of_known(np.abs(errors), axis=1)
        base = _mean_of_known(np.abs(study.test[reference]), axis=1) if reference else maes * np.nan
        for i, replicate in enumerate(study.replicates):
            rows.append(
                {
                    "variant": variant,
                    "replicate": replicate,
                    "train_molecules": int(study.train_sizes[i]),
                    "test_molecules": int((~np.isnan(errors[i])).sum()),
                    "mae": maes[i],
                    "difference": _or_none(maes[i] - base[i]),
                }
            )
    return pa.Table.from_pylist(rows, schema=REPLICATE_ERRORS.schema())


def molecule_errors(study: Study, reference: str | None) -> pa.Table:
    """List the mean held-out error of every molecule, largest first (MOLECULE_ERRORS)."""
    rows = []
    for variant, errors in study.test.items():
        absolute = _mean_of_known(np.abs(errors), axis=0)
        base = _mean_of_known(np.abs(study.test[reference]), axis=0) if reference else None
        signed = _mean_of_known(errors, axis=0)
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


def _check_molecules(variant: str, tables: Mapping[int, pa.Table], splits: Splits) -> None:
    """Refuse predictions that are not on the test molecules of the split."""
    for replicate, split in splits.items():
        if replicate not in tables:
            raise UserError(
                f"variant {variant} has no predictions for replicate {replicate}; "
                "run the workflow again to make them"
            )
        expected, found = _members(split, "test"), _members(tables[replicate], "test")
        if expected != found:
            odd = sorted(expected ^ found)[0]
            raise UserError(
                f"variant {variant}, replicate {replicate}: molecule {odd} is in the test part of "
                "either the split or the predictions only; delete the predictions and run again"
            )


def _members(table: pa.Table, part: str) -> set[str]:
    """Return the molecules of one part of a SPLIT or PREDICTIONS table."""
    pairs = zip(table["molecule"].to_pylist(), table["part"].to_pylist(), strict=True)
    return {molecule for molecule, where in pairs if where == part}


def _error_matrix(tables: list[pa.Table], molecules: tuple[str, ...], part: str) -> Floats:
    """Return prediction minus label, shape (tables, molecules), NaN where there is none."""
    column = {molecule: i for i, molecule in enumerate(molecules)}
    errors = np.full((len(tables), len(molecules)), np.nan)
    for i, table in enumerate(tables):
        for row in table.select(["molecule", "part", "label", "prediction"]).to_pylist():
            if row["part"] == part and row["label"] is not None and row["molecule"] in column:
                errors[i, column[row["molecule"]]] = row["prediction"] - row["label"]
    return errors


def _labels(predictions: Predictions, molecules: tuple[str, ...]) -> Floats:
    """Return the label of every molecule."""
    labels = {
        row["molecule"]: row["label"]
        for tables in predictions.values()
        for table in tables.values()
        for row in table.select(["molecule", "label"]).to_pylist()
        if row["label"] is not None
    }
    return np.array([labels.get(molecule, np.nan) for molecule in molecules])


def _bootstrap_over_groups(
    values: Floats, groups: NDArray[np.int64], confidence: float
) -> tuple[float, float]:
    """Return the BCa bootstrap interval of a mean over molecules, resampled by group.

    NaN if there is one group only.
    """
    tested = ~np.isnan(values)
    sums = np.bincount(groups[tested], weights=values[tested])
    counts = np.bincount(groups[tested]).astype(float)
    sums, counts = sums[counts > 0], counts[counts > 0]
    mean = float(sums.sum() / counts.sum())
    if len(sums) < 2:
        return np.nan, np.nan
    if np.ptp(sums / counts) == 0:  # nothing varies, and the bootstrap has no acceleration
        return mean, mean
    result = stats.bootstrap(
        (sums, counts),
        lambda s, c, axis: s.sum(axis=axis) / c.sum(axis=axis),
        paired=True,
        vectorized=True,
        n_resamples=BOOTSTRAP_SAMPLES,
        batch=500,
        confidence_level=confidence,
        rng=np.random.default_rng(20070701),
    )
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


def _shared_training_variance(values: Floats, between: float, overlap: float) -> float:
    """Return the variance of the mean that overlapping training sets hide from replicates.

    What the choice of test molecules contributes to the variance between replicates is taken off
    first; the share (1 - test / all) is that of drawing without replacement.
    """
    if overlap >= 1:
        return 0.0
    n_tested = np.count_nonzero(~np.isnan(values), axis=1)
    if n_tested.min() < 2:  # nothing is known of the variance between molecules: take none off
        return between * overlap / (1 - overlap)
    drawn = 1 - n_tested.mean() / values.shape[1]
    from_testing = float(np.mean(np.nanvar(values, axis=1, ddof=1) / n_tested)) * drawn
    return max(between - from_testing, 0.0) * overlap / (1 - overlap)


def _test_ratio(values: Floats) -> float:
    """Return test size over training size, when all other molecules train."""
    n_tested = np.count_nonzero(~np.isnan(values), axis=1).mean()
    return float(n_tested / max(values.shape[1] - n_tested, 1))


def _degrees_of_freedom(variances: list[float], freedoms: list[int]) -> float:
    """Return Welch and Satterthwaite's degrees of freedom of a sum of variances."""
    # `math.fsum` is exact; the built-in sum rounds differently from one Python to the next.
    denominator = math.fsum(v * v / max(f, 1) for v, f in zip(variances, freedoms, strict=True))
    return math.fsum(variances) ** 2 / denominator if denominator else 1.0


def _half_width(variance: float, freedom: float, confidence: float) -> float:
    """Return half the width of a t interval."""
    return float(stats.t.ppf((1 + confidence) / 2, freedom) * variance**0.5)


def _p_value(value: float, variance: float, freedom: float) -> float:
    """Return the two-sided p-value of a t statistic; 1 where nothing varies around zero."""
    if variance == 0:
        return 1.0 if value == 0 else 0.0
    return float(2 * stats.t.sf(abs(value) / variance**0.5, max(freedom, 1)))


def _mean_of_known(values: Floats, axis: int) -> Floats:
    """Return means along an axis of what is not NaN, NaN where nothing is."""
    counts = np.count_nonzero(~np.isnan(values), axis=axis)
    sums = np.nansum(values, axis=axis)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _by_split(study: Study, values: Floats) -> Floats:
    """Average the rows of replicates that are one split, shape (different splits, molecules)."""
    numbers = study.split_numbers
    return np.stack([_mean_of_known(values[numbers == n], axis=0) for n in np.unique(numbers)])


def _summary_row(study: Study, variant: str, confidence: float) -> dict[str, object]:
    """Return one row of VARIANT_SUMMARY."""
    errors = study.test[variant]
    absolute = np.abs(errors)
    by_split = _by_split(study, absolute)
    estimate = crossed_interval(by_split, study.groups, study.overlap, confidence)
    maes = _mean_of_known(by_split, axis=1)
    mean_squares = _mean_of_known(errors**2, axis=1)
    return {
        "variant": variant,
        "replicates": len(maes),
        "molecules": int((~np.isnan(errors)).any(axis=0).sum()),
        "mae": estimate.value,
        "low": _or_none(estimate.low),
        "high": _or_none(estimate.high),
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
    differences = _by_split(study, np.abs(study.test[variant]) - np.abs(study.test[reference]))
    estimate = crossed_interval(differences, study.groups, study.overlap, confidence)
    by_molecule = _mean_of_known(differences, axis=0)
    out_of_fold = _difference_out_of_fold(study, variant, reference)
    return {
        "variant": variant,
        "reference": reference,
        "difference": estimate.value,
        "low": _or_none(estimate.low),
        "high": _or_none(estimate.high),
        "standard_error": _or_none(estimate.standard_error),
        "p_value": _or_none(estimate.p_value),
        "low_resampled": _or_none(estimate.low_resampled),
        "high_resampled": _or_none(estimate.high_resampled),
        "relative_difference": _relative(estimate.value, study.test[reference]),
        "difference_cross_validation": out_of_fold,
        "replicates": len(differences),
        "replicates_better": int((_mean_of_known(differences, axis=1) < 0).sum()),
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
    maes = _mean_of_known(np.abs(errors), axis=1)
    return float(np.mean(maes[~np.isnan(maes)]))


def _relative(difference: float, reference: Floats) -> float | None:
    """Return a difference of MAE as a share of the reference's MAE."""
    mae = _mean_mae(reference)
    return difference / mae if mae else None


def _or_none(value: float) -> float | None:
    """Return a finite number, or None for an empty field."""
    return float(value) if np.isfinite(value) else None
