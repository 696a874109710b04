"""The page of predictions in headless Chromium: what stands first is seen, and filters filter."""

import pyarrow as pa
import pytest
from browser import DARK, IN_BROWSER, measure_page
from prediction_page import make_predictions

from confaug.report.predictions import build_page
from confaug.report.wording.domain import FLAG_WORDS

pytestmark = IN_BROWSER
ROWS = 60
FLAG = "unlike_training"
MEASURE = (
    """
const flag = "="""
    + FLAG_WORDS[FLAG]
    + """";
function measure(page, view) {
  const width = page.documentElement.clientWidth;
  const filters = page.querySelector(".filters");
  const inputs = {};
  for (const input of filters.querySelectorAll("[data-filter]")) {
    inputs[input.dataset.filter] = input;
  }
  const table = page.querySelector("#predictions table");
  const headings = [...table.tHead.rows[0].cells];
  function names() {
    return [...table.tBodies[0].rows]
      .filter(function (row) { return row.checkVisibility(); })
      .map(function (row) { return row.cells[0].dataset.value; });
  }
  function filtered(values) {
    filters.querySelector("button").click();
    for (const [name, value] of Object.entries(values)) {
      inputs[name].value = value;
      inputs[name].dispatchEvent(new Event("input", { bubbles: true }));
    }
    return [names(), filters.querySelector("[role=status]").textContent];
  }
  const found = {
    width: width,
    scroll_width: page.documentElement.scrollWidth,
    wide: [...page.body.querySelectorAll("*")].filter(function (element) {
      return !element.closest(".scroll, pre") && element.getBoundingClientRect().right > width + 1;
    }).length,
    blank: [...page.images].filter(function (image) { return !image.naturalWidth; }).length,
    images: page.images.length,
    right: headings.slice(0, 4).map(function (h) { return h.getBoundingClientRect().right; }),
    room: [table.closest(".scroll").scrollWidth, table.closest(".scroll").clientWidth],
    frame: table.closest(".scroll").getBoundingClientRect().right,
    loaded: view.performance.getEntriesByType("resource").map(function (r) { return r.name; }),
    nameless: Object.values(inputs).filter(function (input) {
      return !input.labels.length || !input.labels[0].textContent.trim();
    }).length,
    color: view.getComputedStyle(inputs.text).color,
    background: view.getComputedStyle(inputs.text).backgroundColor,
    all: filtered({}),
    text: filtered({ text: " N1 " }),
    smiles: filtered({ text: "fc(f)" }),
    flag: filtered({ flag: flag }),
    none: filtered({ flag: "none" }),
    some: filtered({ flag: "some" }),
    range: filtered({ low: "310", high: "320.5" }),
    both: filtered({ low: "330", flag: "some" }),
    nothing: filtered({ text: "no such name" }),
    again: filtered({}),
  };
  headings[1].querySelector("button").click();
  headings[1].querySelector("button").click();
  found.sorted = filtered({ low: "350" })[0];
  return found;
}
"""
)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Sixty rows with predictions from 300 up; every tenth has a flag."""
    predictions, predictor = make_predictions(tmp_path_factory.mktemp("made"))
    rows = [row for row in predictions.to_pylist() if row["status"] == "predicted"]
    lines = []
    for i in range(ROWS):
        flagged = i % 10 == 0
        lines.append(
            {
                **next(row for row in rows if (row["smiles"][0] == "F") == (i == 7)),
                **dict.fromkeys(FLAG_WORDS, False),
                "row": i,
                "molecule": f"m{i}",
                "name": f"n{i}",
                "prediction": 300.0 + i,
                "flags": FLAG_WORDS[FLAG] if flagged else None,
                FLAG: flagged,
            }
        )
    table = pa.Table.from_pylist(lines, schema=predictions.schema)
    return build_page(table, predictor, "new.csv")


@pytest.fixture(scope="module")
def desktop(page, tmp_path_factory):
    return measure_page(page, MEASURE, tmp_path_factory.mktemp("desktop"), 1280)


def test_what_is_asked_first_is_seen_without_scrolling(desktop):
    found, _ = desktop
    assert max(found["right"]) <= found["frame"] <= found["width"] == 1280


def test_the_table_fits_a_desktop(desktop):
    content, room = desktop[0]["room"]
    assert content <= room


def test_nothing_sticks_out_and_every_structure_is_drawn(desktop, page, tmp_path):
    for found, console in (desktop, measure_page(page, MEASURE, tmp_path, 375)):
        assert found["scroll_width"] == found["width"]
        assert found["wide"] == 0
        assert found["images"] == page.count("<img ") > 12
        assert found["blank"] == 0
        assert console == []
        assert [name for name in found["loaded"] if not name.startswith("data:")] == []


def test_filters_show_the_rows_that_are_asked_for(desktop):
    found, _ = desktop
    every = [f"n{i}" for i in range(ROWS)]
    flagged = every[::10]
    expected = {
        "all": every,
        "text": [name for name in every if name.startswith("n1")],
        "smiles": ["n7"],
        "flag": flagged,
        "some": flagged,
        "none": [name for name in every if name not in flagged],
        "range": every[10:21],
        "both": ["n30", "n40", "n50"],
        "nothing": [],
        "again": every,
    }
    for name, rows in expected.items():
        assert found[name] == [rows, f"{len(rows)} of {ROWS} rows"], name
    assert found["sorted"] == every[:49:-1], "rows that are filtered stay sorted"


def test_every_filter_has_a_label(desktop):
    assert desktop[0]["nameless"] == 0


def test_filters_are_readable_in_the_dark(page, tmp_path):
    found, console = measure_page(page, MEASURE, tmp_path, 1280, DARK)
    light, dark = (
        sum(int(part) for part in found[key].strip("rgb()").split(",")[:3])
        for key in ("color", "background")
    )
    assert dark < 150 < 500 < light
    assert console == []


def test_without_a_script_there_is_a_plain_table(page):
    body = page[: page.index("<script>")]
    assert 'data-table="predictions" hidden>' in body
    assert body.count('<tr class="marked">') == ROWS // 10
    assert " hidden><td" not in body


LIVE = """
function measure(page, view) {
  const figure = page.querySelector("figure.live");
  const marks = [...figure.querySelectorAll(".mark")];
  const tip = page.querySelector(".tip");
  figure.scrollIntoView({ behavior: "instant" });
  marks[0].focus();
  const first = tip.textContent;
  const key = new view.KeyboardEvent("keydown", { key: "End", bubbles: true });
  marks[0].dispatchEvent(key);
  const drawn = tip.querySelector("img") !== null;
  return { marks: marks.length, first: first, last: tip.textContent, drawn: drawn };
}
"""


@pytest.mark.parametrize("width", [375, 1280])
def test_marks_say_which_molecules_they_are(page, tmp_path, width):
    found, console = measure_page(page, LIVE, tmp_path, width)
    assert console == []
    assert (found["marks"], found["drawn"]) == (ROWS, True)
    assert found["first"].startswith("n0predicted 300")
    assert FLAG_WORDS[FLAG] in found["first"]
    assert found["last"].startswith(f"n{ROWS - 1}predicted 359")
    assert "nearest in training: " in found["last"]
