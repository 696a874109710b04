"""A variant fitted again on fewer molecules, with the parameters that its study has chosen."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from confaug.learning.given_parameters import Chosen, predict_held_out
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.rows import Rows, Values
from confaug.learning.tuning.tuned import Tuned


@dataclass(frozen=True)
class Refitting:
    """A variant that can be fitted on any molecules of a study.

    Attributes
    ----------
    learner
        Name in the configuration.
    rows, labels
        Rows of all molecules, and labels by molecule.
    chosen
        Parameters in every replicate, as `read_chosen` gives them.
    transform
        Applied to labels before learning.
    seed
        Of learners with a grid; a tuning has its own.
    threads
        Of LightGBM.
    """

    learner: str
    rows: Rows
    labels: Mapping[str, float | None]
    chosen: Mapping[int, Chosen]
    transform: LabelTransform
    seed: int
    threads: int = 1

    def predict(self, replicate: int, train: Sequence[str], test: Sequence[str]) -> Values:
        """Fit on some molecules, and predict others.

        Parameters
        ----------
        replicate
            Whose parameters are used.
        train, test
            The molecules, in ascending order. All of them have labels.

        Returns
        -------
        ndarray
            One prediction for each molecule of `test`, in label units.
        """
        rows = self.rows.of_molecules([*train, *test])
        return predict_held_out(
            self.learner,
            self.chosen[replicate],
            rows,
            np.array([self.labels[name] for name in rows.molecules.tolist()], dtype=np.float64),
            np.isin(rows.molecules, test),
            transform=self.transform,
            seed=self.seed,
            threads=self.threads,
        )


def read_chosen(paths: Iterable[str | Path], variant: str) -> dict[int, Chosen]:
    """Read what was chosen for one variant from `.../{variant}/replicate-{replicate}/<file>`."""
    chosen: dict[int, Chosen] = {}
    for path in map(Path, paths):
        if path.parts[-3] == variant:
            found = json.loads(path.read_bytes())
            parameters = Tuned(**found) if "rounds" in found else found["parameters"]
            chosen[int(path.parts[-2].removeprefix("replicate-"))] = parameters
    return chosen
