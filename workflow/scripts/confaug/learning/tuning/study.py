"""Bayesian optimisation of the LightGBM learner under grouped cross-validation.

The study is a chain of trials. The parameters of trial *t* depend on the seed, on *t* and on the
trials before it alone, and each trial is written to a history as it ends. A killed run therefore
continues from its history and ends like an undisturbed one.

All folds of a trial are trained together, round by round. The error of a round is that of the
out-of-fold predictions of all training molecules, each pooled over its rows. The trial stops when
this error has not improved for a number of rounds. Its result is the lowest error on this curve,
and the final model is trained for the number of rounds at which it was reached. The final model,
and that of every fold, is the mean of models from several seeds, because the error of a few dozen
molecules changes by a kelvin or two between seeds.
"""

import hashlib
import json
import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from confaug.config.settings.tuning import TuningSettings
from confaug.errors import UserError
from confaug.learning.lightgbm_learner import LabelTransform, centre_and_scale
from confaug.learning.rows import Rows, Values
from confaug.learning.tuning.folds import FoldTrainer, cross_validate, run_trial
from confaug.learning.tuning.history import History, Trial
from confaug.learning.tuning.optimiser import suggest
from confaug.learning.tuning.results import Study

logger = logging.getLogger("confaug")


def tune(
    rows: Rows,
    labels: Values,
    folds: NDArray[np.int64],
    settings: TuningSettings,
    *,
    transform: LabelTransform | None = None,
    workfile: str | Path | None = None,
    fingerprint: str = "",
    threads: int = 1,
) -> Study:
    """Tune the learner on training molecules.

    Parameters
    ----------
    rows
        Rows of the training molecules.
    labels, folds
        Label and cross-validation fold of each molecule of `rows`, in their order.
    settings
        Search space and budget.
    transform
        Applied to labels before learning; errors are measured in label units.
    workfile
        Where trials are written as they end; None keeps them in memory.
    fingerprint
        Anything else on which a history depends, for example a hash of the code.
    threads
        Folds that are trained at the same time. It has no influence on the result.

    Raises
    ------
    UserError
        If there are fewer than two folds.
    """
    tuner = Tuner(
        rows, folds, settings, transform=transform, fingerprint=fingerprint, threads=threads
    )
    return tuner.tune(labels, workfile)


class Tuner:
    """Tunes the learner on training molecules for one set of labels after the other.

    The rows of every fold are filtered and binned once, for the first labels. Each study is the
    same as that of a tuner of its own.

    Parameters
    ----------
    rows, folds, settings, transform, fingerprint, threads
        As for `tune`.

    Raises
    ------
    UserError
        If there are fewer than two folds.
    """

    def __init__(
        self,
        rows: Rows,
        folds: NDArray[np.int64],
        settings: TuningSettings,
        *,
        transform: LabelTransform | None = None,
        fingerprint: str = "",
        threads: int = 1,
    ) -> None:
        self._numbers: list[int] = np.unique(folds).tolist()
        if len(self._numbers) < 2:
            raise UserError(
                "tuning needs at least two folds of training molecules; raise splits.folds"
            )
        self._rows, self._few = rows, rows.per_molecule(settings.rows_per_molecule)
        self._folds, self._settings = folds, settings
        self._transform = transform or LabelTransform()
        self._fingerprint, self._threads = fingerprint, max(1, threads)
        self._trainers: list[FoldTrainer] = []

    def tune(self, labels: Values, workfile: str | Path | None = None) -> Study:
        """Run a study of some labels; the parameters are those of the function `tune`."""
        settings, transform = self._settings, self._transform
        history = History(workfile, self._identity(labels))
        trials = history.read()[: settings.trials]
        if trials:
            logger.info(
                "continue after %d of %d trials in the history", len(trials), settings.trials
            )
        with ThreadPoolExecutor(max_workers=self._threads) as workers:
            trainers = self._trainers_on(labels, workers)
            _run_trials(trials, trainers, labels, settings, history, workers)
            best = min(trials, key=lambda trial: trial.error)
            predictions = cross_validate(
                self._rows, labels, best, trainers, settings, transform, workers
            )
        fits = [trainer.fit_of(fold) for trainer, fold in zip(trainers, self._numbers, strict=True)]
        return Study(settings, tuple(trials), best, predictions, fits)

    def _identity(self, labels: Values) -> str:
        """Return the fingerprint of a study of some labels."""
        return _study_fingerprint(
            self._few, labels, self._folds, self._settings, self._transform, self._fingerprint
        )

    def _trainers_on(self, labels: Values, workers: ThreadPoolExecutor) -> list[FoldTrainer]:
        """Return the trainers of all folds, which learn some labels from now on."""
        if self._trainers:
            for trainer in self._trainers:
                trainer.relabel(labels)
            return self._trainers

        def of_fold(fold: int) -> FoldTrainer:
            held_out = self._folds == fold
            return FoldTrainer(self._few, labels, held_out, self._settings, self._transform)

        self._trainers = list(workers.map(of_fold, self._numbers))
        return self._trainers


def _run_trials(
    trials: list[Trial],
    trainers: Sequence[FoldTrainer],
    labels: Values,
    settings: TuningSettings,
    history: History,
    workers: ThreadPoolExecutor,
) -> None:
    """Run the trials that are left, and append each to the list and to the history as it ends."""
    scale = centre_and_scale(labels)[1]
    while len(trials) < settings.trials:
        started = time.perf_counter()
        parameters = suggest(settings, trials, scale)
        trial = run_trial(len(trials), parameters, trainers, labels, settings, trials, workers)
        history.append(trial)
        trials.append(trial)
        _report(trial, settings, trials, time.perf_counter() - started)


def _report(
    trial: Trial, settings: TuningSettings, trials: Sequence[Trial], seconds: float
) -> None:
    logger.info(
        "trial %d of %d: %s %.4g after %d rounds%s, best %.4g (%.1f s)",
        len(trials),
        settings.trials,
        settings.metric.upper(),
        trial.error,
        trial.rounds,
        " (pruned)" if trial.pruned else "",
        min(t.error for t in trials),
        seconds,
    )


def _study_fingerprint(
    rows: Rows,
    labels: Values,
    folds: NDArray[np.int64],
    settings: TuningSettings,
    transform: LabelTransform,
    further: str,
) -> str:
    """Hash everything that a trial depends on; how many there are is not part of it."""
    described = settings.model_dump(exclude={"iterations", "seeds"})
    digest = hashlib.sha256(
        json.dumps([described, transform.name, further], sort_keys=True).encode()
    )
    digest.update("\0".join([*rows.feature_names, *rows.molecule.tolist()]).encode())
    for values in (rows.X, np.asarray(labels, dtype=np.float64), np.asarray(folds, np.int64)):
        digest.update(np.ascontiguousarray(values).data)
    digest.update(lgb.__version__.encode())
    return digest.hexdigest()
