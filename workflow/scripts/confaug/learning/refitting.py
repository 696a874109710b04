"""A variant fitted again on fewer molecules, with the settings that its study has found."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from confaug.config.settings.variants import Variant
from confaug.learning.learners import refit_baseline
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.predictions import pool_means
from confaug.learning.rows import Rows, Values
from confaug.learning.tuning.refit import refit
from confaug.learning.tuning.tuned import Tuned

#: What a study has found for a variant by replicate: a document of a tuning, or of a grid.
Found = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True)
class Refitting:
    """A variant that can be fitted on any molecules of a study.

    Attributes
    ----------
    variant
        What is fitted.
    rows, labels
        Rows of all molecules, and labels by molecule.
    found
        Its settings in every replicate, as `read_all_found` gives them.
    transform
        Applied to labels before learning.
    seed
        Of learners with a grid; a tuning has its own.
    threads
        Of LightGBM.
    """

    variant: Variant
    rows: Rows
    labels: Mapping[str, float | None]
    found: Found
    transform: LabelTransform
    seed: int
    threads: int = 1

    def predict(self, replicate: int, train: Sequence[str], test: Sequence[str]) -> Values:
        """Fit on some molecules, and predict others.

        Parameters
        ----------
        replicate
            Whose settings are used.
        train, test
            The molecules, in ascending order. Those of `train` have labels.

        Returns
        -------
        ndarray
            One prediction for each molecule of `test`, in label units.
        """
        known, asked = self.rows.of_molecules(train), self.rows.of_molecules(test)
        labels = np.array([self.labels[name] for name in train], dtype=np.float64)
        settings = self.found[replicate]
        if self.variant.learner != "lightgbm":
            model = refit_baseline(
                self.variant.learner,
                known,
                labels,
                settings,
                transform=self.transform,
                seed=self.seed,
            )
            return pool_means(asked, np.ravel(model.predict(asked.X)))
        final = refit(known, labels, Tuned(**settings), self.transform, self.threads)
        features = asked.with_features(final.features)
        values = np.asarray(final.booster.predict(features, num_threads=self.threads))
        return pool_means(asked, final.transform.inverse(values))


def read_all_found(paths: Iterable[str | Path], variant: str) -> dict[int, dict[str, Any]]:
    """Read what was found for one variant from `.../{variant}/replicate-{replicate}/<file>`."""
    own = [path for path in map(Path, paths) if path.parts[-3] == variant]
    return {
        int(path.parts[-2].removeprefix("replicate-")): json.loads(path.read_bytes())
        for path in own
    }
