"""Sums of floating-point numbers that are the same under every version of Python."""

import operator
from collections.abc import Iterable
from functools import reduce
from typing import Any


def sum_in_order(values: Iterable[Any], start: Any = 0) -> Any:
    """Add from left to right, rounding after every step.

    The built-in `sum` does so up to Python 3.11. Later versions compensate rounding errors, so that
    the last digits would depend on the interpreter. The built-in is right for integers alone.

    Examples
    --------
    >>> sum_in_order([0.1] * 10)
    0.9999999999999999
    """
    return reduce(operator.add, values, start)
