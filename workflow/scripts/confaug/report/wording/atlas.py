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
    most, least = (percent(best[study] / 100, decimals=0) for study in (order[0], order[-1]))
    on_average = ""
    if mean is not None:
        on_average = f" On average, conformers gained {percent(mean / 100, decimals=0)}."
    return (
        f"Gains of {ways} ways to use conformers in {len(order)} studies. What cross-validation "
        f"chose of them gained most in {order[0]} ({most}) and least in {order[-1]} "
        f"({least}).{on_average}"
    )
