"""Figures of the learning curves, the tuning and the labels."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from confaug.evaluation.enough import Curve, curve, plain_error
from confaug.evaluation.learning_law import Laws
from confaug.evaluation.outlook import FARTHEST
from confaug.report.figures.style import (
    BLUE,
    GREY,
    INK,
    PALE,
    SKY,
    VERMILION,
    Drawing,
    axes,
    figure_of,
    histogram_bins,
    legend_above,
    log_axis,
    names_on_y,
    sentence_only,
)
from confaug.report.number_format import number
from confaug.report.results import Results
from confaug.report.wording.figures import (
    NO_LABELS,
    NO_SIZES,
    NO_TUNING,
    labels_alt,
    law_label,
    learning_curve_alt,
    no_curve,
    training_sizes_alt,
    tuning_alt,
)

#: Share of a logarithmic axis within which the labels of two ticks would touch.
CLOSEST_LABELS = 0.08
#: Points of the line of a fitted law.
LINE_POINTS = 80


def draw_enough_conformers(results: Results) -> Drawing:
    """Draw the error against the number of conformers per molecule."""
    return _draw_numbers(results, "conformers", "Conformers per molecule")


def draw_enough_molecules(results: Results) -> Drawing:
    """Draw the error against the number of training molecules."""
    return _draw_numbers(results, "molecules", "Training molecules")


def _draw_numbers(results: Results, axis: str, label: str) -> Drawing:
    """Draw the error against a number of conformers or molecules, on a logarithmic axis."""
    quantity, levels = results.quantity, curve(results["learning_curves"], axis)
    if not levels:
        return _not_measured(results, axis)
    numbers = [_number(level, i) for i, (level, _) in enumerate(levels)]
    means = [float(np.mean(maes)) for _, maes in levels]
    ax = axes(3.4)
    for size, (_, maes) in zip(numbers, levels, strict=True):
        if len(maes) > 1:
            ax.plot([size] * len(maes), maes, "_", color=SKY, markersize=9)
    ax.plot(numbers, means, "o-", color=BLUE, label=results.main)
    _plain_line(results, ax.axhline)
    ax.set_xscale("log")
    ax.set_xticks(numbers, _spaced_labels(numbers, [level for level, _ in levels]))
    ax.set_xticks([], minor=True)
    ax.set_xlabel(label)
    ax.set_ylabel(quantity.with_unit("Mean absolute error"))
    legend_above(ax, columns=1)
    return Drawing(figure_of(ax), _alt(results, label, levels))


def _not_measured(results: Results, axis: str) -> Drawing:
    """Say that this curve, or none at all, was measured."""
    return sentence_only(no_curve(axis, bool(results["learning_curves"])))


def _spaced_labels(numbers: list[float], labels: list[str]) -> list[str]:
    """Leave out labels that would overlap the next one on a logarithmic axis.

    >>> _spaced_labels([1.0, 100.0, 120.0], ["1", "100", "120"])
    ['1', '', '120']
    """
    room = CLOSEST_LABELS * np.log(max(numbers) / min(numbers))
    kept, following = list(labels), np.inf
    for i in reversed(range(len(numbers))):
        if np.log(following / numbers[i]) < room:
            kept[i] = ""
        else:
            following = numbers[i]
    return kept


def draw_enough_protocols(results: Results) -> Drawing:
    """Draw the error with each protocol alone and with all."""
    quantity, levels = results.quantity, curve(results["learning_curves"], "protocols")
    if not levels:
        return _not_measured(results, "protocols")
    ax = axes(1.7 + 0.34 * len(levels), grid="x")
    for y, (level, maes) in enumerate(levels):
        color = INK if level == "all" else BLUE
        if len(maes) > 1:
            ax.plot(maes, [y] * len(maes), "|", color=SKY, markersize=9)
        ax.plot(np.mean(maes), y, "D" if level == "all" else "o", color=color, markersize=7)
    _plain_line(results, ax.axvline)
    names_on_y(ax, [level for level, _ in levels], bold=["all"])
    ax.set_xlabel(quantity.with_unit("Mean absolute error"))
    legend_above(ax, columns=1)
    return Drawing(figure_of(ax), _alt(results, "Protocols", levels))


def _number(level: str, position: int) -> float:
    """Return the number that a level stands for, or its place if it is none."""
    try:
        return float(level)
    except ValueError:
        return position + 1.0


def _plain_error(results: Results) -> float | None:
    """Return the error of the reference variant on the same replicates."""
    return plain_error(results["learning_curves"], results["replicate_errors"], results.reference)


def _plain_line(results: Results, draw_line: Callable[..., object]) -> None:
    """Draw the error of the reference without conformers as a line."""
    plain = _plain_error(results)
    if plain is not None:
        label = f"without conformers ({results.reference})"
        draw_line(plain, color=GREY, linestyle="--", label=label)


def _alt(results: Results, label: str, levels: Curve) -> str:
    """Describe a learning curve."""
    means = {level: float(np.mean(maes)) for level, maes in levels}
    plain = _plain_error(results)
    return learning_curve_alt(results.main, label, means, plain, results.quantity)


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
    facts = results.usability
    promises = bool(facts and facts.outlook and facts.outlook.forecasts)
    farthest = FARTHEST * sizes[-1] if promises else sizes[-1]
    if laws is not None:
        _draw_law(ax, laws, sizes[0], farthest, law_label(promises))
    ax.plot(sizes, means, "o", color=INK, label="mean")
    if facts is not None:
        ax.axvline(facts.labelled, color=GREY, linestyle=":", label="all labelled molecules")
        if facts.required is not None:
            ax.axhline(facts.required, color=VERMILION, linestyle="--", label="what you need")
    beyond = (2 * sizes[-1], farthest) if promises else ()
    ticks = [float(n) for n in (*sizes, *beyond)]
    ax.set_xscale("log")
    ax.set_xticks(ticks, _spaced_labels(ticks, [number(n, digits=0) for n in ticks]))
    ax.set_xticks([], minor=True)
    ax.set_ylim(bottom=0)
    ax.set_xlabel("Training molecules")
    ax.set_ylabel(quantity.with_unit("Mean absolute error"))
    legend_above(ax, columns=2)
    return Drawing(
        figure_of(ax), training_sizes_alt(dict(zip(sizes, means, strict=True)), quantity, promises)
    )


def _draw_law(ax: Axes, laws: Laws, smallest: int, farthest: int, label: str) -> None:
    """Draw a fitted law between two numbers of molecules, with its band."""
    grid = np.geomspace(smallest, farthest, LINE_POINTS)
    errors = np.array([laws.errors(n) for n in grid.tolist()])
    low, high = np.quantile(errors[:, 1:], [0.025, 0.975], axis=1)
    ax.fill_between(grid, low, high, color=BLUE, alpha=0.15, linewidth=0)
    ax.plot(grid, errors[:, 0], color=BLUE, label=label)


def draw_tuning(results: Results) -> Drawing:
    """Draw the error of every trial of the tuning and the best so far."""
    quantity, rows = results.quantity, results["history"]
    if not rows:
        return sentence_only(NO_TUNING)
    ax = axes(3.4)
    kinds = (
        ("initial points", "o", "white", [r for r in rows if r["kind"] == "initial"]),
        ("chosen by the optimiser", "o", BLUE, [r for r in rows if r["kind"] != "initial"]),
    )
    for label, mark, fill, trials in kinds:
        kept = [row for row in trials if not row["pruned"]]
        ax.plot(
            [row["trial"] for row in kept],
            [row["error"] for row in kept],
            mark,
            color=BLUE,
            markerfacecolor=fill,
            label=label,
        )
    pruned = [row for row in rows if row["pruned"]]
    if pruned:
        xs, ys = [r["trial"] for r in pruned], [r["error"] for r in pruned]
        ax.plot(xs, ys, "x", color=GREY, label="pruned")
    xs, ys = [row["trial"] for row in rows], [row["best_error"] for row in rows]
    ax.step(xs, ys, where="post", color=VERMILION, label="best so far")
    errors = np.array([row["error"] for row in rows])
    usual = float(np.quantile(errors, 0.9))
    best = float(errors.min())
    ax.set_ylim(best - 0.1 * (usual - best or 1), usual + 0.3 * (usual - best or 1))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel("Trial")
    ax.set_ylabel(quantity.with_unit("Out-of-fold error"))
    legend_above(ax, columns=2)
    found = next(row["trial"] for row in rows if row["error"] == best)
    return Drawing(figure_of(ax), tuning_alt(len(rows), best, found, quantity))


def draw_labels(results: Results) -> Drawing:
    """Draw how the labels of training and held-out molecules are distributed."""
    quantity, parts = results.quantity, results.by_molecule("split")
    labels: dict[str, list[float]] = {"train": [], "test": []}
    for row in results["molecules"]:
        if row["label"] is not None and row["molecule"] in parts:
            labels[parts[row["molecule"]]["part"]].append(row["label"])
    everything = np.array(labels["train"] + labels["test"])
    if not everything.size:
        return sentence_only(NO_LABELS)
    logarithmic = quantity.logarithmic and everything.min() > 0
    ax = axes(3.2, grid="y")
    count = int(min(max(np.sqrt(everything.size) * 1.2, 5), 25))
    bins = histogram_bins(everything, count, logarithmic)
    ax.hist(labels["test"], bins=bins, color=PALE, label=f"held out ({len(labels['test'])})")
    ax.hist(
        labels["train"],
        bins=bins,
        histtype="step",
        color=BLUE,
        linewidth=2,
        label=f"training ({len(labels['train'])})",
    )
    if logarithmic:
        log_axis(ax.xaxis)
    ax.set_xlabel(quantity.axis())
    ax.set_ylabel("Molecules")
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    legend_above(ax, columns=2)
    alt = labels_alt(
        len(labels["train"]), len(labels["test"]), (everything.min(), everything.max()), quantity
    )
    return Drawing(figure_of(ax), alt)
