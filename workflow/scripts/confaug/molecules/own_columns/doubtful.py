"""Columns of the user's own that say nothing, or that say the label itself."""

import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from confaug.infrastructure.text import counted, quoted
from confaug.molecules.own_columns.declaration import OwnColumn
from confaug.molecules.rows import Row

logger = logging.getLogger("confaug")

Floats = NDArray[np.float64]
#: Rows below which a straight line may be chance, and the squared correlation from which it is one.
FEWEST_ROWS, STRAIGHT = 8, 0.9999


def warn_of_doubtful_columns(rows: Sequence[Row], columns: Sequence[OwnColumn]) -> None:
    """Warn of columns with a single value, and of those that follow from the label.

    Parameters
    ----------
    rows
        The usable rows of a study's table, with their labels and own values.
    columns
        What the own values hold, in their order.
    """
    for place, column in enumerate(columns):
        known = [row for row in rows if row.own[place] is not None]
        if len(known) > 1 and len({row.own[place] for row in known}) == 1:
            logger.warning(
                "WARNING: column %s has the same value in all %s that have one; nothing can be "
                "learned from it, so leave it out of input: feature_columns",
                *(quoted(column.name), counted(len(known), "row")),
            )
        labelled = [row for row in known if row.label is not None]
        if column.categories is not None or len(labelled) < FEWEST_ROWS:
            continue
        values = np.array([row.own[place] for row in labelled], float)
        if scale := _follows(values, np.array([row.label for row in labelled], float)):
            logger.warning(
                "WARNING: column %s is a straight line of %s in all %s that have both; if it was "
                "calculated from the label, leave it out of input: feature_columns, because new "
                "molecules do not have it and all errors would be too small",
                *(quoted(column.name), scale, counted(len(labelled), "row")),
            )


def _follows(values: Floats, labels: Floats) -> str:
    """Name what of the labels the values are a straight line of; nothing if there is none."""
    if _on_a_line(values, labels):
        return "the label"
    if labels.min() > 0 and _on_a_line(values, np.log(labels)):
        return "the logarithm of the label"
    return ""


def _on_a_line(a: Floats, b: Floats) -> bool:
    """Tell whether the values of two arrays are on a straight line that is not level."""
    a, b = (one / max(np.abs(one).max(), np.finfo(float).tiny) for one in (a, b))
    a, b = a - a.mean(), b - b.mean()
    products = (a @ a) * (b @ b)
    return bool(products > 0 and (a @ b) ** 2 >= STRAIGHT * products)
