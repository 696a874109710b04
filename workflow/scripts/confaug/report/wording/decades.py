"""Errors and interval widths in decades, written as factors."""

from confaug.report.number_format import number


def factor(decades: float) -> str:
    """Write a distance in decades as the factor that it is.

    >>> factor(0.5)
    '3.16'
    """
    return number(10.0**decades)


def error_in_decades(decades: float) -> str:
    """Write an error in decades, and as a factor.

    >>> error_in_decades(0.5)
    '0.50 decades (a factor of 3.16)'
    """
    return f"{number(decades, digits=2)} decades (a factor of {factor(decades)})"


def beside_label_units(decades: float | None) -> str:
    """Add the error of the logarithm to one in label units; nothing if it is not known."""
    if decades is None:
        return ""
    return (
        "; the largest labels dominate it, and the mean error of the logarithm is "
        f"{error_in_decades(decades)}"
    )
