"""Sentences about what a study cost."""

import math

from confaug.report.number_format import duration, number, two_digits, whole_percent


def cost_sentence(total: float, conformers: float) -> str:
    """Say how much CPU time all jobs took, and what part of it only augmentation needs.

    Parameters
    ----------
    total, conformers
        CPU time of all jobs, and of those that make and describe conformers, in seconds.
    """
    if not total:
        return ""
    return (
        f"All jobs measured in this results folder took {duration(total)} of CPU time. "
        f"{whole_percent(conformers / total)} of it was spent on conformers and their "
        "descriptors, which a model without augmentation does not need."
    )


def speed_sentence(seconds: float, required: float | None) -> str:
    """Say how fast the recommended model can predict, and whether that is fast enough.

    Parameters
    ----------
    seconds
        CPU time of the description of a molecule.
    required
        Molecules that a core has to predict in an hour; None if nothing was required.

    Examples
    --------
    >>> speed_sentence(0.36, 20_000).split(": ")[1]
    'too slow, 2 cores are needed.'
    """
    rate = 3600 / seconds
    measured = (
        f"Describing a molecule for the recommended model took {number(seconds)} s of CPU time, "
        "starts of jobs included. One core can therefore predict at least "
        f"{two_digits(rate)} molecules in an hour"
    )
    if required is None:
        return f"{measured}."
    cores = math.ceil(required / rate)
    verdict = "fast enough" if cores == 1 else f"too slow, {cores} cores are needed"
    return f"{measured}. You need {number(required)}: {verdict}."
