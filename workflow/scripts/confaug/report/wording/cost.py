"""Sentences about what a study cost."""

from confaug.report.number_format import duration, whole_percent


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
