"""Numbers are written so that one can read them, whatever their size, and nothing as nothing."""

import math
import re
from pathlib import Path

import pytest
from report_page import Page, inputs_of
from synthetic_study import MAIN, PROPERTY, write_study

from confaug.evaluation.errors import relative_errors_are_meaningful
from confaug.report import number_format
from confaug.report.figures.catalog import FIGURES
from confaug.report.figures.drawing import draw_figure
from confaug.report.number_format import number, percent
from confaug.report.page import build_report
from confaug.report.quantity import Quantity, digits_for

SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
UNITS = ("K", "mK", "GPa", "kJ/mol", "10³ cm⁻¹", "%", "")


def value_of(text):
    """Read a number as it is written."""
    plain = text.replace("−", "-").replace("\u00a0", "")
    mantissa, _, power = plain.partition("×10")
    return float(mantissa) * 10.0 ** int(power.translate(SUPERSCRIPTS) or 0)


@pytest.mark.parametrize("exponent", range(-30, 31))
@pytest.mark.parametrize("sign", [1, -1])
def test_every_magnitude_is_short_and_near_the_number(exponent, sign):
    for mantissa in (1.0, 1.0349, 5.55, 9.996):
        value = sign * mantissa * 10.0**exponent
        for signed in (False, True):
            text = number(value, signed)
            assert len(text) <= 14
            assert "e" not in text
            assert "-" not in text
            rounding = 5.01e-4 if exponent >= -3 else 0.0
            assert abs(value_of(text) - value) <= max(0.006 * abs(value), rounding)
            assert text.startswith("−" if sign < 0 else "+") == (sign < 0 or signed)


@pytest.mark.parametrize("error", [10.0**exponent for exponent in range(-30, 31, 3)])
@pytest.mark.parametrize("unit", UNITS)
def test_decimals_of_any_errors_leave_any_value_readable(error, unit):
    quantity = Quantity("x", "x", unit, digits=digits_for(error))
    for exponent in range(-30, 31, 5):
        low, high = -(10.0**exponent), 3.0 * 10.0**exponent
        text = quantity.between(low, high, signed=True)
        assert len(text) <= 36 + len(unit)
        assert text.endswith(unit)
        assert not re.search(r"\de[+-]?\d", text)
        assert not re.search(r"\d{11}", text)


@pytest.mark.parametrize("nothing", [None, math.nan])
def test_what_is_not_there_is_a_dash(nothing):
    quantity = Quantity("x", "x", "K", digits=2)
    assert number(nothing) == percent(nothing) == quantity.text(nothing) == "–"
    assert quantity.between(nothing, 1.0) == quantity.between(1.0, nothing) == "–"


def test_infinity_and_zero_have_a_form():
    assert (number(math.inf), number(-math.inf), number(math.inf, True)) == ("∞", "−∞", "+∞")
    assert number(-0.0) == number(0.0, signed=True) == "0.000"
    assert number(-0.04, signed=True, digits=1) == "0.0"


def test_shares_beyond_tenfold_are_not_written_out():
    assert percent(1e31) == percent(1e31, signed=True) == ">1000%"
    assert percent(-1e31) == "<−1000%"
    assert percent(-0.72, signed=True, decimals=0) == "−72%"
    assert percent(0.0, signed=True) == percent(-1e-9) == "0.0%"


def test_no_other_module_of_the_report_formats_numbers():
    spec = re.compile(r"\{[^{}]*:[+,]?\.?\d*[efg%]\}")
    package = Path(number_format.__file__).parent
    own = {"number_format.py"}
    found = {
        f"{path.name}: {match}"
        for path in package.rglob("*.py")
        if path.name not in own
        for match in spec.findall(path.read_text(encoding="utf-8"))
    }
    assert not found


@pytest.mark.parametrize(
    ("labels", "logarithmic", "expected"),
    [
        ([216.0, 300.0, 410.0], False, True),
        ([-20.0, -35.0], False, True),
        ([-20.0, 5.0, 80.0], False, False),
        ([0.0, 20.0, 80.0], False, False),
        ([0.0, 20.0, 80.0], True, False),
        ([1e-33, 2.0, 3.0], False, False),
        ([1e-9, 1e-3, 1.0], True, True),
        ([], False, False),
    ],
)
def test_relative_errors_need_labels_away_from_zero(labels, logarithmic, expected):
    assert relative_errors_are_meaningful(labels, logarithmic) is expected


@pytest.mark.parametrize(
    ("middle", "scale", "meaningful"),
    [(0.0, 1.0, False), (0.0, 1e28, False), (600e-12, 1e-12, True), (600e-30, 1e-30, True)],
    ids=["crossing zero", "1e30", "1e-12", "1e-30"],
)
def test_page_of_extreme_labels_has_no_endless_number(tmp_path, middle, scale, meaningful):
    inputs = inputs_of(write_study(tmp_path, molecules=24, middle=middle, scale=scale))
    words = Page(build_report(inputs)).words
    assert ("not meaningful" in words) != meaningful
    assert not re.search(r"\d[eE][+-]?\d{2}", words.split("Provenance")[0])
    assert not re.search(r"\d{14}(?!\w*[a-f])", re.sub(r"\b[0-9a-f]{64}\b", "", words))
    for name in FIGURES:
        svg = draw_figure(name, inputs.results)
        assert not re.search(r">[^<]*\d{14}[^<]*</text>", svg)
    assert inputs.results.main == MAIN
    assert inputs.results.quantity.unit == PROPERTY["unit"]
