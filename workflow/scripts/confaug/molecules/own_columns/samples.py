"""The user's own columns in the rows of a table, and their values for each sample.

A sample is a structure under its conditions, or a structure where there are none. A row without a
usable condition is rejected. In any other column, what is missing or unusable counts as missing,
with a warning. Rows that a finished model predicts are different samples if they differ in any
column that it reads.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from confaug.errors import UserError
from confaug.infrastructure.text import counted, listed, plain_number, quoted
from confaug.molecules.conflicts import name_rows
from confaug.molecules.own_columns.declaration import OwnColumn, feature_names
from confaug.molecules.own_columns.fields import FieldError, FieldReader, Value
from confaug.molecules.rows import Row
from confaug.tables.descriptors import OWN_COLUMNS
from confaug.tables.engine import check_table

#: Faults that a warning spells out; of more it gives the number.
MAX_LISTED = 3
#: Numbers of the table of all features, which is in memory as a whole.
MAX_NUMBERS = 50_000_000


def read_own_fields(row: Row, readers: Sequence[FieldReader]) -> None:
    """Read the user's own fields of one row; add warnings, and reasons to reject it."""
    missing: list[str] = []
    faults: list[str] = []
    reasons: list[str] = []
    values: list[Value] = []
    for reader, text in zip(readers, row.record.own, strict=True):
        column, value = reader.column, None
        try:
            value = reader.read(text)
            if value is None and column.is_condition:
                given = f" ({quoted(text)} stands for a missing value)" if text else ""
                reasons.append(f"the condition {quoted(column.name)} is missing{given}; give it")
            elif value is None:
                missing.append(quoted(column.name))
        except FieldError as error:
            (reasons if column.is_condition else faults).append(str(error))
        values.append(value)
    row.own = tuple(values)
    row.conditions = tuple(
        sorted(
            (reader.column.name, value)
            for reader, value in zip(readers, values, strict=True)
            if reader.column.is_condition and value is not None
        )
    )
    row.told_apart_by = row.conditions
    row.reason = "; ".join(filter(None, [row.reason, *reasons])) or None
    if missing:
        columns = "column" if len(missing) == 1 else "columns"
        row.warnings.append(f"no value in the {columns} {listed(missing, MAX_LISTED)}")
    row.warnings.extend(f"{fault}; it counts as missing" for fault in faults[:MAX_LISTED])
    if len(faults) > MAX_LISTED:
        more = counted(len(faults) - MAX_LISTED, "more value")
        row.warnings.append(f"{more} of the own columns cannot be used")


def tell_apart(samples: Iterable[Sequence[Row]], columns: Sequence[OwnColumn]) -> None:
    """Make samples of their own of rows whose structure is the same, but not all own values.

    A structure whose rows agree keeps the identifier that it has in a study.

    Parameters
    ----------
    samples
        The rows of each structure under equal conditions, with their own values.
    columns
        What these hold, in their order.
    """
    for members in samples:
        if len({row.own for row in members}) > 1:
            for row in members:
                named = zip((column.name for column in columns), row.own, strict=True)
                row.told_apart_by = tuple(sorted(named))


def pool_own_values(members: Sequence[Row], columns: Sequence[OwnColumn]) -> tuple[Value, ...]:
    """Return the values of one sample, and warn in its first row where its rows disagree.

    Parameters
    ----------
    members
        The rows of the sample, the one that stands for it first.
    columns
        What they hold, in the order of the values.

    Returns
    -------
    tuple
        Of each column the median of the numbers, or the first category that is there.
    """
    pooled: list[Value] = []
    told = []
    for place, column in enumerate(columns):
        given = {row.record.row: row.own[place] for row in members if row.own[place] is not None}
        value, words = _pool(list(given.values()))
        pooled.append(value)
        if words:
            told.append(f"{name_rows(list(given))} have {words} in column {quoted(column.name)}")
    if told:
        members[0].warnings.append(
            f"rows of one sample disagree: {listed(told, MAX_LISTED)}; the median of numbers and "
            "the first category were used"
        )
    return tuple(pooled)


def _pool(values: list[Value]) -> tuple[Value, str]:
    """Return one value for several, and what they are if they differ."""
    if not values:
        return None, ""
    if len(set(values)) == 1:
        return values[0], ""
    numbers = [value for value in values if isinstance(value, float)]
    if numbers:
        words = f"{plain_number(min(numbers))} to {plain_number(max(numbers))}"
        return statistics.median(numbers), words
    categories = sorted({str(value) for value in values})
    return values[0], listed([*map(quoted, categories)], MAX_LISTED)


def own_columns_table(
    values: Mapping[str, Sequence[Value]], columns: Sequence[OwnColumn]
) -> pa.Table:
    """Return the OWN_COLUMNS table of some samples, sorted by their identifiers.

    A missing number is NaN; the features of a missing category are all 0.

    Parameters
    ----------
    values
        The values of each sample, in the order of the columns.

    Raises
    ------
    UserError
        If the table would be too large for memory.
    """
    names, samples = feature_names(columns), sorted(values)
    if len(names) * len(samples) > MAX_NUMBERS:
        raise UserError(
            f"input: feature_columns makes {len(names)} features of {len(samples)} molecules, more "
            f"than {MAX_NUMBERS:,} numbers; name fewer columns"
        )
    numbers = np.zeros((len(names), len(samples)))
    first = 0
    for place, column in enumerate(columns):
        of_column = numbers[first : first + len(column.features)]
        given = [values[sample][place] for sample in samples]
        if column.categories is None:
            of_column[0] = [np.nan if value is None else value for value in given]
        for feature, category in zip(of_column, column.categories or (), strict=False):
            feature[:] = [value == category for value in given]
        first += len(column.features)
    table = pa.table(
        {"molecule": pa.array(samples, pa.string()), **dict(zip(names, numbers, strict=True))}
    )
    return check_table(table, OWN_COLUMNS)
