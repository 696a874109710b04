"""What the page of predictions says."""

from confaug.report.number_format import count, whole_percent
from confaug.report.quantity import Quantity

TITLE = "Predictions beside the training labels"
CAPTION = (
    "Each tick below the axis is the label of a training molecule. A model of trees cannot predict "
    "far beyond these labels; predictions outside the dashed lines are too close to the middle."
)
#: Meanings of the key figures.
PREDICTED, FAILED = "rows predicted", "rows failed, each with its reason"
FLAGGED = "predictions carry a flag"
ERROR = "mean out-of-fold error of the model on its training molecules"


def headline(predicted: int, rows: int) -> str:
    """Say how many rows have a prediction."""
    return f"{predicted} of {rows} rows predicted"


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


def interval_sentence(coverage: float, training: int, made: bool) -> str:
    """Say what an interval means, or why there is none."""
    if not made:
        return (
            f"{training} training molecules are too few for prediction intervals of "
            f"{whole_percent(coverage)} coverage."
        )
    return (
        f"An interval is designed to contain the measured value for {whole_percent(coverage)} of "
        "molecules like the training molecules. For flagged molecules, it promises nothing."
    )


def trained_sentence(rows: int) -> str:
    """Warn of rows whose molecules the model was trained on; nothing without any."""
    if not rows:
        return ""
    return (
        f"{count(rows, 'row is a molecule', 'rows are molecules')} that the model was trained on. "
        "Their labels are known, and their predictions say nothing about how good the model is."
    )


def factor_meaning(coverage: float) -> str:
    """Say what the width of intervals of logarithms means."""
    return f"between a prediction and either end of its {whole_percent(coverage)} interval (median)"


def width_meaning(coverage: float) -> str:
    """Say what the width of intervals means."""
    return f"median width of the {whole_percent(coverage)} intervals"
