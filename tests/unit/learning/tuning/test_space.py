import math
from collections import Counter

import numpy as np
import pytest

from confaug.learning.tuning.space import Parameter


@pytest.mark.parametrize(
    ("entry", "values"),
    [
        ({"type": "int", "low": 5, "high": 7}, {5, 6, 7}),
        ({"type": "choice", "values": ["a", "b", "c"]}, {"a", "b", "c"}),
    ],
)
def test_whole_numbers_and_choices_have_equal_shares(entry, values):
    parameter = Parameter("p", **entry)
    found = Counter(parameter.from_unit(unit) for unit in np.linspace(0, 1, 3000))
    assert set(found) == values
    assert max(found.values()) - min(found.values()) <= 2
    for value in values:
        assert parameter.from_unit(parameter.to_unit(value)) == value


@pytest.mark.parametrize("kind", ["float", "log"])
def test_numbers_stay_within_their_bounds_and_reach_them(kind):
    parameter = Parameter("p", kind, 1e-5, 0.2)
    assert parameter.from_unit(0.0) == 1e-5
    assert parameter.from_unit(1.0) == 0.2
    assert parameter.from_unit(-3.0) == 1e-5
    assert parameter.from_unit(7.0) == 0.2
    middle = math.sqrt(1e-5 * 0.2) if kind == "log" else (1e-5 + 0.2) / 2
    assert parameter.from_unit(0.5) == pytest.approx(middle, rel=1e-4)
    assert parameter.to_unit(parameter.from_unit(0.3)) == pytest.approx(0.3, abs=1e-4)
