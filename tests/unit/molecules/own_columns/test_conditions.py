"""Conditions of samples as values, as words, and how far apart they are."""

import random

import numpy as np
import pyarrow as pa

from confaug.molecules.own_columns.conditions import (
    closest,
    conditions_in_words,
    read_conditions,
    spans_of,
)
from confaug.molecules.own_columns.declaration import OwnColumn
from confaug.molecules.own_columns.samples import own_columns_table

COLUMNS = (
    OwnColumn(name="logP"),
    OwnColumn(name="T", is_condition=True),
    OwnColumn(name="solvent", categories=("THF", "water"), is_condition=True),
)


def test_conditions_are_read_back_from_the_table_of_features():
    table = own_columns_table(
        {"b": (1.0, 1 / 3, "water"), "a": (None, 298.15, "THF"), "c": (2.0, None, "THF"),
         "d": (2.0, 300.0, None)},
        COLUMNS,
    )  # fmt: skip
    assert read_conditions(table, COLUMNS) == {"a": (298.15, "THF"), "b": (1 / 3, "water")}
    assert read_conditions(table, COLUMNS[:1]) == {}
    assert read_conditions(pa.table({"molecule": ["a"]}), ()) == {}


def test_different_conditions_never_read_the_same():
    pairs = [
        [("a", "1, b=2")],
        [("a", "1"), ("b", "2")],
        [("a", 1.0), ("b", "'2'")],
        [("a", 0.1 + 0.2)],
        [("a", 0.3)],
    ]
    words = [conditions_in_words(one) for one in pairs]
    assert len(set(words)) == len(pairs)
    assert words[1] == "a=1, b=2"
    assert conditions_in_words([]) is None


def test_the_closest_conditions_are_near_in_numbers_and_equal_in_categories():
    samples = {
        "cold": (273.0, "water"),
        "warm": (323.0, "water"),
        "warm in THF": (323.0, "THF"),
        "again cold": (273.0, "water"),
    }
    spans = spans_of(samples.values())
    assert spans == [50.0, 1.0]
    assert closest((320.0, "THF"), samples, spans) == "warm in THF"
    assert closest((310.0, "water"), samples, spans) == "warm"
    assert closest((1000.0, "water"), samples, spans) == "warm"
    assert closest((270.0, "water"), samples, spans) == "again cold", "the first by name"


def test_the_closest_of_many_numbers_is_that_with_the_smallest_distance():
    draw = random.Random(3)
    samples = {f"s{n:02}": (draw.uniform(0, 9), draw.uniform(0, 1e6)) for n in range(40)}
    spans, asked = spans_of(samples.values()), (4.0, 3e5)
    scaled = np.array(list(samples.values())) / spans
    distances = np.abs(scaled - np.array(asked) / spans).sum(axis=1)
    assert closest(asked, samples, spans) == f"s{distances.argmin():02}"


def test_a_number_that_never_varies_has_a_span():
    assert spans_of([(5.0, "a"), (5.0, "b")]) == [1.0, 1.0]
    assert spans_of([]) == []
