"""The report says what the study found, needs nothing but itself, and trusts no text."""

import base64
import csv
import hashlib
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
import write_report
import yaml
from report_page import ROOT, Page, inputs_of, with_rows
from synthetic_study import HOSTILE, MAIN, PROPERTY, write_study

from confaug.evaluation import outlook as outlooks
from confaug.evaluation.comparison import HELPED, HURT, NO_DIFFERENCE
from confaug.evaluation.outlook import Outlook
from confaug.evaluation.verdict import NOT_ASKED
from confaug.infrastructure.job import FINISHED
from confaug.report import accounting
from confaug.report.figures.catalog import FIGURES
from confaug.report.figures.drawing import draw_figure
from confaug.report.glossary import explain_terms
from confaug.report.next_steps import next_steps
from confaug.report.page import build_report
from confaug.report.results import read_results
from confaug.report.sections.enough import EnoughView, enough_section
from confaug.report.sections.limits import LimitsView, limits_section
from confaug.report.summary import SummaryView, conclusion, notices
from confaug.report.tables import Field, csv_link, make_table, own_names
from confaug.report.wording import next_steps as words_of_steps
from confaug.report.wording.full_verdict import AUGMENTATION_TO_COME, NO_CONFORMERS, verdict_words
from confaug.report.wording.glossary import GLOSSARY
from confaug.report.wording.headline import HEADLINES, NOT_YET, headline
from confaug.report.wording.limits import SEE_EXTRAPOLATION
from confaug.report.wording.recommendation import BEST, BEST_SO_FAR, USE
from confaug.trust.coverage import coverage_summary

SECTIONS = (
    *("verdict", "data", "parity", "variants", "enough", "leakage", "chance", "intervals"),
    *(
        "domain",
        "extrapolation",
        "importance",
        "worst",
        "label-outliers",
        "tuning",
        "provenance",
        "cite",
        "limits",
    ),
    "glossary",
)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("study"), gain=18.0)


@pytest.fixture(scope="module")
def inputs(study):
    results = read_results(study, PROPERTY, MAIN)
    figures = {name: draw_figure(name, results) for name in FIGURES}
    return replace(inputs_of(study, figures), parity={MAIN: figures["parity"]})


@pytest.fixture(scope="module")
def html(inputs):
    return build_report(inputs)


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def heading(html):
    """Return the heading of the verdict."""
    return re.search(r'<div class="verdict .*?<h2>(.*?)</h2>', html, re.DOTALL).group(1)


def first_heading(html):
    return re.search(r"<h1 [^>]*>(.*?)</h1>", html).group(1)


def with_verdict(inputs, verdict, **changes):
    document = {**inputs.results.document("verdict"), "verdict": verdict, **changes}
    documents = {**inputs.results.documents, "verdict": document}
    return replace(inputs, results=replace(inputs.results, documents=documents))


def test_the_model_to_use_is_the_first_thing_said_and_the_verdict_the_second(study, html):
    verdict = json.loads(Path(study["verdict"]).read_text(encoding="utf-8"))
    assert verdict["verdict"] == HELPED
    assert first_heading(html) == "Use this model"
    assert heading(html) == "Conformer augmentation helped"
    assert html.index("<h1") < html.index('<div class="verdict') < html.index("<nav")


def test_the_table_to_predict_has_the_own_columns_that_the_model_reads(inputs, html):
    plain = "To predict new molecules, list their SMILES in a table and run"
    assert plain in html
    config = {**inputs.config, "input": {**inputs.config["input"], "feature_columns": ["<T>"]}}
    assert plain in build_report(replace(inputs, config=config)), "the model reads none"
    own = {
        name: {**entry, "representation": ["own_columns"]}
        for name, entry in config["variants"].items()
    }
    found = build_report(replace(inputs, config={**config, "variants": own}))
    assert "list their SMILES and a value of &#39;&lt;T&gt;&#39; in a table and run" in found


@pytest.mark.parametrize(
    ("gain", "expected"), [(0.0, NO_DIFFERENCE), (-30.0, HURT)], ids=["none", "loss"]
)
def test_no_benefit_is_said_at_the_top(tmp_path, gain, expected):
    inputs = inputs_of(write_study(tmp_path, gain=gain, optional=False))
    assert inputs.results.document("verdict")["verdict"] == expected
    html = build_report(inputs)
    assert heading(html) == HEADLINES[expected]
    assert 'class="verdict ' + expected in html
    assert "helped" not in html[: html.index("<main>")].split("</style>")[1]


def test_question_that_was_not_asked_is_not_answered(inputs):
    html = build_report(with_verdict(inputs, "not_asked", comparisons={"controls": []}))
    assert heading(html) == HEADLINES["not_asked"]


def test_one_split_is_called_one_split(tmp_path):
    html = build_report(inputs_of(write_study(tmp_path, replicates=1, gain=18.0)))
    assert heading(html).endswith(", on one random split")
    assert "run several replicates" in first_screen(html)


def test_a_property_over_decades_is_judged_in_decades_beside_its_unit(inputs):
    results = inputs.results
    found = {MAIN: {"held_out": 0.5, "out_of_fold": 0.25}, "recommended": {"held_out": 0.4}}
    rows = [{**row, "low": 1e-3, "high": 1e-3 * 10.0**1.4} for row in results["intervals"]]
    judged = with_rows(with_verdict(inputs, HELPED, decades=found).results, intervals=rows)
    other = replace(judged, quantity=replace(results.quantity, logarithmic=True))
    html = build_report(replace(inputs, results=other))
    shown = first_screen(html)
    assert "largest labels dominate" in shown
    assert f"0.50 decades (a factor of 3.16) for {MAIN}" in shown
    assert "the mean error of the logarithm is 0.40 decades" in shown
    assert "factor of 5.01" in shown
    assert "±" not in shown
    assert "MAE of log10 out of fold" in html
    assert '<td class="number" data-value="0.25">0.25</td>' in html
    assert "decades" not in first_screen(build_report(inputs))


@pytest.mark.parametrize(("fixed", "word"), [(40, "one fixed split"), (9, "one partly fixed")])
def test_replicates_of_a_fixed_split_are_called_one_split(tmp_path, fixed, word):
    html = build_report(inputs_of(write_study(tmp_path, replicates=3, gain=18.0, fixed=fixed)))
    assert f", on {word}" in heading(html)
    assert word in first_screen(html)
    assert "random split" not in html
    assert "without input.split_column" in first_screen(html)


def first_screen(html):
    return Page(html[: html.index("<main>")]).words


def screen_of(folder, **options):
    return first_screen(build_report(inputs_of(write_study(folder, optional=False, **options))))


def test_a_plain_model_with_the_lowest_error_is_recommended_by_name(tmp_path):
    screen = screen_of(tmp_path, errors={"extra_trees_2d": 12.0})
    named = "Use this model Extremely randomised trees on mordred's 2D descriptors extra_trees_2d"
    assert named in screen
    assert "It has the lowest cross-validation error" in screen
    assert "times chosen by cross-validation, in each of 3 random splits" in screen
    assert HEADLINES[NO_DIFFERENCE] in screen
    assert "have shown no benefit here" in screen


def test_a_better_augmented_model_is_recommended(tmp_path):
    screen = screen_of(tmp_path, gain=30.0)
    assert (
        "LightGBM on mordred's 2D descriptors and the 3D descriptors of every conformer" in screen
    )
    assert "needs no conformers" not in screen


def changed(inputs, **facts):
    """Change what is recommended."""
    document = {**inputs.results.document("recommendation"), **facts}
    documents = {**inputs.results.documents, "recommendation": document}
    return replace(inputs, results=replace(inputs.results, documents=documents))


def test_a_cheaper_model_says_by_how_much_it_is_worse(inputs):
    other = {"name": MAIN, "error": 19.0, "difference": -1.25, "standard_error": 1.5}
    facts = {"model": "lightgbm_2d", "members": ["lightgbm_2d"], "error": 20.25}
    facts |= {"needs_conformers": False, "runner_up": other, "chosen": [MAIN, "lightgbm_2d", MAIN]}
    screen = first_screen(build_report(changed(inputs, **facts)))
    assert "LightGBM on mordred's 2D descriptors lightgbm_2d" in screen
    assert f"That of {MAIN} is 1.2 K lower" in screen
    assert "at most one standard error (1.5 K)" in screen
    assert "it needs no conformers" in screen
    assert (
        f"1 of 3 times chosen by cross-validation, in each of 3 random splits (otherwise {MAIN} 2"
        in (screen)
    )
    assert "does without conformers all the same" in screen


def test_a_single_model_is_preferred_to_a_mean(inputs):
    other = {"name": "consensus", "error": 19.0, "difference": -1.0, "standard_error": 1.5}
    facts = {"model": "lightgbm_2d", "members": ["lightgbm_2d"], "needs_conformers": False}
    consensuses = {"consensus": ["lightgbm_2d", "extra_trees_2d"]}
    facts |= {"consensuses": consensuses, "runner_up": other}
    screen = first_screen(build_report(changed(inputs, **facts)))
    assert "it is one model, not a mean of several" in screen


def test_members_of_a_recommended_consensus_are_named(inputs):
    members = ["extra_trees_2d", "lightgbm_2d"]
    facts = {"model": "consensus", "members": members, "consensuses": {"consensus": members}}
    screen = first_screen(build_report(changed(inputs, **facts)))
    words = (
        "The mean of extremely randomised trees and LightGBM, all on mordred's 2D descriptors "
        "consensus"
    )
    assert words in screen


def test_a_consensus_without_conformers_says_why_it_is_taken(inputs):
    members = ["extra_trees_2d", "lightgbm_2d"]
    other = {"name": "consensus", "error": 19.0, "difference": -1.0, "standard_error": 1.5}
    consensuses = {"consensus": ["extra_trees_2d", MAIN], "consensus_2d": members}
    facts = {"model": "consensus_2d", "members": members, "consensuses": consensuses}
    facts |= {"needs_conformers": False, "runner_up": other, "chosen": ["consensus_2d"] * 3}
    screen = first_screen(build_report(changed(inputs, **facts)))
    assert "all on mordred's 2D descriptors consensus_2d" in screen
    assert "and consensus_2d is cheaper: it needs no conformers" in screen


def test_the_error_of_the_choice_is_the_one_that_is_quoted(inputs, page, html):
    row = inputs.results.variant("recommended")
    interval = f"{row['low']:.1f} to {row['high']:.1f} K"
    quoted = f"{row['mae']:.1f} K mean error on held-out molecules (95% interval {interval})"
    assert quoted in page.words
    assert page.words.count("mean error on held-out molecules (95%") == 1
    constant = inputs.results.variant("constant")
    assert f"{constant['mae']:.1f} K error of always guessing the mean" in page.words
    (line,) = [text for text in conclusion(inputs.summary) if "held-out" in text]
    assert line.strip() == quoted
    coverage = coverage_summary(inputs.results.arrow("coverage"), "recommended")
    assert f"{coverage.coverage:.0%} of held-out molecules lie within their 80%" in page.words


@pytest.mark.parametrize(
    ("files", "named"),
    [([], "config/config.yaml"), (["my study.yaml", "b.yaml"], "'my study.yaml' b.yaml")],
)
def test_the_command_to_predict_can_be_copied(inputs, files, named):
    other = replace(inputs, configfiles=files)
    command = (
        f"snakemake --cores 8 predict --configfile {named} --config 'prediction={{table: new.csv}}'"
    )
    assert command in first_screen(build_report(other))
    assert conclusion(other.summary)[-1].strip() == command


def test_the_command_is_worded_as_in_the_readme(inputs):
    command = conclusion(replace(inputs, configfiles=["my_study.yaml"]).summary)[-1].strip()
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


def test_within_another_workflow_there_is_no_command(inputs):
    screen = first_screen(build_report(replace(inputs, configfiles=None)))
    assert "Use this model" in screen
    assert "snakemake" not in screen


def test_a_model_that_the_configuration_names_is_said_to_predict(inputs):
    prediction = {**inputs.config["prediction"], "model": "extra_trees_2d"}
    other = replace(inputs, config={**inputs.config, "prediction": prediction})
    screen = first_screen(build_report(other))
    assert "prediction.model names another model, extra_trees_2d" in screen
    assert "predict uses it" in screen
    assert "names another model" not in first_screen(build_report(inputs))


def test_flags_are_checked_on_held_out_molecules(inputs, page):
    flagged = [row for row in inputs.results["domain"] if row["flags"]]
    assert f"for {len(flagged)} held-out molecules with a flag" in first_screen(
        build_report(inputs)
    )
    assert page.words.count(f"for {len(flagged)} held-out molecules with a flag") == 3


def test_models_no_better_than_a_constant_are_not_recommended(tmp_path):
    html = build_report(
        inputs_of(write_study(tmp_path, optional=False, errors={"constant": 20.0}, replicates=1))
    )
    assert first_heading(html) == "No model is recommended"
    assert heading(html).startswith(HEADLINES["not_shown"])
    screen = first_screen(html)
    assert screen.index("no evidence that predictions are") < screen.index("with augmentation")
    assert "Use none of these models" in screen
    assert "makes its final model all the same: constant" in screen
    assert "snakemake" not in screen


def test_nothing_is_concluded_from_five_molecules(tmp_path):
    html = build_report(inputs_of(write_study(tmp_path, molecules=5, optional=False, gain=30.0)))
    assert first_heading(html) == "No model is recommended"
    assert heading(html) == HEADLINES["too_few"]
    screen = first_screen(html)
    assert "5 labelled molecules" in screen
    assert "do not rely on any figure" in screen
    assert "makes its final model all the same" in screen
    assert "compared with the same learner" not in screen
    assert "snakemake" not in screen


def test_defaults_that_find_no_split_are_named_beside_their_bar(tmp_path):
    files = write_study(tmp_path, optional=False, one_value=("lightgbm_default_2d",))
    html = build_report(inputs_of(files))
    assert "(finds no split: the same value for all)" in first_screen(html)
    assert "20 rows in every leaf, and 20 training molecules cannot be split that way" in html


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("molecules", "replicates"), [(5, 1), (7, 3)])
def test_a_tiny_study_is_drawn_and_reported_without_a_warning(tmp_path, molecules, replicates):
    files = write_study(tmp_path, molecules=molecules, replicates=replicates)
    inputs = inputs_of(files)
    for name in FIGURES:
        assert draw_figure(name, inputs.results)
    assert build_report(inputs)


@pytest.mark.parametrize(
    ("failed", "scope", "notice"),
    [
        (("dg", "dg_mmff"), ", with 4 of 6 protocols", "dg (40 of 40), dg_mmff (40 of 40)."),
        (
            ("dg", "dg_mmff", "dg_uff", "etkdg", "etkdg_mmff", "etkdg_uff"),
            ", without a single conformer",
            "no conformers at all",
        ),
    ],
    ids=["two", "all"],
)
def test_protocols_that_failed_throughout_are_on_the_first_screen(inputs, failed, scope, notice):
    seeds = range(1, inputs.config["embedding"]["repeats"] + 1)
    rows = [
        {**inputs.results["failures"][0], "molecule": m["molecule"], "protocol": p, "seed": seed}
        for m in inputs.results["molecules"]
        for p in failed
        for seed in seeds
    ]
    other = replace(inputs, results=with_rows(inputs.results, failures=rows))
    html = build_report(other)
    assert heading(html).endswith(scope)
    assert notice in first_screen(html)
    assert notices(SummaryView.of(other.results, other.config)) != []
    assert notices(SummaryView.of(inputs.results, inputs.config)) == []


@pytest.mark.parametrize("found", [0, 3])
def test_connectivity_blocks_on_both_sides_are_not_called_leak_free(inputs, found):
    leakage = inputs.results.document("leakage")
    first, *others = leakage["checks"]
    blocks = {**first, "policy": "report", "violations": found}
    changed = {**leakage, "group_by": "molecule", "checks": [blocks, *others]}
    documents = {**inputs.results.documents, "leakage": changed}
    html = build_report(replace(inputs, results=replace(inputs.results, documents=documents)))
    screen = first_screen(html)
    assert ("No leak" in screen) == ("✓ no leakage found" in html) == (not found)
    assert (f"{found} × shared" in screen) == ("connectivity blocks shared" in html) == bool(found)


def test_labels_that_look_wrong_are_on_the_first_screen(inputs):
    doubtful = {"row": 7, "molecule": "m", "id": None, "name": "Xylene", "label": -999.0}
    doubtful["reason"] = "the label -999 is far from all others"
    facts = {"doubtful": [doubtful, doubtful], "gross_conflicts": 2}
    facts["replicates"] = {"molecules": 12, "scatter": 1.5, "copies": 3}
    documents = {**inputs.results.documents, "labels": facts}
    other = replace(inputs, results=replace(inputs.results, documents=documents))
    shown = first_screen(build_report(other))
    for words in (
        "Xylene, the label -999 is far",
        "1 more",
        "2 molecules were left out",
        "1.5",
        "12 molecules",
    ):
        assert words in shown
    assert len(notices(SummaryView.of(other.results, other.config))) == 2


def test_benefit_that_noise_has_as_well_is_not_praised_as_physics(inputs):
    comparisons = inputs.results.document("verdict")["comparisons"]
    html = build_report(with_verdict(inputs, HELPED, cause="jitter", comparisons=comparisons))
    assert "noise in place of conformers do as well" in html


def test_key_figures_are_those_of_the_tables(inputs, page):
    main = inputs.results.variant(MAIN)
    assert f"{main['mae']:.1f} K" in page.words
    difference = next(
        row
        for row in inputs.results["differences"]
        if (row["variant"], row["reference"]) == (MAIN, "lightgbm_2d")
    )
    assert f"−{abs(difference['difference']):.1f} K" in page.words
    assert f"−{abs(difference['relative_difference']):.1%}" in page.words


def test_sections_stand_in_order_and_are_linked(page):
    found = [attributes.get("id") for attributes in page.all("section")]
    assert [name for name in found if name in SECTIONS] == list(SECTIONS)
    links = {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")}
    assert links <= {*SECTIONS, "parity-figure"}
    assert set(SECTIONS) - links == {"cite"}


def test_headings_are_words_and_not_names_of_columns(html):
    headings = re.findall('<button type="button">(.*?)</button>', html)
    assert len(headings) > 30
    assert not [heading for heading in headings if "_" in heading and "lightgbm" not in heading]


def test_page_refers_to_nothing_outside_itself(html, page):
    for tag, attributes in page.elements:
        for name in ("src", "href", "srcset", "action", "data", "poster"):
            link = attributes.get(name)
            assert link is None or link.startswith(("data:", "#")), (tag, link)
    style = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert not re.search(r"fetch\(|XMLHttpRequest|import\(", page.scripts[0])


def test_only_the_own_script_may_run(page):
    assert len(page.scripts) == 1
    digest = base64.b64encode(hashlib.sha256(page.scripts[0].encode()).digest()).decode()
    policy = next(m["content"] for m in page.all("meta") if "http-equiv" in m)
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy


def test_hostile_names_are_shown_as_text(inputs, page):
    for name in HOSTILE[:2]:
        assert name in page.words
    assert page.words.count("<b>CC</b>") == 1
    assert not page.all("b")[0].get("onclick")
    assert all("alert" not in script for script in page.scripts)


def test_every_figure_is_there_with_an_alternative_text(inputs, page):
    images = page.all("img")
    assert all(len(image["alt"]) > 10 for image in images)
    titles = page.words
    for name in inputs.figures:
        if name != "worst_molecules":  # drawn molecule by molecule
            assert FIGURES[name].title in titles
    svgs = [base64.b64decode(image["src"].split(",")[1]).decode() for image in images]
    assert all(svg.startswith("<svg") for svg in svgs)


def downloads(page):
    found = {}
    for link in page.all("a"):
        if link.get("download", "").endswith(".csv"):
            text = unquote(link["href"].split(",", 1)[1])
            found[link["download"]] = list(csv.DictReader(io.StringIO(text)))
    return found


def test_downloads_hold_the_values_of_the_tables(inputs, page):
    rows = downloads(page)["variants.csv"]
    assert [row["Variant"] for row in rows] == [r["variant"] for r in inputs.results["variants"]]
    for row, expected in zip(rows, inputs.results["variants"], strict=True):
        assert float(row["MAE (K)"]) == expected["mae"]
    tested = [row for row in inputs.results["predictions"] if row["part"] == "test"]
    assert len(downloads(page)["predictions.csv"]) == len(tested)


def test_headings_of_a_download_are_unique(page):
    for link in page.all("a"):
        if link.get("download", "").endswith(".csv"):
            header = unquote(link["href"].split(",", 1)[1]).split("\n", 1)[0]
            names = next(csv.reader([header]))
            assert len(set(names)) == len(names), link["download"]


def test_downloads_run_no_formula():
    formulas = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "'=1", "\t=1"]
    text = unquote(csv_link(["Name"], [[name] for name in formulas]).split(",", 1)[1])
    cells = [row[0] for row in csv.reader(io.StringIO(text))][1:]
    assert cells == [f"'{name}" for name in formulas]
    numbers = unquote(csv_link(["x"], [[-1.5], ["plain"], [None]]).split(",", 1)[1])
    assert numbers == 'x\n-1.5\nplain\n""\n'


def test_ledger_adds_up_and_gives_reasons(page):
    assert "44 rows read = 40 accepted + 1 merged + 1 conflict + 2 rejected." in page.words
    rows = downloads(page)["ledger-remarks.csv"]
    assert [row["Status"] for row in rows] == ["rejected", "rejected", "conflict", "merged"]
    assert "inner blank" in rows[0]["Reason or warning"]


def test_identifiers_and_names_of_the_user_are_shown_where_there_are_any():
    rows = [{"id": None, "name": "a"}, {"id": None, "name": None}]
    assert [field.heading for field in own_names(rows)] == ["Name"]
    both = [*rows, {"id": "7", "name": "b"}]
    assert [[field.value(row) for field in own_names(both)] for row in both][2] == ["7", "b"]
    assert own_names(rows[1:]) == []
    assert [field.heading for field in own_names([{**rows[1], "conditions": "T=5"}])] == [
        "Conditions"
    ]


def test_row_wise_number_is_called_misleading(page):
    place = page.words.index("apparent errors")
    assert "Split by row" in page.words[place:]
    assert page.words.count("Split by row (misleading):") == 2


def test_no_row_wise_number_where_no_row_shares_a_structure(inputs):
    rows = [{**row, "share_seen": 0.0} for row in inputs.results["row_splits"]]
    results = with_rows(inputs.results, row_splits=rows)
    html = build_report(replace(inputs, results=results))
    assert "misleading" not in Page(html).words
    assert FIGURES["row_splits"].title not in Page(html).words
    assert "No structure has several rows" in draw_figure("row_splits", results)
    one = [{**row, "share_seen": 0.6 if "conformer" in row["rows"] else 0.0} for row in rows]
    results = with_rows(results, row_splits=one)
    page = Page(build_report(replace(inputs, results=results)))
    assert page.words.count("Split by row (misleading):") == 1


def test_missing_parts_are_named_in_plain_words(tmp_path):
    files = write_study(tmp_path, optional=False)
    for name in ("leakage", "history", "tuned", "metrics"):
        del files[name]
    page = Page(build_report(inputs_of(files)))
    for sentence in (
        "Learning curves were not measured in this study.",
        "Leakage was not checked in this study.",
        "Labels were not randomised in this study",
        "Prediction intervals were not made in this study.",
        "The applicability domain was not determined in this study.",
        "The importance of descriptors is not available",
        "No label outliers were found.",
        "The main variant was not tuned.",
        "No parity plots were drawn.",
    ):
        assert sentence in page.words
    found = [attributes.get("id") for attributes in page.all("section")]
    measured = [name for name in SECTIONS if name != "extrapolation"]
    assert [name for name in found if name in SECTIONS] == measured


def test_words_are_explained_once_where_they_are_used_first(html, page):
    assert {term.key for term in GLOSSARY} == {
        attributes["id"].removeprefix("meaning-")
        for attributes in page.all("dd")
        if attributes.get("id")
    }
    used = [attributes["aria-describedby"] for attributes in page.all("dfn")]
    assert len(used) == len(set(used)) > 5
    ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    assert set(used) <= set(ids)
    assert len(ids) == len(set(ids))
    assert all(attributes["tabindex"] == "0" for attributes in page.all("dfn"))
    first = re.search(r"[^>]*<dfn[^>]*meaning-held-out[^>]*>(.*?)</dfn>", html)
    assert first[1] == "held-out molecules"
    assert "held-out molecule" not in html[html.index("<body") : first.start()]


def test_the_words_of_the_method_are_in_the_glossary_in_alphabetical_order():
    names = [term.name for term in GLOSSARY]
    assert {
        *("augmentation", "cross-validation", "learner", "learning curve", "MAE", "variant")
    } <= set(names)
    assert names == sorted(names, key=str.casefold)


def test_nothing_but_prose_is_explained():
    words = (
        '<title>fold</title><body><h2>Folds</h2><p title="a fold > b">A <b>fold</b>, '
        '<code>fold</code>, folded, folds and fold</p><section id="glossary">fold</section>'
    )
    marked = explain_terms(words)
    assert marked.count("<dfn") == 1
    assert re.sub(r"</?dfn[^>]*>", "", marked) == words
    assert ">folds</dfn> and fold</p>" in marked
    assert explain_terms("<body><p>fold</p>") == "<body><p>fold</p>"


def test_next_steps_follow_from_the_results(inputs, tmp_path):
    steps = next_steps(inputs.results, can_predict=True)
    assert steps[0] == words_of_steps.PREDICT
    assert words_of_steps.REPLICATES not in steps
    sections = set(SECTIONS) | {""}
    assert {step.section for step in steps} <= sections
    early = replace(inputs.results, to_come=["shapes"])
    assert next_steps(early, can_predict=False)[0] == words_of_steps.GO_ON
    files = write_study(tmp_path, replicates=1, gain=18.0, optional=False)
    one = read_results(files, PROPERTY, MAIN)
    assert words_of_steps.REPLICATES in next_steps(one, can_predict=True)


def rated(inputs, **facts):
    """Return inputs whose model has these facts on its usability."""
    found = replace(inputs.results.usability, y_randomisation=None, **facts)
    documents = {**inputs.results.documents, "usability": found.document()}
    return replace(inputs, results=replace(inputs.results, documents=documents))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (outlooks.FLAT, words_of_steps.BETTER_DATA),
        (outlooks.FLOOR, words_of_steps.BETTER_DATA),
        (outlooks.REACHED, words_of_steps.MEASURE_MORE),
        (outlooks.UNCERTAIN, words_of_steps.MEASURE_MORE),
    ],
)
def test_next_steps_do_not_contradict_the_learning_curve(inputs, answer, expected):
    outlook = Outlook(answer, 20, 31)
    for facts in ({"better": False}, {"better": True, "required": 1e-3}):
        steps = next_steps(rated(inputs, outlook=outlook, **facts).results, can_predict=True)
        advised = [words_of_steps.BETTER_DATA, words_of_steps.MEASURE_MORE]
        assert [step for step in steps if step in advised] == [expected]
    good = next_steps(rated(inputs, better=True, outlook=outlook).results, can_predict=True)
    assert not {words_of_steps.BETTER_DATA, words_of_steps.MEASURE_MORE} & set(good)


def test_a_model_that_is_not_good_enough_is_not_offered_for_use(inputs):
    assert rated(inputs, better=True, required=1e3).summary.use.heading == USE
    assert rated(inputs, better=True, required=1e-3).summary.use.heading == BEST


def test_a_key_of_the_configuration_is_no_word_to_explain():
    page = '<body><p>Raise splits.replicates.</p><p>Two replicates.</p><section id="glossary">'
    assert explain_terms(page).count("<dfn") == 1
    assert "splits.replicates.</p>" in explain_terms(page)
    assert explain_terms("<body><p>a fold.</p>" + page[6:]).count("<dfn") == 2


def test_first_results_say_what_is_still_to_come(inputs, page):
    results = replace(inputs.results, to_come=["lightgbm_shapes", "<b>noise</b>"])
    early = replace(inputs, results=results)
    first = Page(build_report(early))
    header = first.words[first.words.index("▲ unfinished") :]
    assert header.startswith(
        "▲ unfinished First results, without conformers. Still to come: lightgbm_shapes, "
        "<b>noise</b>. Run the same command without the word plain"
    )
    assert first.words.index("▲ unfinished") < first.words.index("The best model without")
    assert "▲ unfinished" not in page.words
    assert (early.summary.use.command, early.summary.use.heading) == (
        "",
        BEST_SO_FAR,
    )
    assert inputs.summary.use.command
    assert headline(results.outcome.verdict, [], 6) in HEADLINES.values()


def test_first_results_leave_open_whether_augmentation_helps(inputs):
    unasked = replace(inputs.results.outcome.verdict, verdict=NOT_ASKED)
    assert headline(unasked, [], 6) == HEADLINES[NOT_ASKED]
    assert headline(unasked, [], 6, ["shapes"]) == NOT_YET
    words = verdict_words(unasked, inputs.results.outcome.variants, ["shapes"])
    assert words.headline == AUGMENTATION_TO_COME


def test_a_study_without_conformers_leads_with_the_model(inputs):
    unasked = replace(inputs.results.outcome.verdict, verdict=NOT_ASKED)
    assert headline(unasked, [], 6, without_conformers="Use this model: ridge") == (
        "Use this model: ridge"
    )
    words = verdict_words(unasked, inputs.results.outcome.variants, conformers_asked=False)
    assert words.headline == NO_CONFORMERS
    view = SummaryView.of(inputs.results, inputs.config)
    plain = {
        name: one for name, one in view.recommended.variants.items() if one.conformer_kind is None
    }
    assert view.conformers_asked
    assert not replace(view, recommended=replace(view.recommended, variants=plain)).conformers_asked


def test_limits_point_to_the_section_on_extrapolation(inputs):
    view = LimitsView.of(inputs.results)
    assert SEE_EXTRAPOLATION in limits_section(view)[0]
    assert SEE_EXTRAPOLATION not in limits_section(replace(view, extrapolated=False))[0]
    assert "<h2>Does it extrapolate?</h2>" in build_report(inputs)


def test_configuration_can_be_downloaded_and_read_again(inputs, page):
    link = next(a for a in page.all("a") if a.get("download") == "study.yaml")
    assert yaml.safe_load(unquote(link["href"].split(",", 1)[1])) == inputs.config


def test_provenance_is_complete(inputs, page):
    for text in (
        "ab" * 32,
        "2026.9.1",
        "0123456789abcdef",
        "--configfile study.yaml --replace-workflow-config",
    ):
        assert text in page.words
    assert "1 min 40 s of CPU time" in page.words
    assert "75% of it" in page.words


def curve_of(inputs, axis, errors):
    rows = [
        {"axis": axis, "level": level, "order": i, "replicate": 1, "mae": mae}
        for i, (level, mae) in enumerate(errors.items())
    ]
    return with_rows(inputs.results, learning_curves=rows)


def sentences_of(results):
    return enough_section(EnoughView.of(results))


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ({"1": 40.0, "3": 30.3, "10": 30.0}, "3 conformers are enough to come within 2%"),
        ({"1": 40.0, "3": 35.0, "10": 30.0}, "the error is more than 2% larger"),
        ({"1": 30.0, "3": 31.0, "10": 32.0}, "More conformers did not lower it."),
    ],
)
def test_enough_conformers_are_counted(inputs, errors, expected):
    sentence, *_ = sentences_of(curve_of(inputs, "conformers", errors))
    assert expected in sentence


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ({"20": 40.0, "70": 30.0}, "changed the error by −25%. More labelled molecules"),
        ({"20": 30.0, "70": 30.0}, "The curve has become flat"),
        ({"20": 30.0, "70": 36.0}, "+20%. A rise is most likely due to chance"),
    ],
)
def test_more_molecules_are_promised_only_if_the_curve_falls(inputs, errors, expected):
    sentence, *_ = sentences_of(curve_of(inputs, "molecules", errors))
    assert expected in sentence


@pytest.mark.parametrize("axis", ["conformers", "molecules", "protocols"])
def test_a_curve_of_one_point_is_not_called_unmeasured(inputs, axis):
    one = curve_of(inputs, axis, {"all" if axis == "protocols" else "6": 30.0})
    sentences = sentences_of(one)
    assert "has one point" in sentences[0]
    assert "30.0 K" in sentences[0]
    page = Page(build_report(replace(inputs, results=one)))
    assert "not measured" not in page.words
    shown = {name for name in FIGURES if FIGURES[name].title in page.words}
    assert {name for name in shown if name.startswith("enough")} == {f"enough_{axis}"}
    other = "molecules" if axis == "protocols" else "protocols"
    assert f"The learning curve over {other} was not measured" in draw_figure(
        f"enough_{other}", one
    ).replace("\n", " ")


def test_curves_of_one_split_come_with_a_caution(inputs):
    one = curve_of(inputs, "molecules", {"20": 40.0, "70": 30.0})
    assert "from one split" in sentences_of(one)[-1]
    rows = one["learning_curves"]
    several = [*rows, *({**row, "replicate": row["replicate"] + 1} for row in rows)]
    assert "one split" not in sentences_of(with_rows(one, learning_curves=several))[-1]


def test_citation_is_that_of_the_project(page):
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["title"] in page.words
    assert citation["authors"][0]["name"] in page.words


def test_limits_name_the_range_of_the_training_labels(inputs, page):
    parts = {row["molecule"]: row["part"] for row in inputs.results["split"]}
    labels = [
        row["label"] for row in inputs.results["molecules"] if parts[row["molecule"]] == "train"
    ]
    assert f"{min(labels):.1f} to {max(labels):.1f} K" in page.words


def test_limits_name_the_cost_of_conformers(inputs, page):
    rows = [row["n_rows"] for row in inputs.results["main_predictions"]]
    assert f"up to {max(rows)} of them for every molecule of the table, and again" in page.words
    plain = limits_section(LimitsView.of(changed(inputs, needs_conformers=False).results))
    assert [words for words in plain if "for every molecule of the table. The time" in words]
    without = LimitsView.of(with_rows(inputs.results, main_predictions=[]))
    assert not [words for words in limits_section(without) if "computing time" in words]


def test_study_without_unit_has_no_empty_brackets(tmp_path):
    files = write_study(tmp_path, unit="")
    results = read_results(files, {**PROPERTY, "unit": ""}, MAIN)
    html = build_report(replace(inputs_of(files), results=results))
    assert "()" not in Page(html).words


def test_empty_table_is_left_out():
    assert make_table("nothing", "Nothing", [], [Field("x", lambda row: row["x"])]) is None


def test_costs_are_summed_by_rule(tmp_path):
    (tmp_path / "embed").mkdir()
    for name, cost in (
        ("embed/a", (2, 1.5, 100)),
        ("embed/b", (4, 3.5, 50)),
        ("clean", (0.5, 0.4, 30)),
    ):
        line = f"2026-01-01 12:00:00,000 INFO {FINISHED.format(*cost)}\n"
        (tmp_path / f"{name}.log").write_text(f"2026-01-01 12:00:00,000 INFO at work\n{line}")
    (tmp_path / "clean_too.log").write_text("")
    (tmp_path / "embed" / "c.log").write_text("2026-01-01 12:00:00,000 ERROR ERROR: no\n")
    assert accounting.read_costs(tmp_path) == [
        accounting.StageCost("embed", 2, 6.0, 5.0, longest=4.0, memory=100.0),
        accounting.StageCost("clean", 1, 0.5, 0.4, longest=0.5, memory=30.0),
    ]
    assert accounting.read_costs(tmp_path / "none") == []


def test_every_script_has_a_hash_and_the_main_packages_a_version():
    assert {"draw_figures", "write_report"} <= set(accounting.script_hashes())
    assert {"confaug", "python", "rdkit", "lightgbm"} <= set(accounting.software_versions())


def test_script_writes_the_page(study, inputs, tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(
        "confaug.report.summary.notices", lambda *_: ["two protocols made no shape"]
    )
    monkeypatch.setattr(write_report.logger, "handlers", [])  # whatever jobs before have set
    monkeypatch.setattr(write_report.logger, "propagate", True)
    figure = tmp_path / "figures" / "variants.svg"
    parity = tmp_path / "models" / MAIN / "replicate-1" / "parity.svg"
    table = tmp_path / "table.csv"
    for path, text in (
        (figure, inputs.figures["variants"]),
        (parity, inputs.figures["parity"]),
        (table, "smiles,tg\nCC,1\n"),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    snakemake = SimpleNamespace(
        input={**study, "figures": [str(figure)], "parity": [str(parity)], "table": str(table)},
        output=SimpleNamespace(
            html=tmp_path / "report" / "index.html", summary=tmp_path / "report" / "summary.txt"
        ),
        params=SimpleNamespace(
            settings={
                "config": inputs.config,
                "main": MAIN,
                "logs": str(tmp_path / "logs"),
                "configfiles": ["my_study.yaml"],
            }
        ),
    )
    write_report.main(snakemake)
    assert caplog.messages == ["WARNING: two protocols made no shape"]
    lines = snakemake.output.summary.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "Conformer augmentation helped."
    assert lines[1].startswith("Use this model: ")
    page = Page(snakemake.output.html.read_text(encoding="utf-8"))
    assert FIGURES["variants"].title in page.words
    assert f"Predicted against measured Tg by {MAIN}" in str(page.all("img"))
    assert hashlib.sha256(table.read_bytes()).hexdigest() in page.words
