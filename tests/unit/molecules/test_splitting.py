"""Splits keep groups together, do not depend on row order, and have the promised sizes."""

from collections import Counter, defaultdict

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confaug.errors import UserError
from confaug.molecules.splitting import fold_all_molecules, split_molecules
from confaug.tables.engine import check_table
from confaug.tables.molecules import MOLECULES, SPLIT


def make_molecules(group_sizes, labels=None, fixed=None):
    groups = [f"G{i}" for i, size in enumerate(group_sizes) for _ in range(size)]
    n = len(groups)
    columns = {
        "molecule": [f"m{i:04d}" for i in range(n)],
        "smiles": [f"C{i}" for i in range(n)],
        "inchikey": [None] * n,
        "group": groups,
        "id": [None] * n,
        "name": [None] * n,
        "label": [float(i) for i in range(n)] if labels is None else labels,
        "n_rows": [1] * n,
        "n_heavy_atoms": [1] * n,
        "n_components": [1] * n,
        "fixed_part": [None] * n if fixed is None else fixed,
        "repeat_unit": [None] * n,
        "polymerisation_rule": [None] * n,
        "modelled_smiles": [f"C{i}" for i in range(n)],
        "conditions": [None] * n,
    }
    return pa.table(columns, schema=MOLECULES.schema())


def train_of(split):
    return {r["molecule"] for r in split.to_pylist() if r["part"] == "train"}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 4), min_size=12, max_size=40),
    st.integers(0, 99),
    st.integers(1, 9),
    st.randoms(use_true_random=False),
)
def test_groups_stay_together_and_row_order_is_irrelevant(sizes, seed, replicate, random):
    molecules = make_molecules(sizes)
    wanted = max(sum(sizes) // 2, 10)
    split = check_table(split_molecules(molecules, wanted, 2, seed, replicate), SPLIT)
    places = defaultdict(set)
    for row in split.to_pylist():
        places[row["group"]].add((row["part"], row["fold"]))
        assert (row["fold"] is None) == (row["part"] == "test")
    assert all(len(where) == 1 for where in places.values())
    assert wanted - max(sizes) < len(train_of(split)) <= wanted
    filled = Counter(f for f in split["fold"].to_pylist() if f is not None)
    assert max(filled.values()) - min(filled.values()) <= max(sizes)
    order = list(range(len(molecules)))
    random.shuffle(order)
    assert split_molecules(molecules.take(order), wanted, 2, seed, replicate).equals(split)


@settings(max_examples=40, deadline=None)
@given(st.integers(10, 60), st.integers(0, 99))
def test_an_added_molecule_moves_at_most_one_other(n, seed):
    before = train_of(split_molecules(make_molecules([1] * n), n // 2, 2, seed, 1))
    after = train_of(split_molecules(make_molecules([1] * (n + 1)), n // 2, 2, seed, 1))
    assert len(before - after) <= 1
    assert len(after - before) <= 1


def test_replicates_and_seeds_give_independent_draws():
    molecules = make_molecules([1] * 400)
    draws = [
        train_of(split_molecules(molecules, 200, 5, seed, replicate))
        for seed, replicate in [(1, 1), (1, 2), (2, 1)]
    ]
    # Two independent halves of 400 share 100 molecules, with a standard deviation of 5.
    for a, b in [(0, 1), (0, 2), (1, 2)]:
        assert 75 <= len(draws[a] & draws[b]) <= 125


def test_every_molecule_is_drawn_as_often_as_any_other():
    molecules = make_molecules([1] * 10)
    draws = Counter(
        name for r in range(600) for name in train_of(split_molecules(molecules, 5, 2, 7, r))
    )
    assert sum((count - 300) ** 2 / 150 for count in draws.values()) < 28  # chi-square, p ~ 0.001


def test_fraction_counts_labelled_molecules_only():
    labels = [None if i % 5 == 0 else 1.0 for i in range(50)]
    split = split_molecules(make_molecules([1] * 50, labels), 0.75, 3, 1, 1)
    assert len(split) == 40
    assert len(train_of(split)) == 30


def test_singletons_fill_folds_evenly():
    split = split_molecules(make_molecules([1] * 100), 70, 5, 1, 1)
    assert Counter(split["fold"].to_pylist()) == {None: 30, **dict.fromkeys(range(5), 14)}


@pytest.mark.parametrize(
    ("fixed_parts", "free_goes_to"),
    [(["test", "test"], "train"), (["train", "train"], "test"), (["train", "test"], "train")],
)
def test_fixed_molecules_go_where_they_were_fixed(fixed_parts, free_goes_to):
    fixed = [fixed_parts[0]] * 8 + [fixed_parts[1]] * 8 + [None] * 8
    split = split_molecules(make_molecules([1] * 24, fixed=fixed), 5, 3, 1, 1)
    assert split["part"].to_pylist() == fixed[:16] + [free_goes_to] * 8


def test_free_members_follow_their_fixed_group():
    split = split_molecules(make_molecules([2, *[1] * 8], fixed=["test", *[None] * 9]), 5, 2, 1, 1)
    assert split["part"].to_pylist() == ["test", "test", *["train"] * 8]


def test_a_group_fixed_in_both_parts_is_refused():
    molecules = make_molecules([2, 1, 1, 1], fixed=["train", "test", None, None, None])
    with pytest.raises(UserError, match=r"m0000 into train.*m0001 into test.*group G0"):
        split_molecules(molecules, 3, 2, 1, 1)


@pytest.mark.parametrize(
    ("sizes", "train", "folds", "message"),
    [
        ([1] * 10, 10, 2, "below 10"),
        ([1] * 10, 70, 2, "below 10"),
        ([1] * 10, 3, 5, r"splits\.folds is 5.*only 3 groups"),
        ([4, 4, 4], 8, 3, "only 2 groups"),
        ([1] * 4, 0.99, 2, "splits.train"),
    ],
)
def test_impossible_sizes_are_refused(sizes, train, folds, message):
    with pytest.raises(UserError, match=message):
        split_molecules(make_molecules(sizes), train, folds, 1, 1)


def test_fixing_everything_as_training_leaves_nothing_to_test():
    with pytest.raises(UserError, match="none is left for the test"):
        split_molecules(make_molecules([1] * 6, fixed=["train"] * 6), 3, 2, 1, 1)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(1, 4), min_size=5, max_size=40),
    st.integers(0, 99),
    st.randoms(use_true_random=False),
)
def test_all_labelled_molecules_are_divided_into_folds_by_group(sizes, seed, random):
    unlabelled = make_molecules([*sizes, 1], labels=[1.0] * sum(sizes) + [None])
    split = check_table(fold_all_molecules(unlabelled, 5, seed), SPLIT)
    assert train_of(split) == set(unlabelled["molecule"].to_pylist()[:-1])
    folds = defaultdict(set)
    for row in split.to_pylist():
        folds[row["group"]].add(row["fold"])
    assert all(len(found) == 1 for found in folds.values())
    filled = Counter(split["fold"].to_pylist())
    assert len(filled) == 5
    assert max(filled.values()) - min(filled.values()) <= max(sizes)
    order = list(range(len(unlabelled)))
    random.shuffle(order)
    assert fold_all_molecules(unlabelled.take(order), 5, seed).equals(split)


def test_parts_that_the_user_fixed_do_not_keep_molecules_out_of_the_folds():
    molecules = make_molecules([1] * 10, fixed=["test"] * 4 + ["train"] * 6)
    assert len(train_of(fold_all_molecules(molecules, 5, 1))) == 10


def test_fewer_groups_than_folds_are_refused():
    with pytest.raises(UserError, match=r"splits\.folds is 5, but .* only 4 groups"):
        fold_all_molecules(make_molecules([3] * 4), 5, 1)
