"""How much a study has to conclude from.

What counts is groups, which no split divides: the labels of a structure under twenty conditions say
little more about other structures than one of them.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc

from confaug.config.roles import RECOMMENDED
from confaug.evaluation.errors import Predictions, Study

#: With fewer groups of labelled molecules, or fewer held out in a split, nothing is concluded. A
#: 95 % interval of a mean over n groups reaches t / sqrt(n) standard deviations to either side:
#: 0.84 for 8 and 1.24 for 5, so that only differences as large as those between groups could be
#: told from zero; below 6 not even groups that all agree would do (sign test, 2 / 2**5 = 0.06).
#: Twenty are those eight and twelve to learn from, four for each of three folds.
LEAST_LABELLED, LEAST_HELD_OUT = 20, 8


@dataclass(frozen=True)
class StudySize:
    """How much a study has to conclude from.

    Attributes
    ----------
    labelled
        Molecules with a label.
    held_out
        Labelled molecules that are held out, in the split with the fewest.
    training
        Training molecules, in the split with the most.
    one_value
        Variants that give all held-out molecules of a split one value, and in how many splits.
    labelled_groups, held_out_groups
        Groups of the labelled molecules; groups that are held out, in the split with the fewest.
    """

    labelled: int
    held_out: int
    training: int
    one_value: dict[str, int]
    labelled_groups: int
    held_out_groups: int

    @property
    def enough(self) -> bool:
        """Whether anything can be concluded."""
        return self.labelled_groups >= LEAST_LABELLED and self.held_out_groups >= LEAST_HELD_OUT

    def document(self) -> dict[str, Any]:
        """Return the size as it stands in the document of the verdict."""
        least = {"least_labelled": LEAST_LABELLED, "least_held_out": LEAST_HELD_OUT}
        return {**asdict(self), **least, "enough": self.enough}


def study_size(study: Study, predictions: Predictions) -> StudySize:
    """Count what a study has to conclude from."""
    tested = np.isfinite(next(iter(study.test.values())))
    labelled = np.isfinite(study.labels)
    numbers = dict(zip(study.replicates, study.split_numbers, strict=True))
    one_value = {
        variant: len(
            {numbers[r] for r, table in predictions[variant].items() if _is_one_value(table)}
        )
        for variant in study.test
        if variant != RECOMMENDED
    }
    return StudySize(
        labelled=int(labelled.sum()),
        held_out=int(tested.sum(axis=1).min()),
        training=int(study.train_sizes.max()),
        one_value={variant: count for variant, count in one_value.items() if count},
        labelled_groups=len(np.unique(study.groups[labelled])),
        held_out_groups=min(len(np.unique(study.groups[held_out])) for held_out in tested),
    )


def _is_one_value(table: Any) -> bool:
    """Tell whether several held-out molecules all get the same prediction."""
    values = table.filter(pc.equal(table["part"], "test"))["prediction"].to_numpy()
    return len(values) > 1 and bool(np.ptp(values) == 0)
