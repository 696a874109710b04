"""Train the folds of a trial together, round by round."""

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from confaug.config.lightgbm_values import Parameters, ParameterValue
from confaug.config.settings.tuning import TuningSettings
from confaug.learning.lightgbm_learner import (
    LabelTransform,
    lightgbm_parameters,
    make_dataset,
    row_weights,
    select_features,
)
from confaug.learning.mean_booster import model_seeds
from confaug.learning.predictions import Fit, Predictions, pool_means, pool_predictions
from confaug.learning.rows import Rows, Values
from confaug.learning.tuning.history import Trial
from confaug.learning.tuning.pruning import CHUNK, is_hopeless


class FoldTrainer:
    """What all trials share of one fold: its training rows, binned once.

    Features are chosen, and bin edges and the scale of labels fitted, on the fold's training
    molecules alone.

    Attributes
    ----------
    held_out
        Mask of the molecules that are left out.
    """

    def __init__(
        self,
        rows: Rows,
        labels: Values,
        held_out: NDArray[np.bool_],
        settings: TuningSettings,
        transform: LabelTransform,
    ) -> None:
        self.held_out = held_out
        self._settings, self._transform = settings, transform
        self._train = rows.take(rows.mask(~held_out))
        self._valid = rows.take(rows.mask(held_out))
        targets = self._fit_labels(labels)
        self.features = select_features(self._train.X, rows.feature_names)
        binning = self._translate({})
        self._data = make_dataset(
            self._train.with_features(self.features),
            targets,
            row_weights(self._train),
            self.features,
            binning,
        )
        self._valid_data = lgb.Dataset(
            self._valid.with_features(self.features),
            label=np.zeros(len(self._valid.molecule)),
            reference=self._data,
            params=self._data.params,
        ).construct()
        self._booster: lgb.Booster | None = None

    def relabel(self, labels: Values) -> None:
        """Give all molecules other labels; features and bins follow from rows alone and stay."""
        self._data.set_label(self._fit_labels(labels))
        self._booster = None

    def _fit_labels(self, labels: Values) -> Values:
        """Fit the scale of the labels, and return the scaled label of every training row."""
        own = labels[~self.held_out]
        self._transform = self._transform.fitted(own)
        return self._train.expand(self._transform.forward(own))

    def _translate(
        self, parameters: Parameters, seed: int | None = None
    ) -> dict[str, ParameterValue]:
        return lightgbm_parameters(
            {**self._settings.fixed, **parameters},
            seed=self._settings.seed if seed is None else seed,
            scale=self._transform.scale,
        )

    def start(self, parameters: Parameters) -> None:
        """Begin a new model."""
        self._booster = lgb.Booster(self._translate(parameters), self._data)
        self._booster.add_valid(self._valid_data, "held_out")

    def advance(self, rounds: int) -> Values:
        """Train for some rounds more.

        Returns
        -------
        ndarray
            Shape (rounds, molecules left out): pooled predictions after each round.
        """
        assert self._booster is not None
        pooled = np.empty((rounds, len(self._valid.counts)))
        for i in range(rounds):
            self._booster.update()
            self._booster.eval_valid(lambda values, _, i=i: self._record(pooled, i, values))
        return pooled

    def _record(self, pooled: Values, i: int, values: Values) -> tuple[str, float, bool]:
        """Keep the pooled predictions of one round; LightGBM expects a metric in return."""
        pooled[i] = pool_means(self._valid, self._transform.inverse(values))
        return "unused", 0.0, False

    def fit_of(self, fold: int) -> Fit:
        """Return the rows on which the features were chosen and the bins fitted."""
        train = self._train
        return Fit(f"fold {fold}", train.molecules, train.counts, self._data.num_data())

    def predict(self, parameters: Parameters, rounds: int, rows: Rows) -> Values:
        """Train for a fixed number of rounds from every seed, and predict rows by the mean.

        Predictions are in label units.
        """
        X = rows.with_features(self.features)
        total = np.zeros(len(X))
        for seed in model_seeds(self._settings.seed, self._settings.seeds):
            booster = lgb.Booster(self._translate(parameters, seed), self._data)
            for _ in range(rounds):
                booster.update()
            total += booster.predict(X, num_threads=1)
        return self._transform.inverse(total / self._settings.seeds)


def run_trial(
    number: int,
    parameters: dict[str, ParameterValue],
    trainers: Sequence[FoldTrainer],
    labels: Values,
    settings: TuningSettings,
    earlier: Sequence[Trial],
    workers: ThreadPoolExecutor,
) -> Trial:
    """Train all folds round by round until their common error no longer improves."""
    incumbent = min((trial.error for trial in earlier), default=math.inf)
    list(workers.map(lambda trainer: trainer.start(parameters), trainers))
    curve: list[float] = []
    while len(curve) < settings.max_rounds:
        chunk = min(CHUNK, settings.max_rounds - len(curve))
        pieces = list(workers.map(lambda trainer, n=chunk: trainer.advance(n), trainers))
        predictions = np.empty((chunk, len(labels)))
        for trainer, piece in zip(trainers, pieces, strict=True):
            predictions[:, trainer.held_out] = piece
        curve.extend(_errors(predictions - labels, settings.metric))
        stop = _stopping_round(curve, settings.early_stopping_rounds)
        if stop is not None:
            best = int(np.argmin(curve[:stop]))
            return Trial(number, parameters, curve[best], best + 1)
        if is_hopeless(curve, settings.max_rounds, incumbent, settings.pruning):
            best = int(np.argmin(curve))
            return Trial(number, parameters, curve[best], best + 1, pruned=True)
    best = int(np.argmin(curve))
    return Trial(number, parameters, curve[best], best + 1)


def _errors(errors: Values, metric: str) -> list[float]:
    """Return the error of each round from the errors of each molecule."""
    if metric == "mae":
        return [float(value) for value in np.mean(np.abs(errors), axis=1)]
    return [float(value) for value in np.sqrt(np.mean(errors**2, axis=1))]


def _stopping_round(curve: Sequence[float], patience: int) -> int | None:
    """Return how many rounds early stopping would have allowed, None if it is not yet due."""
    best, best_round = math.inf, 0
    for i, error in enumerate(curve):
        if error < best:
            best, best_round = error, i
        elif i - best_round >= patience:
            return i + 1
    return None


def cross_validate(
    rows: Rows,
    labels: Values,
    best: Trial,
    trainers: Sequence[FoldTrainer],
    settings: TuningSettings,
    transform: LabelTransform,
    workers: ThreadPoolExecutor,
) -> Predictions:
    """Predict every row of every molecule with the model of the fold that left it out."""

    def predict(trainer: FoldTrainer) -> Values:
        left_out = rows.take(rows.mask(trainer.held_out))
        return trainer.predict(best.parameters, best.rounds, left_out)

    values = np.empty(len(rows.molecule))
    for trainer, predicted in zip(trainers, workers.map(predict, trainers), strict=True):
        values[rows.mask(trainer.held_out)] = predicted
    return pool_predictions("cross_validation", rows, labels, values)
