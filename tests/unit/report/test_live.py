"""Figures know which molecule each of their marks is."""

import json
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from jinja2 import Environment, FileSystemLoader
from report_page import Page, with_rows
from synthetic_study import HOSTILE, MAIN, PROPERTY, write_study

from confaug.infrastructure.text import one_line
from confaug.report.figures.catalog import TEMPLATES
from confaug.report.figures.drawing import draw_figure
from confaug.report.figures.parity import parity_groups
from confaug.report.figures.structures import compact_structure, structure_svg
from confaug.report.figures.style import mark_positions
from confaug.report.live import LONGEST_NAME, live_parity
from confaug.report.pictures import picture
from confaug.report.results import read_results


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return read_results(write_study(tmp_path_factory.mktemp("study"), gain=18.0), PROPERTY, MAIN)


@pytest.fixture(scope="module")
def svg(results):
    return draw_figure("parity", results)


def live(results, svg):
    return live_parity(picture("parity", "Parity", "", svg), svg, results)


def test_marks_stand_where_their_molecules_are_drawn(results, svg):
    for place, group in enumerate(parity_groups(results)):
        positions = np.array(mark_positions(svg, place))
        assert len(positions) == len(group.molecules)
        # Values grow to the right, and upwards.
        for values, shares in (
            (group.measured, positions[:, 0]),
            (group.predicted, -positions[:, 1]),
        ):
            if len(values) > 2:
                slope, start = np.polyfit(values, shares, 1)
                assert slope > 0
                np.testing.assert_allclose(slope * values + start, shares, atol=1e-4)


def test_every_held_out_molecule_is_told_with_its_values(results, svg):
    points = {point["name"]: point for point in json.loads(live(results, svg).points)}
    rows = [row for row in results["intervals"] if row["label"] is not None]
    assert len(points) == len(rows) > 8
    nearest = {row["molecule"]: row for row in results["neighbours"] if row["rank"] == 1}
    for row in rows:
        point = points[one_line(results.name_of(row["molecule"]), LONGEST_NAME)]
        text = " | ".join(point["lines"])
        assert f"measured {results.quantity.text(row['label'])}" in text
        assert f"predicted {results.quantity.text(row['prediction'])}, interval " in text
        assert results.name_of(nearest[row["molecule"]]["neighbour"])[:40] in text
        assert point["drawing"].startswith("<svg ")
        assert 0 < point["x"] < 100


def test_a_figure_of_other_rows_says_nothing(results, svg):
    fewer = with_rows(results, intervals=results["intervals"][:5])
    assert live(fewer, svg).points == ""
    assert live(results, "<svg></svg>").points == ""


def test_hostile_names_stay_words(results, svg):
    rows = [{**row, "name": HOSTILE[i % 3]} for i, row in enumerate(results["molecules"])]
    hostile = with_rows(results, molecules=rows)
    html = render_picture(live(hostile, svg))
    page = Page(html)
    assert page.scripts == []
    (figure,) = [found for found in page.all("figure") if found.get("class") == "live"]
    names = {point["name"] for point in json.loads(figure["data-points"])}
    assert HOSTILE[0] in names
    assert "<script" not in html


def render_picture(image):
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    source = '{% from "parts.html.j2" import picture %}{{ picture(image) }}'
    return environment.from_string(source).render(image=image)


def test_structures_of_three_hundred_molecules_fit_on_a_page():
    """A page without them has less than 3 MB."""
    smiles = [f"CC(C){'C' * (i % 9)}OC(=O)c1ccc(N{'C' * (i % 5)}C(F)(F)Cl)cc1" for i in range(300)]
    drawings = [compact_structure(one, (200, 140)) for one in smiles]
    assert sum(map(len, drawings)) < 1_500_000


@pytest.mark.parametrize(
    "smiles", ["C", "*CC(*)c1ccccc1", "[Na+].[Cl-]", "C[C@H](F)Br", "C/C=C/C", "[2H]C", "C[CH2]"]
)
def test_a_compact_structure_shows_the_same_lines(smiles):
    def lines(svg):
        paths = re.findall(r"\bd='([^']*)'", svg)
        strokes = [part for path in paths for part in re.findall(r"M[^M]*", path)]
        return sorted(tuple(map(float, re.findall(r"[\d.]+", part))) for part in strokes)

    compact, usual = compact_structure(smiles, (200, 140)), structure_svg(smiles, "", (200, 140))
    ElementTree.fromstring(compact)
    assert lines(compact) == lines(usual)
    assert len(compact) < 0.7 * len(usual)
    colours = r"(?:fill|stroke)[:=]'?(#\w{6})"
    assert set(re.findall(colours, compact)) <= set(re.findall(colours, usual))
