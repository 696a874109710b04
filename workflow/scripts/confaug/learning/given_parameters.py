"""Fit a learner with parameters that were chosen before, and predict what was held out."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from confaug.learning.learners import make_learner, make_model
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.predictions import pool_means
from confaug.learning.rows import Rows, Values
from confaug.learning.tuning.refit import refit
from confaug.learning.tuning.tuned import Tuned

#: What a study chose for a learner: the best trial of LightGBM, or a place of another's grid.
Chosen = Tuned | Mapping[str, Any]


def predict_held_out(
    learner: str,
    chosen: Chosen,
    rows: Rows,
    labels: Values,
    held_out: NDArray[np.bool_],
    *,
    transform: LabelTransform,
    seed: int = 1,
    threads: int = 1,
) -> Values:
    """Fit a learner without the molecules that are held out, and predict those.

    Parameters
    ----------
    learner
        Name in the configuration.
    chosen
        Its parameters; nothing is searched here.
    rows
        Rows of all molecules; one for each unless the learner is ``lightgbm``.
    labels, held_out
        Label of every molecule, and whether it is held out, in the order of `rows`.

    Returns
    -------
    ndarray
        Predictions of the molecules that are held out, in their order, in label units.

    Raises
    ------
    UserError
        If nothing can be learned from the other molecules.
    """
    train, test = rows.take(rows.mask(~held_out)), rows.take(rows.mask(held_out))
    if isinstance(chosen, Tuned):
        model = refit(train, labels[~held_out], chosen, transform, threads)
        given = test.with_features(model.features)
        values = np.asarray(model.booster.predict(given, num_threads=threads))
        return pool_means(test, model.transform.inverse(values))
    with threadpool_limits(limits=1):  # the order of a BLAS sum may depend on its threads
        pipeline = make_model(make_learner(learner, seed), transform, chosen)
        pipeline.fit(train.X, labels[~held_out])
        return pool_means(test, np.ravel(pipeline.predict(test.X)))
