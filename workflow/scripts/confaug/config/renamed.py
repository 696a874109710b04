"""Keys and values of the configuration that once had other names."""

import re
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
    **{
        ("variants.*.representation", old): new
        for old, new in {
            "2d": "mordred_2d",
            "lowest_energy": "[mordred_2d, lowest_energy_3d]",
            "mean_pooled": "[mordred_2d, mean_3d]",
            "distribution": "distribution_3d",
            "augmented_2d_3d": "[mordred_2d, augmented_3d]",
            "gaussian_noise": "[mordred_2d, noise_3d]",
            "duplicated": "[mordred_2d, duplicated_3d]",
        }.items()
    },
}
#: The part of a path that is the name of a variant.
_VARIANT = re.compile(r"^variants\.[^.]+")


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
    >>> value_hint("variants.mine.representation", "mean_pooled")
    "'mean_pooled' is now called '[mordred_2d, mean_3d]'"
    """
    general = _VARIANT.sub("variants.*", key)
    new = VALUES.get((general, value)) if isinstance(value, str) else None
    return f"{value!r} is now called {new!r}" if new else None
