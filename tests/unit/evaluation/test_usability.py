"""What speaks for the use of the recommended model, and against it."""

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from confaug.evaluation.confidence_intervals import crossed_interval
from confaug.evaluation.outlook import Outlook
from confaug.evaluation.range_decisions import decide_range
from confaug.evaluation.rows import Interval
from confaug.evaluation.usability import (
    CHANCE,
    MET,
    NOT_BETTER,
    NOT_MET,
    PREDICT,
    RANK,
    ROUGH,
    TOO_FEW,
    UNDECIDED,
    LabelRange,
    Usability,
    _gap,
    _ratio,
    label_range,
)
from confaug.evaluation.y_randomisation import YRandomisation
from confaug.tables.trust import INTERVALS

LABELS = LabelRange(100.0, 400.0, (5, 5, 5, 5), ((100, 175), (175, 250), (250, 325), (325, 400)))
GOOD = Usability(
    enough=True,
    better=True,
    ratio=Interval(0.4, 0.3, 0.5),
    y_randomisation=YRandomisation(20.0, 19, False, 60.0, 55.0, 0.05, 0.05),
    error=Interval(25.0, 20.0, 30.0),
    gap=Interval(0.0, -1.0, 1.0),
    training=70,
    labelled=100,
    labels=LABELS,
)


@pytest.mark.parametrize(
    ("required", "expected"), [(31.0, MET), (19.0, NOT_MET), (20.0, UNDECIDED), (30.0, UNDECIDED)]
)
def test_a_requirement_is_decided_only_by_the_whole_interval(required, expected):
    found = replace(GOOD, required=required)
    assert (found.requirement, found.grade) == (expected, expected)


def test_without_an_interval_no_requirement_is_decided():
    found = replace(GOOD, error=Interval(25.0, None, None), required=100.0)
    assert found.requirement == UNDECIDED


@pytest.mark.parametrize(
    ("changes", "grade"),
    [
        ({}, PREDICT),
        ({"error": Interval(45.0, 40.0, 50.0)}, RANK),
        ({"error": Interval(75.0, 70.0, 80.0)}, ROUGH),
        ({"labels": replace(LABELS, high=100.0)}, ROUGH),
        ({"y_randomisation": YRandomisation(60.0, 19, False, 60.0, 55.0, 0.5, 0.05)}, CHANCE),
        ({"better": False, "y_randomisation": None, "required": 1000.0}, NOT_BETTER),
        ({"enough": False, "better": False}, TOO_FEW),
        ({"better": None, "y_randomisation": None, "ratio": None}, PREDICT),
    ],
)
def test_the_gravest_objection_decides(changes, grade):
    assert replace(GOOD, **changes).grade == grade


def test_facts_survive_their_document():
    found = replace(GOOD, required=20.0, outlook=Outlook("flat", 70, 100))
    document = json.loads(json.dumps(found.document()))
    assert Usability.from_document(document) == found


def test_labels_are_counted_by_quarters_of_their_range():
    labels = np.array([1.0, 10.0, 20.0, 100.0, 1000.0, 10000.0])
    assert label_range(labels, logarithmic=False).quarters == (5, 0, 0, 1)
    logarithmic = label_range(labels, logarithmic=True)
    assert logarithmic.quarters == (1, 2, 1, 2)
    np.testing.assert_allclose(logarithmic.ends[1], (10.0, 100.0))


def test_nearly_empty_quarters_are_named():
    assert not LABELS.gaps
    assert replace(LABELS, quarters=(5, 2, 5, 5)).gaps == ((175, 250),)
    assert replace(LABELS, quarters=(100, 100, 9, 100)).gaps == ((250, 325),)


def errors(generator, replicates=8, molecules=60, trained=25, ratio=0.5):
    """Make absolute errors of a model and a reference on held-out molecules, and out of fold."""
    hard = generator.gamma(2, 1, molecules)
    test = np.full((2, replicates, molecules), np.nan)
    fitted = np.full((replicates, molecules), np.nan)
    for r in range(replicates):
        order = generator.permutation(molecules)
        train, out = order[:trained], order[trained:]
        test[0, r, out] = ratio * hard[out] * generator.gamma(4, 1 / 4, len(out))
        test[1, r, out] = hard[out] * generator.gamma(4, 1 / 4, len(out))
        fitted[r, train] = ratio * hard[train] * generator.gamma(4, 1 / 4, trained)
    return test[0], test[1], fitted


def test_the_interval_of_a_ratio_holds_the_true_one_about_as_often_as_it_says():
    generator, held = np.random.default_rng(2), 0
    for _ in range(200):
        model, reference, _ = errors(generator)
        ratio, values = _ratio(model, reference)
        found = crossed_interval(values, np.arange(60), 0.4)
        assert found.value == pytest.approx(0.0, abs=1e-12)
        held += ratio + found.low <= 0.5 <= ratio + found.high
    assert held >= 180


def test_the_interval_of_the_gap_holds_zero_where_there_is_none():
    generator, held, widths = np.random.default_rng(3), 0, []
    for _ in range(200):
        model, _, fitted = errors(generator)
        found = crossed_interval(_gap(model, fitted), np.arange(60), 0.0)
        gap = np.nanmean(model, axis=1).mean() - np.nanmean(fitted, axis=1).mean()
        assert found.value == pytest.approx(gap)
        held += found.low <= 0 <= found.high
        widths.append(found.high - found.low)
    assert held >= 180
    assert np.mean(widths) < 0.5  # half of the mean error: a gap of that size is seen


def intervals(*rows):
    names = ("molecule", "label", "prediction", "low", "high", "covered")
    made = [dict(zip(names, (str(i), *row), strict=True)) for i, row in enumerate(rows)]
    return pa.Table.from_pylist(made, schema=INTERVALS.schema())


def test_an_interval_decides_if_it_is_wholly_inside_or_wholly_outside():
    table = intervals(
        (5.0, 5.0, 4.0, 6.0, True),  # inside, rightly
        (11.0, 5.0, 0.0, 10.0, False),  # inside, wrongly; the ends belong to the range
        (12.0, 12.0, 10.5, 13.0, True),  # outside, rightly
        (9.0, 12.0, 11.0, 13.0, False),  # outside, wrongly
        (9.0, 9.0, 8.0, 11.0, True),  # undecided
        (None, 5.0, 4.0, 6.0, None),  # nothing to judge it by
        (5.0, 5.0, None, None, None),  # no interval
    )
    found = decide_range([table, table], 0.0, 10.0)
    assert (found.inside, found.wrongly_inside) == (4, 2)
    assert (found.outside, found.wrongly_outside) == (4, 2)
    assert (found.undecided, found.total, found.within) == (2, 10, 6)


def test_without_replicates_nothing_is_decided():
    assert decide_range([], 0.0, 1.0).total == 0
