import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from confaug.molecules.label_checks import doubtful_labels, gross_distance, replicate_scatter

KINDS = {
    "normal": lambda rng, n: rng.normal(300, 60, n),
    "centred": lambda rng, n: rng.normal(0, 1, n),
    "uniform": lambda rng, n: rng.random(n),
    "exponential": lambda rng, n: rng.exponential(1, n),
    "log-normal": lambda rng, n: rng.lognormal(0, 1, n),
    "over decades": lambda rng, n: rng.lognormal(0, 3, n),
    "heavy tails": lambda rng, n: rng.standard_t(3, n),
    "two groups": lambda rng, n: np.where(rng.random(n) < 0.5, 0, 20) + rng.normal(0, 1, n),
    "few values": lambda rng, n: rng.integers(0, 5, n).astype(float),
    "mostly zero": lambda rng, n: np.where(rng.random(n) < 0.6, 0, rng.exponential(1, n)),
}
TYPICAL = {
    "near one": lambda rng: rng.normal(1, 0.15, 40).clip(0.5),
    "Tg": lambda rng: rng.normal(350, 80, 40).clip(150),
    "log solubility": lambda rng: rng.normal(-3, 2, 40),
}


@pytest.mark.parametrize("n", [10, 20, 100, 500])
@pytest.mark.parametrize("kind", KINDS)
def test_fine_labels_hardly_ever_alarm(kind, n):
    alarms = sum(
        bool(doubtful_labels(KINDS[kind](np.random.default_rng([seed, n]), n)))
        for seed in range(200)
    )
    assert alarms <= (6 if n == 10 else 4)


@pytest.mark.parametrize("where", TYPICAL)
@pytest.mark.parametrize("wrong", [-999.0, 9999.0, 99999.0, 1e30, -9999.0])
def test_signs_for_no_value_are_found(where, wrong):
    labels = TYPICAL[where](np.random.default_rng(1))
    for count in (1, 3):
        labels[:count] = wrong
        assert list(doubtful_labels(labels)) == [wrong]
    assert "missing value" in doubtful_labels(labels)[wrong]


@pytest.mark.parametrize("factor", [1000, 0.001])
@pytest.mark.parametrize("rows", [1, 6])
def test_labels_in_another_unit_are_found(factor, rows):
    for where in ("near one", "Tg"):
        labels = TYPICAL[where](np.random.default_rng(2))
        labels[:rows] *= factor
        found = doubtful_labels(labels)
        assert set(found) == set(labels[:rows])
        assert all("another unit" in reason for reason in found.values())


@pytest.mark.parametrize("sign", [1, -1])
def test_kelvin_and_celsius_are_told_apart(sign):
    labels = np.random.default_rng(3).normal(340, 20, 40)
    labels[:5] += sign * 273.15
    assert set(doubtful_labels(labels)) == set(labels[:5])


def test_zero_among_large_labels_and_zero_among_small_ones():
    rng = np.random.default_rng(4)
    assert list(doubtful_labels([0.0, *rng.uniform(300, 400, 30)])) == [0.0]
    assert doubtful_labels([0.0, *rng.uniform(0.1, 5, 30)]) == {}


def test_one_gross_error_does_not_hide_another():
    labels = [*np.random.default_rng(5).normal(1, 0.1, 30), 1000.0, 1e30, -999.0]
    assert set(doubtful_labels(labels)) == {1000.0, 1e30, -999.0}


@given(st.lists(st.floats(-1e100, 1e100), max_size=40))
def test_any_labels_are_judged_and_never_most_of_them(labels):
    found = doubtful_labels(labels)
    assert set(found) <= set(labels)
    assert len(found) <= 0.75 * len(labels)
    assert doubtful_labels(labels[::-1]) == found


USUAL = np.random.default_rng(6).normal(350, 70, 60).tolist()


@pytest.mark.parametrize(
    ("labels", "gross"),
    [
        ([149.6, 1466.0], True),
        ([216.0, 308.0], False),
        ([207.0, 208.0], False),
        ([300.0, 301.0, 3000.0], True),
        ([-500.0, 300.0], True),
        ([350.0], False),
        ([], False),
    ],
)
def test_gross_conflicts_are_far_apart_in_distance_and_ratio(labels, gross):
    assert gross_distance(USUAL, 5)(labels) is gross
    assert gross_distance(USUAL, None)(labels) is False


def test_labels_over_decades_are_compared_as_logarithms():
    labels = np.random.default_rng(7).lognormal(0, 3, 60)
    is_gross = gross_distance(labels, 5)
    assert not is_gross([1e4, 9e4])
    assert is_gross([1.0, 101.0])
    narrow = 10 ** np.random.default_rng(7).normal(0, 0.1, 60)
    assert gross_distance(narrow, 5, logarithmic=True)([1.0, 5.0])


def test_nothing_is_gross_where_little_is_known():
    assert not gross_distance([1.0, 2.0, 3.0], 5)([1.0, 1e6])
    assert not gross_distance([1.0] * 9 + [2, 3, 4, 5], 5)([1.0, 1e6])


def test_the_scatter_of_repeated_measurements():
    rng = np.random.default_rng(8)
    pairs = [
        (a, a + d) for a, d in zip(rng.normal(0, 9, 4000), rng.normal(0, 2, 4000), strict=True)
    ]
    found = replicate_scatter([*pairs, (1.0, 1.0), (5.0,)])
    assert found["molecules"] == 4000
    assert found["copies"] == 1
    assert found["scatter"] == pytest.approx(2**0.5, rel=0.03)
    assert replicate_scatter([(1.0,), (2.0, 2.0)])["scatter"] is None
