"""Figures of understanding: which descriptors the model uses, and how healthy they are."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes

from confaug.report.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    SKY,
    VERMILION,
    Drawing,
    axes,
    figure_of,
    label_x,
    legend_above,
    names_on_y,
    sentence_only,
)
from confaug.report.quantity import Quantity
from confaug.report.results import Results, Row
from confaug.report.wording.figures import (
    NO_3D,
    NO_IMPORTANCE,
    groups_alt,
    health_alt,
    importance_alt,
)

TOP = 15
#: Colour and hatch of each dimension, so that they differ on a grey print as well.
DIMENSIONS = {"2D": (SKY, ""), "3D": (BLUE, "///"), "own": (GREEN, "...")}


def explained_quantity(quantity: Quantity) -> Quantity:
    """Return what SHAP values add up to: the property in the unit that the model learns."""
    return replace(quantity, unit="decades") if quantity.logarithmic else quantity


def draw_importance(results: Results) -> Drawing:
    """Draw the descriptors that move predictions most."""
    quantity = explained_quantity(results.quantity)
    rows = sorted(results["importance"], key=lambda row: (-row["importance"], row["descriptor"]))
    rows = [row for row in rows[:TOP] if row["importance"] > 0]
    if not rows:
        return sentence_only(NO_IMPORTANCE)
    ax = axes(1.5 + 0.3 * len(rows), grid="x")
    _bars(ax, rows, "descriptor", "importance")
    label_x(ax, quantity.with_unit("Mean |SHAP value|"))
    legend_above(ax)
    return Drawing(figure_of(ax), importance_alt(rows[:5]))


def draw_groups(results: Results) -> Drawing:
    """Draw the share of every descriptor family, and of 2D and 3D together."""
    families = [row for row in results["groups"] if row["grouping"] == "family"]
    families = sorted(families, key=lambda row: (-row["share"], row["name"]))[:12]
    dimensions = [row for row in results["groups"] if row["grouping"] == "dimension"]
    if not families:
        return sentence_only(NO_IMPORTANCE)
    rows = [{**row, "dimension": row["name"]} for row in sorted(dimensions, key=_name)]
    of_family = {row["family"]: row["dimension"] for row in results["importance"]}
    rows += [{**row, "dimension": of_family.get(row["name"], "2D")} for row in families]
    for row in rows:
        row["percent"] = 100 * row["share"]
        is_dimension = row["grouping"] == "dimension"
        row["shown"] = f"all {row['name']}" if is_dimension else row["name"]
    ax = axes(1.5 + 0.3 * len(rows), grid="x")
    _bars(ax, rows, "shown", "percent")
    if dimensions:
        ax.axhline(len(dimensions) - 0.5, color=GREY, linewidth=0.8)
    label_x(ax, "Share of all SHAP values (%)")
    legend_above(ax)
    shares = [(row["shown"], row["share"]) for row in rows[:7]]
    return Drawing(figure_of(ax), groups_alt(shares))


def _name(row: Row) -> str:
    return str(row["name"])


def _bars(ax: Axes, rows: list[Row], name: str, value: str) -> None:
    """Draw horizontal bars in the colours of 2D and 3D."""
    for dimension, (color, hatch) in DIMENSIONS.items():
        kept = [(y, row[value]) for y, row in enumerate(rows) if row["dimension"] == dimension]
        if kept:
            ys, widths = zip(*kept, strict=True)
            ax.barh(
                ys, widths, 0.7, color=color, hatch=hatch, edgecolor="white", label=f"{dimension}"
            )
    names_on_y(ax, [row[name] for row in rows])


def draw_health(results: Results) -> Drawing:
    """Draw, for each 3D family, how much of the variance lies within molecules."""
    shares: dict[str, list[float]] = defaultdict(list)
    for row in results["health"]:
        if row["dimension"] == "3D" and row["within_share"] is not None:
            shares[row["family"]].append(100 * row["within_share"])
    constant = sum(row["constant"] for row in results["health"])
    if not shares:
        return sentence_only(NO_3D)
    families = sorted(shares, key=lambda name: (float(np.median(shares[name])), name))
    ax = axes(1.6 + 0.42 * len(families), grid="x")
    for y, family in enumerate(families):
        values = np.sort(shares[family])
        jitter = 0.22 * np.sin(np.arange(len(values)) * 2.4)  # even, and the same every time
        ax.plot(values, y + jitter, "o", color=SKY, markersize=3.5, alpha=0.7, zorder=2)
        ax.plot(np.median(values), y, "D", color=VERMILION, markersize=7, zorder=3)
    ax.plot([], [], "o", color=SKY, markersize=4, label="descriptor")
    ax.plot([], [], "D", color=VERMILION, label="median of the family")
    names_on_y(ax, [f"{family} ({len(shares[family])})" for family in families])
    ax.set_xlim(-2, 102)
    ax.axvline(50, color=INK, linewidth=0.8, linestyle=":")
    label_x(ax, "Share of the variance within molecules (%)")
    legend_above(ax, columns=2)
    medians = {family: float(np.median(shares[family])) / 100 for family in families}
    return Drawing(figure_of(ax), health_alt(medians, constant))
