import re
from dataclasses import replace
from itertools import chain
from urllib.parse import unquote

import pyarrow as pa
import pytest
from hostile_text import TEXTS, TRIPLES, harmless
from prediction_study import NEW, TRAINING, make_bundle, make_shard

from confaug.infrastructure.text import one_line
from confaug.prediction.collection import collect_predictions
from confaug.prediction.predictor import load_predictor
from confaug.prediction.shards import predict_shard
from confaug.report import predictions as page
from confaug.report.wording.domain import with_flags
from confaug.tables.engine import read_table, write_table
from confaug.tables.molecules import LEDGER
from confaug.tables.prediction import MOLECULE_PREDICTIONS, NEW_PREDICTIONS


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Predictions of five rows, one of them rejected, and what made them."""
    folder = tmp_path_factory.mktemp("page")
    bundle = make_bundle(folder / "model", make_shard(folder / "training", tuple(TRAINING)), "2d")
    predictor = load_predictor(bundle, 0.9)
    shard = make_shard(folder / "new", NEW)
    table = with_flags(predict_shard(predictor, shard.shard, shard.descriptors_2d, []))
    write_table(table, folder / "shard-0.parquet", MOLECULE_PREDICTIONS)
    molecules = shard.shard.to_pylist()
    lines = [
        {"row": 1 + i, "name": f"<i>{i}</i>", "status": "accepted", **molecule}
        for i, molecule in enumerate([*molecules, molecules[0]])
    ]
    lines.append({"row": 5, "input_smiles": "<script>", "status": "rejected", "reason": "no & not"})
    ledger = pa.Table.from_pylist(lines, schema=LEDGER.schema())
    collect_predictions(ledger, [folder / "shard-0.parquet"], "K", folder / "predictions.csv")
    return read_table(folder / "predictions.csv", NEW_PREDICTIONS), predictor


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


def test_headings_are_words_and_not_names_of_columns(made):
    headings = re.findall('<button type="button">(.*?)</button>', page.build_page(*made, "new.csv"))
    assert len(headings) > 8
    assert not [heading for heading in headings if "_" in heading]


def test_the_page_runs_nothing_of_the_user_and_loads_nothing(made):
    html = page.build_page(*made, "new <molecules>.csv")
    assert "<i>0</i>" not in html
    assert "&lt;i&gt;0&lt;/i&gt;" in html
    assert html.count("<script>") == 1
    assert not re.findall(r"""(?:src|href)=["'](?!data:)""", html)
    assert page.build_page(*made, "new <molecules>.csv") == html, "the same bytes every time"


def test_a_long_table_is_cut_and_says_so(made, monkeypatch):
    monkeypatch.setattr(page, "ROWS_SHOWN", 2)
    html = page.build_page(*made, "new.csv")
    assert "The first 2 of 4 predicted rows" in html
    assert body_rows(html, "predictions") == 2


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
    assert "2.00\u00a0×\u00a010⁻⁹" in html, "small values are not rounded to zero"
    assert "median width" not in html
    assert "decades" not in page.build_page(*made, "new.csv")


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
