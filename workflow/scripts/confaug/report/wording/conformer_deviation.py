"""Sentences about the conformer standard deviation as a measure of uncertainty."""

from confaug.report.number_format import count, number
from confaug.trust.conformer_deviation import RankCorrelation

#: Rank correlation from which the relation is called clear.
CLEAR = 0.4


def deviation_sentence(facts: RankCorrelation) -> str:
    """Say whether molecules whose conformers disagree are predicted worse."""
    if not facts.known:
        return (
            "All rows of a molecule give the same prediction, so there is no conformer standard "
            "deviation to compare errors with."
        )
    rho, low, high = (number(value, digits=2) for value in (facts.rho, facts.low, facts.high))
    figures = f"rank correlation {rho}, 95% interval {low} to {high}, {count(facts.n, 'molecule')}"
    if facts.informative:
        strength = "somewhat" if facts.rho < CLEAR else "clearly"
        return f"Molecules whose conformers disagree are predicted {strength} worse ({figures})."
    if facts.high < 0:
        return f"Molecules whose conformers disagree are predicted better, not worse ({figures})."
    return (
        "The conformer standard deviation is not shown to tell how wrong a prediction is "
        f"({figures}); do not read it as an uncertainty."
    )
