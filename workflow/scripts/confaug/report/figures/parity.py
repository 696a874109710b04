"""The parity plot: predicted against measured values of molecules that the model had not seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from confaug.learning.predictions import Predictions, all_parts
from confaug.report.figures.style import (
    BLUE,
    GREY,
    INK,
    VERMILION,
    Drawing,
    axes,
    figure_of,
    legend_above,
    log_axis,
    marks_id,
    sentence_only,
    style,
)
from confaug.report.number_format import number
from confaug.report.quantity import Quantity
from confaug.report.wording.figures import (
    NO_INTERVALS,
    intervals_parity_alt,
    variant_parity_alt,
)

if TYPE_CHECKING:  # the plot of one variant needs no comparison, and is drawn often
    from confaug.report.results import Results

Floats = NDArray[np.float64]
#: What the parts of a variant's plot are called; the marks are those of the figure of errors.
PARTS = {"cross_validation": "out of fold", "test": "held out"}


@dataclass(frozen=True)
class Group:
    """Molecules that are drawn alike.

    Attributes
    ----------
    label
        In the legend.
    colour, mark, hollow
        How molecules are drawn.
    measured, predicted
        Shape (molecules,).
    low, high
        Ends of the bars; NaN without.
    molecules
        Which they are, in this order; empty if the page shows none of them on its own.
    """

    label: str
    colour: str
    mark: str
    measured: Floats
    predicted: Floats
    low: Floats
    high: Floats
    hollow: bool = False
    molecules: tuple[str, ...] = ()


def draw_parity(results: "Results") -> Drawing:
    """Draw the recommended model's predictions of held-out molecules with their intervals."""
    groups = parity_groups(results)
    if not groups:
        return sentence_only(NO_INTERVALS)
    errors = np.concatenate([np.abs(group.predicted - group.measured) for group in groups])
    error = float(errors.mean())
    judged = [row["covered"] for row in _judged(results) if row["covered"] is not None]
    inside = float(np.mean(judged)) if judged else None
    ax = draw_groups(groups, results.quantity)
    ax.text(
        *(0.03, 0.97, f"MAE {results.quantity.text(error)}"),
        transform=ax.transAxes,
        va="top",
        fontweight="bold",
    )
    alt = intervals_parity_alt(results.quantity, len(errors), error, inside)
    return Drawing(figure_of(ax), alt)


def parity_groups(results: "Results") -> list[Group]:
    """Divide the held-out molecules by whether their interval contains the label."""
    kinds = (
        (True, BLUE, "o", "label within the interval"),
        (False, VERMILION, "^", "label outside"),
        (None, GREY, "s", "no interval"),
    )
    groups = []
    for covered, colour, mark, words in kinds:
        kept = [row for row in _judged(results) if row["covered"] is covered]
        if kept:
            measured, predicted, low, high = (
                np.array([row[key] for row in kept], float)
                for key in ("label", "prediction", "low", "high")
            )
            groups.append(
                Group(
                    *(f"{words} ({len(kept)})", colour, mark),
                    *(measured, predicted, low, high),
                    molecules=tuple(row["molecule"] for row in kept),
                )
            )
    return groups


def _judged(results: "Results") -> list[dict[str, Any]]:
    """Return the rows of INTERVALS with a label."""
    return [row for row in results["intervals"] if row["label"] is not None]


def draw_variant_parity(
    predictions: pa.Table,
    metrics: pa.Table,
    quantity: Quantity,
    deviation_over: str = "conformers",
) -> Drawing:
    """Draw a variant's predictions, out of fold and held out, with their standard deviations.

    Parameters
    ----------
    predictions, metrics
        PREDICTIONS and METRICS tables.
    quantity
        The measured property.
    deviation_over
        What a prediction is the mean of, in words.
    """
    parts = {part.part: part for part in all_parts(predictions) if part.part in PARTS}
    errors = {row["part"]: row for row in metrics.to_pylist() if row["level"] == "molecule"}
    written = quantity.with_digits_for(max((row["mae"] for row in errors.values()), default=0.0))
    groups = [
        _group(parts[name], _legend_text(name, errors.get(name), written))
        for name in PARTS
        if name in parts
    ]
    with style():
        ax = draw_groups(groups, written)
        if any(np.isfinite(group.low).any() for group in groups):
            words = f"bars: ± 1 standard deviation over {deviation_over}"
            ax.text(*(0.99, 0.015, words), transform=ax.transAxes, ha="right", fontsize=9)
    counts = {PARTS[name]: len(parts[name].molecules) for name in PARTS if name in parts}
    return Drawing(figure_of(ax), variant_parity_alt(quantity, counts))


def draw_groups(groups: Sequence[Group], quantity: Quantity) -> Axes:
    """Draw predicted against measured values; both axes have the same limits and ticks."""
    ax = axes(5.4)
    everything = np.concatenate([[], *(v for g in groups for v in (g.measured, g.predicted))])
    logarithmic = quantity.logarithmic and bool((everything > 0).all()) and len(everything) > 0
    ends = np.concatenate([everything, *(v for g in groups for v in (g.low, g.high))])
    limits = _limits(ends, logarithmic)
    ax.plot(limits, limits, color=GREY, linewidth=1, zorder=1)
    for place, group in enumerate(groups):
        ax.vlines(group.measured, group.low, group.high, color=group.colour, linewidth=1, alpha=0.3)
        ax.plot(
            *(group.measured, group.predicted, group.mark),
            color=group.colour,
            markersize=5.5,
            markerfacecolor="white" if group.hollow else group.colour,
            markeredgecolor=group.colour if group.hollow else "white",
            markeredgewidth=0.8 if group.hollow else 0.5,
            label=group.label,
            gid=marks_id(place) if group.molecules else None,
        )
    for axis in (ax.xaxis, ax.yaxis):
        if logarithmic:
            log_axis(axis)
        else:
            axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    ax.set(xlim=limits, ylim=limits, aspect="equal")
    ax.set_xlabel(quantity.axis("measured"))
    ax.set_ylabel(quantity.axis("predicted"))
    legend_above(ax, columns=1)
    return ax


def _limits(ends: Floats, logarithmic: bool) -> tuple[float, float]:
    """Return limits with some room around all values and ends of bars that can be shown."""
    shown = ends[np.isfinite(ends) & ((ends > 0) | (not logarithmic))]
    if not len(shown):
        return 0.0, 1.0
    low, high = float(shown.min()), float(shown.max())
    if logarithmic:
        factor = (high / low) ** 0.03 if high > low else 2.0
        return low / factor, high * factor
    margin = 0.04 * (high - low) or 0.05 * max(abs(high), 1.0)
    return low - margin, high + margin


def _group(part: Predictions, label: str) -> Group:
    """Return the molecules of one part; those without a label have no place."""
    known = np.isfinite(part.labels)
    predicted, deviation = part.predictions[known], part.standard_deviation[known]
    bars = np.where(deviation > 0, deviation, np.nan)
    ends = (predicted - bars, predicted + bars)
    if part.part == "test":
        return Group(label, BLUE, "o", part.labels[known], predicted, *ends)
    return Group(label, INK, "D", part.labels[known], predicted, *ends, hollow=True)


def _legend_text(part: str, errors: dict[str, float] | None, quantity: Quantity) -> str:
    """Name a part and its errors per molecule."""
    if errors is None:
        return PARTS[part]
    mae, rmse = quantity.text(errors["mae"]), quantity.text(errors["rmse"])
    r2 = "" if errors["r2"] is None else f", R² {number(errors['r2'], digits=2)}"
    return f"{PARTS[part]}, {errors['n']} molecules\nMAE {mae}, RMSE {rmse}{r2}"
