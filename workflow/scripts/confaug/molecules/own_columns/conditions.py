"""The conditions of samples: as values, as words, and how far apart they are."""

import re
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from confaug.infrastructure.sums import sum_in_order
from confaug.infrastructure.text import plain_number
from confaug.molecules.own_columns.declaration import OwnColumn

#: The values of the columns that are conditions, in the order of these columns.
Conditions = tuple[float | str, ...]


def conditions_of(columns: Iterable[OwnColumn]) -> list[OwnColumn]:
    """Return those columns that are conditions."""
    return [column for column in columns if column.is_condition]


def read_conditions(table: pa.Table, columns: Iterable[OwnColumn]) -> dict[str, Conditions]:
    """Return the conditions of every molecule of an OWN_COLUMNS table.

    Returns
    -------
    dict
        By molecule; empty without conditions. A molecule with a missing one is left out.
    """
    wanted = conditions_of(columns)
    if not wanted:
        return {}
    values = [_values(table, column) for column in wanted]
    found = zip(table["molecule"].to_pylist(), zip(*values, strict=True), strict=True)
    return {
        molecule: tuple(value for value in given if value is not None)
        for molecule, given in found
        if None not in given
    }


def conditions_in_words(conditions: Iterable[tuple[str, float | str]]) -> str | None:
    """Return names and values as a person reads them, in the order of the names; None without any.

    Different conditions never read the same.

    >>> conditions_in_words([("solvent", "THF"), ("additive", "A, B"), ("T", 298.0)])
    "T=298, additive='A, B', solvent=THF"
    """
    words = (f"{_in_words(name)}={_in_words(value)}" for name, value in sorted(conditions))
    return ", ".join(words) or None


def closest(asked: Conditions, samples: Mapping[str, Conditions], spans: Sequence[float]) -> str:
    """Return the sample with the closest conditions; of equally close ones, the first by name.

    Numbers differ by their distance, divided by the span of the column; categories by 1.

    Parameters
    ----------
    spans
        By column the largest difference between samples, see `spans_of`.
    """

    def distance(name: str) -> float:
        return float(sum_in_order(map(_difference, asked, samples[name], spans)))

    return min(sorted(samples), key=distance)


def spans_of(samples: Iterable[Conditions]) -> list[float]:
    """Return the largest difference between the numbers of each column; 1 where there is none."""
    columns = zip(*samples, strict=True)
    return [_span([value for value in column if isinstance(value, float)]) for column in columns]


def _span(numbers: Sequence[float]) -> float:
    return (max(numbers) - min(numbers) if numbers else 0.0) or 1.0


def _difference(a: float | str, b: float | str, span: float) -> float:
    if isinstance(a, str) or isinstance(b, str):
        return float(a != b)
    return abs(a - b) / span


def _values(table: pa.Table, column: OwnColumn) -> list[float | str | None]:
    """Return the values of one column, which its features hold."""
    features = [table[name].to_pylist() for name in column.features]
    if column.categories is None:
        return [None if value != value else value for value in features[0]]
    return [
        next((name for name, one in zip(column.categories, row, strict=True) if one), None)
        for row in zip(*features, strict=True)
    ]


def _in_words(part: float | str) -> str:
    """Return a number in full, or a text, in quotes if its end could not be seen otherwise."""
    if isinstance(part, float):
        short = plain_number(part)
        return short if float(short) == part else repr(part)
    if re.search("[,=]|^'", part):
        return "'" + part.replace("'", "''") + "'"
    return part
