"""Randomisations are fair, stay within the training part, and give uniform p-values by chance."""

from collections import Counter
from itertools import permutations

import numpy as np
import pyarrow as pa
import pytest
from prediction_tables import make_predictions, make_split
from scipy import stats

from confaug.evaluation.y_randomisation import (
    out_of_fold_mae,
    randomise_labels,
    summarise_y_randomisation,
    y_randomisation_p_value,
    y_randomisation_table,
)
from confaug.report.number_format import number
from confaug.report.wording.y_randomisation import y_randomisation_sentence
from confaug.tables.engine import check_table
from confaug.tables.evaluation import Y_RANDOMISATION_ERRORS
from confaug.tables.molecules import MOLECULES, SPLIT


def make_tables(n, n_train):
    names = [f"m{i:03d}" for i in range(n)]
    columns = {field.name: pa.nulls(n, field.type) for field in MOLECULES.schema()}
    columns |= {"molecule": pa.array(names), "label": pa.array(np.arange(n, dtype=float))}
    split = pa.table(
        {
            "molecule": names,
            "group": names,
            "part": ["train"] * n_train + ["test"] * (n - n_train),
            "fold": [0] * n_train + [None] * (n - n_train),
        },
        schema=SPLIT.schema(),
    )
    return pa.table(columns), split


def test_labels_move_within_the_training_part_only():
    molecules, split = make_tables(50, 30)
    labels = randomise_labels(molecules, split, 1, 1)["label"].to_pylist()
    assert sorted(labels[:30]) == list(range(30))
    assert labels[:30] != list(range(30))
    assert labels[30:] == list(range(30, 50))
    assert randomise_labels(molecules, split, 1, 0).equals(molecules)


def test_molecules_without_a_label_keep_none():
    molecules, split = make_tables(5, 4)
    labels = [0.0, 1.0, 2.0, 3.0, None]
    molecules = molecules.set_column(6, "label", pa.array(labels))
    assert randomise_labels(molecules, split, 1, 1)["label"].to_pylist()[4] is None


def test_every_arrangement_is_equally_likely():
    molecules, split = make_tables(3, 3)
    draws = Counter(
        tuple(randomise_labels(molecules, split, 1, p)["label"].to_pylist()) for p in range(1, 1201)
    )
    assert set(draws) == set(permutations([0.0, 1.0, 2.0]))
    assert stats.chisquare(list(draws.values())).pvalue > 0.001


def test_row_order_is_irrelevant():
    molecules, split = make_tables(20, 15)
    order = np.random.default_rng(1).permutation(20)
    a = randomise_labels(molecules, split, 1, 3)
    b = randomise_labels(molecules.take(order), split.take(order[::-1]), 1, 3)
    assert b.sort_by("molecule").equals(a.combine_chunks())


def test_p_values_are_uniform_under_the_null():
    rng = np.random.default_rng(3)
    p_values = []
    for _ in range(1000):
        x, y = rng.normal(size=(2, 20))
        errors = [-abs(np.corrcoef(x, rng.permutation(y))[0, 1]) for _ in range(19)]
        p_values.append(y_randomisation_p_value(-abs(np.corrcoef(x, y)[0, 1]), errors))
    counts = Counter(round(20 * p) for p in p_values)
    assert set(counts) <= set(range(1, 21))
    assert stats.chisquare([counts[i] for i in range(1, 21)]).pvalue > 0.001


@pytest.mark.parametrize(
    ("observed", "randomised", "p_value", "conclusion"),
    [
        (30.0, [60.0] * 19, 0.05, "learned"),
        (30.0, [60.0] * 5, 1 / 6, "too_few"),
        (61.0, [60.0, 62.0] * 20, 21 / 41, "not_ruled_out"),
    ],
)
def test_conclusion_is_what_the_figures_allow(observed, randomised, p_value, conclusion):
    table = check_table(y_randomisation_table(observed, randomised), Y_RANDOMISATION_ERRORS)
    facts = summarise_y_randomisation(table)
    assert facts.p_value == pytest.approx(p_value)
    assert facts.conclusion == conclusion
    assert facts.observed == observed
    assert f"{len(randomised)} randomisations" in y_randomisation_sentence(facts, "K")
    assert f"p = {number(p_value)}" in y_randomisation_sentence(facts, "K")


def test_each_conclusion_has_a_sentence_of_its_own():
    studies = [(30.0, [60.0] * 5), (61.0, [60.0] * 5), (30.0, [60.0] * 19)]
    tables = [y_randomisation_table(*errors) for errors in studies]
    sentences = [y_randomisation_sentence(summarise_y_randomisation(t), "K") for t in tables]
    assert len({sentence[:20] for sentence in sentences}) == 3


def test_only_out_of_fold_predictions_count_for_the_error():
    assert out_of_fold_mae(make_predictions(make_split({"m0", "m1"}), offset=-4.0)) == 4.0
