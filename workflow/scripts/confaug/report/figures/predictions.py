"""The figure of predictions of new molecules above the labels of the training molecules."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from confaug.report.figures.style import (
    BLUE,
    INK,
    PALE,
    VERMILION,
    Drawing,
    axes,
    figure_of,
    histogram_bins,
    legend_above,
    log_axis,
    marks_id,
    sentence_only,
)
from confaug.report.quantity import Quantity
from confaug.report.results import Row
from confaug.report.wording.figures import NO_PREDICTIONS, predictions_alt, ranking_alt
from confaug.report.wording.predictions import EDGE_OF_LABELS

Floats = NDArray[np.float64]


def draw_predictions(
    quantity: Quantity,
    training: Floats,
    predicted: Floats,
    flagged: NDArray[np.bool_],
    limits: tuple[float, float],
) -> Drawing:
    """Draw predictions as a histogram above the training labels, one stroke each.

    Parameters
    ----------
    training
        Labels of the training molecules.
    predicted
        Predictions of new molecules.
    flagged
        Which of them carry a flag of the applicability domain.
    limits
        Predictions at or beyond these are at the edge of the training labels.
    """
    if not predicted.size:
        return sentence_only(NO_PREDICTIONS)
    everything = np.concatenate([training, predicted])
    logarithmic = quantity.logarithmic and bool(everything.min() > 0)
    count = int(min(max(np.sqrt(predicted.size) * 1.5, 8), 40))
    ax = axes(3.6, grid="y")
    ax.hist(
        [predicted[~flagged], predicted[flagged]],
        bins=histogram_bins(everything, count, logarithmic),
        stacked=True,
        color=[BLUE, PALE],
        label=[f"inside the domain ({(~flagged).sum()})", f"flagged ({flagged.sum()})"],
    )
    _mark_training(ax, training, limits)
    if logarithmic:
        log_axis(ax.xaxis)
    ax.tick_params(axis="x", pad=12)
    ax.set_xlabel(quantity.axis("predicted"))
    ax.set_ylabel("New molecules")
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    legend_above(ax, columns=2)
    at_edge = int(((predicted <= limits[0]) | (predicted >= limits[1])).sum())
    ends = (predicted.tolist(), training.tolist())
    return Drawing(figure_of(ax), predictions_alt(*ends, int(flagged.sum()), at_edge, quantity))


def ranking_groups(rows: Sequence[Row]) -> list[list[int]]:
    """Divide predicted rows by whether they carry a flag; places in ascending order."""
    order = sorted(range(len(rows)), key=lambda place: (rows[place]["prediction"], place))
    groups = [
        [place for place in order if bool(rows[place]["flags"]) is flag] for flag in (False, True)
    ]
    return [group for group in groups if group]


def draw_ranking(rows: Sequence[Row], quantity: Quantity) -> Drawing:
    """Draw predictions in ascending order, each with its interval.

    Parameters
    ----------
    rows
        Predicted rows of NEW_PREDICTIONS; there must be one.
    """
    ax = axes(3.6, grid="y")
    order = sorted(range(len(rows)), key=lambda place: (rows[place]["prediction"], place))
    rank = {place: number for number, place in enumerate(order, start=1)}
    ends = [row[key] for row in rows for key in ("prediction", "low", "high")]
    for number, group in enumerate(ranking_groups(rows)):
        flagged = bool(rows[group[0]]["flags"])
        colour, mark = (VERMILION, "^") if flagged else (BLUE, "o")
        x = [rank[place] for place in group]
        values, low, high = (
            np.array([rows[place][key] for place in group], float)
            for key in ("prediction", "low", "high")
        )
        ax.vlines(x, low, high, color=colour, linewidth=1, alpha=0.3)
        ax.plot(
            *(x, values, mark),
            color=colour,
            markersize=5.5,
            markeredgecolor="white",
            markeredgewidth=0.5,
            label=f"{'flagged' if flagged else 'inside the domain'} ({len(group)})",
            gid=marks_id(number),
        )
    if quantity.logarithmic and all(end is None or end > 0 for end in ends):
        log_axis(ax.yaxis)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel("Rank")
    ax.set_ylabel(quantity.axis("predicted"))
    legend_above(ax, columns=2)
    flags = sum(bool(row["flags"]) for row in rows)
    return Drawing(figure_of(ax), ranking_alt(len(rows), flags, quantity))


def _mark_training(ax: Axes, training: Floats, limits: tuple[float, float]) -> None:
    """Draw a stroke below the axis for every training label, and the edges of the labels."""
    ax.vlines(
        *(training, -0.07, -0.02),
        transform=ax.get_xaxis_transform(),
        color=INK,
        linewidth=0.8,
        alpha=0.6,
        clip_on=False,
    )
    for limit in limits:
        ax.axvline(limit, color=VERMILION, linestyle="--", linewidth=1.2)
    ax.plot([], [], color=INK, linewidth=0.8, label=f"training labels ({training.size})")
    ax.plot([], [], color=VERMILION, linestyle="--", label=EDGE_OF_LABELS)
