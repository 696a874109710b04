"""What y-randomisation says about chance."""

from confaug.evaluation.y_randomisation import CLEAR, LEARNED, TOO_FEW, YRandomisation
from confaug.report.number_format import number
from confaug.report.quantity import of_unit


def y_randomisation_sentence(facts: YRandomisation, unit: str) -> str:
    """Say whether the error could be chance, and give the figures."""
    text = of_unit(unit).text
    figures = (
        f"the error is {text(facts.observed)} with the true labels and "
        f"{text(facts.randomised_mean)} on average over {facts.randomisations} randomisations "
        f"(p = {number(facts.p_value)})"
    )
    if facts.stopped:
        figures += f"; they were ended when {CLEAR} of them gave an error as low"
    if facts.conclusion == LEARNED:
        return f"The model has learned something: {figures}."
    if facts.conclusion == TOO_FEW:
        return (
            f"No randomisation gave an error as low, but {facts.randomisations} are too few to "
            f"rule out chance: {figures}. At least 19 are needed."
        )
    return f"Chance cannot be ruled out: {figures}."
