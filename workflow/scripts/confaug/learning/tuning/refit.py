"""The final fit, with the tuned parameters, on all training molecules."""

from typing import NamedTuple

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from confaug.learning.lightgbm_learner import (
    LabelTransform,
    lightgbm_parameters,
    select_features,
    train_models,
)
from confaug.learning.mean_booster import mean_booster, model_seeds
from confaug.learning.rows import Rows, Values
from confaug.learning.tuning.tuned import Tuned


class FinalModel(NamedTuple):
    """A model that was fitted with the tuned parameters.

    Attributes
    ----------
    booster
        The model, the mean of those from all seeds.
    features
        Names of the features it uses, in order.
    molecules
        The molecules whose rows it was given.
    transform
        How labels were transformed, with the centre and the scale of this fit.
    """

    booster: lgb.Booster
    features: list[str]
    molecules: NDArray[np.str_]
    transform: LabelTransform


def refit(
    rows: Rows,
    labels: Values,
    tuned: Tuned,
    transform: LabelTransform,
    threads: int = 1,
) -> FinalModel:
    """Train the final model on all rows of all training molecules.

    Parameters
    ----------
    tuned
        Result of the tuning: parameters, rounds, seed and number of seeds.

    Returns
    -------
    FinalModel
        The model, its features, the molecules that it has seen and the fitted transform.
    """
    features = select_features(rows.X, rows.feature_names)
    fitted = transform.fitted(labels)
    parameters = lightgbm_parameters(
        tuned.parameters, seed=tuned.seed, threads=threads, scale=fitted.scale
    )
    seeds = model_seeds(tuned.seed, tuned.seeds)
    boosters = train_models(rows, fitted.forward(labels), parameters, tuned.rounds, features, seeds)
    return FinalModel(mean_booster(boosters), features, rows.molecules, fitted)
