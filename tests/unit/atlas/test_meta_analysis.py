"""The random-effects summary, against published figures and simulation."""

import numpy as np
import pytest

from confaug.atlas.meta_analysis import summarise

# Log relative risks of 13 trials of the BCG vaccine and their variances (Colditz et al. 1994), the
# example of many textbooks. Paule and Mandel's tau² is 0.3181.
BCG = (
    *(-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209),
    *(0.0120, -0.4694, -1.3713, -0.3394, 0.4459, -0.0173),
)
VARIANCES = (
    *(0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230),
    *(0.0040, 0.0564, 0.0730, 0.0124, 0.5325, 0.0714),
)


def test_the_textbook_example_has_the_published_figures():
    found = summarise(BCG, np.sqrt(VARIANCES))
    assert found.between**2 == pytest.approx(0.3181, abs=2e-3)
    assert found.mean == pytest.approx(-0.715, abs=5e-3)
    assert found.inconsistency == pytest.approx(0.921, abs=2e-3)  # Q = 152.23 with 12 degrees
    assert found.p_homogeneous < 1e-20
    assert found.low < -1 < found.high < 0
    assert found.low_next < found.low
    assert found.high_next > 0


def test_equal_effects_leave_no_variance_between_studies():
    found = summarise([2.0, 2.0, 2.0], [1.0, 2.0, 0.5])
    assert (found.mean, found.between, found.inconsistency) == (2.0, 0.0, 0.0)
    assert found.p_homogeneous == pytest.approx(1.0)
    weights = 1 + 0.25 + 4
    assert found.high - found.mean == pytest.approx(4.302653 / weights**0.5)  # t with 2 degrees


def test_two_studies_have_no_prediction_interval():
    found = summarise([1.0, 2.0], [0.1, 0.1])
    assert found.low_next is None
    assert found.high_next is None


@pytest.mark.parametrize("between", [0.0, 1.0])
def test_intervals_hold_the_true_mean_and_the_next_study(between):
    rng = np.random.default_rng(7)
    held = predicted = 0
    for _ in range(400):
        errors = rng.uniform(0.3, 1.5, 12)
        truth = 3.0 + between * rng.normal(size=13)
        found = summarise(truth[:12] + errors * rng.normal(size=12), errors)
        held += found.low <= 3.0 <= found.high
        predicted += found.low_next <= truth[12] <= found.high_next
    assert held >= 400 * 0.92
    # With a dozen studies and an estimated variance between them it is a little too narrow.
    assert predicted >= 400 * 0.86


@pytest.mark.parametrize(
    ("effects", "errors", "message"),
    [([1.0], [1.0], "two studies"), ([1.0, 2.0], [1.0, 0.0], "positive")],
)
def test_what_cannot_be_summarised_is_refused(effects, errors, message):
    with pytest.raises(ValueError, match=message):
        summarise(effects, errors)
