"""How measured values, differences and shares are written: one way for all pages and figures."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from confaug.infrastructure.text import one_line

#: What stands where there is no value.
NOTHING = "–"
#: Shares beyond this are not written out: they only say "very much".
LARGEST_SHARE = 10.0
#: A label this much nearer to zero than the median makes a mean of relative errors its own.
NEAR_ZERO = 0.01
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
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

    def between(self, low: float | None, high: float | None, signed: bool = False) -> str:
        """Write an interval."""
        if low is None or high is None or math.isnan(low) or math.isnan(high):
            return NOTHING
        return f"{self.text(low, signed, unit=False)} to {self.text(high, signed)}"


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


def number(value: float | None, signed: bool = False, digits: int | None = None) -> str:
    """Write a number with so many decimals, or with about three digits, and a true minus sign.

    Very large and very small numbers are written with a power of ten. A number that rounds to zero
    has no sign.

    >>> [number(v) for v in (1234.5, 61.26, 6.126, 0.06126, 0.000123, None)]
    ['1234', '61.3', '6.13', '0.061', '0.000123', '–']
    >>> " ".join(number(-1.03e30).split())
    '−1.03 × 10³⁰'
    """
    if value is None or math.isnan(value):
        return NOTHING
    sign = "+" if signed else ""
    if math.isinf(value):
        return f"{'−' if value < 0 else sign}∞"
    size = abs(value)
    if size >= (1e6 if digits is None else 1e9) or (digits is None and 0 < size < 1e-4):
        mantissa, exponent = f"{value:{sign}.2e}".split("e")
        power = f"10{str(int(exponent)).translate(_SUPERSCRIPTS)}"
        text = f"{mantissa}\u00a0×\u00a0{power}"  # never broken over two lines
    elif digits is None and 0 < size < 1e-3:
        text = f"{value:{sign}.3g}"
    else:
        usual = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
        text = f"{value:{sign}.{usual if digits is None else digits}f}"
        text = text if float(text) else text.lstrip("+-")
    return text.replace("-", "−")


def percent(share: float | None, signed: bool = False, decimals: int = 1) -> str:
    """Write a share in percent; one beyond tenfold says only that it is.

    >>> percent(-0.0512, signed=True), percent(0.25, decimals=0), percent(1e31), percent(None)
    ('−5.1%', '25%', '>1000%', '–')
    """
    if share is None or math.isnan(share):
        return NOTHING
    if abs(share) > LARGEST_SHARE:
        return f"{'<−' if share < 0 else '>'}{LARGEST_SHARE:.0%}"
    text = f"{share:{'+' if signed else ''}.{decimals}%}"
    return (text if float(text[:-1]) else text.lstrip("+-")).replace("-", "−")


def relative_errors_mean_something(labels: Iterable[float], logarithmic: bool = False) -> bool:
    """Tell whether errors divided by their labels can be averaged to something sensible.

    They cannot where labels have both signs or are zero, since the zero of such a scale says
    nothing about sizes; nor where a label is so near to zero that its ratio is all of the mean,
    except on a logarithmic scale, on which every ratio counts alike.

    >>> [relative_errors_mean_something(labels) for labels in ([300, 350], [-5, 80], [1e-9, 2, 3])]
    [True, False, False]
    """
    known = list(labels)
    sizes = sorted(map(abs, known))
    if not sizes or sizes[0] == 0 or min(known) < 0 < max(known):
        return False
    return logarithmic or sizes[0] >= NEAR_ZERO * sizes[len(sizes) // 2]
