"""The figure of extrapolation: by how much models fall short at the ends of the labels."""

from confaug.evaluation.held_out import HIGHEST
from confaug.report.figures.style import (
    BLUE,
    INK,
    VERMILION,
    Drawing,
    axes,
    figure_of,
    label_x,
    legend_above,
    names_on_y,
    sentence_only,
)
from confaug.report.results import Results
from confaug.report.wording.extrapolation import extrapolation_alt, part_words
from confaug.report.wording.figures import NO_EXTRAPOLATION

#: Distance of the marks of the two ends from the line of their model.
OFFSET = 0.17


def draw_extrapolation(results: Results) -> Drawing:
    """Draw the shortfall of every model at both ends, beside that in ordinary folds."""
    facts, quantity = results.extrapolation, results.quantity
    if facts is None or not facts.ends or not results["extrapolation_errors"]:
        return sentence_only(NO_EXTRAPOLATION)
    names = [one.variant for one in facts.errors]
    ax = axes(1.9 + 0.5 * len(names), grid="x")
    ax.axvline(0, color=INK, linewidth=1.2)
    for end in facts.ends:
        top = end.name == HIGHEST
        color, mark, shift = (VERMILION, "^", -OFFSET) if top else (BLUE, "v", OFFSET)
        for place, name in enumerate(names):
            found, y = end.of(name), place + shift
            if found.low is not None and found.high is not None:
                ax.plot([found.low, found.high], [y, y], color=color, linewidth=2)
            ax.plot(found.value, y, mark, color=color, markersize=7)
            ax.plot(found.usual, y, mark, color=color, markerfacecolor="white", markersize=6)
        words = f"{end.name} {part_words(facts.share)} of the labels held out"
        ax.plot([], [], mark, color=color, label=words)
    ax.plot([], [], "o", color=INK, markerfacecolor="white", label="same molecules, ordinary folds")
    names_on_y(ax, names, bold=[facts.subject.name] if facts.subject else [])
    label_x(ax, quantity.with_unit("Predicted too near the middle by"))
    legend_above(ax, columns=1)
    return Drawing(figure_of(ax), extrapolation_alt(facts, quantity))
