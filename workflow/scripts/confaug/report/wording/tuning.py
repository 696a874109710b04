"""Sentences about the trials of Bayesian optimisation."""

from collections.abc import Sequence

from confaug.report.number_format import count
from confaug.report.quantity import Quantity
from confaug.report.results import Row

#: Share of the trials after which the best one counts as late, if there are enough to tell.
LATE, LEAST_TRIALS = 0.9, 6


def tuning_sentence(history: Sequence[Row], quantity: Quantity) -> str:
    """Say which trial was the best, and whether more trials might find a better one.

    Parameters
    ----------
    history
        Rows of the tuning history; none where nothing was tuned.
    """
    if not history:
        return ""
    best = min(history, key=lambda row: (row["error"], row["trial"]))
    sentence = (
        f"Of {count(len(history), 'trial')}, number {best['trial']} has the lowest out-of-fold "
        f"error, {quantity.text(best['error'])}, with {best['rounds']} boosting rounds."
    )
    if best["trial"] > LATE * len(history) and len(history) >= LEAST_TRIALS:
        sentence += " It is among the last trials, so more trials might find a better one."
    return sentence
