"""The report as headless Chromium shows it: nothing cut off, nothing missing, nothing loaded."""

import re

import pytest
from browser import DARK, IN_BROWSER, measure_page
from report_page import inputs_of
from synthetic_study import MAIN, PROPERTY, write_study

from confaug.report.figures.catalog import FIGURES
from confaug.report.figures.drawing import draw_figure
from confaug.report.page import build_report
from confaug.report.printing import print_page
from confaug.report.results import read_results

pytestmark = IN_BROWSER
MEASURE = """
function width_of_table(page) {
  const frame = page.querySelector("#variants .scroll");
  return [frame.scrollWidth, frame.clientWidth];
}
function measure(page, view) {
  view.unfolded = !page.title.startsWith("folded");
  for (const section of page.querySelectorAll("details.section")) {
    section.open = view.unfolded;
  }
  const width = page.documentElement.clientWidth;
  const wide = [...page.body.querySelectorAll("*")].filter(function (element) {
    if (element.closest(".scroll, pre, details:not([open])")) return false;
    return element.getBoundingClientRect().right > width + 1;
  });
  const images = [...page.images];
  const heading = [...page.querySelectorAll("#variants th button")][1];
  const errors = function () {
    const rows = heading.closest("table").tBodies[0].rows;
    return [...rows].map(function (row) { return Number(row.cells[1].dataset.value); });
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
    table: width_of_table(page),
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


def test_nothing_sticks_out_to_the_right(shown, page, tmp_path):
    found, _ = shown
    assert found["width"] in (375, 1280)
    folded, _ = measure_page(page.replace("<title>", "<title>folded "), MEASURE, tmp_path, 375)
    assert (folded["scroll_width"], folded["wide"]) == (375, [])
    assert found["scroll_width"] == found["width"]
    assert found["wide"] == []


def test_the_first_layer_is_printed_on_one_page(page, tmp_path):
    first, rest = page.split("<main>")
    (tmp_path / "first.html").write_text(first + rest.split("</main>")[1])
    print_page(tmp_path / "first.html", tmp_path / "first.pdf")
    assert re.search(rb"/Count 1\b", (tmp_path / "first.pdf").read_bytes())


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


def test_the_table_of_variants_fits_a_desktop(desktop):
    content, room = desktop[0]["table"]
    assert content <= room


LAYERS = """
function measure(page, view) {
  const sections = [...page.querySelectorAll("details.section")];
  const open = function () { return sections.filter((one) => one.open).length; };
  const button = page.querySelector(".open-all");
  const found = { sections: sections.length, before: open(), hidden: button.hidden };
  found.says = [button.textContent];
  button.click();
  found.all = open();
  found.says.push(button.textContent);
  button.click();
  found.none = open();
  page.querySelector('nav a[href="#leakage"]').click();
  found.target = sections.filter((one) => one.open).map((one) => one.parentElement.id);
  view.dispatchEvent(new view.Event("beforeprint"));
  found.printed = open();
  view.dispatchEvent(new view.Event("afterprint"));
  found.after = open();
  const word = page.querySelector("dfn");
  word.focus();
  const tip = page.querySelector(".tip");
  const box = tip.getBoundingClientRect();
  found.word = [page.activeElement === word, tip.hidden, tip.textContent, word.dataset.meaning];
  found.inside = box.left >= 0 && box.right <= page.documentElement.clientWidth;
  word.blur();
  found.gone = tip.hidden;
  return found;
}
"""


@pytest.mark.parametrize("width", [375, 1280])
def test_second_layer_opens_as_asked_and_words_are_explained(page, tmp_path, width):
    found, console = measure_page(page, LAYERS, tmp_path, width)
    assert console == []
    number = found["sections"]
    assert number > 12
    assert (found["hidden"], found["before"], found["all"], found["none"]) == (False, 0, number, 0)
    assert found["says"] == ["Open all sections", "Close all sections"]
    assert found["target"] == ["leakage"]
    assert (found["printed"], found["after"]) == (number, 1)
    focused, hidden, said, meaning = found["word"]
    assert focused
    assert not hidden
    assert said == meaning
    assert found["inside"]
    assert found["gone"]


LIVE = """
function measure(page, view) {
  const plane = page.querySelector("#parity-figure .plane");
  const points = JSON.parse(plane.closest("figure").dataset.points);
  const marks = [...plane.querySelectorAll(".mark")];
  const tip = page.querySelector(".tip");
  plane.scrollIntoView({ behavior: "instant" });
  const said = function () { return tip.hidden ? null : tip.textContent; };
  const at = function (place) {
    const box = plane.getBoundingClientRect();
    return {
      clientX: box.left + points[place].x * box.width / 100 + 1,
      clientY: box.top + points[place].y * box.height / 100,
      pointerType: "mouse", bubbles: true,
    };
  };
  const press = function (key) {
    const event = new view.KeyboardEvent("keydown", { key: key, bubbles: true });
    page.activeElement.dispatchEvent(event);
    return [marks.indexOf(page.activeElement), said()];
  };
  const found = { marks: marks.length, points: points.length, before: said(), expected: [] };
  for (const point of points) found.expected.push(point.name + point.lines.join(""));
  plane.dispatchEvent(new view.PointerEvent("pointermove", at(3)));
  found.pointed = said();
  const box = tip.getBoundingClientRect();
  found.inside = box.left >= 0 && box.right <= page.documentElement.clientWidth;
  found.drawing = tip.querySelector("img").src.slice(0, 18);
  plane.dispatchEvent(new view.PointerEvent("pointerleave", { pointerType: "mouse" }));
  found.left = said();
  plane.dispatchEvent(new view.PointerEvent("pointerdown", { ...at(1), pointerType: "touch" }));
  plane.dispatchEvent(new view.PointerEvent("pointerleave", { pointerType: "touch" }));
  found.tapped = said();
  found.stops = marks.filter(function (mark) { return mark.tabIndex === 0; }).length;
  found.labelled = marks.every(function (mark, place) {
    return mark.getAttribute("aria-label").startsWith(points[place].name);
  });
  marks[0].focus();
  found.focused = said();
  found.right = press("ArrowRight");
  found.end = press("End");
  found.escaped = press("Escape")[1];
  found.bold = page.querySelectorAll(".tip script, .tip b b").length;
  return found;
}
"""


@pytest.mark.parametrize("width", [375, 1280])
def test_marks_of_the_parity_plot_say_which_molecule_they_are(page, tmp_path, width):
    found, console = measure_page(page, LIVE, tmp_path, width)
    assert console == []
    said = found["expected"]
    assert found["marks"] == found["points"] == len(said) > 8
    assert (found["before"], found["left"], found["escaped"]) == (None, None, None)
    # A mark next to it may lie nearer to the pointer.
    assert found["pointed"] in said
    assert found["tapped"] in said
    assert found["inside"]
    assert found["drawing"] == "data:image/svg+xml"
    assert (found["stops"], found["labelled"]) == (1, True)
    assert found["focused"] == said[0]
    assert found["right"] == [1, said[1]]
    assert found["end"] == [len(said) - 1, said[-1]]
    for words in ("measured ", "predicted ", "interval ", "nearest in training: "):
        assert words in said[0]
    assert found["bold"] == 0


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
