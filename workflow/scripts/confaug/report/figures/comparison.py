"""Figures of the comparison: errors of variants, differences, y-randomisation, row splits."""

from collections import defaultdict
from collections.abc import Mapping
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from confaug.config.roles import RECOMMENDED
from confaug.infrastructure.text import shorten
from confaug.report.figures.style import (
    BLUE,
    GREY,
    INK,
    PALE,
    VERDICTS,
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
    NO_LEAK_BY_ROW,
    NO_RANDOMISATION,
    NO_REFERENCE,
    NO_ROW_SPLITS,
    differences_alt,
    row_splits_alt,
    variants_alt,
    y_randomisation_alt,
)


def draw_variants(results: Results) -> Drawing:
    """Draw the held-out error of every variant with its interval, best first."""
    quantity, rows = results.quantity, results["variants"]
    ax = axes(1.5 + 0.36 * len(rows), grid="x")
    by_replicate: dict[str, list[float]] = defaultdict(list)
    for row in results["replicate_errors"]:
        by_replicate[row["variant"]].append(row["mae"])
    for y, row in enumerate(rows):
        color = BLUE if row["variant"] == results.main else INK
        maes = by_replicate[row["variant"]]
        if len(maes) > 1:
            ax.plot(maes, [y] * len(maes), "|", color=PALE, markersize=9, zorder=1)
        if row["low"] is not None:
            ax.plot([row["low"], row["high"]], [y, y], color=color, linewidth=2, zorder=2)
        ax.plot(row["mae"], y, "o", color=color, markersize=7, zorder=3)
        if row["mae_cross_validation"] is not None:
            ax.plot(
                *(row["mae_cross_validation"], y),
                marker="D",
                markersize=5,
                markerfacecolor="white",
                markeredgecolor=color,
                linestyle="none",
                zorder=4,
            )
    ax.plot([], [], "o-", color=INK, label="held out, with interval")
    ax.plot([], [], "D", color=INK, markerfacecolor="white", markersize=5, label="out of fold")
    if max(map(len, by_replicate.values()), default=0) > 1:
        ax.plot([], [], "|", color=GREY, markersize=9, label="single splits")
    names_on_y(ax, [row["variant"] for row in rows], bold=[results.main, RECOMMENDED])
    ax.set_xlim(left=0)
    label_x(ax, quantity.with_unit("Mean absolute error"))
    legend_above(ax)
    return Drawing(figure_of(ax), variants_alt(rows, quantity))


def draw_differences(results: Results) -> Drawing:
    """Draw the paired difference of every variant to the reference, best first."""
    quantity, reference = results.quantity, results.reference
    rows = [row for row in results["differences"] if row["reference"] == reference]
    if not rows:
        return sentence_only(NO_REFERENCE)
    rows.sort(key=lambda row: (row["difference"], row["variant"]))
    ax = axes(1.7 + 0.36 * len(rows), grid="x")
    ax.axvline(0, color=INK, linewidth=1.2)
    beyond = _beyond(rows)
    for y, row in enumerate(rows):
        if row in beyond:
            continue
        color, mark, _ = VERDICTS[row["verdict"]]
        if row["low"] is not None:
            ax.plot([row["low"], row["high"]], [y, y], color=color, linewidth=2)
        ax.plot(row["difference"], y, mark, color=color, markersize=8)
    for color, mark, words in VERDICTS.values():
        ax.plot([], [], mark, color=color, label=words)
    names_on_y(ax, [row["variant"] for row in rows], bold=[results.main, RECOMMENDED])
    what = quantity.with_unit(f"Error minus that of {shorten(str(reference), 20)}")
    label_x(ax, f"{what}\n← better \u2003 worse →")
    if beyond:
        _point_beyond(ax, rows, beyond, quantity)
    legend_above(ax)
    verdicts = {name: words for name, (_, _, words) in VERDICTS.items()}
    alt = differences_alt(rows, str(reference), verdicts, quantity)
    return Drawing(figure_of(ax), alt)


def _beyond(rows: list[Row]) -> list[Row]:
    """Return variants so much worse that they would compress the range of all others."""
    if len(rows) < 4:
        return []
    ends = [abs(row[key]) for row in rows for key in ("low", "high") if row[key] is not None]
    usual = float(np.median([abs(row["difference"]) for row in rows] + ends))
    far = [row for row in rows if row["difference"] > 6 * usual]
    return far if len(far) <= len(rows) // 3 else []


def _point_beyond(ax: Axes, rows: list[Row], beyond: list[Row], quantity: Quantity) -> None:
    """Limit the axis to the other variants, and point to those beyond it."""
    kept = [row for row in rows if row not in beyond]
    ends = [row[k] for row in kept for k in ("difference", "low", "high") if row[k] is not None]
    left, right = min(*ends, 0.0), max(*ends, 0.0)
    span = right - left or 1.0
    ax.set_xlim(left - 0.05 * span, right + 0.1 * span)
    for y, row in enumerate(rows):
        if row in beyond:
            ax.annotate(
                f"{quantity.text(row['difference'], signed=True)} →",
                (1, y),
                xycoords=("axes fraction", "data"),
                ha="right",
                va="center",
                color=VERDICTS[row["verdict"]][0],
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
            )


def draw_y_randomisation(results: Results) -> Drawing:
    """Draw the errors under randomised labels beside the one under true labels."""
    quantity, rows = results.quantity, results["y_randomisation"]
    true = next((row["mae"] for row in rows if row["randomisation"] == 0), None)
    randomised = [row["mae"] for row in rows if row["randomisation"] != 0]
    if true is None or not randomised:
        return sentence_only(NO_RANDOMISATION)
    ax = axes(3.4, grid="y")
    ax.hist(
        randomised,
        bins=min(max(len(randomised) // 3, 5), 30),
        color=PALE,
        edgecolor="white",
        zorder=2,
    )
    ax.axvline(true, color=BLUE, linewidth=2.5)
    ax.annotate(
        f"true labels\n{quantity.text(true)}",
        (true, 0.97),
        xycoords=("data", "axes fraction"),
        xytext=(6 if true < np.mean(randomised) else -6, 0),
        textcoords="offset points",
        ha="left" if true < np.mean(randomised) else "right",
        va="top",
        color=BLUE,
        fontweight="bold",
    )
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel(quantity.with_unit("Mean absolute error"))
    ax.set_ylabel("Randomisations")
    return Drawing(figure_of(ax), y_randomisation_alt(true, randomised, quantity))


def draw_row_splits(results: Results) -> Drawing:
    """Draw the apparent error of row-wise splits beside that of splits by molecule."""
    quantity = results.quantity
    found: Mapping[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in results["row_splits"]:
        found[row["rows"]][row["split_by"]].append(row["mae"])
    if not found:
        return sentence_only(NO_ROW_SPLITS)
    misleading = {row["rows"] for row in results["row_splits"] if row["share_seen"]}
    found = {rows: values for rows, values in found.items() if rows in misleading}
    if not found:
        return sentence_only(NO_LEAK_BY_ROW)
    ax = axes(1.7 + 0.75 * len(found), grid="x")
    kinds = (
        ("row", VERMILION, "^", "split by row (misleading)"),
        ("molecule", BLUE, "o", "split by molecule"),
    )
    all_means = {}
    for y, (rows, values) in enumerate(found.items()):
        means = {kind: float(np.mean(values[kind])) for kind in values}
        ax.plot(list(means.values()), [y] * len(means), color=PALE, linewidth=3, zorder=1)
        for kind, color, mark, _ in kinds:
            if kind not in values:
                continue
            ax.plot(values[kind], [y] * len(values[kind]), "|", color=color, markersize=8)
            ax.plot(means[kind], y, mark, color=color, markersize=9, zorder=3)
            ax.annotate(
                quantity.text(means[kind]),
                (means[kind], y),
                xytext=(0, 9 if kind == "molecule" else -9),
                textcoords="offset points",
                ha="center",
                va="bottom" if kind == "molecule" else "top",
                color=color,
            )
        all_means[rows] = means
    for _, color, mark, words in kinds:
        ax.plot([], [], mark, color=color, markersize=8, label=words)
    names_on_y(ax, list(found))
    ax.set_yticks(range(len(found)), ["\n".join(wrap(rows, 22)) for rows in found])
    ax.set_ylim(len(found) - 0.5, -0.7)
    ax.set_xlim(left=0)
    label_x(ax, quantity.with_unit("Mean absolute error"))
    legend_above(ax, columns=1)
    return Drawing(figure_of(ax), row_splits_alt(all_means, quantity))
