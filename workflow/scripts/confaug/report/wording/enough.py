"""Whether more conformers, protocols or molecules would help."""

from confaug.evaluation.enough import CLOSE, LearningCurves
from confaug.report.number_format import percent, whole_percent
from confaug.report.quantity import Quantity


def enough_sentences(
    curves: LearningCurves, quantity: Quantity, reference: str | None
) -> list[str]:
    """Say how much data is enough; nothing if no curve was measured.

    Parameters
    ----------
    reference
        The variant without conformers that the plain error is of.
    """
    sentences = _curves_of_one_point(curves, quantity)
    if len(curves.conformers) > 1:
        sentences.append(_conformers(curves, quantity))
    if curves.single_protocols and len(curves.protocols) > len(curves.single_protocols):
        sentences.append(_protocols(curves, quantity))
    if len(curves.molecules) > 1:
        sentences.append(_molecules(curves))
    if sentences and curves.plain is not None:
        sentences.append(
            f"Without conformers ({reference}), the error is {quantity.text(curves.plain)}."
        )
    if sentences and curves.replicates == 1:
        sentences.append(
            "All these errors are from one split, in which single points vary by chance."
        )
    return sentences


def _curves_of_one_point(curves: LearningCurves, quantity: Quantity) -> list[str]:
    """Name the curves that were measured at one level only, which says nothing of another."""
    measured = {
        "conformers per molecule": curves.conformers,
        "training molecules": curves.molecules,
        "protocols": curves.protocols,
    }
    return [
        f"The curve over {things} has one point only, {levels[0].name}, with an error of "
        f"{quantity.text(levels[0].error)}. There is nothing to compare it with."
        for things, levels in measured.items()
        if len(levels) == 1
    ]


def _conformers(curves: LearningCurves, quantity: Quantity) -> str:
    """Say how the error falls with conformers, and how many are enough."""
    first, last, enough = curves.conformers[0], curves.conformers[-1], curves.enough_conformers
    fewest = "one conformer" if first.name == "1" else f"{first.name} conformers"
    if first.error <= last.error:
        outcome = "More conformers did not lower it."
    elif enough == last:
        outcome = f"With any fewer, the error is more than {whole_percent(CLOSE)} larger."
    else:
        number = "1 conformer is" if enough.name == "1" else f"{enough.name} conformers are"
        outcome = f"{number} enough to come within {whole_percent(CLOSE)} of that."
    return (
        f"With {fewest} per molecule, the error is {quantity.text(first.error)}; with {last.name}, "
        f"it is {quantity.text(last.error)}. {outcome}"
    )


def _protocols(curves: LearningCurves, quantity: Quantity) -> str:
    """Compare all protocols together with the best and the worst alone."""
    single = curves.single_protocols
    best, worst = (choose(single, key=lambda level: level.error) for choose in (min, max))
    everything = next(level.error for level in curves.protocols if level.name == "all")
    return (
        f"All protocols together give an error of {quantity.text(everything)}; single protocols "
        f"give errors from {quantity.text(best.error)} ({best.name}) to "
        f"{quantity.text(worst.error)} ({worst.name})."
    )


def _molecules(curves: LearningCurves) -> str:
    """Say what the last step over training molecules changed, and what that promises."""
    fewer, more = curves.molecules[-2:]
    change = curves.last_change
    if change < -CLOSE:
        outlook = "More labelled molecules would probably help further."
    elif change > CLOSE:
        outlook = (
            "A rise is most likely due to chance, so nothing can be said about more molecules."
        )
    else:
        outlook = "The curve has become flat, as far as one step can show."
    return (
        f"The last step, from {fewer.name} to {more.name} training molecules, changed the error by "
        f"{percent(change, signed=True, decimals=0)}. {outlook}"
    )
