"""How numbers are written for readers: counts, values, shares, times and ticks of axes."""

import math

#: What stands where there is no value.
NOTHING = "–"
#: Shares beyond this are not written out: they only say "very much".
LARGEST_SHARE = 10.0
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


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


def whole_percent(share: float | None) -> str:
    """Write a share in percent without decimals.

    >>> whole_percent(0.906)
    '91%'
    """
    return percent(share, decimals=0)


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Count things with the right form of the word.

    >>> count(1, "row"), count(2, "row")
    ('1 row', '2 rows')
    """
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def two_digits(size: float) -> str:
    """Write a large number of which no more than two digits are known.

    >>> two_digits(71.67), two_digits(4128.0)
    ('72', '4100')
    """
    return f"{float(f'{size:.2g}'):.0f}"


def duration(seconds: float) -> str:
    """Write a time for people.

    >>> [duration(s) for s in (0.4, 12, 200, 7300)]
    ['0.4 s', '12 s', '3 min 20 s', '2 h 1 min']
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    total = round(seconds)
    if total < 60:
        return f"{total} s"
    if total < 3600:
        return f"{total // 60} min {total % 60} s"
    return f"{total // 3600} h {total % 3600 // 60} min"


def data_size(size: float) -> str:
    """Write bytes as megabytes or gigabytes with two digits.

    >>> data_size(43.6e6), data_size(1.24e9), data_size(52e9)
    ('44 MB', '1.2 GB', '52 GB')
    """
    if size < 1e9:
        return f"{two_digits(size / 1e6)} MB"
    return f"{size / 1e9:.2g} GB" if size < 1e10 else f"{size / 1e9:.0f} GB"


def tick(value: float) -> str:
    """Write a tick of a logarithmic axis as short as can be.

    >>> [tick(value) for value in (0.0001, 100.0)]
    ['0.0001', '100']
    """
    return f"{value:g}".replace("-", "−")
