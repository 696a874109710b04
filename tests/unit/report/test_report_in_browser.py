"""The report as headless Chromium shows it: nothing cut off, nothing missing, nothing loaded."""

import re

import pytest
from browser import DARK, IN_BROWSER, measure_page
from report_page import inputs_of
from synthetic_study import MAIN, PROPERTY, write_study

from confaug.report.figures.catalog import FIGURES
from confaug.report.figures.drawing import draw_figure
from confaug.report.page import build_report
from confaug.report.results import read_results

pytestmark = IN_BROWSER
MEASURE = """
function measure(page, view) {
  const width = page.documentElement.clientWidth;
  const wide = [...page.body.querySelectorAll("*")].filter(function (element) {
    if (element.closest(".scroll, pre, details:not([open])")) return false;
    return element.getBoundingClientRect().right > width + 1;
  });
  const images = [...page.images];
  const heading = [...page.querySelectorAll("#variants th button")][3];
  const errors = function () {
    const rows = heading.closest("table").tBodies[0].rows;
    return [...rows].map(function (row) { return Number(row.cells[3].dataset.value); });
  };
  const sorted = [];
  for (let click = 0; click < 2; click++) {
    heading.click();
    sorted.push([heading.parentElement.getAttribute("aria-sort"), errors()]);
  }
  return {
    width: width,
    scroll_width: page.documentElement.scrollWidth,
    wide: wide.map(function (element) { return element.outerHTML.slice(0, 120); }),
    images: images.length,
    blank: images.filter(function (image) {
      return !image.complete || !image.naturalWidth;
    }).length,
    squeezed: images.filter(function (image) {
      return image.checkVisibility() && image.getBoundingClientRect().width < 80;
    }).length,
    loaded: view.performance.getEntriesByType("resource").map(function (r) { return r.name; }),
    background: view.getComputedStyle(page.body).backgroundColor,
    color: view.getComputedStyle(page.body).color,
    verdict_bottom: page.querySelector(".verdict").getBoundingClientRect().bottom,
    figures_bottom: page.querySelector(".use .tiles").getBoundingClientRect().bottom,
    sorted: sorted,
  };
}
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    files = write_study(tmp_path_factory.mktemp("study"), gain=18.0)
    results = read_results(files, PROPERTY, MAIN)
    figures = {name: draw_figure(name, results) for name in FIGURES}
    return build_report(inputs_of(files, figures))


@pytest.fixture(scope="module")
def phone(page, tmp_path_factory):
    return measure_page(page, MEASURE, tmp_path_factory.mktemp("phone"), 375)


@pytest.fixture(scope="module")
def desktop(page, tmp_path_factory):
    return measure_page(page, MEASURE, tmp_path_factory.mktemp("desktop"), 1280)


@pytest.fixture(params=["phone", "desktop"])
def shown(request):
    return request.getfixturevalue(request.param)


def test_nothing_sticks_out_to_the_right(shown):
    found, _ = shown
    assert found["width"] in (375, 1280)
    assert found["scroll_width"] == found["width"]
    assert found["wide"] == []


def test_every_picture_is_drawn(shown, page):
    found, _ = shown
    assert found["images"] == page.count("<img ") >= len(FIGURES)
    assert found["blank"] == 0
    assert found["squeezed"] == 0


def test_console_is_silent_and_nothing_is_loaded(shown):
    found, console = shown
    assert console == []
    assert [name for name in found["loaded"] if not name.startswith("data:")] == []


def test_model_to_use_and_verdict_are_on_the_first_screen(phone, desktop):
    assert phone[0]["figures_bottom"] < 812  # an ordinary phone held upright
    assert desktop[0]["verdict_bottom"] < 900


def test_click_on_a_heading_sorts_up_and_then_down(desktop):
    (first, up), (second, down) = desktop[0]["sorted"]
    assert (first, second) == ("ascending", "descending")
    assert up == sorted(up)
    assert down == sorted(down, reverse=True)
    assert len(set(up)) > 3


def test_dark_scheme_turns_light_on_dark(page, desktop, tmp_path):
    def lightness(color):
        return sum(map(int, re.findall(r"\d+", color)[:3]))

    dark, console = measure_page(page, MEASURE, tmp_path, 1280, DARK)
    assert console == []
    assert lightness(dark["background"]) < 150 < 500 < lightness(dark["color"])
    assert lightness(desktop[0]["background"]) > 700


def test_measurement_sees_what_is_too_wide_and_what_complains(page, tmp_path):
    """Guard the tests above: a broken page must not pass them."""
    broken = page.replace(
        "<main>",
        '<main><div style="width:900px">wide</div><img src="https://example.invalid/x.png">'
        "<script>1</script>",
    )
    found, console = measure_page(broken, MEASURE, tmp_path, 375)
    assert found["scroll_width"] > 375
    assert found["wide"]
    assert found["blank"] == 1
    assert console
