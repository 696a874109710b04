"""What users type is shown as they typed it: no markup, no mathematics, no formula, no crash."""

import logging
import xml.etree.ElementTree as ET
from dataclasses import replace

import matplotlib as mpl
import pytest
from hostile_text import TEXTS, TRIPLES, UNFIT, harmless
from report_page import inputs_of, make_part, with_rows
from synthetic_study import MAIN, PROPERTY, write_study

from confaug.infrastructure.text import displayable, one_line, shorten
from confaug.learning.predictions import metrics_table, predictions_table
from confaug.report.figures.catalog import FIGURES
from confaug.report.figures.drawing import draw_figure
from confaug.report.figures.parity import draw_variant_parity
from confaug.report.figures.style import save_drawing
from confaug.report.page import build_report
from confaug.report.quantity import Quantity
from confaug.report.results import read_results
from confaug.report.worst_molecules import worst_molecules


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("study"), gain=3.0)


def hostile(study, name, symbol, unit):
    """Return a study whose property and molecules are called by hostile texts."""
    results = read_results(study, PROPERTY, MAIN)
    worst = sorted(
        (row for row in results["predictions"] if row["part"] == "test"),
        key=lambda row: -abs(row["prediction"] - row["label"]),
    )
    first = [row["molecule"] for row in worst]
    order = sorted(
        results["molecules"],
        key=lambda row: first.index(row["molecule"]) if row["molecule"] in first else 999,
    )
    # No file in UTF-8 holds half a character.
    given = [text.encode("utf-8", "replace").decode() for text in (name, symbol, unit, *TEXTS)]
    molecules = [
        {**row, "name": None if i % 2 else given[i % len(given)], "id": given[i % len(given)]}
        for i, row in enumerate(order)
    ]
    ledger = [
        {**row, "name": text, "id": text, "input_smiles": text, "input_label": text, "reason": text}
        for row, text in zip(results["ledger"], given, strict=False)
    ]
    quantity = Quantity(name, symbol, unit, digits=results.quantity.digits)
    return replace(with_rows(results, molecules=molecules, ledger=ledger), quantity=quantity)


def texts_of(svg):
    root = ET.fromstring(svg.encode("utf-8"))  # as it is in its file, declared encoding and all
    return ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("triple", TRIPLES, ids=range(len(TRIPLES)))
def test_every_figure_shows_hostile_text_as_it_is(study, triple, caplog, capfd):
    results = hostile(study, *triple)
    shown = set()
    with caplog.at_level(logging.WARNING):
        for name in FIGURES:
            svg = draw_figure(name, results)
            assert not [character for character in UNFIT if character in svg]
            assert not list(ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}script"))
            shown |= {" ".join(text.split()) for text in texts_of(svg)}
    unit = one_line(triple[2], 40)
    if len(unit) < 20:
        assert f"Mean absolute error ({unit})" in shown
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


def test_names_below_structures_are_whole_letters(study):
    results = hostile(study, "x", "x", "Ω")
    shown = "\n".join(texts_of(draw_figure("worst_molecules", results)))
    for one in worst_molecules(results):
        assert shorten(one.name, 34) in shown
        assert results.quantity.text(one.label) in shown
    assert "Ω" in shown


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("triple", TRIPLES, ids=range(len(TRIPLES)))
def test_the_report_shows_hostile_text_as_it_is(study, triple):
    results = hostile(study, *triple)
    inputs = inputs_of(study)
    prop = {**PROPERTY, "name": triple[0], "symbol": triple[1], "unit": triple[2]}
    config = {**inputs.config, "property": prop}
    page = harmless(build_report(replace(inputs, results=results, config=config)))
    assert one_line(triple[0], 100) in page.words


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("triple", TRIPLES, ids=range(len(TRIPLES)))
def test_parity_plots_show_hostile_text_as_it_is(triple, tmp_path):
    parts = [make_part("cross_validation", 20, 1), make_part("test", 9, 2)]
    quantity = Quantity(*triple)
    drawing = draw_variant_parity(predictions_table(parts), metrics_table(parts), quantity)
    save_drawing(drawing, triple[0], tmp_path / "a.svg", tmp_path / "a.png", dpi=50)
    ET.parse(tmp_path / "a.svg")
    assert one_line(triple[2], 40)[:9] in drawing.figure.axes[0].get_xlabel().replace("\n", " ")


def test_another_style_of_the_user_changes_no_figure(study):
    results = read_results(study, PROPERTY, MAIN)
    expected = draw_figure("variants", results)
    with mpl.rc_context({"text.usetex": True, "font.size": 30, "axes.linewidth": 9}):
        assert draw_figure("variants", results) == expected


def test_texts_are_cut_and_kept_on_one_line():
    for text in TEXTS:
        line = one_line(text, 50)
        assert len(line) <= 50
        assert "\n" not in line
        line.encode("utf-8")
    assert displayable("a\nb") == "a\nb"
    assert shorten("abc", 3) == "abc"
