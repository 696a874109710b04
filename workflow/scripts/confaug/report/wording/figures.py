"""What figures show in words, for those who cannot see them, and why one is empty."""

from collections.abc import Mapping

from confaug.report.number_format import whole_percent
from confaug.report.quantity import Quantity

NO_INTERVALS = "There are no prediction intervals of labelled molecules."


def intervals_parity_alt(
    quantity: Quantity, molecules: int, error: float, inside: float | None
) -> str:
    """Describe the parity plot with intervals.

    Parameters
    ----------
    molecules
        Held-out molecules with a label.
    error
        Their mean absolute error.
    inside
        Share of the intervals that hold the label; None without any interval.
    """
    share = "" if inside is None else f"; {whole_percent(inside)} of the intervals hold the label"
    return (
        f"Predicted against measured {quantity.symbol} of {molecules} held-out molecules, with "
        f"prediction intervals: mean error {quantity.text(error)}{share}."
    )


def variant_parity_alt(quantity: Quantity, counts: Mapping[str, int]) -> str:
    """Describe the parity plot of one variant, given the molecules of each part."""
    parts = " and ".join(f"{number} molecules {part}" for part, number in counts.items())
    return f"Predicted against measured {quantity.symbol} of {parts or 'no molecule'}."
