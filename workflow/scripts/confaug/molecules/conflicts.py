"""Name the rows of one structure whose labels disagree."""

import statistics
from collections.abc import Callable, Mapping, Sequence

from confaug.infrastructure.text import listed, plain_number


def odd_rows(
    labels: Mapping[int, float], are_apart: Callable[[Sequence[float]], bool]
) -> list[int]:
    """Return the rows whose label is apart from the median of all, if most rows are near it.

    Parameters
    ----------
    labels
        The labels of one structure by row.
    are_apart
        Tells whether two labels are too far apart.

    Examples
    --------
    >>> odd_rows({2: 10.0, 3: 100.0, 4: 11.0}, lambda pair: max(pair) - min(pair) > 5)
    [3]
    >>> odd_rows({2: 10.0, 3: 100.0}, lambda pair: max(pair) - min(pair) > 5)
    []
    """
    middle = statistics.median(labels.values())
    odd = sorted(row for row, label in labels.items() if are_apart([middle, label]))
    return odd if 2 * len(odd) < len(labels) else []


def describe_odd(labels: Mapping[int, float], odd: Sequence[int]) -> str:
    """Name odd rows with their labels, as far as they differ.

    >>> describe_odd({2: 10.0, 3: 100.0, 4: 90.0}, [3, 4])
    'rows 3, 4 with 90 to 100'
    """
    low, high = (plain_number(end(labels[row] for row in odd)) for end in (min, max))
    return f"{name_rows(odd)} with {low if low == high else f'{low} to {high}'}"


def name_rows(rows: Sequence[int]) -> str:
    """Name rows by their numbers, the first ones of many.

    >>> name_rows([9, 4]), name_rows(range(2, 14))
    ('rows 4, 9', 'rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more')
    """
    return f"row{'s' * (len(rows) > 1)} {listed(sorted(rows))}"
