"""What the replicates of a study are: different splits, or one split several times."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class Draws:
    """What the replicates of a split are: different draws, or one split several times.

    Attributes
    ----------
    replicates
        Replicates of the study.
    different
        Splits that differ in who trains and who is tested; replicates may differ in folds only.
    molecules
        Labelled molecules.
    fixed
        Those whose part the split column gives. If there are any, the others follow from them and
        nothing is drawn.
    """

    replicates: int
    different: int
    molecules: int
    fixed: int = 0

    @property
    def one(self) -> bool:
        """Whether there is a single split."""
        return self.different == 1


def describe_draws(splits: Mapping[int, pa.Table], molecules: pa.Table) -> Draws:
    """Tell what the replicates are, from their SPLIT tables and the MOLECULES table."""
    labelled = molecules.filter(pc.is_valid(molecules["label"]))
    fixed = len(labelled) - labelled["fixed_part"].null_count
    return Draws(len(splits), len(set(number_splits(splits))), len(labelled), fixed)


def number_splits(splits: Mapping[int, pa.Table]) -> list[int]:
    """Give each different split among replicates a number, in their order, from 0.

    Splits are the same if the same molecules train and the same are tested, whatever the folds.

    Returns
    -------
    list of int
        The number of the split of every replicate.
    """
    numbers: dict[frozenset[tuple[str, str]], int] = {}
    return [
        numbers.setdefault(
            frozenset(
                zip(
                    splits[replicate]["molecule"].to_pylist(),
                    splits[replicate]["part"].to_pylist(),
                    strict=True,
                )
            ),
            len(numbers),
        )
        for replicate in sorted(splits)
    ]
