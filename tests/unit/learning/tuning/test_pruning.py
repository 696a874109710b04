import math

import numpy as np

from confaug.learning.tuning.pruning import is_hopeless


def test_hopeless_curves_are_those_that_cannot_reach_the_best():
    slow = list(60 - 0.001 * np.arange(110))
    assert is_hopeless(slow, 1000, 30.0)
    assert not is_hopeless(slow, 100_000, 30.0), "it would get there"
    assert not is_hopeless(slow, 1000, math.inf), "nothing to compare with"
    assert not is_hopeless(slow[:50], 1000, 30.0), "too early to tell"
    fast = list(60 * np.exp(-np.arange(110) / 80))
    assert not is_hopeless(fast, 1000, 5.0)


def test_a_flattening_curve_is_followed_no_further_than_to_twice_its_end():
    rounds = np.arange(200)
    flattening = list(30 + 30 * np.exp(-rounds / 100))  # 34.1 now, 30 in the end
    assert is_hopeless(flattening, 100_000, 25.0, "geometric")
    assert not is_hopeless(flattening, 100_000, 27.0, "geometric"), "34.1 less twice 4.1 is 25.9"
    assert not is_hopeless(flattening, 100_000, 25.0, "linear"), "the line would get there"
    assert not is_hopeless(flattening, 100_000, 25.0, "never")
    assert not is_hopeless(flattening[:50], 100_000, 25.0, "geometric"), "too early to tell"
    assert is_hopeless(list(31 + 0.001 * rounds), 1000, 30.0, "geometric"), "nothing is left"
    steeper = list(60 - 0.0005 * rounds**2)
    assert not is_hopeless(steeper, 1000, 30.0, "geometric"), "the line decides, and gets there"
    assert is_hopeless(steeper, 210, 30.0, "geometric")
