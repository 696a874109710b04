import xml.etree.ElementTree as ElementTree

import numpy as np
import pyarrow as pa
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from report_page import make_part

from confaug.learning.predictions import (
    Predictions,
    error_metrics,
    metrics_table,
    predictions_table,
)
from confaug.report.figures.parity import draw_variant_parity
from confaug.report.figures.style import save_drawing
from confaug.report.quantity import Quantity

KELVIN = Quantity("Glass transition temperature", "Tg", "K")


@pytest.fixture
def parts():
    names = ("train", "cross_validation", "test")
    return [make_part(name, 20 + i, i) for i, name in enumerate(names)]


def draw(parts, **options):
    tables = predictions_table(parts), metrics_table(parts)
    return draw_variant_parity(*tables, KELVIN, **options).figure


def points(axes):
    """Points of every part by the first words of its label, the diagonal left out."""
    return {str(line.get_label()).split(",")[0]: line.get_xydata() for line in axes.lines[1:]}


def test_unseen_molecules_are_drawn_at_their_label_and_prediction(parts):
    drawn = points(draw(parts).axes[0])
    assert set(drawn) == {"out of fold", "held out"}, "molecules that were seen are not drawn"
    for label, part in (("out of fold", parts[1]), ("held out", parts[2])):
        expected = np.column_stack([part.labels, part.predictions])
        np.testing.assert_allclose(drawn[label], expected[np.argsort(part.molecules)])


def test_axes_are_equal_and_hold_every_bar(parts):
    axes = draw(parts).axes[0]
    assert axes.get_xlim() == axes.get_ylim()
    assert axes.get_aspect() == 1.0
    low, high = axes.get_xlim()
    for part in parts[1:]:
        assert low < (part.predictions - part.standard_deviation).min()
        assert high > (part.predictions + part.standard_deviation).max()
        assert low < part.labels.min() <= part.labels.max() < high
    diagonal = axes.lines[0].get_xydata()
    np.testing.assert_array_equal(diagonal[:, 0], diagonal[:, 1])


def test_bars_reach_one_standard_deviation_to_either_side(parts):
    axes = draw(parts).axes[0]
    bars = [c for c in axes.collections if hasattr(c, "get_segments")]
    lengths = [np.ptp(segment[:, 1]) for c in bars for segment in c.get_segments()]
    np.testing.assert_allclose(lengths, 10.0)
    assert len(lengths) == 21 + 22


def test_bars_say_what_they_are_the_spread_of(parts):
    def note(**options):
        return [text.get_text() for text in draw(parts, **options).axes[0].texts]

    assert note() == ["bars: ± 1 standard deviation over conformers"]
    assert "over the averaged variants" in note(deviation_over="the averaged variants")[0]


def test_legend_and_axes_name_errors_and_units(parts):
    axes = draw(parts).axes[0]
    (legend,) = axes.figure.legends
    text = [entry.get_text() for entry in legend.get_texts()]
    mae = error_metrics(parts[2].labels, parts[2].predictions)["mae"]
    assert "held out, 22 molecules" in text[1]
    assert f"MAE {mae:.1f} K" in text[1]
    assert axes.get_xlabel() == "Measured Tg (K)"


def test_legend_covers_no_molecule(parts):
    figure = draw(parts)
    FigureCanvasAgg(figure).draw()
    (axes,), (legend,) = figure.axes, figure.legends
    assert legend.get_window_extent().y0 >= axes.get_window_extent().y1
    assert legend.get_window_extent().x1 <= figure.bbox.x1


@pytest.mark.parametrize("case", ["no test part", "no labels", "one value", "no unit"])
def test_poor_data_can_be_drawn(parts, case, tmp_path):
    quantity = KELVIN
    if case == "no test part":
        parts = parts[:2]
    elif case == "no labels":
        parts[2] = make_part("test", 5, 3, np.full(5, np.nan))
    elif case == "one value":
        same = make_part("test", 1, 3, np.array([300.0]), standard_deviation=0.0)
        values = np.array([300.0])
        parts = [Predictions(**{**same.__dict__, "predictions": values})]
    else:
        quantity = Quantity("logP", "logP")
    drawing = draw_variant_parity(predictions_table(parts), metrics_table(parts), quantity)
    save_drawing(drawing, "a", tmp_path / "parity.svg", tmp_path / "parity.png", dpi=50)
    assert (tmp_path / "parity.png").stat().st_size > 1000
    if case == "no unit":
        assert drawing.figure.axes[0].get_ylabel() == "Predicted logP"


def test_files_are_the_same_bytes_every_time_and_without_a_date(parts, tmp_path):
    for name in ("a", "b"):
        drawing = draw_variant_parity(predictions_table(parts), metrics_table(parts), KELVIN)
        save_drawing(drawing, "a", tmp_path / f"{name}.svg", tmp_path / f"{name}.png")
    for kind in ("svg", "png"):
        first = (tmp_path / f"a.{kind}").read_bytes()
        assert first == (tmp_path / f"b.{kind}").read_bytes()
        assert b"date" not in first
        assert b"Software" not in first
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    assert root.tag.endswith("svg")
    assert "<title>a</title>" in (tmp_path / "a.svg").read_text()


def test_order_of_rows_does_not_change_the_plot(parts, tmp_path):
    table = predictions_table(parts)
    order = np.random.default_rng(0).permutation(table.num_rows)
    for name, own in (("a", table), ("b", table.take(pa.array(order)))):
        drawing = draw_variant_parity(own, metrics_table(parts), KELVIN)
        save_drawing(drawing, "a", tmp_path / f"{name}.svg", tmp_path / f"{name}.png")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
