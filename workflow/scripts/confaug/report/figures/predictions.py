"""The figure of predictions of new molecules beside the labels that the model learned from."""

import numpy as np
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
    legend_above,
    log_axis,
    sentence_only,
)
from confaug.report.quantity import Quantity

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
        return sentence_only("No molecule could be predicted.")
    everything = np.concatenate([training, predicted])
    low, high = float(everything.min()), float(everything.max())
    logarithmic = quantity.logarithmic and low > 0
    count = int(min(max(np.sqrt(predicted.size) * 1.5, 8), 40))
    bins = np.geomspace(low, high, count) if logarithmic else np.linspace(low, high, count)
    if low == high:
        bins = np.array([low - 0.5, high + 0.5])
    ax = axes(3.6, grid="y")
    trusted = f"inside the domain ({int((~flagged).sum())})"
    doubtful = f"flagged ({int(flagged.sum())})"
    ax.hist(
        [predicted[~flagged], predicted[flagged]],
        bins=bins.tolist(),
        stacked=True,
        color=[BLUE, PALE],
        label=[trusted, doubtful],
    )
    strokes = ax.get_xaxis_transform()
    ax.vlines(
        training,
        -0.07,
        -0.02,
        transform=strokes,
        color=INK,
        linewidth=0.8,
        alpha=0.6,
        clip_on=False,
    )
    for limit in limits:
        ax.axvline(limit, color=VERMILION, linestyle="--", linewidth=1.2)
    ax.plot([], [], color=INK, linewidth=0.8, label=f"training labels ({training.size})")
    ax.plot([], [], color=VERMILION, linestyle="--", label="edge of the training labels")
    if logarithmic:
        log_axis(ax.xaxis)
    ax.tick_params(axis="x", pad=12)
    ax.set_xlabel(quantity.axis("predicted"))
    ax.set_ylabel("New molecules")
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    legend_above(ax, columns=2)
    beyond = int(((predicted <= limits[0]) | (predicted >= limits[1])).sum())
    alt = (
        f"Histogram of {predicted.size} predictions of {quantity.symbol}, from "
        f"{quantity.between(float(predicted.min()), float(predicted.max()))}, above the labels of "
        f"{training.size} training molecules, from "
        f"{quantity.between(float(training.min()), float(training.max()))}; {int(flagged.sum())} "
        f"predictions are flagged, {beyond} of them at the edge of the training labels."
    )
    return Drawing(figure_of(ax), alt)
