"""Randomisations are fair, stay within the training part, and give uniform p-values by chance."""

from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from prediction_tables import make_predictions, make_split
from scipy import stats

from confaug.evaluation.y_randomisation import (
    CLEAR,
    out_of_fold_mae,
    randomise_labels,
    randomise_until_clear,
    summarise_y_randomisation,
    y_randomisation_p_value,
    y_randomisation_table,
)
from confaug.report.number_format import number
from confaug.report.wording.y_randomisation import y_randomisation_sentence
from confaug.tables.engine import check_table
from confaug.tables.evaluation import Y_RANDOMISATION_ERRORS


def test_labels_move_between_molecules():
    labels = {f"m{i:03d}": float(i) for i in range(30)}
    dealt = randomise_labels(labels, 1, 1)
    assert list(dealt) == list(labels)
    assert sorted(dealt.values()) == list(range(30))
    assert dealt != labels
    assert randomise_labels(labels, 1, 2) != dealt
    assert randomise_labels(labels, 2, 1) != dealt


def test_every_arrangement_is_equally_likely():
    labels = {"a": 0.0, "b": 1.0, "c": 2.0}
    draws = Counter(tuple(randomise_labels(labels, 1, p).values()) for p in range(1, 1201))
    assert set(draws) == set(permutations([0.0, 1.0, 2.0]))
    assert stats.chisquare(list(draws.values())).pvalue > 0.001


def test_order_of_molecules_is_irrelevant():
    labels = {f"m{i:03d}": float(i) for i in range(20)}
    assert randomise_labels(dict(reversed(labels.items())), 1, 3) == randomise_labels(labels, 1, 3)


def p_values_by_chance(planned, studies, seed):
    """Return p-values of labels that mean nothing, and how many randomisations each took."""
    rng = np.random.default_rng(seed)
    p_values, taken = [], []
    for _ in range(studies):
        x, y = rng.normal(size=(2, 12))
        x -= x.mean()
        observed = -abs(x @ y)  # the correlation, but for a factor that permutations do not change
        errors = (-abs(x @ rng.permutation(y)) for _ in range(planned))
        randomised = randomise_until_clear(observed, errors)
        p_values.append(y_randomisation_p_value(observed, randomised))
        taken.append(len(randomised))
    return np.array(p_values), np.array(taken)


@pytest.mark.parametrize("planned", [19, 99])
def test_p_values_are_valid_under_the_null(planned):
    """Each attainable p-value is reached with just that probability (Besag and Clifford 1991)."""
    p_values, taken = p_values_by_chance(planned, 3000, seed=3)
    attainable = {(1 + g) / (1 + planned) for g in range(CLEAR)}
    attainable |= {CLEAR / draws for draws in range(CLEAR, planned + 1)}
    assert {round(p, 9) for p in p_values} <= {round(p, 9) for p in attainable}
    for alpha in sorted(attainable):
        reached = int(np.sum(p_values <= alpha + 1e-9))
        assert stats.binomtest(reached, len(p_values), min(alpha, 1.0)).pvalue > 1e-4, alpha
    assert taken.min() == CLEAR
    assert taken.mean() < 0.7 * planned


def test_the_p_value_does_not_depend_on_what_follows_the_end():
    errors = [50.0, 70.0, 51.0, 52.0, 71.0, 53.0, 72.0, 54.0]
    assert randomise_until_clear(60.0, iter([*errors, 49.0, 80.0])) == errors
    assert y_randomisation_p_value(60.0, errors) == 5 / 8
    assert y_randomisation_p_value(60.0, [*errors, 49.0, 80.0]) == 5 / 8


def test_randomisations_are_asked_for_one_by_one():
    asked = []
    errors = (asked.append(number) or 50.0 for number in range(100))
    assert randomise_until_clear(60.0, errors) == [50.0] * CLEAR
    assert asked == list(range(CLEAR))
    assert len(randomise_until_clear(40.0, [50.0] * 19)) == 19


@pytest.mark.parametrize(
    ("observed", "randomised", "p_value", "conclusion"),
    [
        (30.0, [60.0] * 19, 0.05, "learned"),
        (30.0, [60.0] * 5, 1 / 6, "too_few"),
        (61.0, [60.0, 62.0] * 4, 5 / 9, "not_ruled_out"),
        (61.0, [60.0, 62.0] * 4 + [60.0], 5 / 9, "not_ruled_out"),
        (30.0, [29.0] * 4 + [60.0] * 195 + [29.0], 5 / 200, "learned"),
    ],
)
def test_conclusion_is_what_the_figures_allow(observed, randomised, p_value, conclusion):
    table = check_table(y_randomisation_table(observed, randomised), Y_RANDOMISATION_ERRORS)
    facts = summarise_y_randomisation(table)
    assert facts.p_value == pytest.approx(p_value)
    assert facts.conclusion == conclusion
    assert facts.observed == observed
    assert facts.stopped == (sum(error <= observed for error in randomised) == CLEAR)
    sentence = y_randomisation_sentence(facts, "K")
    assert f"{len(randomised)} randomisations" in sentence
    assert f"p = {number(p_value)}" in sentence
    assert ("ended when 5 of them gave an error as low" in sentence) == facts.stopped


def test_each_conclusion_has_a_sentence_of_its_own():
    studies = [(30.0, [60.0] * 5), (61.0, [60.0] * 5), (30.0, [60.0] * 19)]
    tables = [y_randomisation_table(*errors) for errors in studies]
    sentences = [y_randomisation_sentence(summarise_y_randomisation(t), "K") for t in tables]
    assert len({sentence[:20] for sentence in sentences}) == 3


def test_only_out_of_fold_predictions_count_for_the_error():
    assert out_of_fold_mae(make_predictions(make_split({"m0", "m1"}), offset=-4.0)) == 4.0
