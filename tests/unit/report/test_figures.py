"""Every figure says what its tables say, in equal bytes for equal data, or why it says nothing."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import docutils.core
import draw_figures
import pytest
from new_python import run_python
from report_page import with_rows
from synthetic_study import HOSTILE, MAIN, PROPERTY, write_study

from confaug.infrastructure.text import shorten
from confaug.report.figures import catalog
from confaug.report.figures.drawing import DRAW, draw_figure
from confaug.report.figures.learning import _spaced_labels
from confaug.report.figures.model_explanation import explained_quantity
from confaug.report.figures.style import VERDICTS
from confaug.report.results import read_results
from confaug.report.sections.model_explanation import UnderstandingView, understanding_section
from confaug.report.worst_molecules import worst_molecules

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("study"), gain=3.0)


@pytest.fixture(scope="module")
def results(study):
    return read_results(study, PROPERTY, MAIN)


@pytest.fixture(scope="module")
def drawn(results):
    return {name: draw_figure(name, results) for name in catalog.FIGURES}


def parse(svg):
    return ET.fromstring(svg)


def shown(svg):
    """Return the texts that a figure shows, one per line."""
    return "\n".join("".join(text.itertext()) for text in parse(svg).iter(f"{SVG}text"))


def alt(svg):
    return parse(svg).findtext(f"{SVG}desc")


@pytest.mark.parametrize("name", catalog.FIGURES)
def test_figure_is_svg_with_title_and_description(name, drawn):
    root = parse(drawn[name])
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == catalog.FIGURES[name].title
    assert len(alt(drawn[name])) > 40
    assert len(list(root.iter(f"{SVG}path"))) > 3


@pytest.mark.parametrize("name", catalog.FIGURES)
def test_figure_neither_loads_nor_dates_anything(name, drawn):
    links = [
        value
        for element in parse(drawn[name]).iter()
        for key, value in element.attrib.items()
        if key.endswith("href") or "url(" in value
    ]
    assert all(link.startswith("#") or "url(#" in link for link in links)
    assert "<dc:date>" not in drawn[name]


def test_other_process_hash_seed_and_folder_draw_the_same_bytes(study, drawn, tmp_path):
    names = ["variants", "parity", "health", "worst_molecules"]
    code = (
        "import json, sys, pathlib\n"
        "from confaug.report.figures.drawing import draw_figure\n"
        "from confaug.report.results import read_results\n"
        "files, prop, main, names = json.loads(sys.argv[1])\n"
        "results = read_results(files, prop, main)\n"
        "for n in names: pathlib.Path(n).write_text(draw_figure(n, results), encoding='utf-8')\n"
    )
    argument = json.dumps([study, PROPERTY, MAIN, names])
    run_python(code, argument, cwd=tmp_path, PYTHONHASHSEED="99", LC_ALL="C")
    for name in names:
        assert (tmp_path / name).read_text(encoding="utf-8") == drawn[name]


def test_order_of_rows_does_not_matter(results, drawn):
    names = ("health", "importance", "learning_curves", "domain", "row_splits")
    other = with_rows(results, **{name: results[name][::-1] for name in names})
    for name in ("importance", "enough_conformers", "enough_molecules"):
        assert draw_figure(name, other) == drawn[name]


def test_variants_are_told_best_first(results, drawn):
    best = min(results["variants"], key=lambda row: row["mae"])
    expected = f"best first: {best['variant']} {best['mae']:.1f} K"
    assert expected in alt(drawn["variants"])


def test_differences_carry_their_verdict(results, drawn):
    rows = [row for row in results["differences"] if row["reference"] == "lightgbm_2d"]
    told = alt(drawn["differences"])
    for row in rows:
        sign = "+" if row["difference"] >= 0 else "−"
        assert f"{row['variant']} {sign}{abs(row['difference']):.1f} K" in told
    assert told.count("(") == len(rows)


def test_verdicts_differ_in_mark_and_colour():
    colours, marks, words = zip(*VERDICTS.values(), strict=True)
    assert len(set(colours)) == len(set(marks)) == len(set(words)) == 3


def test_parity_counts_what_the_intervals_cover(results, drawn):
    covered = [row["covered"] for row in results["intervals"]]
    text = shown(drawn["parity"])
    assert f"label within the interval ({sum(covered)})" in text
    assert f"label outside ({len(covered) - sum(covered)})" in text
    assert "Measured Tg (K)" in text


def test_hopeless_variant_does_not_squeeze_the_others(results):
    rows = [
        {**row, "difference": 5000.0, "low": 4000.0, "high": 6000.0}
        if row["variant"] == "constant"
        else row
        for row in results["differences"]
    ]
    other = with_rows(results, differences=rows)
    text = shown(draw_figure("differences", other))
    assert "+5000.0 K →" in text
    assert "4000" not in text


def test_shap_values_of_logarithms_are_in_decades(study):
    results = read_results(study, {**PROPERTY, "transform": "log10"}, MAIN)
    assert explained_quantity(results.quantity).with_unit("x") == "x (decades)"
    section = understanding_section(UnderstandingView.of(results))
    assert "decades on average" in section.importance
    assert "Mean |SHAP value| (decades)" in [words for words, *_ in section.descriptors.headings]


def test_logarithmic_property_gets_logarithmic_axes(results):
    positive = {"label": 1e-6, "prediction": 2e-3, "low": 1e-4, "high": 1e-1}
    rows = [{**row, **positive} for row in results["intervals"]]
    quantity = replace(results.quantity, logarithmic=True)
    other = replace(with_rows(results, intervals=rows), quantity=quantity)
    ticks = shown(draw_figure("parity", other)).split("\n")
    assert {"1e−05", "0.0001", "0.001", "0.01"} <= set(ticks)


@pytest.mark.parametrize("name", [name for name in DRAW if name != "variants"])
def test_empty_tables_give_a_sentence_instead(name, results):
    empty = {key: table.slice(0, 0) for key, table in results.tables.items()}
    svg = draw_figure(name, replace(results, tables=empty))
    assert alt(svg).endswith(".")
    assert " ".join(shown(svg).split()) == alt(svg)


def test_one_replicate_and_unlabelled_molecules_are_drawn(tmp_path):
    files = write_study(tmp_path, replicates=1)
    results = read_results(files, PROPERTY, MAIN)
    blank = {"label": None, "covered": None}
    rows = [{**row, **(blank if i < 3 else {})} for i, row in enumerate(results["intervals"])]
    other = with_rows(results, intervals=rows)
    assert f"of {len(rows) - 3} held-out" in alt(draw_figure("parity", other))
    assert len(alt(draw_figure("coverage", other))) > 40
    assert len(alt(draw_figure("variants", other))) > 40


def test_hostile_names_stay_text(drawn):
    for svg in drawn.values():
        assert not list(parse(svg).iter(f"{SVG}script"))
        assert HOSTILE[0] not in svg


def test_worst_molecules_are_those_with_the_largest_errors(results):
    errors = {
        row["molecule"]: abs(row["prediction"] - row["label"])
        for row in results["predictions"]
        if row["part"] == "test"
    }
    worst = worst_molecules(results)
    assert [one.molecule for one in worst] == sorted(errors, key=errors.get, reverse=True)[:6]
    train = {row["molecule"] for row in results["split"] if row["part"] == "train"}
    for one in worst:
        assert abs(one.error) == pytest.approx(errors[one.molecule])
        assert {near.molecule for near in one.neighbours} <= train


def test_domain_is_judged_on_held_out_molecules_only(results, drawn):
    trained = next(row["molecule"] for row in results["split"] if row["part"] == "train")
    rows = [*results["domain"], {**results["domain"][0], "molecule": trained}]
    other = with_rows(results, domain=rows)
    assert draw_figure("domain", other) == drawn["domain"]


def test_no_held_out_label_gives_a_sentence(results):
    other = with_rows(results, predictions=[])
    assert alt(draw_figure("worst_molecules", other)) == "No held-out molecule has a label."


def test_catalog_knows_what_can_be_drawn(study):
    assert catalog.drawable(study) == list(catalog.FIGURES)
    assert "y_randomisation" not in catalog.drawable(set(study) - {"y_randomisation"})


def test_catalog_needs_no_heavy_library():
    code = (
        "import sys, confaug.report.figures.catalog\n"
        "print(sorted({'matplotlib', 'numpy', 'rdkit', 'pandas', 'pyarrow'} & set(sys.modules)))"
    )
    assert run_python(code).strip() == "[]"


@pytest.mark.parametrize("name", catalog.FIGURES)
def test_caption_is_plain_text_that_both_reports_can_show(name):
    text = catalog.caption(name)
    assert text.endswith(".")
    assert len(text) > 60
    source = (catalog.CAPTIONS / f"{name}.rst").read_text(encoding="utf-8")
    parts = docutils.core.publish_parts(
        source, writer="html5", settings_overrides={"halt_level": 2, "report_level": 2}
    )
    assert parts["body"].count("<p>") == 1
    assert "<" not in parts["body"].replace("<p>", "").replace("</p>", "")


def test_no_caption_without_a_figure():
    captions = {path.stem for path in catalog.CAPTIONS.glob("*.rst")}
    assert set(catalog.FIGURES) <= captions
    assert all(Path(path).is_file() for path in catalog.report_sources())


def test_script_draws_the_outputs_it_is_asked_for(study, drawn, tmp_path):
    asked = {name: str(tmp_path / f"{name}.svg") for name in ("variants", "tuning")}
    snakemake = SimpleNamespace(
        input=study,
        output=asked,
        params=SimpleNamespace(settings={"code": "0", "property": PROPERTY, "main": MAIN}),
    )
    draw_figures.main(snakemake)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tuning.svg", "variants.svg"]
    assert Path(asked["tuning"]).read_text(encoding="utf-8") == drawn["tuning"]


def test_neighbouring_ticks_do_not_write_over_each_other():
    assert _spaced_labels([1, 3, 10, 30, 100, 120], list("abcdef")) == ["a", "b", "c", "d", "", "f"]
    assert _spaced_labels([18, 35, 52, 70], list("abcd")) == list("abcd")
    assert _spaced_labels([5], ["5"]) == ["5"]


def test_long_names_keep_both_ends():
    short = shorten("augmented_" + "x" * 50 + "_3d", 20)
    assert len(short) == 20
    assert short.startswith("augmented_")
    assert short.endswith("_3d")
