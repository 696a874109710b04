"""The search space: tuned parameters, seen by the optimiser as numbers from 0 to 1."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from confaug.errors import UserError
from confaug.tables.engine import BOOL, FLOAT, INT, TEXT, Column


@dataclass(frozen=True)
class Parameter:
    """One tuned parameter, seen by the optimiser as a number from 0 to 1.

    Attributes
    ----------
    name
        A LightGBM parameter, or ``min_molecules_in_leaf``.
    type
        ``int`` and ``float``: even between the bounds (included); ``log``: a float, even on the
        logarithmic scale; ``choice``: one of `values`.
    """

    name: str
    type: str
    low: float = 0.0
    high: float = 1.0
    values: tuple[Any, ...] = ()

    @classmethod
    def from_config(cls, name: str, entry: Mapping[str, Any]) -> "Parameter":
        """Read one entry of ``tuning.space``.

        Raises
        ------
        UserError
            If the type is unknown, bounds are missing or in the wrong order, or there is nothing
            to choose from.
        """
        where, kind = f"tuning.space.{name}", entry.get("type")
        if kind == "choice":
            values = tuple(entry.get("values") or ())
            if len(values) < 2 or len({repr(value) for value in values}) < len(values):
                raise UserError(f"{where}.values must list at least two different values")
            return cls(name, kind, values=values)
        if kind not in ("int", "float", "log"):
            raise UserError(f"{where}.type {kind!r} is not known; use int, float, log or choice")
        if entry.get("low") is None or entry.get("high") is None:
            raise UserError(f"{where} needs both low and high")
        low, high = float(entry["low"]), float(entry["high"])
        if not low < high:
            raise UserError(f"{where}: low ({low:g}) must be less than high ({high:g})")
        if kind == "log" and low <= 0:
            raise UserError(f"{where}.low must be greater than 0 for type log")
        if kind == "int" and not (low.is_integer() and high.is_integer()):
            raise UserError(f"{where}: low and high must be whole numbers for type int")
        return cls(name, kind, low, high)

    def from_unit(self, unit: float) -> Any:
        """Return the parameter's value at a place from 0 to 1."""
        unit = min(max(float(unit), 0.0), 1.0)
        if self.type == "choice":
            return self.values[min(int(unit * len(self.values)), len(self.values) - 1)]
        if self.type == "int":
            steps = int(self.high - self.low) + 1
            return int(self.low) + min(int(unit * steps), steps - 1)
        if self.type == "log":
            value = math.exp(math.log(self.low) + unit * math.log(self.high / self.low))
        else:
            value = self.low + unit * (self.high - self.low)
        return min(max(float(f"{value:.6g}"), self.low), self.high)

    def to_unit(self, value: Any) -> float:
        """Return the place of a value; the middle of its share for ints and choices."""
        if self.type == "choice":
            return (self.values.index(value) + 0.5) / len(self.values)
        if self.type == "int":
            return (value - self.low + 0.5) / (self.high - self.low + 1)
        if self.type == "log":
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    @property
    def column(self) -> Column:
        """The parameter's column in the table of trials."""
        kinds = {bool: BOOL, int: INT, float: FLOAT, str: TEXT}
        given = {type(value) for value in self.values}
        types = {"int": INT, "float": FLOAT, "log": FLOAT}
        kind = kinds.get(given.pop(), TEXT) if len(given) == 1 else TEXT
        return Column(self.name, types.get(self.type, kind), "tuned parameter")
