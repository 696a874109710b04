"""The page that draws what monomers become."""

import re
from types import SimpleNamespace

import pytest
from browser import IN_BROWSER, measure_page
from hostile_text import TEXTS, harmless

from confaug.molecules.cleaning import clean_molecules
from confaug.molecules.cleaning_rules import CleaningRules
from confaug.molecules.reading.records import Record
from confaug.report import polymers as page
from confaug.report.wording.predictions import NOT_DRAWN
from confaug.tables.engine import write_table
from confaug.tables.molecules import LEDGER, MOLECULES

PROPERTY = {"name": "Glass transition", "symbol": "Tg", "unit": "K", "transform": "none"}
CLEANING = {"polymers": "oligomer", "units": 2}
ROWS = {
    "styrene": "C=Cc1ccccc1",
    "butadiene": "C=CC=C",
    "a <b>unit</b>": "*CCO*",
    "lactide": "CC1OC(=O)C(C)OC1=O",
    "ethanol <i>": "CCO",
}


def clean(rows, cleaning=CLEANING):
    records = [
        Record(number, smiles, str(number), name=name)
        for number, (name, smiles) in enumerate(rows, start=2)
    ]
    sections = {"cleaning": cleaning, "property": PROPERTY, "splits": {}}
    return clean_molecules(records, CleaningRules.of(sections))


def build(rows, cleaning=CLEANING):
    done = clean(rows, cleaning)
    return page.build_page(done.molecules, done.ledger, cleaning, PROPERTY)


@pytest.fixture(scope="module")
def html():
    return build(ROWS.items())


def test_the_page_says_what_became_of_every_molecule(html):
    assert "<h1>4 of 5 molecules modelled as polymers</h1>" in html
    assert "a chain of 2 repeat units" in html
    assert html.count('<article class="card conversion">') == 4
    for rule in ("vinyl", "conjugated diene, 1,4-addition", "lactone", "repeat unit as given"):
        assert f"<h3>{rule} (1)</h3>" in html
    assert "also possible: *CC(*)C=C (vinyl)" in html
    assert "1 row modelled as given." in html
    assert "1 hydroxyl" in html


def test_three_structures_are_drawn_of_each(html):
    images = harmless(html).all("img")
    assert len(images) == 12
    assert [image["alt"] for image in images if "lactide" in image["alt"]] == [
        f"Structure of lactide, {role}" for role in ("as given", "repeat unit", "modelled")
    ]
    assert NOT_DRAWN not in html


def test_a_structure_under_several_conditions_is_drawn_once():
    rules = CleaningRules.of(
        {
            "cleaning": CLEANING, "property": PROPERTY, "splits": {},
            "input": {"feature_columns": ["T"], "condition_columns": ["T"]},
        }
    )  # fmt: skip
    records = [Record(n, "C=Cc1ccccc1", str(n), own=(str(n),)) for n in range(2, 7)]
    done = clean_molecules(records, rules)
    assert done.molecules.num_rows == 5
    html = page.build_page(done.molecules, done.ledger, CLEANING, PROPERTY)
    assert "<h1>1 of 1 molecule" in html
    assert html.count('<article class="card conversion">') == 1


def test_names_of_the_user_are_text(html):
    assert "a &lt;b&gt;unit&lt;/b&gt;" in html
    assert "ethanol &lt;i&gt;" in html
    assert not re.findall(r"""(?:src|href)=["'](?!data:)""", html)


#: Tables are UTF-8, which has no half surrogates.
NAMES = [text for text in TEXTS if "\ud800" not in text]


@pytest.mark.parametrize("start", range(0, len(NAMES), 9))
def test_hostile_names_do_no_harm(start):
    names = NAMES[start : start + 9]
    harmless(build([(name, "C=C" + "C" * number) for number, name in enumerate(names)]))


def test_the_same_molecules_give_the_same_page(html):
    assert build(ROWS.items()) == html


def test_of_many_molecules_each_rule_is_drawn_and_the_number_is_said(monkeypatch):
    monkeypatch.setattr(page, "MOST_DRAWN", 4)
    monkeypatch.setattr(page, "MOST_ROWS", 2)
    rows = [(f"acrylate {n:02d}", f"C=CC(=O)O{'C' * n}") for n in range(1, 11)]
    rows += [("butadiene", "C=CC=C"), ("lactide", "CC1OC(=O)C(C)OC1=O")]
    rows += [(f"alkane {n}", "C" * n) for n in range(2, 6)]
    html = build(rows)
    assert html.count('<article class="card conversion">') == 4
    assert "<h3>vinyl (2 of 10)</h3>" in html
    assert "4 of 12 molecules with a repeat unit are drawn" in html
    assert "4 rows modelled as given; the first 2 are shown." in html


def test_what_is_too_large_is_not_drawn(monkeypatch):
    monkeypatch.setattr(page, "LARGEST_DRAWING", 10)
    html = build([("styrene", "C=Cc1ccccc1")])
    assert html.count(NOT_DRAWN) == 3
    assert "<img" not in html


def test_a_table_without_any_polymer_has_a_page():
    html = build([("ethanol", "CCO"), ("ethane", "CC")], {"polymers": "repeat_unit", "units": 3})
    assert "<h1>0 of 2 molecules modelled as polymers</h1>" in html
    assert "one repeat unit of the polymer" in html


def test_the_script_writes_the_page(tmp_path, html):
    import draw_polymers

    done = clean(ROWS.items())
    write_table(done.molecules, tmp_path / "molecules.csv", MOLECULES)
    write_table(done.ledger, tmp_path / "ledger.csv", LEDGER)
    job = SimpleNamespace(
        input=SimpleNamespace(
            molecules=str(tmp_path / "molecules.csv"), ledger=str(tmp_path / "ledger.csv")
        ),
        output=SimpleNamespace(html=str(tmp_path / "polymers.html")),
        params=SimpleNamespace(settings={"cleaning": CLEANING, "property": PROPERTY}),
    )
    draw_polymers.main(job)
    assert (tmp_path / "polymers.html").read_text(encoding="utf-8") == html


class TestInBrowser:
    pytestmark = IN_BROWSER

    def test_pictures_have_a_size_on_a_phone_and_nothing_overflows(self, html, tmp_path):
        script = (
            "function measure(d, w) { return {"
            "wide: d.documentElement.scrollWidth, inner: w.innerWidth,"
            "images: [...d.images].filter(i => i.naturalWidth > 0).length,"
            "} }"
        )
        found, _ = measure_page(html.replace(' loading="lazy"', ""), script, tmp_path, 380)
        assert found["wide"] <= found["inner"]
        assert found["images"] == 12
