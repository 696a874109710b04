"""The law of the error by training molecules, what it foretells, and where it says nothing."""

import numpy as np
import pytest
from scipy.optimize import least_squares

from confaug.evaluation import learning_law
from confaug.evaluation.learning_law import Laws, bootstrap_laws, fit_laws, laws_table
from confaug.evaluation.outlook import (
    BEYOND,
    FARTHEST,
    FLAT,
    FLOOR,
    FORECAST,
    REACHED,
    TOO_FEW_SIZES,
    UNCERTAIN,
    foresee,
)
from confaug.evaluation.training_sizes import SizeErrors, choose_sizes

SIZES = choose_sizes(70)
MOLECULES = 120


def simulate(generator, floor, scale, exponent, replicates=6, noise=0.05):
    """Make a study whose errors follow a law, times what is hard about molecules and chance."""
    law = floor + scale * np.array(SIZES, dtype=float) ** -exponent
    hard = generator.gamma(1.5, 1 / 1.5, MOLECULES)
    draws = tuple((replicate, draw) for replicate in range(1, replicates + 1) for draw in (1, 2))
    errors = np.full((len(draws), len(SIZES), MOLECULES), np.nan)
    for i, (_, draw) in enumerate(draws):
        if draw == 1:
            held_out = generator.permutation(MOLECULES)[40:]
        chance = generator.gamma(4, 1 / 4, (len(SIZES), len(held_out)))
        training = 1 + generator.normal(0, noise, len(SIZES))
        errors[i][:, held_out] = (law * training)[:, None] * hard[held_out] * chance
    return SizeErrors(SIZES, draws, tuple(f"m{i}" for i in range(MOLECULES)), errors)


def laws_of(errors):
    return bootstrap_laws(errors, {name: name for name in errors.molecules})


def exact(floor, scale, exponent, spread=0.0):
    """Return laws around a known one, each with another floor."""
    shift = np.concatenate([[0.0], np.linspace(-spread, spread, 101)])
    return Laws(floor + shift, np.full(102, scale), np.full(102, exponent))


@pytest.mark.parametrize("law", [(10.0, 90.0, 0.5), (0.0, 70.0, 0.25), (20.0, 200.0, 1.0)])
def test_a_law_without_noise_is_found(law):
    floor, scale, exponent = law
    means = floor + scale * np.array(SIZES, dtype=float) ** -exponent
    found = fit_laws(SIZES, means[None])
    assert found.exponent[0] == exponent
    np.testing.assert_allclose((found.floor[0], found.scale[0]), (floor, scale), atol=1e-8)


def test_the_fit_is_that_of_nonlinear_least_squares():
    generator, n = np.random.default_rng(3), np.array(SIZES, dtype=float)
    for _ in range(10):
        means = 12 + 80 * n**-0.5 + generator.normal(0, 1.5, len(n))
        found = fit_laws(SIZES, means[None])

        def residuals(p, means=means):
            return p[0] + p[1] * n ** -p[2] - means

        starts = [(5.0, 50.0, c) for c in (0.1, 0.5, 0.9)]
        bounds = ([0, 0, 0.01], [np.inf, np.inf, 1])
        cost = min(2 * least_squares(residuals, one, bounds=bounds).cost for one in starts)
        fitted = np.array([found.errors(size)[0] for size in SIZES])
        squares = float(((means - fitted) ** 2).sum())
        assert cost - 1e-6 <= squares <= 1.01 * cost  # exponents are those of a grid


def test_a_rising_curve_is_a_flat_law():
    found = fit_laws([10, 20, 40, 80], np.array([[10.0, 11.0, 12.0, 13.0]]))
    assert (found.scale[0], found.floor[0]) == (0.0, 11.5)


def test_molecules_are_the_inverse_of_errors():
    laws = exact(10.0, 90.0, 0.5)
    assert laws.molecules(float(laws.errors(50)[0]))[0] == pytest.approx(50)
    assert np.isinf(laws.molecules(10.0)).all()


def test_intervals_hold_the_truth_about_as_often_as_they_say(monkeypatch):
    monkeypatch.setattr(learning_law, "SAMPLES", 200)
    generator, truth = np.random.default_rng(5), 12 + 110 * 140**-0.5
    held = {"error": 0, "molecules": 0}
    studies = 60
    for _ in range(studies):
        laws = laws_of(simulate(generator, 12.0, 110.0, 0.5))
        found = foresee(laws, SIZES, 140, None, confidence=0.8)
        (error,) = [one.error for one in found.forecasts if one.molecules == 140]
        held["error"] += error.low <= truth <= error.high
        ends = np.quantile(laws.molecules(truth)[1:], [0.1, 0.9], method="nearest")
        held["molecules"] += ends[0] <= 140 <= ends[1]
    # 48 are expected of 60, with a standard deviation of 3.
    assert all(40 <= count <= 58 for count in held.values()), held


def test_a_flat_curve_promises_nothing(monkeypatch):
    monkeypatch.setattr(learning_law, "SAMPLES", 200)
    generator = np.random.default_rng(6)
    answers = [
        foresee(laws_of(simulate(generator, 30.0, 0.0, 0.5)), SIZES, 140, 20.0).answer
        for _ in range(15)
    ]
    assert answers.count(FLAT) >= 13


def test_few_sizes_promise_nothing():
    errors = SizeErrors((8, 9, 10), ((1, 1),), ("a", "b"), np.ones((1, 3, 2)))
    assert laws_of(errors) is None
    assert laws_table(None).num_rows == 0
    assert foresee(None, [8, 9, 10], 20, 1.0).answer == TOO_FEW_SIZES


@pytest.mark.parametrize(
    ("required", "spread", "answer"),
    [
        (22.0, 0.5, REACHED),
        (11.0, 0.1, BEYOND),
        (9.0, 0.5, FLOOR),
        (16.0, 4.0, UNCERTAIN),
        (None, 0.5, FORECAST),
    ],
)
def test_what_can_be_said_depends_on_the_law(required, spread, answer):
    found = foresee(exact(10.0, 90.0, 0.5, spread), SIZES, 223, required)
    assert found.answer == answer
    assert (found.needed is not None) == (answer == REACHED)


def test_the_interval_of_what_is_needed_contains_the_law():
    found = foresee(exact(10.0, 90.0, 0.5, 0.5), SIZES, 223, 22.0)
    assert found.needed.value == pytest.approx(56.25)
    assert found.needed.low < 56.25 < found.needed.high


def test_forecasts_stay_within_what_was_measured_and_four_times_of_it():
    found = foresee(exact(10.0, 90.0, 0.5, 0.5), SIZES, FARTHEST * 70 + 1, None)
    assert [one.molecules for one in found.forecasts] == [35, 140]
    assert foresee(exact(10.0, 90.0, 0.5), SIZES, 223, None).forecasts[-1].molecules == 223


def test_laws_survive_their_table():
    laws = exact(10.0, 90.0, 0.5, 0.5)
    table = laws_table(laws)
    read = Laws.from_table(table.take(np.arange(len(table))[::-1]))
    np.testing.assert_array_equal(read.floor, laws.floor)
    assert Laws.from_table(laws_table(None)) is None
