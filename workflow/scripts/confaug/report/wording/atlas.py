"""Sentences about the atlas."""

from collections.abc import Mapping, Sequence

from confaug.report.number_format import percent


def gains_alt(
    order: Sequence[str], best: Mapping[str, float], ways: int, mean: float | None
) -> str:
    """Say in words what the figure of the gains shows.

    Parameters
    ----------
    order
        The studies, the largest gain first.
    best
        What the best way gained in each of them, in per cent.
    ways
        Number of ways to use conformers.
    mean
        The mean of these gains over all studies, if there are enough.
    """
    on_average = (
        f" On average, conformers gained {percent(mean / 100, decimals=0)}."
        if mean is not None
        else ""
    )
    return (
        f"Gains of {ways} ways to use conformers in {len(order)} studies. What cross-validation "
        f"chose of them gained most in {order[0]} ({percent(best[order[0]] / 100, decimals=0)}) and least in "
        f"{order[-1]} ({percent(best[order[-1]] / 100, decimals=0)}).{on_average}"
    )
