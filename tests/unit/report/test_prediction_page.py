import re
from base64 import b64decode
from dataclasses import replace
from html import unescape
from itertools import chain
from types import SimpleNamespace
from urllib.parse import unquote

import pyarrow as pa
import pytest
from hostile_text import TEXTS, TRIPLES, harmless
from prediction_page import make_predictions

from confaug.infrastructure.text import one_line
from confaug.prediction.description import Card, HeldOutError
from confaug.prediction.measure_next import NOVELTY, RANGE, Background, rank_to_measure
from confaug.report import drawn_candidates
from confaug.report import predictions as page
from confaug.report.wording.domain import FLAG_WORDS
from confaug.report.wording.measure_next import EVIDENCE, with_reasons
from confaug.report.wording.predictions import trained_sentence
from confaug.report.wording.recommendation import NO_BETTER_THAN_CONSTANT


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_predictions(tmp_path_factory.mktemp("page"))


def body_rows(html, name):
    table = html[html.index(f'<table aria-labelledby="table-{name}"') :]
    return table[table.index("<tbody>") : table.index("</tbody>")].count("<tr")


def test_the_page_says_what_was_predicted_and_what_was_not(made):
    html = page.build_page(*made, "new <molecules>.csv")
    assert "<h1>4 of 5 rows predicted</h1>" in html
    assert "12 training molecules with Tb from 290.0 to 391.0 K" in html
    assert body_rows(html, "predictions") == 4
    assert body_rows(html, "failed") == 1
    assert "no &amp; not" in html
    flagged = sum(row["flags"] is not None for row in made[0].to_pylist())
    assert 0 < flagged < 4
    assert f'<span class="figure">{flagged}</span><span class="meaning">predictions carry a' in html
    assert len(re.findall('<tr class="marked">', html)) == flagged


@pytest.mark.parametrize("doubtful", [True, False])
def test_the_page_warns_of_a_model_that_need_not_be_better_than_guessing(made, doubtful):
    table, predictor = made
    description = predictor.bundle.description
    held_out = HeldOutError(
        error=14.4, low=8.8, high=21.3, splits=1, molecules=9, beats_constant=not doubtful
    )
    card = Card(
        molecules=12,
        rows=12,
        folds=3,
        lowest=290.0,
        highest=391.0,
        **dict.fromkeys(("error_low", "error_high", "error_in_decades", "half_width")),
        error=14.0,
        coverage=0.9,
        held_out=held_out,
    )
    told = description.model_copy(update={"card": card})
    predictor = replace(predictor, bundle=replace(predictor.bundle, description=told))
    html = page.build_page(table, predictor, "new.csv")
    assert (NO_BETTER_THAN_CONSTANT in html) is doubtful


def test_headings_are_words_and_not_names_of_columns(made):
    headings = re.findall('<button type="button">(.*?)</button>', page.build_page(*made, "new.csv"))
    assert len(headings) > 8
    assert not [heading for heading in headings if "_" in heading]


def test_the_page_runs_nothing_of_the_user_and_loads_nothing(made):
    html = page.build_page(*made, "new <molecules>.csv")
    assert "<i>0</i>" not in html
    assert "&lt;i&gt;0&lt;/i&gt;" in html
    assert html.count("<script>") == 1
    links = set(re.findall(r"""(?:src|href)=["'](?!data:)([^"']*)""", html))
    assert links == {"predictions.csv", "predictions.sdf"}, "what lies beside the page"
    assert page.build_page(*made, "new <molecules>.csv") == html, "the same bytes every time"


def measured_next(made, criterion, wanted=None):
    """Return what is to be measured next of the predictions, with reasons."""
    predictions, predictor = made
    structures = {row["molecule"]: row["smiles"] for row in predictions.to_pylist()}
    background = Background.of(predictor.bundle.description)
    return with_reasons(rank_to_measure([predictions], structures, background, criterion, wanted))


def test_the_page_says_what_to_measure_next_and_why(made):
    ranking = measured_next(made, NOVELTY)
    html = page.build_page(*made, "new.csv", ranking=ranking)
    assert "<h2>What to measure next</h2>" in html
    known = [row["molecule"] for row in made[0].to_pylist() if row["training_label"] is not None]
    assert known
    assert not set(known) & set(ranking["molecule"].to_pylist())
    assert body_rows(html, "measure_next") == ranking.num_rows == 2
    for reason in ranking["reason"].to_pylist():
        assert reason in html
    assert EVIDENCE[NOVELTY] in unescape(html)
    assert 'href="measure_next.csv"' in html
    assert "What to measure next" not in page.build_page(*made, "new.csv")


def test_the_page_says_why_nothing_is_worth_measuring(made):
    ranking = measured_next(made, RANGE, (1000.0, 2000.0))
    html = page.build_page(*made, "new.csv", ranking=ranking, wanted=(1000.0, 2000.0))
    assert ranking.num_rows == 0
    assert "the errors of the model lead to 1000.0 to 2000.0 K." in html
    assert 'href="measure_next.csv"' not in html


def repeated(predictions, count):
    """Return many rows, each of a structure of its own."""
    (row, *_) = [row for row in predictions.to_pylist() if row["training_label"] is None]
    rows = [
        {**row, "row": i, "molecule": f"m{i}", "name": f"n{i}", "prediction": float(i % 700)}
        | {"flags": "no similar training molecule" if i % 50 == 0 else None}
        | {flag: flag == "unlike_training" and i % 50 == 0 for flag in FLAG_WORDS}
        for i in range(count)
    ]
    return pa.Table.from_pylist(rows, schema=predictions.schema)


def test_a_long_table_is_a_selection_that_says_what_it_is(made):
    predictions, predictor = made
    html = page.build_page(repeated(predictions, 20_000), predictor, "new.csv")
    assert "<h1>20,000 of 20,000 rows predicted</h1>" in html
    assert "shows 1,000 of 20,000 predicted rows: the 250 highest and the 250 lowest" in html
    assert body_rows(html, "predictions") == 1000
    assert len(html) < 3e6
    for i in (699, 1, 50, 10):  # the highest, the lowest, one with a flag, one of the first
        assert f'data-value="n{i}"' in html


def cells_of(html, name="predictions"):
    """Return the first line of every cell of a table, row by row."""
    table = html[html.index(f'<table aria-labelledby="table-{name}"') :]
    body = table[table.index("<tbody>") : table.index("</tbody>")]
    return [re.findall("<td[^>]*>([^<]*)", row) for row in body.split("<tr")[1:]]


def headings_of(html):
    return [unescape(one) for one in re.findall('<button type="button">(.*?)</button></th>', html)]


def test_what_is_asked_first_stands_first(made):
    predictions, predictor = made
    html = page.build_page(predictions, predictor, "new.csv")
    first = ["Candidate", "Prediction (K)", "Flags", "Nearest measured value (K)"]
    assert headings_of(html)[:4] == first
    rows = [row for row in predictions.to_pylist() if row["status"] == "predicted"]
    for cells, row in zip(cells_of(html), rows, strict=True):
        half = (row["high"] - row["low"]) / 2
        assert unescape(cells[0]) == row["name"]
        assert cells[1] == f"{row['prediction']:.1f} ± {half:.1f}"
        assert f'<span class="below">{row["low"]:.1f} to {row["high"]:.1f}</span>' in html
        assert cells[2] == (row["flags"] or "–")
        assert cells[3].startswith(f"{row['neighbour_1_label']:.1f} · =compound")
        assert f"(similarity {row['neighbour_1_similarity']:.2f})" in cells[3]


def test_conditions_stand_beside_the_candidate_and_its_neighbour(made):
    predictions, predictor = made
    rows = [
        {**row, "conditions": "T=298, solvent=<b>", "neighbour_1_conditions": "T=300, solvent=<b>"}
        for row in predictions.to_pylist()
    ]
    table = pa.Table.from_pylist(rows, schema=predictions.schema)
    html = page.build_page(table, predictor, "new.csv")
    assert headings_of(html)[:3] == ["Candidate", "Conditions", "Prediction (K)"]
    for cells in cells_of(html):
        assert unescape(cells[1]) == "T=298, solvent=<b>"
        assert unescape(cells[4]).endswith("; T=300, solvent=<b>)")
    assert "solvent=<b>" not in html


def test_a_deviation_that_says_nothing_is_hidden(made):
    predictions, predictor = made
    conformers = SimpleNamespace(**vars(predictor), conformers_asked=4)
    (member,) = predictor.bundle.description.members
    models = changed(predictor, members=(member, member))

    def headings(deviation, used):
        rows = [
            {**row, "standard_deviation": row["prediction"] and deviation}
            for row in predictions.to_pylist()
        ]
        table = pa.Table.from_pylist(rows, schema=predictions.schema)
        return headings_of(page.build_page(table, used, "new.csv"))

    assert "Conformer SD (K)" in headings(2.0, conformers)
    assert "SD between models (K)" in headings(2.0, models)
    for deviation, used in ((0.0, conformers), (0.0, models), (None, models), (2.0, predictor)):
        assert not [heading for heading in headings(deviation, used) if "SD" in heading]


def test_candidates_are_drawn_with_prediction_and_neighbour(made):
    predictions, predictor = made
    html = page.build_page(predictions, predictor, "new.csv")
    part = html[html.index('<section id="candidates">') : html.index('<section id="predictions">')]
    rows = [row for row in predictions.to_pylist() if row["status"] == "predicted"]
    flagged = {row["smiles"] for row in rows if row["flags"]}
    plain = {row["smiles"] for row in rows if not row["flags"] and not row["training_label"]}
    drawings = [b64decode(one).decode() for one in re.findall(r"base64,([^\"]*)", part)]
    assert len(drawings) == len(flagged) + len(plain) > 1
    for smiles in flagged | plain:
        (one,) = [svg for svg in drawings if f"<desc>Structure {smiles}</desc>" in svg]
        assert "<path" in one


def test_a_huge_structure_is_not_drawn(made, monkeypatch):
    monkeypatch.setattr(drawn_candidates, "LARGEST_DRAWING", 10)
    html = page.build_page(*made, "new.csv")
    assert "too large to draw" in html
    part = html[html.index('<section id="candidates">') : html.index('<section id="predictions">')]
    assert "<img" not in part


def test_a_page_stays_small_and_clean_whatever_a_row_is_called(made):
    predictions, predictor = made
    rows = predictions.to_pylist()
    for row in rows:
        row["name"], row["id"] = "x" * 20_000, "a\x1b[31mred\u202eder"
        row["reason"] = row["reason"] and "y" * 20_000
    table = predictions.from_pylist(rows, schema=predictions.schema)
    html = page.build_page(table, predictor, "new.csv")
    assert "x" * 100 in html
    assert not re.search("x{4001}|y{4001}", html)
    assert not re.search("[\x1b\u202e]", html)
    for download in re.findall('href="data:text/csv;charset=utf-8,([^"]*)"', html):
        assert not re.search("[\x1b\u202e]", unquote(download))
    cells = re.findall('<td class="[^"]*" data-value="([^"]*)">([^<]*)</td>', html)
    assert max(map(len, chain.from_iterable(cells))) <= 300


def changed(predictor, **values):
    """Return a predictor whose bundle describes itself otherwise."""
    description = predictor.bundle.description.model_copy(update=values)
    return replace(predictor, bundle=replace(predictor.bundle, description=description))


def test_intervals_and_errors_of_logarithms_are_factors(made):
    predictions, predictor = made
    description = predictor.bundle.description
    training = [
        one.model_copy(update={"prediction": one.label * (10 if i % 2 else 0.1)})
        for i, one in enumerate(description.training_molecules)
    ]
    logarithmic = description.property.model_copy(update={"transform": "log10"})
    other = changed(predictor, property=logarithmic, training_molecules=training)
    rows = [
        {**row, "prediction": 2e-9, "low": 1e-3, "high": 1e-3 * 10.0**1.4}
        if row["low"] is not None
        else row
        for row in predictions.to_pylist()
    ]
    table = predictions.from_pylist(rows, schema=predictions.schema)
    html = page.build_page(table, other, "new.csv")
    assert "1.00 decades (a factor of 10.0)" in html
    assert '<span class="figure">factor of 5.01</span>' in html
    assert "2.00\u00a0×\u00a010⁻⁹ ×÷ 5.01" in html
    assert "2.00\u00a0×\u00a010⁻⁹" in html, "small values are not rounded to zero"
    assert '<span class="figure">±' not in html
    assert "decades" not in page.build_page(*made, "new.csv")


def of_learner(predictor, learner):
    """Return a predictor whose members are said to have another learner."""
    members = tuple(
        one.model_copy(update={"variant": one.variant.model_copy(update={"learner": learner})})
        for one in predictor.bundle.description.members
    )
    return changed(predictor, members=members)


@pytest.mark.parametrize(("learner", "warned"), [("lightgbm", True), ("ridge", False)])
def test_only_models_that_cannot_extrapolate_are_said_not_to(made, learner, warned):
    predictions, predictor = made
    html = page.build_page(predictions, of_learner(predictor, learner), "new.csv")
    assert ("cannot predict beyond" in html) is warned


def test_the_caption_gives_the_limits_that_the_figure_draws(made):
    predictions, predictor = made
    html = page.build_page(predictions, predictor, "new.csv")
    for limit in predictor.domain.label_limits:
        assert f"{limit:.1f}\u00a0K" in html or f"{limit:.1f} K" in html
    assert "lowest and the highest 5% of these labels" in html
    assert "5%" in FLAG_WORDS["edge_of_labels"]


@pytest.mark.parametrize("scaled", [True, False])
def test_the_page_says_what_the_width_of_an_interval_follows(made, scaled):
    predictions, predictor = made
    calibration = replace(predictor.calibration, scaled=scaled)
    html = page.build_page(predictions, replace(predictor, calibration=calibration), "new.csv")
    assert '<span class="figure">±' in html
    assert "models of single splits" in html
    assert ("width follows the molecule" in html) is scaled


@pytest.mark.parametrize(
    ("rows", "words"),
    [(1, ("is a molecule", "Its label is")), (2, ("are molecules", "Their labels"))],
)
def test_known_molecules_are_counted_in_the_right_number(rows, words):
    assert all(word in trained_sentence(rows) for word in words)
    assert trained_sentence(0) == ""


def test_a_page_without_any_prediction(made):
    predictions, predictor = made
    html = page.build_page(predictions.slice(4), predictor, "new.csv")
    assert "<h1>0 of 1 rows predicted</h1>" in html
    assert "No molecule could be predicted." in html


def test_a_difference_of_versions_is_told(made):
    predictions, predictor = made
    versions = {**predictor.bundle.description.versions, "rdkit": "2020.3.1"}
    other = changed(predictor, versions=versions)
    html = page.build_page(predictions, other, "new.csv")
    assert "rdkit 2020.3.1 (here " in html
    assert "rdkit 2020.3.1 (here" not in page.build_page(predictions, predictor, "new.csv")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("triple", TRIPLES, ids=range(len(TRIPLES)))
def test_the_page_of_predictions_shows_hostile_text_as_it_is(made, triple):
    predictions, predictor = made
    words = {"transform": "none", **dict(zip(("name", "symbol", "unit"), triple, strict=True))}
    prop = predictor.bundle.description.property.model_copy(update=words)
    other = changed(predictor, property=prop)
    rows = [
        {**row, "id": TEXTS[i], "name": TEXTS[-i], "input_smiles": TEXTS[2 * i]}
        for i, row in enumerate(predictions.to_pylist())
        if "\ud800" not in TEXTS[i] + TEXTS[-i] + TEXTS[2 * i]  # Arrow holds no half characters
    ]
    table = predictions.from_pylist(rows, schema=predictions.schema)
    shown = harmless(page.build_page(table, other, triple[0]))
    assert one_line(triple[0], 100) in shown.words
