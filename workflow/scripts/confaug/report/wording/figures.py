"""What figures show in words, for those who cannot see them, and why a figure is empty."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from confaug.report.number_format import count, number, whole_percent
from confaug.report.quantity import Quantity

if TYPE_CHECKING:  # the parity plot of one variant needs its words alone, and is drawn often
    from confaug.report.results import Row
    from confaug.report.worst_molecules import WorstMolecule

NO_INTERVALS = "There are no prediction intervals of labelled molecules."
NO_COVERAGE = "Prediction intervals were not made in this study."
NO_DEVIATION = "All rows of a molecule give the same prediction: there is no standard deviation."
NO_DOMAIN = "The applicability domain was not determined in this study."
NO_EXTRAPOLATION = "No end of the labels was held out in this study."
NO_IMPORTANCE = "The main variant is not a LightGBM model, so SHAP values are not available."
NO_3D = "No 3D descriptor varies within molecules."
NO_CURVES = "Learning curves were not measured in this study."
NO_SIZES = "The error against the number of training molecules was not measured in this study."
NO_TUNING = "The main variant was not tuned."
NO_LABELS = "No molecule has a label."
NO_HELD_OUT_LABELS = "No held-out molecule has a label."
NO_PREDICTIONS = "No molecule could be predicted."
NO_REFERENCE = "There is no reference variant to compare with."
NO_RANDOMISATION = "Labels were not randomised in this study."
NO_ROW_SPLITS = "Row-wise splits were not studied here."
NO_LEAK_BY_ROW = (
    "No structure has several rows, so a row-wise split would not have made the error look smaller."
)


def variants_alt(rows: "Sequence[Row]", quantity: Quantity) -> str:
    """Describe the errors of all variants (VARIANT_SUMMARY)."""
    errors = "; ".join(f"{row['variant']} {quantity.text(row['mae'])}" for row in rows)
    return f"Mean absolute error on held-out molecules, best first: {errors}."


def differences_alt(
    rows: "Sequence[Row]", reference: str, verdicts: Mapping[str, str], quantity: Quantity
) -> str:
    """Describe the differences to the reference (PAIRED_DIFFERENCES), verdicts in words."""
    differences = "; ".join(
        f"{row['variant']} {quantity.text(row['difference'], signed=True)} "
        f"({quantity.between(row['low'], row['high'], signed=True)}, {verdicts[row['verdict']]})"
        for row in rows
    )
    return f"Difference of the mean absolute error to {reference}: {differences}."


def y_randomisation_alt(true: float, randomised: Sequence[float], quantity: Quantity) -> str:
    """Describe the errors under true and randomised labels."""
    return (
        f"Histogram of the error under {count(len(randomised), 'randomisation')} of the labels, "
        f"from {quantity.between(min(randomised), max(randomised))}; the error with true labels is "
        f"{quantity.text(true)}."
    )


def row_splits_alt(means: Mapping[str, Mapping[str, float]], quantity: Quantity) -> str:
    """Describe the mean errors by kind of rows and by what was split."""
    described = "; ".join(
        f"{rows}: " + ", ".join(f"by {kind} {quantity.text(mean)}" for kind, mean in of.items())
        for rows, of in means.items()
    )
    return f"Error by kind of split. {described}."


def intervals_parity_alt(
    quantity: Quantity, molecules: int, error: float, inside: float | None
) -> str:
    """Describe the parity plot with intervals.

    Parameters
    ----------
    molecules
        Held-out molecules with a label.
    error
        Their mean absolute error.
    inside
        Share of the intervals that hold the label; None without any interval.
    """
    share = "" if inside is None else f"; {whole_percent(inside)} of the intervals hold the label"
    return (
        f"Predicted against measured {quantity.symbol} of {molecules} held-out molecules, with "
        f"prediction intervals: mean error {quantity.text(error)}{share}."
    )


def variant_parity_alt(quantity: Quantity, counts: Mapping[str, int]) -> str:
    """Describe the parity plot of one variant, given the molecules of each part."""
    parts = " and ".join(f"{count(n, 'molecule')} {part}" for part, n in counts.items())
    return f"Predicted against measured {quantity.symbol} of {parts or 'no molecule'}."


def variant_on_page_alt(quantity: Quantity, variant: str, error: float | None) -> str:
    """Describe the parity plot of one variant beside those of the others."""
    mean = "" if error is None else f" with a mean error of {quantity.text(error)}"
    return f"Predicted against measured {quantity.symbol} by {variant}{mean}."


def coverage_alt(target: float, mean: float, splits: int) -> str:
    """Describe the coverage of intervals, mean over so many variants and splits."""
    return (
        f"Coverage of prediction intervals: target {whole_percent(target)}, reached "
        f"{whole_percent(mean)} on average over {splits} rows of variants and splits."
    )


def deviation_alt(molecules: int, correlation: str) -> str:
    """Describe errors against conformer standard deviations."""
    return (
        f"Absolute error against the conformer standard deviation of {molecules} molecules: "
        f"{correlation}."
    )


def domain_alt(means: Sequence[tuple[float, int, str]], quantity: Quantity) -> str:
    """Describe errors by distance, given mean error, number and place of molecules."""
    parts = " and ".join(f"{quantity.text(mean)} for {n} {where}" for mean, n, where in means)
    return f"Absolute error against distance to the training molecules; mean {parts}."


def law_label(promises: bool) -> str:
    """Name the line of the fitted law, and say where it allows no forecast."""
    return "fitted law, with its 95% band" + ("" if promises else " (no forecast beyond)")


def training_sizes_alt(means: Mapping[int, float], quantity: Quantity, promises: bool) -> str:
    """Describe the error against training molecules, given mean errors by number of them.

    Parameters
    ----------
    promises
        Whether the outlook forecasts errors with more molecules.
    """
    points = "; ".join(f"{size}: {quantity.text(mean)}" for size, mean in means.items())
    refusal = "" if promises else " These errors allow no forecast for more molecules."
    return f"Mean absolute error of the recommended model by training molecules: {points}.{refusal}"


def no_curve(axis: str, any_measured: bool) -> str:
    """Say that this learning curve, or none at all, was measured."""
    one = f"The learning curve over {axis} was not measured in this study."
    return one if any_measured else NO_CURVES


def learning_curve_alt(
    variant: str, label: str, means: Mapping[str, float], plain: float | None, quantity: Quantity
) -> str:
    """Describe a learning curve, given mean errors by level and the error without conformers."""
    points = "; ".join(f"{level}: {quantity.text(mean)}" for level, mean in means.items())
    line = "" if plain is None else f" Without conformers: {quantity.text(plain)}."
    return f"Held-out error of {variant} by {label.lower()}. {points}.{line}"


def tuning_alt(trials: int, best: float, found: int, quantity: Quantity) -> str:
    """Describe the trials, given the lowest error and the trial that found it."""
    return (
        f"Out-of-fold error of {count(trials, 'trial')}; the lowest, {quantity.text(best)}, was "
        f"found in trial {found}."
    )


def labels_alt(training: int, held_out: int, ends: tuple[float, float], quantity: Quantity) -> str:
    """Describe the labels."""
    return (
        f"Histogram of {quantity.symbol} of {training} training and {held_out} held-out molecules, "
        f"from {quantity.between(*ends)}."
    )


def importance_alt(rows: "Sequence[Row]") -> str:
    """Describe the most important descriptors (IMPORTANCE)."""
    listed = "; ".join(
        f"{row['descriptor']} ({row['dimension']}) {number(row['importance'])}" for row in rows
    )
    return f"Descriptors with the largest mean |SHAP value|: {listed}."


def groups_alt(shares: Sequence[tuple[str, float]]) -> str:
    """Describe the shares of descriptor groups."""
    listed = "; ".join(f"{name} {whole_percent(share)}" for name, share in shares)
    return f"Share of the importance: {listed}."


def health_alt(medians: Mapping[str, float], constant: int) -> str:
    """Describe the variance within molecules, given medians by family and constant descriptors."""
    listed = "; ".join(f"{family} {whole_percent(share)}" for family, share in medians.items())
    return (
        f"Share of the variance within molecules by family of 3D descriptors, medians: {listed}. "
        f"{count(constant, 'descriptor does', 'descriptors do')} not vary at all."
    )


def worst_molecules_alt(worst: "Sequence[WorstMolecule]", quantity: Quantity) -> str:
    """Describe the molecules with the largest errors."""
    listed = "; ".join(
        f"{one.name}, measured {quantity.text(one.label)}, predicted "
        f"{quantity.text(one.prediction)}"
        for one in worst
    )
    return f"Structures of the held-out molecules with the largest errors: {listed}."


def structure_alt(name: str) -> str:
    """Describe the picture of one molecule."""
    return f"Structure of {name}"


def predictions_alt(
    predicted: Sequence[float],
    training: Sequence[float],
    flagged: int,
    at_edge: int,
    quantity: Quantity,
) -> str:
    """Describe predictions of new molecules beside the labels of the training molecules."""
    return (
        f"Histogram of {len(predicted)} predictions of {quantity.symbol}, from "
        f"{quantity.between(min(predicted), max(predicted))}, above the labels of {len(training)} "
        f"training molecules, from {quantity.between(min(training), max(training))}; {flagged} "
        f"predictions are flagged, {at_edge} of them at the edge of the training labels."
    )


def ranking_alt(predicted: int, flagged: int, quantity: Quantity) -> str:
    """Describe the figure of single predictions with their intervals."""
    return (
        f"{count(predicted, 'prediction')} of {quantity.symbol} in ascending order, each with its "
        f"interval; {flagged} with a flag of the applicability domain."
    )
