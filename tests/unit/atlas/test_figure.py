"""The figure of the atlas shows every gain, and says in words what it shows."""

import pyarrow as pa
import pytest
from test_summary import facts, gain

from confaug.atlas.figure import draw_gains
from confaug.atlas.gains import BEST_WAY, WAYS
from confaug.atlas.summary import summarise_atlas
from confaug.report.figures.style import style, svg_text
from confaug.report.number_format import percent
from confaug.tables.atlas import GAINS, STUDIES


def draw():
    rows = [
        gain(study, way, value, 4.0, "no_difference")
        for study, value in (("worse", -30.0), ("better", 25.0))
        for way in (*WAYS, BEST_WAY)
    ]
    gains = pa.Table.from_pylist(rows, schema=GAINS.schema())
    studies = pa.Table.from_pylist(
        [facts("worse", property="Salt"), facts("better", property="Shape", molecules=77)],
        schema=STUDIES.schema(),
    )
    return draw_gains(gains, studies, summarise_atlas(gains, studies, 0.9))


@pytest.fixture(scope="module")
def drawing():
    with style():
        yield draw()


def test_studies_stand_in_the_order_of_their_gain(drawing):
    (ax,) = drawing.figure.axes
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["Shape\n77 molecules", "Salt\n50 molecules", "all 2 studies"]
    low, high = ax.get_ylim()
    assert low > high  # the first is on top


def test_studies_of_one_property_are_told_apart():
    rows = [gain(study, way, 1.0, 1.0, "hurt") for study in ("salt_ice", "ice") for way in WAYS]
    rows += [gain(study, BEST_WAY, 1.0, 1.0, "hurt") for study in ("salt_ice", "ice")]
    gains = pa.Table.from_pylist(rows, schema=GAINS.schema())
    studies = pa.Table.from_pylist([facts("salt_ice"), facts("ice")], schema=STUDIES.schema())
    with style():
        found = draw_gains(gains, studies, summarise_atlas(gains, studies, 0.9))
    labels = [label.get_text() for label in found.figure.axes[0].get_yticklabels()]
    assert labels[:2] == ["Ice\n50 molecules", "Salt ice\n50 molecules"]


def test_every_gain_is_drawn_and_filled_if_zero_is_outside_of_its_interval(drawing):
    (ax,) = drawing.figure.axes
    values = [line.get_xdata()[0] for line in ax.lines if len(line.get_xdata()) == 1]
    marks = [line for line in ax.lines if len(line.get_xdata()) == 1 and line.get_xdata()[0] == 25]
    assert values.count(25.0) == values.count(-30.0) == len(WAYS)
    assert all(line.get_markerfacecolor() != "white" for line in marks)


def test_it_is_the_same_file_each_time_and_has_words(drawing):
    with style():
        text, again = (svg_text(draw(), "What conformers gained") for _ in range(2))
    assert text == again
    assert f"better ({percent(0.25, decimals=0)})" in drawing.alt
    assert drawing.alt in text
