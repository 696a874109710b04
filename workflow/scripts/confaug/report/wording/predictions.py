"""What the page of predictions says."""

import math
from collections.abc import Mapping

from confaug.infrastructure.text import one_line
from confaug.report.number_format import count, number, whole_percent
from confaug.report.quantity import Quantity
from confaug.report.results import Row
from confaug.report.wording.decades import factor
from confaug.report.wording.domain import EDGE

LONGEST_NEIGHBOUR = 60
TITLE = "Predictions beside the training labels"
#: What the dashed lines are, in the legend.
EDGE_OF_LABELS = f"lowest and highest {EDGE} of these"
RANKING_TITLE = "Predictions in ascending order"
RANKING_CAPTION = (
    "Each mark is a molecule with its prediction interval. Triangles carry a flag of the "
    "applicability domain. Point at a mark, tap it or move to it with the keyboard to see the "
    "molecule."
)
#: Meanings of the key figures.
PREDICTED, FAILED = "rows predicted", "rows failed, each with its reason"
FLAGGED = "predictions carry a flag"
ERROR = "mean out-of-fold error of the model on its training molecules"


def caption(limits: tuple[float, float], bounded: bool, quantity: Quantity) -> str:
    """Explain the figure of the predictions.

    Parameters
    ----------
    limits
        Predictions at or beyond these are at the edge of the training labels.
    bounded
        Whether the model cannot predict beyond the labels that it knows.
    """
    low, high = (quantity.text(limit) for limit in limits)
    words = (
        "Each tick below the axis is the label of a training molecule. The dashed lines are at "
        f"{low} and {high}: the lowest and the highest {EDGE} of these labels are beyond them, and "
        "predictions there carry a flag."
    )
    if bounded:
        words += (
            " This model cannot predict beyond the labels that it knows, so predictions near their "
            "ends are probably too close to the middle."
        )
    return words


def headline(predicted: int, rows: int) -> str:
    """Say how many rows have a prediction."""
    return f"{predicted:,} of {rows:,} rows predicted"


def source_sentence(
    source: str, training: int, lowest: float, highest: float, quantity: Quantity
) -> str:
    """Say what was predicted, and by a model of what.

    Parameters
    ----------
    source
        What the user's table is called.
    training
        Number of training molecules.
    lowest, highest
        Range of their labels.
    """
    return (
        f"Predictions for {source} by a model of {training} training molecules with "
        f"{quantity.symbol} from {quantity.between(lowest, highest)}."
    )


def interval_sentence(coverage: float, training: int, made: bool, scaled: bool) -> str:
    """Say what an interval means and what its width comes from, or why there is none.

    Parameters
    ----------
    coverage
        Share of molecules whose value is meant to be in the interval.
    training
        Number of training molecules.
    made
        Whether there are intervals.
    scaled
        Whether the width follows the molecule.
    """
    if not made:
        return (
            f"{training} training molecules are too few for prediction intervals of "
            f"{whole_percent(coverage)} coverage."
        )
    return (
        f"An interval is designed to contain the measured value for {whole_percent(coverage)} of "
        "molecules like the training molecules. For flagged molecules, it promises nothing. Its "
        "width comes from the out-of-fold errors of this model; the report of the study gives the "
        "width for models of single splits, which learned from fewer molecules."
        + (
            " The width follows the molecule: it is larger where the predictions that are averaged "
            "for a molecule differ more."
            if scaled
            else ""
        )
    )


def trained_sentence(rows: int) -> str:
    """Warn of rows whose molecules the model was trained on; nothing without any."""
    if not rows:
        return ""
    if rows == 1:
        return (
            f"{count(rows, 'row')} is a molecule that the model was trained on. Its label is "
            "known, and its prediction says nothing about how good the model is."
        )
    return (
        f"{count(rows, 'row')} are molecules that the model was trained on. Their labels are "
        "known, and their predictions say nothing about how good the model is."
    )


def factor_meaning(coverage: float) -> str:
    """Say what the width of intervals of logarithms means."""
    return f"between a prediction and either end of its {whole_percent(coverage)} interval (median)"


def width_meaning(coverage: float) -> str:
    """Say what the width of intervals means."""
    return f"around a prediction: its {whole_percent(coverage)} interval (median)"


def with_interval(row: Row, quantity: Quantity, *, unit: bool = True) -> str:
    """Write a prediction with its interval: plus or minus a half width, or times or divided by.

    Parameters
    ----------
    row
        A predicted row of NEW_PREDICTIONS.
    unit
        Whether the unit follows.
    """
    low, high = row["low"], row["high"]
    value = quantity.text(row["prediction"], unit=False)
    after = f" {quantity.unit}" if unit and quantity.unit else ""
    if low is None or high is None:
        return value + after
    if quantity.logarithmic and low > 0:
        return f"{value}{after} ×÷ {factor(math.log10(high / low) / 2)}"
    return f"{value} ± {quantity.text((high - low) / 2, unit=False)}{after}"


def ends(row: Row, quantity: Quantity) -> str:
    """Write both ends of the interval of a prediction; nothing without one."""
    if row["low"] is None or row["high"] is None:
        return ""
    return quantity.between(row["low"], row["high"], unit=False)


def neighbour_words(row: Row, quantity: Quantity, *, unit: bool = True) -> str:
    """Write the value of the nearest training molecule, then its name and its similarity."""
    if row["neighbour_1_label"] is None:
        return ""
    name = one_line(neighbour_name(row), LONGEST_NEIGHBOUR)
    facts = f"similarity {number(row['neighbour_1_similarity'], digits=2)}"
    if conditions := row["neighbour_1_conditions"]:
        facts += f"; {one_line(conditions, LONGEST_NEIGHBOUR)}"
    return f"{quantity.text(row['neighbour_1_label'], unit=unit)} · {name} ({facts})"


def neighbour_name(row: Row) -> str:
    """Return what to call the nearest training molecule."""
    keys = ("neighbour_1_name", "neighbour_1_id", "neighbour_1_smiles")
    return next((str(row[key]) for key in keys if row[key]), "")


#: Headings of the groups of drawn structures, and what is said of them.
HIGHEST, LOWEST = "Highest predictions", "Lowest predictions"
PLAIN, DOUBTFUL = "Candidates without a flag", "Most doubtful candidates"
NOT_DOUBTED = (
    "Predictions without a flag. Molecules that the model was trained on are left out, and every "
    "structure is shown once. Whether high or low values are wanted is for you to say."
)
ALL_PLAIN = "The highest prediction first. " + NOT_DOUBTED
DOUBTED = "Those with most flags, the farthest from the training molecules first."
NONE_DOUBTED = "No prediction carries a flag."
NONE_PLAIN = "Every prediction carries a flag or is of a molecule that the model was trained on."
#: Headings of the standard deviation of a prediction.
MODEL_DEVIATION, CONFORMER_DEVIATION = "SD between models", "Conformer SD"
#: Under a structure that is not drawn.
NOT_DRAWN = "The structure is too large to draw."


def selection_sentence(counts: Mapping[str, int], shown: int, rows: int) -> str:
    """Say which rows a table shows, and where all are; nothing if it shows all.

    Parameters
    ----------
    counts
        Numbers of rows by kind (see `confaug.report.candidates.shown_rows`).
    shown, rows
        Numbers of rows in the table and of all predicted rows.
    """
    if not counts:
        return ""
    return (
        f"The table shows {shown:,} of {rows:,} predicted rows: the {counts['highest']} highest "
        f"and the {counts['lowest']} lowest predictions without a flag, the "
        f"{counts['doubtful']} most doubtful, and the first {counts['first']} others."
    )
