"""The figure of predictions of new molecules above the labels of the training molecules."""

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
    sentence_only,
)
from confaug.report.quantity import Quantity
from confaug.report.wording.figures import NO_PREDICTIONS, predictions_alt

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
    ax.plot([], [], color=VERMILION, linestyle="--", label="edge of the training labels")
