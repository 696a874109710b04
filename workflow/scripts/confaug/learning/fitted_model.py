"""A model that was tuned and fitted on all molecules it was given, whichever learner it is."""

from dataclasses import dataclass

from confaug.learning.lightgbm_learner import LabelTransform, lgb
from confaug.learning.predictions import Fit, Predictions
from confaug.learning.rows import Rows, Values
from confaug.learning.stored_learner import StoredLearner
from confaug.learning.tuning.refit import refit
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


def fit_as_tuned(
    rows: Rows,
    labels: Values,
    tuned: Tuned,
    cross_validation: Predictions,
    *,
    transform: LabelTransform,
    threads: int = 1,
) -> FittedModel:
    """Fit LightGBM on all rows with the parameters of an earlier tuning.

    Parameters
    ----------
    tuned, cross_validation
        Result of the tuning.
    transform
        Applied to labels before learning.

    Raises
    ------
    UserError
        If no feature differs between the molecules.
    """
    final = refit(rows, labels, tuned, transform, threads)
    return FittedModel(
        learned=final.booster,
        features=tuple(final.features),
        n_offered=len(rows.feature_names),
        transform=final.transform,
        tuned=tuned,
        cross_validation=cross_validation,
        fits=[Fit("final", final.molecules, rows.counts, None)],
    )
