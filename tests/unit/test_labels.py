import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confaug.labels import LabelError, parse_label, shorten, uses_decimal_comma


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
        ("n/a", "no value"),
        ("-", "no value"),
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
        ("300 K", "units"),
        ("25°C", "units"),
        ("300K", "units"),
        ("5%", "units"),
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
        ("5 Pas", "units"),
        ("20 kcal", "units"),
        ("#N/A", "no value"),
        ("#DIV/0!", "spreadsheet error"),
        ("=A1*2", "formula"),
        ("−5", "MINUS SIGN"),
        ("３００", "FULLWIDTH DIGIT THREE"),
        ("TRUE", "not a number"),
        ("1_000", "text behind"),
        ("0x10", "text behind"),
        ("1.2.3", "not a number"),
    ],
)
def test_reasons(text, part_of_reason):
    with pytest.raises(LabelError, match=part_of_reason):
        parse_label(text)


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
    assert len(shorten("x" * 1000)) < 70
