"""Sentences about prediction intervals."""

from confaug.report.number_format import count, whole_percent
from confaug.report.quantity import Quantity
from confaug.report.wording.decades import factor
from confaug.trust.coverage import CoverageSummary

NO_INTERVALS = "There are too few training molecules for prediction intervals of this coverage."


def coverage_sentence(
    facts: CoverageSummary | None, quantity: Quantity, decades: float | None = None
) -> str:
    """Say how often intervals held the label, and how wide they are.

    Parameters
    ----------
    facts
        Of the main variant; None without any interval.
    quantity
        The measured property.
    decades
        Typical half width of an interval, where logarithms are learned.
    """
    if facts is None:
        return NO_INTERVALS
    where = (
        f"of {facts.test_molecules} held-out molecules"
        if facts.replicates == 1
        else f"of held-out molecules on average over {facts.replicates} replicates"
    )
    verb = "is" if facts.replicates == 1 else "are"
    return (
        f"Intervals meant to hold {whole_percent(facts.target)} of labels held "
        f"{whole_percent(facts.coverage)} {where}; {facts.within_expected} of "
        f"{count(facts.replicates, 'replicate')} {verb} within what chance allows. "
        f"{_width(facts, quantity, decades)}"
    )


def _width(facts: CoverageSummary, quantity: Quantity, decades: float | None) -> str:
    """Say how wide a typical interval is."""
    if decades is None:
        return f"A typical interval is a prediction ± {quantity.text(facts.median_width / 2)}."
    return (
        f"A typical interval extends from the prediction divided by {factor(decades)} to the "
        f"prediction times {factor(decades)}."
    )
