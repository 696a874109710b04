"""What a figure says of the molecule that a reader points at."""

from confaug.report.number_format import number
from confaug.report.quantity import Quantity
from confaug.report.results import Row


def measured(label: float | None, quantity: Quantity) -> str:
    """Give the label of a molecule.

    >>> measured(None, Quantity("", "Tg", "K"))
    'not measured'
    """
    return "not measured" if label is None else f"measured {quantity.text(label)}"


def predicted(row: Row, quantity: Quantity) -> str:
    """Give the prediction of a molecule, with its interval if there is one."""
    words = f"predicted {quantity.text(row['prediction'])}"
    if row["low"] is None or row["high"] is None:
        return words
    return f"{words}, interval {quantity.between(row['low'], row['high'])}"


def nearest(name: str, label: float | None, similarity: float | None, quantity: Quantity) -> str:
    """Name the nearest training molecule, with its label and how similar it is."""
    facts = "" if label is None else f", {quantity.text(label)}"
    alike = "" if similarity is None else f" (similarity {number(similarity, digits=2)})"
    return f"nearest in training: {name}{facts}{alike}"


def flagged(flags: str) -> str:
    """Name the flags of the applicability domain."""
    return f"flagged: {flags}"
