"""The parity plot: predicted against measured values of molecules that the model had not seen."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from confaug.infrastructure.files import atomic_path
from confaug.infrastructure.quantity import Quantity, number
from confaug.learning.predictions import Predictions, all_parts
from confaug.report.figures.style import style, wrap_texts

#: Two colours of Okabe and Ito's set, which differ for all common kinds of colour vision.
COLOURS = {"cross_validation": "#0072B2", "test": "#D55E00"}
NAMES = {"cross_validation": "cross-validation", "test": "held out"}
STYLE: Any = {
    "font.size": 11,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "confaug",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "path.simplify": False,
    "text.parse_math": False,  # units and names are a user's
}


def draw_parity(
    predictions: pa.Table,
    metrics: pa.Table,
    prop: Mapping[str, Any],
    deviation_over: str = "conformers",
) -> Figure:
    """Draw predicted against measured values.

    Filled circles are out-of-fold predictions of training molecules, plus signs are molecules
    held out. Bars reach one standard deviation of what a prediction is the mean of to either side.
    The dashed line is equality. Both axes have the same limits.

    Parameters
    ----------
    predictions, metrics
        Tables of predictions and of metrics.
    prop
        The config section ``property``: name, symbol and unit.
    deviation_over
        What a prediction is the mean of, in words.
    """
    parts = {part.part: part for part in all_parts(predictions) if part.part in NAMES}
    quantity = Quantity(
        prop.get("name") or "value", prop.get("symbol") or "", prop.get("unit") or ""
    )
    with style(STYLE):
        figure = Figure(figsize=(5.6, 6.4), layout="constrained")
        axes = figure.add_subplot()
        limits = _limits(list(parts.values()))
        axes.plot(limits, limits, color="0.45", linewidth=1.0, linestyle=(0, (5, 3)), zorder=1)
        for name in ("cross_validation", "test"):
            if name in parts:
                _draw_part(axes, parts[name], _legend_text(name, metrics, quantity))
        axes.set(xlim=limits, ylim=limits, aspect="equal")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
        axes.set_yticks([tick for tick in axes.get_xticks() if limits[0] <= tick <= limits[1]])
        axes.set_xticks(axes.get_yticks())
        what = _axis_text(quantity)
        axes.set_xlabel(f"Measured {what}")
        axes.set_ylabel(f"Predicted {what}")
        figure.legend(  # above the axes, where it covers no molecule
            loc="outside upper left", frameon=False, handletextpad=0.4, fontsize=9.5
        )
        if any(part.standard_deviation.any() for part in parts.values()):
            axes.text(
                0.99,
                0.015,
                f"bars: ± 1 standard deviation over {deviation_over}",
                transform=axes.transAxes,
                ha="right",
                fontsize=8.5,
                color="0.35",
            )
    return figure


def _limits(parts: list[Predictions]) -> tuple[float, float]:
    """Return common limits of both axes, with room for the bars."""
    ends = [
        values[np.isfinite(values)]
        for part in parts
        for values in (
            part.labels,
            part.predictions - part.standard_deviation,
            part.predictions + part.standard_deviation,
        )
    ]
    low, high = float(np.min(np.concatenate(ends))), float(np.max(np.concatenate(ends)))
    margin = 0.05 * (high - low) or max(abs(high), 1.0) * 0.05
    return low - margin, high + margin


def _draw_part(axes: Axes, part: Predictions, text: str) -> None:
    """Draw the molecules of one part; those without a label have no place."""
    known = np.isfinite(part.labels)
    labels, values, deviation = (
        part.labels[known],
        part.predictions[known],
        part.standard_deviation[known],
    )
    colour = COLOURS[part.part]
    axes.errorbar(
        labels, values, deviation, fmt="none", ecolor=colour, elinewidth=0.9, alpha=0.6, zorder=3
    )
    if part.part == "test":
        look: dict[str, Any] = {
            "marker": "+",
            "s": 46,
            "linewidths": 1.3,
            "color": colour,
            "zorder": 5,
        }
    else:
        look = {
            "marker": "o",
            "s": 30,
            "linewidths": 0.6,
            "facecolors": colour,
            "edgecolors": "white",
            "zorder": 4,
        }
    axes.scatter(labels, values, label=text, **look)


def _legend_text(part: str, metrics: pa.Table, quantity: Quantity) -> str:
    """Name a part and its errors per molecule."""
    for entry in metrics.to_pylist():
        if entry["part"] == part and entry["level"] == "molecule":
            mae, rmse = quantity.text(entry["mae"]), quantity.text(entry["rmse"])
            r2 = "" if entry["r2"] is None else f", R² {number(entry['r2'], digits=2)}"
            return f"{NAMES[part]}, {entry['n']} molecules\nMAE {mae}, RMSE {rmse}{r2}"
    return NAMES[part]


def _axis_text(quantity: Quantity) -> str:
    """Name the property with its symbol and unit."""
    name = quantity.name
    lower_first = name[:1].lower() + name[1:] if name[1:2].islower() else name
    return quantity.with_unit(f"{lower_first} {quantity.symbol}".strip())


def save_figure(figure: Figure, svg: str | Path, png: str | Path, dpi: int = 200) -> None:
    """Write a figure as SVG and PNG; equal figures give equal bytes."""
    with style(STYLE):
        wrap_texts(figure)
        with atomic_path(svg) as temporary:
            FigureCanvasSVG(figure).print_svg(temporary, metadata={"Date": None, "Creator": None})
        with atomic_path(png) as temporary:
            figure.set_dpi(dpi)
            FigureCanvasAgg(figure).print_png(temporary, metadata={"Software": None})
