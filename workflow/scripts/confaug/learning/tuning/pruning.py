"""Pruning: when a trial ends early because it would not become the best."""

from collections.abc import Sequence

LEAST_GAIN = 2e-4  # in median absolute deviations of the labels
CHUNK = 10
_WINDOW = 100


def is_hopeless(
    curve: Sequence[float], max_rounds: int, incumbent: float, rule: str = "linear"
) -> bool:
    """Say whether a trial's error would stay above the best so far, judged by its curve.

    The answer is no before there are more than 100 rounds and once the curve has reached the best
    error so far. Asked every 10 rounds.

    Parameters
    ----------
    rule
        ``never`` always says no. ``linear`` draws the gain of the last 100 rounds out in a
        straight line up to `max_rounds`. Curves flatten as a rule, so that the line is kind.
        ``geometric`` takes the gains for a geometric series: what they shrank by from the first
        half of the curve to the second they will shrink by again, and a trial may gain twice what
        is left then. It saves most where learning is slow and `max_rounds` far away. Both lose a
        trial whose curve would have become steeper.
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
