"""The tolerance that is proposed for repeated labels."""

import random

import pytest

from confaug.molecules.tolerance import NONE, RANGE, REPEATS, propose_tolerance


def measured(error, repeats=2, structures=40, width=200.0, seed=1):
    """Return labels of structures that were measured several times with a normal error."""
    draw = random.Random(seed)
    values = [draw.uniform(300.0, 300.0 + width) for _ in range(structures)]
    return [(i, draw.gauss(value, error)) for i, value in enumerate(values) for _ in range(repeats)]


def within(labels, tolerance):
    """Return the share of structures whose labels agree."""
    groups = {}
    for structure, label in labels:
        groups.setdefault(structure, []).append(label)
    spreads = [max(group) - min(group) for group in groups.values()]
    return sum(spread <= tolerance for spread in spreads) / len(spreads)


@pytest.mark.parametrize("error", [1.0, 1.5, 2.0])
def test_repeated_measurements_mostly_agree(error):
    labels = measured(error, structures=400)
    found = propose_tolerance(labels)
    assert found.source == REPEATS
    assert within(labels, found.value) > 0.9


def test_few_repeats_give_a_share_of_the_range():
    labels = [*measured(1.0, repeats=1), (0, 400.0)]
    found = propose_tolerance(labels)
    assert (found.source, found.usual) == (RANGE, None)
    assert 1.0 <= found.value <= 3.0


def test_a_wrong_label_does_not_widen_the_tolerance():
    labels = measured(1.5)
    wrong = [
        (structure, 9999.0 if i == 0 else label) for i, (structure, label) in enumerate(labels)
    ]
    assert propose_tolerance(wrong).value <= 2 * propose_tolerance(labels).value
    assert propose_tolerance(measured(60.0)).value <= 0.06 * 400.0


@pytest.mark.parametrize(
    "labels",
    [[], [1.0], [2.0, 2.0, 2.0], [1e-3, 1.0, 5.0]],
    ids=["none", "one", "equal", "decades"],
)
def test_nothing_is_proposed_where_nothing_is_known(labels):
    found = propose_tolerance(enumerate(labels))
    assert (found.value, found.source) == (0.0, NONE)


def test_copies_of_a_label_are_no_repeats():
    copies = [(i, 300.0 + 10 * i) for i in range(10) for _ in range(3)]
    assert propose_tolerance(copies).repeated == 0
