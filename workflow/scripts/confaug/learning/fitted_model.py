"""A model that was tuned and fitted on all molecules it was given, whichever learner it is."""

from dataclasses import dataclass

from confaug.learning.lightgbm_learner import LabelTransform, lgb
from confaug.learning.predictions import Fit, Predictions
from confaug.learning.stored_learner import StoredLearner
from confaug.learning.tuning.tuned import Tuned


@dataclass(frozen=True)
class FittedModel:
    """What a fit has learned, and how good it is out of fold.

    Attributes
    ----------
    learned
        A LightGBM model, or the numbers of another learner. It predicts labels in the scale of
        `transform` from the columns `features`, in order.
    features
        Names of the features that it uses.
    n_offered
        How many features it was offered.
    transform
        How labels were transformed, with the centre and the scale of this fit.
    tuned
        The result of the tuning; None for learners with a grid of their own.
    cross_validation
        Out-of-fold predictions of the molecules.
    fits
        What the fit of each fold, and the final one, was given.
    """

    learned: lgb.Booster | StoredLearner
    features: tuple[str, ...]
    n_offered: int
    transform: LabelTransform
    tuned: Tuned | None
    cross_validation: Predictions
    fits: list[Fit]
