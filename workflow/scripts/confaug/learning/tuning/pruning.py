"""Pruning: end a trial early if it would not become the best."""

from collections.abc import Sequence

LEAST_GAIN = 2e-4  # in median absolute deviations of the labels
CHUNK = 10
_WINDOW = 50


def is_hopeless(
    curve: Sequence[float], max_rounds: int, incumbent: float, rule: str = "linear"
) -> bool:
    """Say whether a trial's error would stay above the best so far, judged by its curve.

    No trial is pruned in its first 50 rounds, or once its curve has reached the best error so far.
    Trials are judged every 10 rounds.

    Parameters
    ----------
    rule
        ``never`` prunes nothing. ``linear`` extrapolates the gain of the last 50 rounds in a
        straight line to `max_rounds`, which is generous, because curves usually flatten.
        ``geometric`` treats the gains as a geometric series: from each half of the curve to the
        next they shrink by the same factor, and a trial may still gain twice the remaining sum. It
        saves most if learning is slow and `max_rounds` is large. Both lose a trial whose curve
        would have become steeper.
    """
    n = len(curve)
    if rule == "never" or n <= _WINDOW or n % CHUNK or min(curve) <= incumbent:
        return False
    if rule == "geometric":
        half = (n - 1) // 2
        before, now = curve[-1 - 2 * half] - curve[-1 - half], curve[-1 - half] - curve[-1]
        if now <= 0 or now < before:
            left = now**2 / (before - now) if now > 0 else 0.0
            return curve[-1] - 2 * left > incumbent
    gain = (curve[-1 - _WINDOW] - curve[-1]) / _WINDOW
    return gain > 0 and curve[-1] - gain * (max_rounds - n) > incumbent
