"""Reading a study back for figures and report."""

import json
from pathlib import Path

import pytest
from report_page import with_rows
from synthetic_study import MAIN, PROPERTY, write_study

from confaug.errors import UserError
from confaug.report.number_format import number
from confaug.report.quantity import Quantity
from confaug.report.results import read_results
from confaug.tables.engine import write_table
from confaug.tables.evaluation import VARIANT_SUMMARY


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("study"))


def test_main_variant_is_the_one_of_the_verdict_unless_named(study):
    assert read_results(study, PROPERTY).main == MAIN
    assert read_results(study, PROPERTY, "lightgbm_2d").main == "lightgbm_2d"


def test_missing_file_is_named(study):
    with pytest.raises(UserError, match="needs the file 'verdict'"):
        read_results({k: v for k, v in study.items() if k != "verdict"}, PROPERTY)


def test_broken_document_is_named(study, tmp_path):
    broken = tmp_path / "verdict.json"
    broken.write_text("{", encoding="utf-8")
    with pytest.raises(UserError, match=r"verdict\.json is not a JSON file"):
        read_results({**study, "verdict": str(broken)}, PROPERTY)


@pytest.mark.parametrize(("name", "key"), [("verdict", "roles"), ("leakage", "checks")])
def test_document_that_lacks_a_fact_is_named(study, tmp_path, name, key):
    document = json.loads(Path(study[name]).read_text(encoding="utf-8"))
    del document[key]
    damaged = tmp_path / f"{name}.json"
    damaged.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(UserError, match=rf"{name}\.json .* '{key}'; delete it"):
        assert read_results({**study, name: str(damaged)}, PROPERTY).leakage is None


def test_other_inputs_and_lists_are_left_out(study):
    results = read_results({**study, "parity": ["a.svg"], "benchmarks": "x"}, PROPERTY)
    assert "parity" not in results.tables
    assert results["benchmarks"] == []


def test_tuned_parameters_of_any_type_are_read_as_text(study):
    rows = read_results(study, PROPERTY)["history"]
    assert [row["num_leaves"] for row in rows[:3]] == ["5", "6", "7"]


def test_molecule_is_called_by_the_best_name_there_is(study):
    results = read_results(study, PROPERTY)
    row = results["molecules"][0]
    assert results.name_of(row["molecule"]) == row["name"]
    assert results.name_of("unknown") == "unknown"
    nameless = with_rows(results, molecules=[{**row, "name": None, "id": None}])
    assert nameless.name_of(row["molecule"]) == row["smiles"]
    warm = with_rows(results, molecules=[{**row, "name": "ethanol", "conditions": "T=298"}])
    assert warm.name_of(row["molecule"]) == "ethanol (T=298)"


@pytest.mark.parametrize(
    ("mae", "expected"), [(3000.0, "31.4→31"), (30.0, "31.4→31.4"), (0.3, "0.0314→0.031")]
)
def test_values_are_written_to_the_precision_of_the_errors(study, tmp_path, mae, expected):
    import pyarrow as pa

    rows = [{**row, "mae": mae} for row in read_results(study, PROPERTY)["variants"]]
    table = pa.Table.from_pylist(rows, schema=VARIANT_SUMMARY.schema())
    write_table(table, tmp_path / "variants.csv", VARIANT_SUMMARY)
    files = {**study, "variants": str(tmp_path / "variants.csv")}
    value, text = expected.split("→")
    assert read_results(files, PROPERTY).quantity.text(float(value), unit=False) == text


def test_values_without_a_number_are_a_dash():
    quantity = Quantity("Conductivity", "σ", "S/cm")
    assert quantity.text(None) == quantity.text(float("nan")) == "–"
    assert quantity.between(None, 1.0) == "–"
    assert quantity.between(-1.0, 2.0, signed=True) == "−1.00 to +2.00 S/cm"


def test_negative_numbers_have_a_minus_sign_and_small_ones_keep_their_digits():
    assert number(-0.000012) == "−1.20\u00a0×\u00a010⁻⁵"
    assert number(0.0) == "0.000"
