"""The smallest difference that a study would have seen, against closed forms and simulation."""

import numpy as np
import pytest
from scipy import stats

from confaug.evaluation.confidence_intervals import crossed_interval
from confaug.evaluation.power import smallest_visible_difference
from confaug.evaluation.rows import Difference

NOTHING = dict.fromkeys(Difference.__dataclass_fields__)


def difference(error, freedom):
    known = {"standard_error": error, "degrees_of_freedom": freedom}
    return Difference(**{**NOTHING, "variant": "augmented", "reference": "plain", **known})


def test_with_many_degrees_of_freedom_it_is_2_8_standard_errors():
    """1.960 + 0.842, the quantiles of the normal distribution."""
    found = smallest_visible_difference(difference(2.0, 1e9), 28.0)
    assert found.difference == pytest.approx(2 * (1.959964 + 0.841621), rel=1e-5)
    assert found.relative == pytest.approx(found.difference / 28)
    assert (found.variant, found.reference, found.power) == ("augmented", "plain", 0.8)


def test_few_degrees_of_freedom_widen_it():
    """Tabled quantiles of Student's t with 4 degrees of freedom."""
    found = smallest_visible_difference(difference(1.0, 4.0), 10.0)
    assert found.difference == pytest.approx(2.776445 + 0.940965, rel=1e-5)


def test_confidence_and_power_count():
    found = smallest_visible_difference(difference(1.0, 1e9), 10.0, confidence=0.9, power=0.9)
    assert found.difference == pytest.approx(1.644854 + 1.281552, rel=1e-5)
    assert found.power == 0.9


@pytest.mark.parametrize(("error", "freedom"), [(None, 4.0), (0.0, 4.0), (1.0, None)])
def test_without_a_standard_error_nothing_is_said(error, freedom):
    assert smallest_visible_difference(difference(error, freedom), 10.0) is None


def test_without_an_error_of_the_reference_there_is_no_share():
    assert smallest_visible_difference(difference(1.0, 4.0), 0.0).relative is None


@pytest.mark.parametrize("freedom", [5, 20, 100])
def test_the_power_is_that_of_the_noncentral_t_distribution(freedom):
    shift = smallest_visible_difference(difference(1.0, freedom), 10.0).difference
    power = stats.nct.sf(stats.t.ppf(0.975, freedom), freedom, shift)
    assert power == pytest.approx(0.8, abs=0.04)


def test_four_of_five_studies_find_it():
    rng, n = np.random.default_rng(3), 40
    groups, estimates = np.arange(n), []
    shift = smallest_visible_difference(difference(n**-0.5, n - 1.0), 1.0).difference
    for _ in range(2000):
        values = (rng.standard_normal(n) - shift)[None]
        estimates.append(stats.ttest_1samp(values[0], 0).pvalue)
    assert np.mean(np.array(estimates) < 0.05) == pytest.approx(0.8, abs=0.03)
    one = crossed_interval(values, groups, 0.0)
    assert one.freedom == n - 1


def test_degrees_of_freedom_are_those_of_the_interval():
    values = np.random.default_rng(4).standard_normal((5, 30))
    found = crossed_interval(values, np.arange(30), 0.3)
    half = stats.t.ppf(0.975, found.freedom) * found.standard_error
    assert found.high - found.value == pytest.approx(half)
