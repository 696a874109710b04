"""Keys and values of the configuration that once had other names."""

from typing import Any

#: The new name of a key, by its old one.
KEYS = {
    "embedding.seeds": "embedding.repeats",
    "embedding.conformers_per_seed": "embedding.conformers_per_repeat",
    "tuning.abandon": "tuning.pruning",
    "evaluation.coverage": "evaluation.interval_coverage",
    "evaluation.permutations": "evaluation.y_randomisations",
}
#: The new name of a value, by the key that takes it and its old name.
VALUES = {
    ("tuning.pruning", "straight"): "linear",
    ("tuning.pruning", "flattening"): "geometric",
    ("splits.group_by", "skeleton"): "connectivity",
}


def key_hint(key: str) -> str | None:
    """Say what an old key is called now; None for a key that never had a meaning.

    >>> key_hint("embedding.seeds")
    "it is now called 'embedding.repeats'"
    """
    return f"it is now called {KEYS[key]!r}" if key in KEYS else None


def value_hint(key: str, value: Any) -> str | None:
    """Say what an old value is called now.

    >>> value_hint("tuning.pruning", "straight")
    "'straight' is now called 'linear'"
    """
    new = VALUES.get((key, value)) if isinstance(value, str) else None
    return f"{value!r} is now called {new!r}" if new else None
