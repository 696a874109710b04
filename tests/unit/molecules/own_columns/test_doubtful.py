"""The log warns of own columns that say nothing, and of those that say the label."""

import random

import pytest

from confaug.molecules.own_columns.declaration import OwnColumn
from confaug.molecules.own_columns.doubtful import warn_of_doubtful_columns
from confaug.molecules.reading.records import Record
from confaug.molecules.rows import Row

DRAWN = random.Random(5)
LABELS = [DRAWN.uniform(1, 900) for _ in range(40)]
NUMBERS = OwnColumn(name="x")


def warned(caplog, values, column=NUMBERS, labels=LABELS):
    rows = []
    for number, (value, label) in enumerate(zip(values, labels, strict=False), 2):
        row = Row(Record(number, "C", str(label)))
        row.own, row.label = (value,), label
        rows.append(row)
    warn_of_doubtful_columns(rows, [column])
    return caplog.text


@pytest.mark.parametrize(
    ("of_label", "told"),
    [
        (lambda y: y, "'x' is a straight line of the label in all 40 rows"),
        (lambda y: round(y - 273.15, 1), "a straight line of the label"),
        (lambda y: -1e-30 * y, "a straight line of the label"),
        (lambda y: 1e38 + 1e30 * y, "a straight line of the label"),
        (lambda y: 3 - y**1e-5, "a straight line of the logarithm of the label"),
        (lambda y: y**2, ""),
        (lambda y: y if y < 800 else -y, ""),
    ],
)
def test_a_column_that_follows_from_the_label_is_told(caplog, of_label, told):
    text = warned(caplog, [of_label(label) for label in LABELS])
    assert told in text
    assert bool(text) == bool(told)


def test_rows_without_a_value_or_a_label_do_not_count(caplog):
    labels = [*LABELS[:30], *[None] * 10]
    text = warned(caplog, [None, *LABELS[1:]], labels=labels)
    assert "in all 29 rows that have both" in text


def test_few_rows_may_be_on_a_line_by_chance(caplog):
    assert warned(caplog, LABELS[:7]) == ""


def test_a_column_with_one_value_is_told(caplog):
    assert "column 'x' has the same value in all 39 rows" in warned(caplog, [None, *[7.0] * 39])


def test_a_column_with_one_category_is_told(caplog):
    column = OwnColumn(name="s", categories=("THF",))
    assert "column 's' has the same value in all 40 rows" in warned(caplog, ["THF"] * 40, column)
