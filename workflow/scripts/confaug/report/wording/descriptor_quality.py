"""Sentences about how far descriptors tell molecules apart."""

from confaug.report.number_format import whole_percent


def within_share_sentence(share: float | None) -> str:
    """Say how much of the variance of a typical 3D descriptor is within molecules."""
    if share is None:
        return "No 3D descriptor varies within molecules."
    within, between = (whole_percent(part) for part in (share, 1 - share))
    return (
        f"In a typical 3D descriptor, {within} of the variance is between the conformers of one "
        f"molecule and {between} between molecules."
    )
