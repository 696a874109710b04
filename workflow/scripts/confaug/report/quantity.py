"""The measured property: how it is called, and how its values are written."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from confaug.infrastructure.text import one_line
from confaug.report.number_format import NOTHING, number

LONGEST_NAME, LONGEST_SYMBOL = 100, 40


@dataclass(frozen=True)
class Quantity:
    """The measured property: how it is called, and how its values are written.

    Attributes
    ----------
    name, symbol, unit
        As configured, each made fit to be shown; the unit may be empty.
    logarithmic
        Values are best seen on a logarithmic axis.
    digits
        Decimals of every value; without them, each value has about three digits.
    """

    name: str
    symbol: str
    unit: str = ""
    logarithmic: bool = False
    digits: int | None = None

    def __post_init__(self) -> None:
        """Make what a user typed fit to be shown."""
        object.__setattr__(self, "name", one_line(self.name, LONGEST_NAME))
        for key in ("symbol", "unit"):
            object.__setattr__(self, key, one_line(getattr(self, key), LONGEST_SYMBOL))

    @classmethod
    def from_config(cls, section: Mapping[str, Any]) -> "Quantity":
        """Read the section `property` of a configuration."""
        return cls(
            section["name"], section["symbol"], section["unit"], section["transform"] == "log10"
        )

    def with_digits_for(self, error: float) -> "Quantity":
        """Return the quantity with decimals that suit errors of a size.

        Values that range over decades keep about three digits each: with fixed decimals, the small
        ones would all be zero.

        >>> [Quantity("", "", "", log).with_digits_for(30.0).text(0.02) for log in (False, True)]
        ['0.0', '0.020']
        """
        return self if self.logarithmic else replace(self, digits=digits_for(error))

    def axis(self, what: str = "") -> str:
        """Return the label of an axis.

        >>> Quantity("Glass transition temperature", "Tg", "K").axis("predicted")
        'Predicted Tg (K)'
        """
        words = f"{what} {self.symbol}".strip() if what else self.symbol
        return self.with_unit(words[:1].upper() + words[1:])

    def with_unit(self, words: str) -> str:
        """Append the unit in brackets, if there is one."""
        return f"{words} ({self.unit})" if self.unit else words

    def text(self, value: float | None, signed: bool = False, unit: bool = True) -> str:
        """Write a value with a true minus sign and its unit.

        >>> Quantity("", "Tg", "K").text(-3.14159, signed=True)
        '−3.14 K'
        """
        if value is None or math.isnan(value):
            return NOTHING
        return f"{number(value, signed, self.digits)} {self.unit if unit else ''}".strip()

    def between(
        self, low: float | None, high: float | None, signed: bool = False, unit: bool = True
    ) -> str:
        """Write an interval."""
        if low is None or high is None or math.isnan(low) or math.isnan(high):
            return NOTHING
        return f"{self.text(low, signed, unit=False)} to {self.text(high, signed, unit)}"


def of_unit(unit: str) -> Quantity:
    """Return a quantity that is nothing but a unit, to write values with."""
    return Quantity("", "", unit)


def digits_for(size: float) -> int | None:
    """Return the decimals that suit errors of a size; None where no fixed number does.

    >>> [digits_for(size) for size in (0.001, 0.3, 3.0, 30.0, 3000.0)]
    [None, 3, 2, 1, 0]
    """
    if not 0.01 <= size < 1e6:
        return None
    return 0 if size >= 1000 else 1 if size >= 10 else 2 if size >= 1 else 3
