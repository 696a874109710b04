"""The style of all figures: sizes, colours and marks, and equal SVG files for equal data."""

import io
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter
from numpy.typing import NDArray

from confaug.infrastructure.files import atomic_path, write_text
from confaug.infrastructure.text import displayable, shorten
from confaug.report.number_format import tick

#: Okabe and Ito's colours, which people with any kind of colour vision can tell apart.
BLUE, VERMILION, GREEN, SKY = "#0072B2", "#D55E00", "#009E73", "#56B4E9"
INK, GREY, PALE = "#22262b", "#69707a", "#a9b1ba"
#: Colour, mark and words of each verdict; marks differ so that colour is never needed.
VERDICTS: Mapping[str, tuple[str, str, str]] = {
    "helped": (BLUE, "o", "better"),
    "no_difference": (GREY, "s", "no difference shown"),
    "hurt": (VERMILION, "^", "worse"),
}
#: Narrow, so that letters stay readable on a phone and on a slide.
WIDTH = 4.8
#: Of the labels of axes and legends.
CHARACTERS_PER_INCH = 10
#: Text is kept as text and is set in the reader's own font; DejaVu, which comes with matplotlib
#: and is wider than these, is what the layout is computed with.
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 11.5,
    "axes.labelsize": 11.5,
    "xtick.labelsize": 10.5,
    "ytick.labelsize": 10.5,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "text.color": INK,
    "grid.color": "#e4e7ea",
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 10.5,
    "legend.handletextpad": 0.4,
    "lines.linewidth": 1.6,
    "lines.markersize": 6,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "none",
    "svg.hashsalt": "confaug",
    # Units and names are a user's: a `$` in them is a dollar sign.
    "text.parse_math": False,
}


@dataclass(frozen=True)
class Drawing:
    """A drawn figure and what it shows in words, for those who cannot see it."""

    figure: Figure
    alt: str


@contextmanager
def style(settings: Mapping[Any, Any] = SETTINGS) -> Iterator[None]:
    """Enter the context in which figures are drawn and saved, regardless of matplotlibrc.

    Text is shown in the reader's fonts; a glyph that DejaVu lacks is only missing from PNG files,
    where a box takes its place. The user cannot fix that, so matplotlib's warning is not shown.
    """
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph .* missing from", UserWarning)
        mpl.rcdefaults()
        mpl.rcParams.update(settings)
        yield


def axes(height: float = 4.0, width: float = WIDTH, grid: str = "both") -> Axes:
    """Return the axes of a new figure of a size in inches, with grid lines across `grid`."""
    figure = Figure(figsize=(width, height), layout="constrained")
    ax: Axes = figure.subplots()
    if grid:
        ax.grid(axis=grid)  # type: ignore[arg-type]
    ax.tick_params(length=0)
    return ax


def figure_of(ax: Axes) -> Figure:
    """Return the figure that axes belong to."""
    figure = ax.figure
    if not isinstance(figure, Figure):
        raise TypeError("axes of a sub-figure have no figure of their own")
    return figure


def sentence_only(sentence: str) -> Drawing:
    """Return a figure that says why there is nothing to draw."""
    ax = axes(1.4, grid="")
    ax.axis("off")
    ax.text(0.5, 0.5, sentence, ha="center", va="center", color=GREY, wrap=True)
    return Drawing(figure_of(ax), sentence)


def names_on_y(ax: Axes, names: Sequence[str], bold: Iterable[str] = ()) -> None:
    """Write names from top to bottom beside a horizontal chart."""
    ax.set_yticks(range(len(names)), [shorten(name) for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.grid(visible=False, axis="y")
    chosen = set(bold)
    for name, label in zip(names, ax.get_yticklabels(), strict=True):
        if name in chosen:
            label.set_fontweight("bold")


def histogram_bins(values: NDArray[np.float64], count: int, logarithmic: bool) -> list[float]:
    """Return the edges of the bins of a histogram: `count`, or two if all values are the same."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        return [low - 0.5, high + 0.5]
    spaced = np.geomspace if logarithmic else np.linspace
    edges: list[float] = spaced(low, high, count).tolist()
    return edges


def log_axis(axis: Axis) -> None:
    """Make an axis logarithmic, with plain text for labels like that of all other axes."""
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})  # type: ignore[attr-defined]
    axis.set_major_formatter(lambda value, _: tick(value))
    axis.set_minor_formatter(NullFormatter())


def label_x(ax: Axes, text: str) -> None:
    """Label the horizontal axis, ending where it ends: beside long names there is little room."""
    ax.set_xlabel(text, loc="right")


def legend_above(ax: Axes, columns: int = 3) -> None:
    """Put the legend above the axes, where it never covers data."""
    if ax.get_legend_handles_labels()[1]:
        figure_of(ax).legend(
            loc="outside upper left",
            ncols=columns,
            borderaxespad=0.0,
            columnspacing=1.2,
            handlelength=1.4,
        )


def wrap_texts(figure: Figure) -> None:
    """Break the labels of axes and legends that are longer than their side of the figure."""
    width, height = (int(CHARACTERS_PER_INCH * side) for side in figure.get_size_inches())
    labels = [(ax.xaxis.label, width) for ax in figure.axes]
    labels += [(ax.yaxis.label, height) for ax in figure.axes]
    labels += [(text, width) for legend in figure.legends for text in legend.get_texts()]
    for label, length in labels:
        lines = label.get_text().split("\n")
        label.set_text("\n".join("\n".join(wrap(line, length)) or line for line in lines))


def marks_id(group: int) -> str:
    """Return the name of the marks of a group in an SVG document, by which they are found again."""
    return f"marks-{group}"


def mark_positions(svg: str, group: int) -> list[tuple[float, float]]:
    """Return where the marks of a group are, as shares of width and height, in their order.

    Parameters
    ----------
    svg
        A figure as `svg_text` gives it, in which the group has the name of `marks_id`.
    """
    box = re.search(r'viewBox="\S+ \S+ (\S+) (\S+)"', svg)
    start = svg.find(f'<g id="{marks_id(group)}">')
    if box is None or start < 0:
        return []
    width, height = map(float, box.groups())
    part = svg[start : svg.index("</g>", start)]
    found = re.findall(r'<use [^>]*?\bx="(\S+?)" y="(\S+?)"', part)
    return [(float(x) / width, float(y) / height) for x, y in found]


def svg_text(drawing: Drawing, title: str) -> str:
    """Return a figure as SVG with a title and a description, the same for the same figure."""
    wrap_texts(drawing.figure)
    buffer = io.StringIO()
    no_metadata = {"Date": None, "Creator": None, "Format": None, "Type": None}
    drawing.figure.savefig(buffer, format="svg", metadata=no_metadata)
    return describe_svg(buffer.getvalue().replace("'DejaVu Sans'", FONTS), title, drawing.alt)


def save_drawing(
    drawing: Drawing, title: str, svg: str | Path, png: str | Path, dpi: int = 200
) -> None:
    """Write a figure as SVG and PNG; equal figures give equal bytes."""
    with style():
        write_text(svg_text(drawing, title), svg)
        drawing.figure.set_dpi(dpi)
        with atomic_path(png) as temporary:
            FigureCanvasAgg(drawing.figure).print_png(temporary, metadata={"Software": None})


def describe_svg(svg: str, title: str, alt: str) -> str:
    """Give an SVG document a title and a description that screen readers find."""
    title, alt = escape(displayable(title)), escape(displayable(alt))
    described = f"<title>{title}</title>\n<desc>{alt}</desc>\n"
    return re.sub(
        r"<svg\b([^>]*)>",
        lambda tag: f'<svg role="img"{tag.group(1)}>\n{described}',
        svg,
        count=1,
    )
