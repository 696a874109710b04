"""Figures of trust: intervals, coverage, conformer standard deviation, applicability domain."""

import numpy as np
from scipy.stats import spearmanr

from confaug.config.roles import RECOMMENDED
from confaug.report.figures.style import (
    BLUE,
    GREEN,
    INK,
    PALE,
    VERMILION,
    Drawing,
    axes,
    figure_of,
    label_x,
    legend_above,
    names_on_y,
    sentence_only,
)
from confaug.report.number_format import number, whole_percent
from confaug.report.results import Results, Row
from confaug.report.wording.figures import (
    NO_COVERAGE,
    NO_DEVIATION,
    NO_DOMAIN,
    coverage_alt,
    deviation_alt,
    domain_alt,
)
from confaug.trust.domain_summary import held_out_errors


def draw_coverage(results: Results) -> Drawing:
    """Draw the coverage reached by the intervals of every replicate beside what was asked for."""
    rows = results["coverage"]
    if not rows:
        return sentence_only(NO_COVERAGE)
    variants = list(dict.fromkeys(row["variant"] for row in rows))
    ax = axes(1.8 + 0.55 * len(variants), grid="x")
    target = rows[0]["target"]
    ax.axvline(100 * target, color=INK, linewidth=1.2, label=f"target: {whole_percent(target)}")
    for y, variant in enumerate(variants):
        kept = [row for row in rows if row["variant"] == variant]
        low = 100 * float(np.mean([row["expected_low"] for row in kept]))
        high = 100 * float(np.mean([row["expected_high"] for row in kept]))
        reached = [100 * row["coverage"] for row in kept]
        label = "95% of single splits" if y == 0 else None
        ax.barh(y, high - low, left=low, height=0.5, color=PALE, label=label)
        label = "reached" if y == 0 else None
        ax.plot(reached, [y] * len(kept), "o", color=BLUE, alpha=0.8, label=label)
        if len(kept) > 1:
            label = "mean" if y == 0 else None
            ax.plot(np.mean(reached), y, "D", color=VERMILION, markersize=8, label=label)
    ax.use_sticky_edges = False  # the band shall end within the figure, not at its edge
    ax.autoscale_view(scaley=False)
    names_on_y(ax, variants, bold=[RECOMMENDED])
    label_x(ax, "Held-out molecules inside their interval (%)")
    legend_above(ax, columns=2)
    mean = float(np.mean([row["coverage"] for row in rows]))
    return Drawing(figure_of(ax), coverage_alt(target, mean, len(rows)))


def deviation_and_error(results: Results) -> tuple[list[float], list[float]]:
    """Return conformer standard deviation and |error| of the labelled held-out molecules."""
    rows = [
        row
        for row in results["main_predictions"]
        if row["part"] == "test" and row["label"] is not None
    ]
    return [row["standard_deviation"] for row in rows], [
        abs(row["prediction"] - row["label"]) for row in rows
    ]


def draw_conformer_deviation(results: Results) -> Drawing:
    """Draw the error against the standard deviation of predictions over a molecule's conformers."""
    quantity = results.quantity
    deviations, errors = deviation_and_error(results)
    if len(deviations) < 3 or max(deviations) == min(deviations):
        return sentence_only(NO_DEVIATION)
    ax = axes(3.6)
    ax.plot(
        deviations, errors, "o", color=BLUE, alpha=0.6, markeredgecolor="white", label="molecule"
    )
    order = np.argsort(deviations, kind="stable")
    parts = [part for part in np.array_split(order, min(5, len(order) // 3)) if len(part)]
    ax.plot(
        [float(np.median(np.array(deviations)[part])) for part in parts],
        [float(np.median(np.array(errors)[part])) for part in parts],
        "D-",
        color=VERMILION,
        label="median of equal shares",
    )
    ax.set_xlabel(quantity.with_unit("Conformer standard deviation"))
    ax.set_ylabel(quantity.with_unit("Absolute error"))
    ax.set_xlim(left=0)
    ax.set_ylim(bottom=0)
    legend_above(ax, columns=2)
    correlation = float(spearmanr(deviations, errors).statistic)
    words = f"rank correlation {number(correlation, digits=2)}"
    ax.text(
        *(0.98, 0.97, words),
        transform=ax.transAxes,
        ha="right",
        va="top",
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8},
    )
    return Drawing(figure_of(ax), deviation_alt(len(deviations), words))


def errors_by_flag(results: Results) -> tuple[list[Row], list[Row]]:
    """Return held-out molecules inside and outside the domain; each has `error` added."""
    errors = held_out_errors(results.arrow("predictions"))
    rows = [
        {**row, "error": errors[row["molecule"]]}
        for row in results["domain"]
        if row["molecule"] in errors
    ]
    return [row for row in rows if not row["flags"]], [row for row in rows if row["flags"]]


def draw_domain(results: Results) -> Drawing:
    """Draw the error against the distance to the training molecules."""
    quantity = results.quantity
    inside, outside = errors_by_flag(results)
    rows = inside + outside
    if not rows:
        return sentence_only(NO_DOMAIN)
    ax = axes(3.8)
    far = [row for row in outside if row["far_in_descriptors"] or row["unlike_training"]]
    edge = [row for row in outside if row not in far]
    kinds = (
        (inside, BLUE, "o", "inside the domain"),
        (far, VERMILION, "^", "far from training"),
        (edge, GREEN, "s", "edge of labels only"),
    )
    for kept, color, mark, words in kinds:
        if kept:
            ax.plot(
                *([row["distance"] for row in kept], [row["error"] for row in kept], mark),
                color=color,
                alpha=0.7,
                markeredgecolor="white",
                label=f"{words} ({len(kept)})",
            )
    limit = rows[0]["distance_limit"]
    ax.axvline(limit, color=INK, linewidth=1, linestyle="--", label="limit of distance")
    ax.set_xlabel("Distance to the nearest training molecules")
    ax.set_ylabel(quantity.with_unit("Absolute error"))
    ax.set_ylim(bottom=0)
    legend_above(ax, columns=2)
    means = [
        (float(np.mean([row["error"] for row in kept])), len(kept), where)
        for kept, where in ((inside, "inside the domain"), (outside, "with a flag"))
        if kept
    ]
    return Drawing(figure_of(ax), domain_alt(means, quantity))
