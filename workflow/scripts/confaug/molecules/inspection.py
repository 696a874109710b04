"""What the columns of an unknown table probably hold: structures, labels, names, conditions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from confaug.errors import UserError
from confaug.infrastructure.text import listed, quoted
from confaug.molecules.labels import LabelError, is_missing, parse_label, uses_decimal_comma
from confaug.molecules.reading.columns import IDENTIFIERS, NAMES
from confaug.molecules.reading.layout import Layout, find_layout
from confaug.molecules.tolerance import Tolerance, propose_tolerance

#: Numbers that a column of labels has at least, and their share of its values.
FEWEST_NUMBERS, MOSTLY_NUMBERS = 3, 0.7
#: Headings of columns that count or number the rows.
COUNTS = re.compile(r"n|count|counts|occurrences|frequency|index|row|rank|year|fold|split|set")
#: Headings of conditions of a measurement.
CONDITIONS = re.compile(
    r"t|temp|temperature|p|pressure|ph|conc|concentration|c|time|solvent|method|humidity"
    r"|wavelength|ionicstrength|dose|(measurement|test|reaction|bath|room|ambient)(temperature|time)"
)
#: A heading with its unit in brackets, or behind a slash.
IN_BRACKETS = re.compile(r"(?P<name>.*?)\s*[\[(](?P<unit>[^\[\]()]{1,20})[\])]")
BEHIND_SLASH = re.compile(r"(?P<name>.*?\S)\s*/\s*(?P<unit>\S{1,20})")
#: A heading that ends in a unit, which only those that are known can be told from words.
BEHIND_SIGN = re.compile(r"(?P<name>.*?)[\s_,;]+(?P<unit>\S{1,20})")
UNITS = (
    *("K", "°C", "degC", "C", "F", "eV", "V", "mV", "kJ/mol", "kcal/mol", "J/mol", "g/mL", "g/cm3"),
    *("kg/m3", "nm", "Å", "Pa", "kPa", "MPa", "GPa", "bar", "mN/m", "cP", "mPa.s", "W/mK", "%"),
    *("mg/L", "g/L", "mol/L", "M", "mM", "µM", "uM", "nM", "cm-1", "D", "h", "s", "min"),
)


@dataclass(frozen=True)
class NumericColumn:
    """A column that may hold the measured property.

    Attributes
    ----------
    count
        Values that are numbers.
    low, high
        The smallest and the largest of them.
    title, unit
        The name of the column without its unit, and the unit, if the name tells.
    unlikely
        Whether it rather looks like a condition of the measurement, or like a count.
    """

    name: str
    count: int
    low: float
    high: float
    title: str
    unit: str
    unlikely: bool


@dataclass(frozen=True)
class Inspection:
    """What a table holds.

    Attributes
    ----------
    layout
        Where it stands in the file.
    smiles
        Column of the structures.
    structures
        Different structures, as they are written.
    label
        Column that most probably holds the measured property.
    candidates
        All columns that may hold it, the most probable first.
    name_column, id_column
        Names and identifiers of the molecules, if there are any.
    conditions
        Columns whose values differ between rows of one structure, as those of conditions do.
    unlabelled
        Rows without a label.
    polymers
        Whether most structures have two attachment points.
    tolerance
        Largest difference at which labels of one structure may be said to agree.
    """

    layout: Layout
    smiles: str
    structures: int
    label: NumericColumn
    candidates: tuple[NumericColumn, ...]
    name_column: str | None
    id_column: str | None
    conditions: tuple[str, ...]
    unlabelled: int
    polymers: bool
    tolerance: Tolerance


def inspect_table(
    path: str | Path, smiles: str | None = None, label: str | None = None
) -> Inspection:
    """Find out what a table holds.

    Parameters
    ----------
    path
        A text table or an Excel workbook, from anywhere.
    smiles, label
        Names of the columns with the structures and with the measured property, if they are known.

    Raises
    ------
    UserError
        If the file cannot be read, or does not tell which columns hold structures and numbers.
    """
    layout = find_layout(path, smiles)
    place = _structures(layout, path)
    candidates = _candidates(layout, place)
    if label is not None:
        chosen = [column for column in candidates if column.name == label]
        if not chosen:
            raise UserError(f"{path} has no column {quoted(label)} with numbers; {_there(layout)}")
    elif not candidates:
        raise UserError(f"{path} has no column of numbers beside the SMILES; {_there(layout)}")
    else:
        chosen = candidates
    best = chosen[0]
    values = [row[layout.names.index(best.name)] for row in layout.rows]
    structures = layout.values(place)
    conditions = _conditions(layout, place, best.name)
    return Inspection(
        layout=layout,
        smiles=layout.names[place],
        structures=len(set(structures)),
        label=best,
        candidates=tuple(candidates) if label is None else (best,),
        name_column=_named(layout, NAMES, place),
        id_column=_named(layout, IDENTIFIERS, place),
        conditions=conditions,
        unlabelled=sum(map(is_missing, values)),
        polymers=sum(text.count("*") == 2 for text in structures) > len(structures) / 2,
        tolerance=_tolerance(layout, place, values, conditions),
    )


def _there(layout: Layout) -> str:
    """List the columns."""
    return f"its columns are {listed([quoted(name, 30) for name in layout.names if name])}"


def _structures(layout: Layout, path: str | Path) -> int:
    """Return the place of the column with the structures.

    Raises
    ------
    UserError
        If there are several, and none is simply called SMILES.
    """
    called = [i for i in layout.smiles if _folded(layout.names[i]) == "smiles"]
    found = called if len(called) == 1 else layout.smiles
    if len(found) > 1:
        there = listed([quoted(layout.names[i], 30) for i in found])
        raise UserError(
            f"{path} has {len(found)} columns of SMILES, {there}; say which one to use with "
            "--smiles"
        )
    if not found:
        raise UserError(f"{path} has no column of SMILES that can be recognised; {_there(layout)}")
    return found[0]


def _folded(name: str) -> str:
    """Return a column's name without case, blanks and signs."""
    return re.sub(r"[\W_]", "", name.casefold())


def _named(layout: Layout, pattern: re.Pattern[str], smiles: int) -> str | None:
    """Return the first column with a heading of some kind; its name must occur once."""
    for place, name in enumerate(layout.names):
        unique = layout.names.count(name) == 1
        if place != smiles and unique and pattern.fullmatch(_folded(name)):
            return name
    return None


def _candidates(layout: Layout, smiles: int) -> list[NumericColumn]:
    """Return the columns of numbers, the most probable label first."""
    found = []
    for place, name in enumerate(layout.names):
        if place == smiles or not name or layout.names.count(name) > 1:
            continue
        if IDENTIFIERS.fullmatch(_folded(name)):
            continue
        numbers = _numbers(layout.values(place))
        if len(set(numbers)) > 1:
            title, unit = split_unit(name)
            low, high, unlikely = min(numbers), max(numbers), _is_unlikely(title, numbers)
            found.append(NumericColumn(name, len(numbers), low, high, title, unit, unlikely))
    return sorted(found, key=lambda column: (column.unlikely, -column.count))


def _is_unlikely(title: str, numbers: Sequence[float]) -> bool:
    """Tell whether a column of numbers looks like a condition or a count, not like a property."""
    name, whole = _folded(title), all(number.is_integer() for number in numbers)
    numbered = list(numbers) == list(range(1, len(numbers) + 1))
    return bool(numbered or CONDITIONS.fullmatch(name) or (whole and COUNTS.fullmatch(name)))


def _tolerance(
    layout: Layout, smiles: int, labels: Sequence[str], conditions: Sequence[str]
) -> Tolerance:
    """Propose a tolerance from the labels of each structure under the same conditions."""
    places = [smiles, *map(layout.names.index, conditions)]
    return propose_tolerance(
        (tuple(row[place].strip() for place in places), value)
        for row, value in zip(layout.rows, _readings(labels), strict=True)
        if value is not None and row[smiles].strip()
    )


def _readings(values: Sequence[str]) -> list[float | None]:
    """Return the number that each field holds, None where it holds none."""
    comma = uses_decimal_comma(value for value in values if not is_missing(value))
    numbers: list[float | None] = []
    for value in values:
        try:
            numbers.append(None if is_missing(value) else parse_label(value, comma))
        except LabelError:
            numbers.append(None)
    return numbers


def _numbers(values: Sequence[str]) -> list[float]:
    """Return the numbers of a column; none if it is not one of numbers."""
    given = [value for value in values if not is_missing(value)]
    numbers = [number for number in _readings(given) if number is not None]
    enough = len(numbers) >= max(FEWEST_NUMBERS, MOSTLY_NUMBERS * len(given))
    return numbers if enough else []


def _conditions(layout: Layout, smiles: int, label: str) -> tuple[str, ...]:
    """Return the columns called like conditions that differ between rows of one structure."""
    return tuple(
        name
        for place, name in enumerate(layout.names)
        if place != smiles
        and name != label
        and CONDITIONS.fullmatch(_folded(split_unit(name)[0]))
        and _differs((row[smiles].strip(), row[place].strip()) for row in layout.rows)
    )


def _differs(pairs: Iterable[tuple[str, str]]) -> bool:
    """Tell whether a structure has several values."""
    first: dict[str, str] = {}
    return any(first.setdefault(structure, value) != value for structure, value in pairs)


def split_unit(heading: str) -> tuple[str, str]:
    """Return the name and the unit that a heading gives.

    Examples
    --------
    >>> split_unit("Tg (K)"), split_unit("density / g/mL"), split_unit("tg_K"), split_unit("log P")
    (('Tg', 'K'), ('density', 'g/mL'), ('tg', 'K'), ('log P', ''))
    """
    for pattern in (IN_BRACKETS, BEHIND_SLASH):
        if match := pattern.fullmatch(heading):
            return match["name"] or heading, match["unit"].strip()
    if (match := BEHIND_SIGN.fullmatch(heading)) and match["unit"] in UNITS:
        return match["name"], match["unit"]
    return heading, ""
