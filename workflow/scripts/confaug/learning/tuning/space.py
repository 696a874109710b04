"""The search space: tuned parameters, seen by the optimiser as numbers from 0 to 1."""

import math
from dataclasses import dataclass
from typing import Any

from confaug.config.lightgbm_values import ParameterValue
from confaug.config.settings.tuning import TuningSettings
from confaug.tables.engine import BOOL, FLOAT, INT, TEXT, Column


@dataclass(frozen=True)
class Parameter:
    """One tuned parameter, seen by the optimiser as a number from 0 to 1.

    Attributes
    ----------
    name
        A LightGBM parameter, or ``min_molecules_in_leaf``.
    type
        ``int`` and ``float`` are uniform between the bounds, which are included; ``log`` is a float
        that is uniform on the logarithmic scale; ``choice`` is one of `values`.
    """

    name: str
    type: str
    low: float = 0.0
    high: float = 1.0
    values: tuple[ParameterValue, ...] = ()

    def from_unit(self, unit: float) -> ParameterValue:
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
            return float((value - self.low + 0.5) / (self.high - self.low + 1))
        if self.type == "log":
            return math.log(value / self.low) / math.log(self.high / self.low)
        return float((value - self.low) / (self.high - self.low))

    @property
    def column(self) -> Column:
        """The parameter's column in the table of trials."""
        kinds = {bool: BOOL, int: INT, float: FLOAT, str: TEXT}
        given = {type(value) for value in self.values}
        types = {"int": INT, "float": FLOAT, "log": FLOAT}
        kind = kinds.get(given.pop(), TEXT) if len(given) == 1 else TEXT
        return Column(self.name, types.get(self.type, kind), "tuned parameter")


def search_space(settings: TuningSettings) -> list[Parameter]:
    """Return the tuned parameters, sorted by name, so that their order in a file does not count."""
    return [
        Parameter(name, entry.type, entry.low or 0.0, entry.high or 0.0, entry.values or ())
        for name, entry in sorted(settings.space.items())
    ]
