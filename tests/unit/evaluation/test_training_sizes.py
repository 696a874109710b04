"""Errors of the recommended model on growing parts of the training molecules."""

from itertools import pairwise

import numpy as np
import pytest

from confaug.errors import UserError
from confaug.evaluation.learning_curves import Part
from confaug.evaluation.training_sizes import choose_sizes, draws_of, measure_training_sizes
from confaug.tables.engine import check_table
from confaug.tables.evaluation import TRAINING_SIZES

NAMES = [f"m{i:02d}" for i in range(40)]
LABELS = {name: float(i) for i, name in enumerate(NAMES)}
ALONE = {name: name for name in NAMES}
PARTS = {
    1: Part(NAMES[:30], NAMES[30:], {**LABELS, "m39": None}, ALONE),
    2: Part(NAMES[10:], NAMES[:10], LABELS, ALONE),
}


def mean_of(replicate, train, test):
    """A member that predicts the mean label of what it was given."""
    assert list(train) == sorted(train)
    return np.full(len(test), np.mean([LABELS[name] for name in train]))


def nothing(replicate, train, test):
    """A member that predicts zero."""
    return np.zeros(len(test))


def test_the_model_is_the_mean_of_its_members_fitted_on_all_training_molecules_at_last():
    found = measure_training_sizes([mean_of, nothing], PARTS, 20)
    column = found.molecules.index("m35")
    predicted = np.mean([LABELS[name] for name in NAMES[:30]]) / 2
    assert found.sizes == choose_sizes(30)
    first = [i for i, (replicate, _) in enumerate(found.draws) if replicate == 1]
    np.testing.assert_allclose(found.errors[first, -1, column], abs(predicted - 35))
    second = [i for i, (replicate, _) in enumerate(found.draws) if replicate == 2]
    assert np.isnan(found.errors[second][:, :, column]).all()


def test_molecules_without_a_label_are_not_judged():
    found = measure_training_sizes([mean_of], PARTS, 20)
    assert "m39" not in found.molecules
    assert len(found.molecules) == 19


def test_every_set_of_molecules_is_fitted_once_and_sizes_grow_along_one_order():
    seen = []

    def spy(replicate, train, test):
        seen.append((replicate, train))
        return np.zeros(len(test))

    found = measure_training_sizes([spy], PARTS, 20)
    assert len(seen) == len(set(seen))
    assert len(seen) == len(found.draws) * (len(found.sizes) - 1) + 2
    for smaller, larger in pairwise(seen[: len(found.sizes)]):
        assert set(smaller[1]) < set(larger[1])


def test_the_table_has_the_mean_error_of_every_draw_and_size():
    found = measure_training_sizes([mean_of], PARTS, 20)
    table = check_table(found.table(), TRAINING_SIZES)
    rows = table.to_pylist()
    assert len(rows) == len(found.draws) * len(found.sizes)
    assert {row["test_molecules"] for row in rows if row["replicate"] == 1} == {9}
    assert rows[0]["mae"] == pytest.approx(np.nanmean(found.errors[0, 0]))


def test_a_size_at_which_nothing_can_be_fitted_is_left_out():
    def choosy(replicate, train, test):
        if len(train) < 10:
            raise UserError("too few")
        return np.zeros(len(test))

    found = measure_training_sizes([choosy], PARTS, 20)
    assert found.sizes == tuple(size for size in choose_sizes(30) if size >= 10)
    assert not np.isnan(found.errors).all(axis=2).any()


def test_a_study_that_holds_nothing_out_has_no_curve():
    found = measure_training_sizes([mean_of], {1: Part(NAMES, [], LABELS, ALONE)}, 20)
    assert found.table().num_rows == 0


def test_there_are_at_least_five_sizes_and_several_orders_of_each_replicate():
    assert all(len(choose_sizes(n)) >= 5 for n in range(12, 400))
    for replicates in (1, 3, 10):
        draws = draws_of(range(1, replicates + 1), 20)
        assert len(set(draws)) == len(draws) >= 20
        assert len(draws) / replicates >= 2


def test_samples_of_a_structure_are_added_together():
    groups = {name: f"g{i // 4}" for i, name in enumerate(NAMES)}
    given = []

    def recording(replicate, train, test):
        given.append(train)
        return np.zeros(len(test))

    measure_training_sizes([recording], {1: Part(NAMES[:32], NAMES[32:], LABELS, groups)}, 3)
    for train in given:
        counts = {group: sum(groups[name] == group for name in train) for group in groups.values()}
        assert sum(0 < count < 4 for count in counts.values()) <= 1
