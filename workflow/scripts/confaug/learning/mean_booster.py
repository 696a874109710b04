"""Several LightGBM models as one that predicts their mean.

LightGBM predicts the sum of the values of the leaves that a row falls into. The trees of k models
together, with leaf values divided by k, therefore predict the mean of the models, and are a model
like any other: one text, read and checked in the same way. LightGBM has no function of its own for
this, so the trees are joined in its text format, which it then reads and writes again.
"""

import re
from collections.abc import Sequence

from confaug.infrastructure import random_draws
from confaug.learning.lightgbm_learner import lgb

_HEADER_END, _TREES_END = "\n\n", "end of trees\n"
#: Lines with values in the unit of the predictions.
_VALUES = re.compile(r"(?m)^(leaf_value|internal_value)=(.*)$")
_NUMBER = re.compile(r"(?m)^Tree=\d+$")
#: States how long every tree is; LightGBM can do without, and writes it anew.
_SIZES = re.compile(r"(?m)^tree_sizes=.*\n")


def model_seeds(seed: int, count: int) -> list[int]:
    """Return the seeds of the models that are averaged; the first is `seed` itself.

    The others are drawn, so that studies with neighbouring seeds have no model in common.
    LightGBM takes seeds below 2^31.

    Examples
    --------
    >>> model_seeds(7, 1)
    [7]
    """
    drawn = (random_draws.integer(f"model seed|{seed}|{i}", bits=32) >> 1 for i in range(1, count))
    return [seed, *drawn]


def mean_booster(boosters: Sequence[lgb.Booster]) -> lgb.Booster:
    """Return one model that predicts the mean of several, up to rounding.

    Parameters
    ----------
    boosters
        Models of the same features and objective; their numbers of trees may differ.
    """
    if len(boosters) == 1:
        return boosters[0]
    texts = [booster.model_to_string() for booster in boosters]
    header = _SIZES.sub("", texts[0].partition(_HEADER_END)[0] + "\n")
    trees = "".join(_divided(_trees_of(text), len(texts)) for text in texts)
    numbers = iter(range(trees.count("Tree=")))
    trees = _NUMBER.sub(lambda _: f"Tree={next(numbers)}", trees)
    tail = texts[0].partition(_TREES_END)[2]
    return lgb.Booster(model_str=f"{header}\n{trees}{_TREES_END}{tail}")


def _trees_of(text: str) -> str:
    """Return the part of a model's text that holds its trees."""
    return text.partition(_HEADER_END)[2].partition(_TREES_END)[0]


def _divided(trees: str, count: int) -> str:
    """Divide all values of trees by the number of models."""

    def divide(line: re.Match[str]) -> str:
        return f"{line[1]}=" + " ".join(repr(float(item) / count) for item in line[2].split())

    return _VALUES.sub(divide, trees)
