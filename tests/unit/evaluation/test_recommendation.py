"""The rule takes the cheapest of what cannot be told from the best, and nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from confaug.errors import UserError
from confaug.evaluation.recommendation import (
    Candidate,
    chosen_in,
    recommend,
    standard_error,
    standings_table,
)
from confaug.tables.engine import check_table
from confaug.tables.evaluation import STANDINGS

N = 40
HARD = np.abs(np.random.default_rng(1).normal(30, 20, N))


def candidate(name, shift, conformers=False, models=1, noise=0.0, seed=0):
    scatter = np.random.default_rng(seed).normal(0, 1, N)
    scatter -= scatter.mean()  # the mean difference is the shift, exactly
    return Candidate(name, HARD + shift + noise * scatter, conformers, models)


def test_a_clearly_better_model_is_taken_whatever_it_costs():
    best = candidate("best", 0, conformers=True, models=3)
    plain = candidate("plain", 5, noise=10)  # standard error 1.6
    assert recommend([plain, best]).name == "best"


def test_a_cheaper_model_within_one_standard_error_is_taken():
    best = candidate("best", 0, conformers=True, models=3)
    plain = candidate("plain", 1, noise=10)
    found = recommend([best, plain])
    assert (found.name, found.standings[0].name) == ("plain", "best")
    standing = found.standings[1]
    assert standing.difference == pytest.approx(1)
    expected = np.std(plain.errors - best.errors, ddof=1) / np.sqrt(N)
    assert standing.standard_error == pytest.approx(expected)


def test_copies_of_molecules_in_groups_leave_the_standard_error_as_it_is():
    values = np.random.default_rng(3).normal(1, 4, N)
    expected = np.std(values, ddof=1) / np.sqrt(N)
    assert standard_error(values) == pytest.approx(expected)
    copies, groups = np.repeat(values, 20), np.repeat(np.arange(N), 20)
    assert standard_error(copies, groups) == pytest.approx(expected)
    assert standard_error(copies) < expected / 4, "as if they were further molecules"
    assert standard_error(copies, np.zeros(20 * N, int)) == 0


def test_no_conformers_come_before_a_single_model():
    found = recommend(
        [
            candidate("best", 0, conformers=True, models=3),
            candidate("single", 0.1, conformers=True, noise=10),
            candidate("mean_2d", 0.2, models=3, noise=10, seed=2),
        ]
    )
    assert found.name == "mean_2d"


def test_among_equally_cheap_ones_the_lower_error_counts():
    best = candidate("best", 0, conformers=True)
    others = [candidate("b", 0.2, noise=10), candidate("a", 0.4, noise=10, seed=3)]
    assert recommend([best, *others]).name == "b"


def test_a_dearer_model_is_not_taken_for_being_close():
    plain = candidate("plain", 0)
    shapes = candidate("shapes", 0.1, conformers=True, noise=10)
    assert recommend([shapes, plain]).name == "plain"


def test_equal_errors_are_decided_by_cost_and_then_by_name():
    same = [candidate(name, 0, conformers=name == "a") for name in "acb"]
    assert recommend(same).name == "b"


def test_nothing_and_unequal_things_are_refused():
    with pytest.raises(UserError, match="no variant"):
        recommend([])
    with pytest.raises(ValueError, match="different molecules"):
        recommend([candidate("a", 0), Candidate("b", HARD[:5], needs_conformers=False)])


@given(
    st.lists(
        st.tuples(st.floats(0, 20), st.booleans(), st.integers(1, 3), st.floats(0, 15)),
        min_size=1,
        max_size=6,
    ),
    st.randoms(),
)
def test_what_is_chosen_is_never_dearer_than_the_best_nor_clearly_worse(given_candidates, random):
    made = [
        candidate(f"v{i}", shift, conformers, models, noise, seed=i)
        for i, (shift, conformers, models, noise) in enumerate(given_candidates)
    ]
    found = recommend(made)
    by_name = {one.name: one for one in made}
    standing = next(one for one in found.standings if one.name == found.name)
    assert by_name[found.name].cost <= by_name[found.standings[0].name].cost
    assert standing.within
    random.shuffle(made)
    assert recommend(made) == found


def test_standings_are_a_table_that_tells_what_was_chosen():
    found = recommend([candidate("best", 0, conformers=True), candidate("plain", 1, noise=10)])
    table = check_table(standings_table(found), STANDINGS)
    assert table["variant"].to_pylist() == ["best", "plain"]
    assert table["recommended"].to_pylist() == [False, True]
    assert chosen_in(table) == "plain"
