"""Figure of the error that more training molecules promise."""

import numpy as np

from confaug.evaluation.learning_law import Laws
from confaug.evaluation.outlook import FARTHEST
from confaug.report.figures.style import (
    BLUE,
    GREY,
    INK,
    SKY,
    VERMILION,
    Drawing,
    axes,
    figure_of,
    legend_above,
    log_axis,
    sentence_only,
)
from confaug.report.results import Results
from confaug.report.wording.figures import NO_SIZES, training_sizes_alt

#: Points of the line.
POINTS = 80


def draw_training_sizes(results: Results) -> Drawing:
    """Draw the error against training molecules, with the law that is fitted to it and its band."""
    rows, quantity = results["training_sizes"], results.quantity
    if not rows:
        return sentence_only(NO_SIZES)
    sizes = sorted({row["train_molecules"] for row in rows})
    means = [np.mean([row["mae"] for row in rows if row["train_molecules"] == n]) for n in sizes]
    laws = Laws.from_table(results.arrow("learning_laws"))
    ax = axes(3.6)
    ax.plot(
        [row["train_molecules"] for row in rows],
        [row["mae"] for row in rows],
        "_",
        color=SKY,
        markersize=9,
        label="single draws",
    )
    if laws is not None:
        grid = np.geomspace(sizes[0], FARTHEST * sizes[-1], POINTS)
        errors = np.array([laws.errors(n) for n in grid.tolist()])
        low, high = np.quantile(errors[:, 1:], [0.025, 0.975], axis=1)
        ax.fill_between(grid, low, high, color=BLUE, alpha=0.15, linewidth=0)
        ax.plot(grid, errors[:, 0], color=BLUE, label="fitted law, with its 95% band")
    ax.plot(sizes, means, "o", color=INK, label="mean")
    facts = results.usability
    if facts is not None:
        ax.axvline(facts.labelled, color=GREY, linestyle=":", label="all labelled molecules")
        if facts.required is not None:
            ax.axhline(facts.required, color=VERMILION, linestyle="--", label="what you need")
    log_axis(ax.xaxis)
    ax.set_ylim(bottom=0)
    ax.set_xlabel("Training molecules")
    ax.set_ylabel(quantity.with_unit("Mean absolute error"))
    legend_above(ax, columns=2)
    return Drawing(
        figure_of(ax), training_sizes_alt(dict(zip(sizes, means, strict=True)), quantity)
    )
