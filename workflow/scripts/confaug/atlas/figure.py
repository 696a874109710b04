"""The figure of the atlas: what every way to use conformers gained in every study."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from matplotlib.axes import Axes

from confaug.atlas.gains import BEST_WAY, PLAIN, WAYS
from confaug.report.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    PALE,
    SKY,
    VERMILION,
    Drawing,
    axes,
    figure_of,
)
from confaug.report.wording.atlas import gains_alt

Row = Mapping[str, Any]
#: Colour, mark and name of every way.
STYLES = {
    "rows": (BLUE, "o", "a row for each conformer"),
    "statistics": (VERMILION, "s", "statistics of the ensemble"),
    "boltzmann": (GREEN, "^", "Boltzmann-weighted mean"),
    "mean": (SKY, "D", "mean"),
    "lowest_energy": (GREY, "v", "conformer of lowest energy"),
}
#: Gains beyond are drawn at the edge and intervals are cut, so that others can be told apart (%).
FURTHEST = 100.0
SPREAD = 0.72


def draw_gains(gains: pa.Table, studies: pa.Table, summary: Mapping[str, Any]) -> Drawing:
    """Draw the gain of every way over the best without conformers, by study and over all.

    Parameters
    ----------
    gains, studies
        GAINS and STUDIES tables.
    summary
        What `summary.summarise_atlas` returns.
    """
    rows = [row for row in gains.to_pylist() if row["against"] == PLAIN]
    facts = {one["study"]: one for one in studies.to_pylist()}
    best = dict.fromkeys(facts, 0.0)
    best |= {row["study"]: row["gain"] for row in rows if row["way"] == BEST_WAY}
    order = sorted(best, key=lambda study: (-best[study], study))
    ax = axes(1.6 + 0.62 * (len(order) + 1), width=7.2, grid="x")
    for place, study in enumerate(order):
        own = {row["way"]: row for row in rows if row["study"] == study}
        for way in WAYS:
            if way in own:
                row = own[way]
                _draw(ax, place, way, row["gain"], row["low"], row["high"])
        if place:
            ax.axhline(place - 0.5, color="#e4e7ea", linewidth=0.8, zorder=0)
    _draw_summary(ax, len(order), summary)
    ax.axvline(0, color=INK, linewidth=1, zorder=1)
    names = _names([facts[study] for study in order])
    ax.set_yticks(range(len(order) + 1), [*names, f"all {len(order)} studies"])
    ax.get_yticklabels()[-1].set_fontweight("bold")
    ax.set_ylim(len(order) + 0.55, -0.55)
    low, high = ax.get_xlim()
    edge = 1.03 * FURTHEST  # a mark at the edge is seen whole
    ax.set_xlim(max(low, -edge), min(high, edge))
    ax.set_xlabel("Gain over the best model without conformers (%)")
    for color, mark, name in STYLES.values():
        ax.plot([], [], mark, color=color, label=name)
    figure = figure_of(ax)
    figure.legend(loc="outside upper center", ncols=2)
    effect = summary["ways"].get(BEST_WAY, {}).get("effect")
    mean = effect["mean"] if effect else None
    return Drawing(figure, gains_alt(order, best, len(WAYS), mean))


def _draw(
    ax: Axes,
    place: float,
    way: str,
    gain: float,
    low: float | None,
    high: float | None,
    size: float = 5,
) -> None:
    """Draw one gain with its interval, if it has one; filled if the interval excludes zero."""
    color, mark, _ = STYLES[way]
    offset = list(WAYS).index(way) / (len(WAYS) - 1) - 0.5
    y = place + SPREAD * offset
    shown = False
    if low is not None and high is not None:
        ends = [max(low, -FURTHEST), min(high, FURTHEST)]
        ax.plot(ends, [y, y], color=color, linewidth=1.4, zorder=2)
        shown = low > 0 or high < 0
    ax.plot(
        min(max(gain, -FURTHEST), FURTHEST),
        y,
        mark,
        color=color,
        markersize=size,
        zorder=3,
        markerfacecolor=color if shown else "white",
    )


def _draw_summary(ax: Axes, place: int, summary: Mapping[str, Any]) -> None:
    """Draw the mean gain of every way over all studies, and where a further study would lie."""
    ax.axhline(place - 0.5, color=INK, linewidth=1, zorder=0)
    for way in WAYS:
        effect = summary["ways"].get(way, {}).get("effect")
        if effect is None:
            continue
        y = place + SPREAD * (list(WAYS).index(way) / (len(WAYS) - 1) - 0.5)
        if effect["low_next"] is not None:
            ends = [effect["low_next"], effect["high_next"]]
            ax.plot(ends, [y, y], color=PALE, linewidth=1.4, linestyle=":", zorder=1)
        _draw(ax, place, way, effect["mean"], effect["low"], effect["high"], 7)


def _names(studies: Sequence[Row]) -> list[str]:
    """Return what the figure calls studies: the property, or its own name where several have it."""
    times = Counter(one["property"] for one in studies)
    return [
        (
            one["property"]
            if times[one["property"]] == 1
            else one["study"].replace("_", " ").capitalize()
        )
        + f"\n{one['molecules']} molecules"
        for one in studies
    ]
