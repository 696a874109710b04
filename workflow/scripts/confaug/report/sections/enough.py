"""Whether more conformers, protocols or molecules would help."""

import numpy as np

from confaug.infrastructure.quantity import percent
from confaug.report.figures.learning import curve, plain_error
from confaug.report.results import Results
from confaug.report.sections.variants import CLOSE


def enough_sentences(results: Results) -> list[str]:
    """Say how much data is enough, from the learning curves; nothing if none were measured."""
    text = results.quantity.text
    sentences = _curves_of_one_point(results)
    conformers = [(level, float(np.mean(maes))) for level, maes in curve(results, "conformers")]
    if len(conformers) > 1:
        most, error = conformers[-1]
        level = next(level for level, mae in conformers if mae <= (1 + CLOSE) * error)
        first = "one conformer" if conformers[0][0] == "1" else f"{conformers[0][0]} conformers"
        sentences.append(
            f"With {first} per molecule the error is {text(conformers[0][1])}, with {most} it is "
            f"{text(error)}. "
            + (
                "More conformers did not lower it."
                if conformers[0][1] <= error
                else _enough(level, most)
            )
        )
    protocols = [(level, float(np.mean(maes))) for level, maes in curve(results, "protocols")]
    single = [pair for pair in protocols if pair[0] != "all"]
    if single and len(protocols) > len(single):
        best, worst = min(single, key=_error), max(single, key=_error)
        everything = next(mae for level, mae in protocols if level == "all")
        sentences.append(
            f"All protocols together give {text(everything)}; alone they give from "
            f"{text(best[1])} ({best[0]}) to {text(worst[1])} ({worst[0]})."
        )
    molecules = [(level, float(np.mean(maes))) for level, maes in curve(results, "molecules")]
    if len(molecules) > 1:
        (fewer, before), (more, after) = molecules[-2:]
        change = (after - before) / before if before else 0.0
        sentences.append(
            f"The last step, from {fewer} to {more} training molecules, changed the error by "
            f"{percent(change, signed=True, decimals=0)}; {_outlook(change)}"
        )
    plain = plain_error(results)
    if sentences and plain is not None:
        sentences.append(f"Without conformers ({results.role('reference')}) it is {text(plain)}.")
    if sentences and len({row["replicate"] for row in results["learning_curves"]}) == 1:
        sentences.append(
            "All of this is from one split, where single points rise and fall by chance."
        )
    return sentences


def _curves_of_one_point(results: Results) -> list[str]:
    """Name the curves that were measured at one level only, which says nothing of another."""
    things = {"conformers": "conformers per molecule", "molecules": "training molecules"}
    points = {axis: curve(results, axis) for axis in (*things, "protocols")}
    return [
        f"The curve over {things.get(axis, axis)} has one point, {levels[0][0]}, with an error of "
        f"{results.quantity.text(float(np.mean(levels[0][1])))}, and nothing to compare it with."
        for axis, levels in points.items()
        if len(levels) == 1
    ]


def _outlook(change: float) -> str:
    """Say what the last step of the curve over training molecules promises."""
    if change < -CLOSE:
        return "more labelled molecules would probably help further."
    if change > CLOSE:
        return "a rise is most likely chance, so nothing can be said about more molecules."
    return "the curve has become flat, as far as one step can tell."


def _error(pair: tuple[str, float]) -> float:
    return pair[1]


def _enough(level: str, most: str) -> str:
    """Say at which number the error has come down."""
    if level == most:
        return f"Fewer than all of them give an error that is more than {CLOSE:.0%} larger."
    conformers = "conformer is" if level == "1" else "conformers are"
    return f"{level} {conformers} enough to come within {CLOSE:.0%} of that."
