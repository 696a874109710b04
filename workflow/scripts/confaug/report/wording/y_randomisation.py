"""What y-randomisation says about chance."""

from confaug.evaluation.y_randomisation import CLEAR, LEARNED, TOO_FEW, YRandomisation
from confaug.report.number_format import number
from confaug.report.quantity import of_unit


def whose_error(randomised: str, recommended: str) -> str:
    """Say whose error was set against shuffled labels, and that it is not the recommended model's.

    Parameters
    ----------
    randomised
        The variant whose labels were shuffled; nothing is said if it is empty.
    recommended
        The model that is recommended; may be empty.
    """
    if not randomised:
        return ""
    if recommended in ("", randomised):
        return f" of {randomised} in the first split"
    return (
        f" of {randomised} in the first split, the model that was tested here in place of the "
        f"recommended {recommended},"
    )


def y_randomisation_sentence(
    facts: YRandomisation, unit: str, randomised: str = "", recommended: str = ""
) -> str:
    """Say whether the error could be chance, and give the figures.

    Parameters
    ----------
    facts
        What y-randomisation found.
    unit
        Unit of the labels.
    randomised, recommended
        See `whose_error`.
    """
    text = of_unit(unit).text
    whose = whose_error(randomised, recommended)
    figures = (
        f"the cross-validation error{whose} is {text(facts.observed)} with the true labels and "
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
