import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confaug.infrastructure.text import quoted
from confaug.molecules.labels import LabelError, is_missing, parse_label, uses_decimal_comma


@pytest.mark.parametrize(
    ("text", "value"),
    [("300", 300), (" 12.5 ", 12.5), ("-5", -5), ("+.5", 0.5), ("5.", 5), ("1e-3", 1e-3), ("0", 0)],
)
def test_numbers(text, value):
    assert parse_label(text) == value


@pytest.mark.parametrize(
    ("text", "part_of_reason"),
    [
        ("nan", "not a number"),
        ("NaN", "not a number"),
        ("inf", "infinite"),
        ("-Infinity", "infinite"),
        ("n/a", "missing value"),
        ("-", "missing value"),
        ("1e400", "too large"),
        ("1e-400", "too small"),
        ("12,5", "decimal comma"),
        ("1,234.5", "thousands"),
        ("1.234,5", "thousands"),
        ("1,234", "thousands"),
        ("1 234", "thousands"),
        (">300", "bound"),
        ("≤ 3", "bound"),
        ("~5", "approximate"),
        ("ca. 5", "approximate"),
        ("300 K", "without its unit"),
        ("25°C", "without its unit"),
        ("300K", "without its unit"),
        ("5%", "without its unit"),
        ("300-310", "range"),
        ("300 – 310", "range"),
        ("1/2", "range or a fraction"),
        ("300 ± 5", "uncertainty"),
        ("300(5)", "uncertainty"),
        ("2020-01-12", "date"),
        ("2020-01-12 00:00:00", "date"),
        ("12.03.2020", "date"),
        ("3/12/2020", "date"),
        ("12-Mar", "date"),
        ("Mar-12", "date"),
        ("12. März", "date"),
        ("1-déc.-24", "date"),
        ("5 Pas", "without its unit"),
        ("20 kcal", "without its unit"),
        ("#N/A", "missing value"),
        ("#DIV/0!", "spreadsheet error"),
        ("=A1*2", "formula"),
        ("−5", "MINUS SIGN"),
        ("３００", "FULLWIDTH DIGIT THREE"),
        ("TRUE", "not a number"),
        ("1_000", "underscores"),
        ("0x10", "the digits 0 to 9"),
        ("1.2.3", "not a number"),
        ("-1_000.5", "underscores"),
        ("0b101", "the digits 0 to 9"),
        ("1d3", "Fortran exponent"),
        ("1.5D-03", "Fortran exponent"),
        ("5 d", "without its unit"),
        ("1,5e3", "decimal comma"),
        ("1.5×10^3", "power of ten"),
        ("2 x 10-3", "power of ten"),
        ("1e−5", "MINUS SIGN"),
        ("–12,5", "EN DASH"),
        ("300\u200b", "ZERO WIDTH SPACE"),
        ("12:30:00", "is a time"),
        ("1 day, 2:00:00", "is a time"),
        ("True", "true or false"),
    ],
)
def test_reasons(text, part_of_reason):
    with pytest.raises(LabelError, match=part_of_reason):
        parse_label(text)


NOTHING = [
    *("n/a", "N/A", "NA", "na", "N.A.", "n. a.", "n.a", "#N/A", "<NA>", "nan", "NaN", "-nan", "-"),
    *("--", "–", "—", "−", "?", "??", ".", "...", "…", "_", "*", "/", "null", "None", "NIL"),
    *("missing", "unknown", "tbd", "n.d.", "nd", "n.m.", "k.A.", "n.b.", "no data"),
    *("not determined", "not measured", " NaN "),
]


@pytest.mark.parametrize("text", NOTHING)
def test_all_that_says_no_value_is_missing(text):
    assert is_missing(text)
    with pytest.raises(LabelError, match="stands for a missing value; leave the field empty"):
        parse_label(text)


@pytest.mark.parametrize("text", ["0", "-0", "inf", "a", "nano", "N", "-1", "1.", "=NA()", "#REF!"])
def test_what_says_anything_else_is_not_missing(text):
    assert not is_missing(text)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["12,5", "300"], True),
        (["12,5", "1,234"], True),
        (["0,123"], True),
        (["1,234", "2,500"], False),
        (["12,5", "12.5"], False),
        (["1.234,5", "12,5"], True),
        ([], False),
        (["12,5", "12.03.2020"], True),
    ],
)
def test_decimal_comma_of_a_column(labels, expected):
    assert uses_decimal_comma(labels) is expected
    assert uses_decimal_comma(reversed(labels)) is expected


def test_decimal_comma_is_read_only_when_asked_for():
    assert parse_label("1,234", decimal_comma=True) == 1.234
    with pytest.raises(LabelError, match="thousands"):
        parse_label("1.234,5", decimal_comma=True)
    for text in ("1.234", "12.5"):
        with pytest.raises(LabelError, match="has a point in a table"):
            parse_label(text, decimal_comma=True)
    with pytest.raises(LabelError, match="date"):
        parse_label("12.03.2020", decimal_comma=True)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_number_survives_its_own_spelling(value):
    assert parse_label(repr(value)) == value


@given(st.text())
def test_any_other_text_is_refused_in_one_printable_line(text):
    try:
        expected = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        expected = math.nan
    if math.isfinite(expected):
        assert parse_label(text) == expected
    else:
        with pytest.raises(LabelError) as caught:
            parse_label(text)
        assert str(caught.value).isprintable()


def test_long_texts_are_cut():
    assert len(quoted("x" * 1000)) < 70
