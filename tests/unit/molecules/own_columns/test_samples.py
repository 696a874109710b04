import math
import random
from operator import itemgetter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confaug.config.lightgbm_parameters import safe_name
from confaug.errors import UserError
from confaug.molecules.cleaning import clean_molecules
from confaug.molecules.cleaning_rules import CleaningRules
from confaug.molecules.own_columns.declaration import OwnColumn, feature_names
from confaug.molecules.own_columns.fields import FieldError, FieldReader
from confaug.molecules.reading.records import Record, read_records
from confaug.molecules.rows import Row
from confaug.molecules.structures import molecule_id

CLEANING = {
    "fragments": "keep",
    "duplicates": "median",
    "tolerance": 1.0,
    "repeat_units": "reject",
    "unlabelled": "reject",
    "gross_conflict": None,
}


def rules_of(features, conditions=(), decimal="auto", **cleaning):
    return CleaningRules.of(
        {
            "input": {
                "decimal": decimal,
                "feature_columns": list(features),
                "condition_columns": list(conditions),
            },
            "cleaning": {**CLEANING, **cleaning},
            "property": {},
            "splits": {"group_by": "connectivity"},
        }
    )


def clean(rows, features, conditions=(), declared=None, **keys):
    """Clean rows of SMILES, label and the own fields."""
    records = [Record(n, one[0], one[1], own=tuple(one[2:])) for n, one in enumerate(rows, 2)]
    return clean_molecules(records, rules_of(features, conditions, **keys), declared)


def values(cleaned):
    """Return the own values by SMILES and conditions."""
    called = {
        row["molecule"]: row["smiles"] + (f" {row['conditions']}" if row["conditions"] else "")
        for row in cleaned.molecules.to_pylist()
    }
    lines = cleaned.own_columns.to_pylist()
    assert [line["molecule"] for line in lines] == cleaned.molecules["molecule"].to_pylist()
    return {called[line.pop("molecule")]: line for line in lines}


def warnings(cleaned):
    return [line["warning"] for line in cleaned.ledger.to_pylist()]


def test_numbers_and_categories_become_features():
    cleaned = clean(
        [("C", "1", "1.5", "THF"), ("CC", "2", "-2e1", "water"), ("CCC", "3", "0", "THF")],
        ["logP", "solvent"],
    )
    assert cleaned.columns == (
        OwnColumn(name="logP", is_condition=False),
        OwnColumn(name="solvent", categories=("THF", "water"), is_condition=False),
    )
    assert values(cleaned) == {
        "C": {"own_logP": 1.5, "own_solvent=THF": 1, "own_solvent=water": 0},
        "CC": {"own_logP": -20, "own_solvent=THF": 0, "own_solvent=water": 1},
        "CCC": {"own_logP": 0, "own_solvent=THF": 1, "own_solvent=water": 0},
    }
    assert cleaned.molecules["molecule"].to_pylist() == sorted(map(molecule_id, ("C", "CC", "CCC")))
    assert set(cleaned.molecules["conditions"].to_pylist()) == {None}


def test_without_own_columns_nothing_is_added():
    cleaned = clean([("C", "1"), ("CC", "2")], [])
    assert cleaned.columns == ()
    assert cleaned.own_columns.column_names == ["molecule"]


def test_decimal_commas_are_found_column_by_column():
    cleaned = clean([("C", "1", "1,5", "2.5"), ("CC", "2", "2", "3")], ["a", "b"])
    assert values(cleaned)["C"] == {"own_a": 1.5, "own_b": 2.5}


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (None, "no value in the column 'x'"),
        ("n/a", "no value in the column 'x'"),
        ("inf", "column 'x': the value 'inf' is infinite; give a finite number; it counts as"),
        ("1e999", "(too large); it counts as missing"),
        ("1e39", "too large to compute with"),
        ("3.1e38", "too large to compute with"),
        ("1e-38", "too small to compute with"),
        ("#DIV/0!", "is a spreadsheet error or a formula"),
        ("\N{MINUS SIGN}5", "MINUS SIGN"),
    ],
)
def test_numbers_that_cannot_be_used_are_missing(text, warning):
    cleaned = clean([("C", "1", "1"), ("CC", "2", text)], ["x"])
    assert math.isnan(values(cleaned)["CC"]["own_x"])
    assert warning in warnings(cleaned)[1]
    assert cleaned.counts["rejected"] == 0


def test_the_log_says_how_many_numbers_of_a_column_are_lost_and_why(caplog):
    clean([("C", "1", "7"), ("CC", "2", "1,234"), ("CCC", "3", "5,678")], ["x"])
    assert (
        "column 'x' has 2 values that cannot be used; for example, row 3: the value '1,234' has"
        in (caplog.text)
    )


def test_a_missing_category_has_no_feature():
    cleaned = clean([("C", "1", "a"), ("CC", "2", "none"), ("CCC", "3", "#REF!")], ["x"])
    assert values(cleaned)["CC"] == values(cleaned)["CCC"] == {"own_x=a": 0}
    assert warnings(cleaned)[1] == "no value in the column 'x'"
    assert "'#REF!' is a spreadsheet error; give its value; it counts" in warnings(cleaned)[2]


def test_numbers_among_words_are_categories_and_the_log_says_so(caplog):
    cleaned = clean([("C", "1", "5"), ("CC", "2", "6"), ("CCC", "3", "often")], ["x"])
    assert cleaned.columns[0].categories == ("5", "6", "often")
    assert "column 'x' is read as categories, because row 4 has 'often', though 2 of its 3" in (
        caplog.text
    )


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (["5 K", "7 K"], "row 2 has '5 K', which has text after the number; give the number"),
        (["5", "<5"], "row 3 has '<5', which is a bound"),
        (["5\N{PLUS-MINUS SIGN}1", "6"], "which includes an uncertainty"),
        (["5", "6", "12 O"], "row 4 has '12 O', which has text after the number"),
        (["\N{MINUS SIGN}5 K", "n/a"], "which has text after the number"),
        (["1-2", "60/40"], "row 2 has '1-2', which is a range or a fraction"),
        (["1 234", "1 235", "often"], "which has thousands separators"),
    ],
)
def test_numbers_with_units_and_the_like_are_no_categories(texts, reason):
    rows = [("C" * n, str(n), text) for n, text in enumerate(texts, 1)]
    with pytest.raises(UserError, match=r"column .x. .* holds numbers, but row ") as caught:
        clean(rows, ["x"])
    assert reason in str(caught.value)
    assert str(caught.value).endswith("let them begin with a letter")


@pytest.mark.parametrize(
    "texts",
    [
        ["TRUE", "FALSE"],
        ["2-propanol", "1,4-dioxane", "2-octanol", "1-decanol"],
        ["2,2'-bipyridine", "1H-imidazole", "9-BBN"],
        ["catalyst", "carbon", "about", "c. elegans"],
        ["THF", "water", "acetone", "10% THF"],
    ],
)
def test_names_are_categories_even_if_they_have_numbers(texts):
    cleaned = clean([("C" * n, str(n), text) for n, text in enumerate(texts, 1)], ["x"])
    assert cleaned.columns[0].categories == tuple(sorted(texts))


def test_numbers_that_single_precision_cannot_tell_apart_get_a_warning(caplog):
    rows = [("C", "1", "20231003", "0.1"), ("CC", "2", "20231004", "0.2"), ("N", "3", "9", "0.2")]
    clean(rows, ["day", "x"])
    assert "column 'day' has 1 number with an equal neighbour in single precision" in caplog.text
    assert "for example 20231003 and 20231004; subtract a constant" in caplog.text
    assert "column 'x'" not in caplog.text


@given(st.floats(-3e38, 3e38).filter(lambda value: abs(value) >= 1e-37))
def test_every_number_that_is_read_can_be_learned(value):
    read = FieldReader(OwnColumn(name="x")).read(repr(value))
    assert read == value
    assert np.float32(read) == pytest.approx(value, rel=1e-7)


def test_only_rows_that_count_decide_what_a_column_holds():
    rows = [("unit", "K", "g/mol"), ("C", "1", "5"), ("CC", "", "word"), ("CCC", "2", "6")]
    assert clean(rows, ["x"]).columns[0].categories is None


def test_categories_are_one_text_however_they_are_written():
    cleaned = clean(
        [("C", "1", "ethyl  acetate "), ("CC", "2", "ethyl acetate"), ("CCC", "3", "e\u0301")],
        ["x"],
    )
    assert cleaned.columns[0].categories == ("ethyl acetate", "\u00e9")


@pytest.mark.parametrize(
    ("rows", "names", "message"),
    [
        ([("C", "1", None)], ["x"], "column 'x' .* has no value that can be used in 1 row;"),
        ([("C", "1", "inf")], ["x"], "column 'x' .* has no value that can be used in 1 row;"),
        (
            [("C", "1", "1,234"), ("CC", "2", "2,345")],
            ["x"],
            "used in 2 rows; row 2: the value '1,234' has thousands separators.*decimal to comma",
        ),
        (
            [("C" * n, str(n), "6" if n == 1 else f"c{n}") for n in range(1, 53)],
            ["x"],
            "has 52 categories, more than 50, because row 3 has 'c2', which is not a number",
        ),
        ([("C", "1", "5", "b")], ["a=b", "a"], "would have the name 'own_a=b'; rename a column"),
    ],
)
def test_columns_that_cannot_be_used(rows, names, message):
    with pytest.raises(UserError, match=message):
        clean(rows, names)


def test_rows_of_one_structure_that_disagree():
    rows = [("C", "1", "1", "b"), ("C", "1", "4", "a"), ("C", "1", "3", "a"), ("CC", "2", "0", "a")]
    cleaned = clean(rows, ["x", "y"])
    assert values(cleaned)["C"] == {"own_x": 3, "own_y=a": 0, "own_y=b": 1}
    by_row = dict(zip(cleaned.ledger["row"].to_pylist(), cleaned.ledger.to_pylist(), strict=True))
    accepted = next(line for line in by_row.values() if line["status"] == "accepted")
    assert accepted["row"] == 2  # the smallest numbers come first
    assert "rows 2, 3, 4 have 1 to 4 in column 'x'" in accepted["warning"]
    assert "rows 2, 3, 4 have 'a', 'b' in column 'y'" in accepted["warning"]


def test_conditions_make_samples_of_one_group():
    rows = [
        ("OCC", "1", "298.15", "THF"),
        ("CCO", "2", "298.150", "THF"),
        ("CCO", "5", "350", "THF"),
        ("CCO", "9", "350", "water"),
        ("C", "4", "350", "water"),
    ]
    cleaned = clean(rows, ["T", "solvent"], ["T", "solvent"])
    ethanol = [row for row in cleaned.molecules.to_pylist() if row["smiles"] == "CCO"]
    assert {row["conditions"]: (row["label"], row["n_rows"]) for row in ethanol} == {
        "T=298.15, solvent=THF": (1.5, 2),
        "T=350, solvent=THF": (5, 1),
        "T=350, solvent=water": (9, 1),
    }
    assert len({row["group"] for row in ethanol}) == 1
    assert len({row["molecule"] for row in ethanol}) == 3
    assert molecule_id("CCO") not in {row["molecule"] for row in ethanol}
    merged = cleaned.ledger.to_pylist()[1]
    assert merged["status"] == "merged"
    assert merged["reason"] == "the same structure under equal conditions as row 2"
    assert cleaned.counts["conflict"] == 0
    assert values(cleaned)["CCO T=298.15, solvent=THF"]["own_T"] == 298.15


def in_words(*conditions):
    return Row(Record(1), conditions=conditions).conditions_in_words


def test_conditions_in_words_have_quotes_where_they_are_needed():
    assert in_words(("a", "x, b=y"), ("b", "z")) == "a='x, b=y', b=z"
    assert in_words(("a", "x"), ("b", "y, b=z")) == "a=x, b='y, b=z'"
    assert in_words(("a=b", "it's"), ("T", 298.15)) == "T=298.15, 'a=b'=it's"
    assert in_words(("T", 298.15 + 1e-13)) != in_words(("T", 298.15))


CONDITIONS = st.lists(
    st.tuples(st.text(",=' a", min_size=1), st.one_of(st.text(",=' a"), st.floats(0, 1))),
    min_size=1,
    max_size=3,
    unique_by=itemgetter(0),
)


@given(CONDITIONS, CONDITIONS)
def test_different_conditions_read_differently(one, other):
    if {name: str(value) for name, value in one} != {name: str(value) for name, value in other}:
        assert in_words(*one) != in_words(*other)


def test_labels_are_compared_within_equal_conditions():
    rows = [("C", "1", "300"), ("C", "9", "300"), ("C", "50", "400"), ("CC", "2", "300")]
    cleaned = clean(rows, ["T"], ["T"])
    assert [line["status"] for line in cleaned.ledger.to_pylist()] == [
        *("conflict", "conflict", "accepted", "accepted")
    ]
    assert "labels of one structure under equal conditions range from 1 to 9" in (
        cleaned.ledger["reason"][0].as_py()
    )


def test_the_order_of_the_columns_does_not_change_identifiers():
    one = clean([("C", "1", "300", "THF")], ["T", "s"], ["T", "s"])
    other = clean([("C", "1", "THF", "300")], ["s", "T"], ["s", "T"])
    assert one.molecules["molecule"] == other.molecules["molecule"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "the condition 'T' is missing; give it"),
        ("n/a", "the condition 'T' is missing ('n/a' stands for a missing value); give it"),
        ("inf", "column 'T': the value 'inf' is infinite; give a finite number"),
    ],
)
def test_a_row_without_a_condition_is_rejected(text, reason):
    cleaned = clean([("C", "1", "300"), ("CC", "2", text)], ["T"], ["T"])
    line = cleaned.ledger.to_pylist()[1]
    assert (line["status"], line["reason"]) == ("rejected", reason)
    assert line["molecule"] is line["conditions"] is None
    assert cleaned.own_columns.num_rows == 1


DECLARED = (
    OwnColumn(name="x"),
    OwnColumn(name="s", categories=("THF", "water"), is_condition=True),
)


def test_new_molecules_are_encoded_as_declared():
    rows = [
        ("C", None, "5", "water"),
        ("CC", None, "words", "THF"),
        ("CCC", None, "5", "thf"),
        ("CCCC", None, "5", "benzene"),
    ]
    cleaned = clean(rows, [], declared=DECLARED, unlabelled="keep")
    assert cleaned.own_columns.column_names == ["molecule", "own_x", "own_s=THF", "own_s=water"]
    assert values(cleaned)["C s=water"] == {"own_x": 5, "own_s=THF": 0, "own_s=water": 1}
    lines = cleaned.ledger.to_pylist()
    assert lines[1]["warning"] == (
        "column 'x': the value 'words' is not a number; it counts as missing"
    )
    assert lines[2]["status"] == lines[3]["status"] == "rejected"
    assert lines[2]["reason"] == (
        "column 's': the value 'thf' is none of those that were learned ('THF', 'water'); did you "
        "mean 'THF'?"
    )
    assert lines[3]["reason"].endswith("('THF', 'water')")


def test_rows_to_predict_keep_their_own_values():
    rows = [
        ("CCO", None, "1", "THF"),
        ("OCC", None, "100", "THF"),
        ("CCO", None, "100", "THF"),
        ("CCO", None, "n/a", "THF"),
        ("CCO", None, "1", "water"),
        ("C", None, "2", "THF"),
        ("C", None, "2.0", "THF"),
    ]
    cleaned = clean(rows, [], declared=DECLARED, unlabelled="keep")
    of_sample = {line["molecule"]: line["own_x"] for line in cleaned.own_columns.to_pylist()}
    lines = cleaned.ledger.to_pylist()
    np.testing.assert_array_equal(
        [of_sample[line["molecule"]] for line in lines], [1, 100, 100, np.nan, 1, 2, 2]
    )
    assert len(of_sample) == 5
    assert lines[2]["reason"] == "the same structure under equal conditions as row 3"
    assert not any("disagree" in (line["warning"] or "") for line in lines)
    # Rows that agree have the identifier that the study gave them.
    assert lines[5]["molecule"] == molecule_id("C", [("s", "THF")])
    assert lines[4]["molecule"] == molecule_id("CCO", [("s", "water")])
    mixed = clean(rows[::-1], [], declared=DECLARED, unlabelled="keep")
    assert mixed.molecules["molecule"] == cleaned.molecules["molecule"]


FIELDS = st.one_of(
    st.none(), st.sampled_from(["1", "2.5", "-3", "inf", "THF", "water", "n/a", "1,5"]), st.text()
)


@settings(max_examples=60, deadline=None)
@given(
    fields=st.lists(st.tuples(FIELDS, FIELDS, st.sampled_from(["1", "2"])), min_size=3, max_size=8),
    seed=st.integers(0, 5),
)
def test_the_order_of_rows_changes_nothing(fields, seed):
    rows = [("C" * (1 + n % 3), "1", *own) for n, own in enumerate(fields)]
    mixed = random.Random(seed).sample(rows, len(rows))
    try:
        first = clean(rows, ["x", "y", "T"], ["T"])
    except UserError:
        with pytest.raises(UserError):
            clean(mixed, ["x", "y", "T"], ["T"])
        return
    second = clean(mixed, ["x", "y", "T"], ["T"])
    assert first.columns == second.columns
    assert first.molecules.select(["molecule", "label"]) == second.molecules.select(
        ["molecule", "label"]
    )
    assert first.own_columns.column_names == second.own_columns.column_names
    for one, other in zip(
        first.own_columns.columns[1:], second.own_columns.columns[1:], strict=True
    ):
        np.testing.assert_array_equal(one.to_numpy(), other.to_numpy())


@given(st.lists(st.text(max_size=20), unique=True, max_size=6))
def test_names_of_features_stay_different_for_lightgbm(names):
    made = [safe_name(name) for name in feature_names([OwnColumn(name=name) for name in names])]
    assert len(set(made)) == len(names)
    assert all(set(name) <= set(map(chr, range(33, 127))) - set('",:[]{}') for name in made)


@given(st.text(max_size=300))
def test_any_field_is_read_or_refused_with_a_sentence(text):
    told = []
    for column in (OwnColumn(name="x"), OwnColumn(name="x", categories=("a",))):
        try:
            value = FieldReader(column).read(text)
        except FieldError as error:
            told.append(str(error))
        else:
            assert value in (None, "a") or math.isfinite(value)
    assert all(sentence.isprintable() for sentence in told)
    assert max(map(len, told), default=0) < 400


def test_own_columns_of_a_file(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("smiles,y,log P,T\nC,1,2.5,300\nCC,2,,310\n", encoding="utf-8")
    columns = {"smiles_column": "smiles", "label_column": "y", "feature_columns": ["T", "log P"]}
    table = read_records(path, columns)
    assert [record.own for record in table.records] == [("300", "2.5"), ("310", None)]
    assert not table.remarks
    with pytest.raises(UserError, match=r"no column 'logP' \(input: feature_columns\).*'log P'\?"):
        read_records(path, {**columns, "feature_columns": ["logP"]})
    with pytest.raises(UserError, match=r"no column 'logP' \(which the model has learned\)"):
        read_records(path, {**columns, "feature_columns": ["logP"]}, section="prediction")
