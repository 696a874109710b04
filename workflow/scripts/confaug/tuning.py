"""Bayesian optimisation of the LightGBM learner under grouped cross-validation.

The study is a chain of trials. What trial *t* tries depends on the seed, on *t* and on the trials
before it, and on nothing else; each trial is written to a history as it ends. A run that was
killed therefore continues from its history and ends where an undisturbed one would.

All folds of a trial grow round by round together. The error of a round is that of the
out-of-fold predictions of all training molecules, each pooled over its rows, and the trial stops
when this error has not improved for a number of rounds. The trial's result is the lowest error on
this curve; the number of rounds where it lies is the one that the final model is trained for.
"""

import hashlib
import json
import logging
import math
import time
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import lightgbm as lgb
import numpy as np
import pyarrow as pa
from bayes_opt import TargetSpace
from bayes_opt.acquisition import (
    ExpectedImprovement,
    ProbabilityOfImprovement,
    UpperConfidenceBound,
)
from numpy.typing import NDArray
from scipy.stats import qmc
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import Matern
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from confaug.errors import UserError
from confaug.evaluation import Fit, Predictions, pool_means, pool_predictions
from confaug.files import full_disk_named, write_text
from confaug.learners import (
    LabelTransform,
    centre_and_scale,
    lightgbm_parameters,
    make_dataset,
    row_weights,
    select_features,
    train_model,
)
from confaug.lightgbm_names import check_tuned_parameters
from confaug.representations import Rows
from confaug.tables import BOOL, FLOAT, INT, TEXT, Column, TableSpec

logger = logging.getLogger("confaug")
Values = NDArray[np.float64]
METRIC_NAMES = ("mae", "rmse")
ABANDON_RULES = ("never", "straight", "flattening")
_LEAST_GAIN = 2e-4  # in median absolute deviations of the labels
ACQUISITIONS = {
    "expected_improvement": lambda: ExpectedImprovement(xi=_LEAST_GAIN),
    "probability_of_improvement": lambda: ProbabilityOfImprovement(xi=_LEAST_GAIN),
    "upper_confidence_bound": lambda: UpperConfidenceBound(kappa=2.576),
}
_CHUNK = 10
_WINDOW = 100
_CHANCE = 0.05  # share of the variance between trials


@dataclass(frozen=True)
class Parameter:
    """One tuned parameter, seen by the optimiser as a number from 0 to 1.

    Attributes
    ----------
    name
        A LightGBM parameter, or ``min_molecules_in_leaf``.
    type
        ``int`` and ``float``: even between the bounds (included); ``log``: a float, even on the
        logarithmic scale; ``choice``: one of `values`.
    """

    name: str
    type: str
    low: float = 0.0
    high: float = 1.0
    values: tuple[Any, ...] = ()

    @classmethod
    def from_config(cls, name: str, entry: Mapping[str, Any]) -> "Parameter":
        """Read one entry of ``tuning.space``.

        Raises
        ------
        UserError
            If the type is unknown, bounds are missing or in the wrong order, or there is nothing
            to choose from.
        """
        where, kind = f"tuning.space.{name}", entry.get("type")
        if kind == "choice":
            values = tuple(entry.get("values") or ())
            if len(values) < 2 or len({repr(value) for value in values}) < len(values):
                raise UserError(f"{where}.values must list at least two different values")
            return cls(name, kind, values=values)
        if kind not in ("int", "float", "log"):
            raise UserError(f"{where}.type {kind!r} is not known; use int, float, log or choice")
        if entry.get("low") is None or entry.get("high") is None:
            raise UserError(f"{where} needs both low and high")
        low, high = float(entry["low"]), float(entry["high"])
        if not low < high:
            raise UserError(f"{where}: low ({low:g}) must be less than high ({high:g})")
        if kind == "log" and low <= 0:
            raise UserError(f"{where}.low must be greater than 0 for type log")
        if kind == "int" and not (low.is_integer() and high.is_integer()):
            raise UserError(f"{where}: low and high must be whole numbers for type int")
        return cls(name, kind, low, high)

    def from_unit(self, unit: float) -> Any:
        """Return the parameter's value at a place from 0 to 1."""
        unit = min(max(float(unit), 0.0), 1.0)
        if self.type == "choice":
            return self.values[min(int(unit * len(self.values)), len(self.values) - 1)]
        if self.type == "int":
            steps = int(self.high - self.low) + 1
            return int(self.low) + min(int(unit * steps), steps - 1)
        if self.type == "log":
            value = math.exp(math.log(self.low) + unit * math.log(self.high / self.low))
        else:
            value = self.low + unit * (self.high - self.low)
        return min(max(float(f"{value:.6g}"), self.low), self.high)

    def to_unit(self, value: Any) -> float:
        """Return the place of a value; the middle of its share for ints and choices."""
        if self.type == "choice":
            return (self.values.index(value) + 0.5) / len(self.values)
        if self.type == "int":
            return (value - self.low + 0.5) / (self.high - self.low + 1)
        if self.type == "log":
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    @property
    def column(self) -> Column:
        """The parameter's column in the table of trials."""
        kinds = {bool: BOOL, int: INT, float: FLOAT, str: TEXT}
        given = {type(value) for value in self.values}
        types = {"int": INT, "float": FLOAT, "log": FLOAT}
        kind = kinds.get(given.pop(), TEXT) if len(given) == 1 else TEXT
        return Column(self.name, types.get(self.type, kind), "tuned parameter")


@dataclass(frozen=True)
class TuningSettings:
    """The config section ``tuning``.

    Attributes
    ----------
    initial_points, iterations
        Trials that cover the space evenly, and trials that the optimiser suggests after them.
    acquisition
        Name of the acquisition function.
    metric
        ``mae`` or ``rmse`` of the pooled out-of-fold predictions.
    max_rounds, early_stopping_rounds
        Bounds of the number of boosting rounds.
    rows_per_molecule
        Rows of each molecule used while tuning; None uses all. The final model uses all rows.
    abandon
        When a trial ends early because it would not become the best, see `is_hopeless`:
        ``never``, ``straight`` or ``flattening``. It keeps the error it has then.
    """

    space: tuple[Parameter, ...]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    initial_points: int = 8
    iterations: int = 12
    acquisition: str = "expected_improvement"
    metric: str = "mae"
    max_rounds: int = 2000
    early_stopping_rounds: int = 50
    rows_per_molecule: int | None = None
    abandon: str = "straight"
    seed: int = 1

    @classmethod
    def from_config(cls, section: Mapping[str, Any]) -> "TuningSettings":
        """Read and check the section.

        Raises
        ------
        UserError
            Naming the key that is wrong and what would be right.
        """
        values = dict(section)
        known = set(cls.__dataclass_fields__)
        unknown = sorted(set(values) - known)
        if unknown:
            raise UserError(f"tuning.{unknown[0]} is not known; use {', '.join(sorted(known))}")
        space = values.pop("space", None) or {}
        values["space"] = tuple(Parameter.from_config(n, e) for n, e in sorted(space.items()))
        values["fixed"] = dict(values.get("fixed") or {})
        settings = cls(**values)
        settings._check()
        return settings

    def _check(self) -> None:
        """Raise if the settings contradict each other."""
        check_tuned_parameters(self.fixed, {p.name: asdict(p) for p in self.space})
        for key, given, allowed in (
            ("metric", self.metric, METRIC_NAMES),
            ("acquisition", self.acquisition, tuple(ACQUISITIONS)),
            ("abandon", self.abandon, ABANDON_RULES),
        ):
            if given not in allowed:
                raise UserError(f"tuning.{key} {given!r} is not known; use {', '.join(allowed)}")
        if self.trials < 1 or self.initial_points < 1:
            raise UserError("tuning.initial_points must be at least 1")
        if not self.space and self.trials > 1:
            raise UserError("tuning.space is empty; add a parameter or set iterations to 0")
        if self.max_rounds < 1 or self.early_stopping_rounds < 1:
            raise UserError("tuning.max_rounds and early_stopping_rounds must be at least 1")
        if self.rows_per_molecule is not None and self.rows_per_molecule < 1:
            raise UserError("tuning.rows_per_molecule must be at least 1, or null for all")

    @property
    def trials(self) -> int:
        """Number of trials in all."""
        return self.initial_points + self.iterations


@dataclass(frozen=True)
class Trial:
    """One trial of a study.

    Attributes
    ----------
    error
        Lowest error of the pooled out-of-fold predictions, in label units.
    rounds
        Boosting rounds at which it was reached.
    abandoned
        Whether the trial was ended early as hopeless.
    """

    trial: int
    parameters: dict[str, Any]
    error: float
    rounds: int
    abandoned: bool = False


@dataclass(frozen=True)
class Study:
    """A finished study.

    Attributes
    ----------
    trials
        All trials in order.
    best
        The trial with the lowest error; the first of them if several are equal.
    parameters
        Fixed and best tuned parameters.
    cross_validation
        Out-of-fold predictions under the best parameters, for all rows.
    fits
        What the fit of each fold was given, for all rows.
    """

    settings: TuningSettings
    trials: tuple[Trial, ...]
    best: Trial
    cross_validation: Predictions
    fits: list[Fit]

    @property
    def parameters(self) -> dict[str, Any]:
        """Fixed parameters and the best tuned ones."""
        return {**self.settings.fixed, **self.best.parameters}


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
    transform = transform or LabelTransform()
    if len(np.unique(folds)) < 2:
        raise UserError("tuning needs at least two folds of training molecules; raise splits.folds")
    few = rows.per_molecule(settings.rows_per_molecule)
    identity = _study_fingerprint(few, labels, folds, settings, transform, fingerprint)
    history = History(workfile, identity)
    trials = history.read()[: settings.trials]
    if trials:
        logger.info("continue after %d of %d trials in the history", len(trials), settings.trials)
    numbers = np.unique(folds).tolist()
    scale = centre_and_scale(labels)[1]
    with ThreadPoolExecutor(max_workers=max(1, threads)) as workers:
        trainers = list(
            workers.map(
                lambda fold: FoldTrainer(few, labels, folds == fold, settings, transform),
                numbers,
            )
        )
        while len(trials) < settings.trials:
            started = time.perf_counter()
            parameters = suggest(settings, trials, scale)
            trial = run_trial(len(trials), parameters, trainers, labels, settings, trials, workers)
            history.append(trial)
            trials.append(trial)
            _report(trial, settings, trials, time.perf_counter() - started)
        best = min(trials, key=lambda trial: trial.error)
        predictions = cross_validate(rows, labels, best, trainers, settings, transform, workers)
    fits = [trainer.fit_of(fold) for trainer, fold in zip(trainers, numbers, strict=True)]
    return Study(settings, tuple(trials), best, predictions, fits)


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
        " (abandoned)" if trial.abandoned else "",
        min(t.error for t in trials),
        seconds,
    )


class FoldTrainer:
    """Everything of one fold that the trials share: its training rows, binned once.

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
        self._settings, self._transform = settings, transform.fitted(labels[~held_out])
        self._train = rows.take(rows.mask(~held_out))
        self._valid = rows.take(rows.mask(held_out))
        self._labels = self._transform.forward(labels[~held_out])
        self.features = select_features(self._train.X, rows.feature_names)
        binning = self._translate({})
        self._data = make_dataset(
            self._train.with_features(self.features),
            self._train.expand(self._labels),
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

    def _translate(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        return lightgbm_parameters(
            {**self._settings.fixed, **parameters},
            seed=self._settings.seed,
            scale=self._transform.scale,
        )

    def start(self, parameters: Mapping[str, Any]) -> None:
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
        """Keep the pooled predictions of one round; LightGBM wants to hear of a metric."""
        pooled[i] = pool_means(self._valid, self._transform.inverse(values))
        return "unused", 0.0, False

    def fit_of(self, fold: int) -> Fit:
        """Say which rows the features and bins of this fold were chosen and fitted on."""
        train = self._train
        return Fit(f"fold {fold}", train.molecules, train.counts, self._data.num_data())

    def predict(self, parameters: Mapping[str, Any], rounds: int, rows: Rows) -> Values:
        """Train afresh for a fixed number of rounds and predict rows, in label units."""
        self.start(parameters)
        assert self._booster is not None
        for _ in range(rounds):
            self._booster.update()
        X = rows.with_features(self.features)
        return self._transform.inverse(self._booster.predict(X, num_threads=1))


def run_trial(
    number: int,
    parameters: dict[str, Any],
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
        chunk = min(_CHUNK, settings.max_rounds - len(curve))
        pieces = list(workers.map(lambda trainer, n=chunk: trainer.advance(n), trainers))
        predictions = np.empty((chunk, len(labels)))
        for trainer, piece in zip(trainers, pieces, strict=True):
            predictions[:, trainer.held_out] = piece
        curve.extend(_errors(predictions - labels, settings.metric))
        stop = _stopping_round(curve, settings.early_stopping_rounds)
        if stop is not None:
            best = int(np.argmin(curve[:stop]))
            return Trial(number, parameters, curve[best], best + 1)
        if is_hopeless(curve, settings.max_rounds, incumbent, settings.abandon):
            best = int(np.argmin(curve))
            return Trial(number, parameters, curve[best], best + 1, abandoned=True)
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


def is_hopeless(
    curve: Sequence[float], max_rounds: int, incumbent: float, rule: str = "straight"
) -> bool:
    """Say whether a trial's error would stay above the best so far, judged by its curve.

    The answer is no before there are more than 100 rounds and once the curve has reached the best
    error so far. Asked every 10 rounds.

    Parameters
    ----------
    rule
        ``never`` always says no. ``straight`` draws the gain of the last 100 rounds out in a
        straight line up to `max_rounds`. Curves flatten as a rule, so that the line is kind.
        ``flattening`` takes the gains for a geometric series: what they shrank by from the first
        half of the curve to the second they will shrink by again, and a trial may gain twice what
        is left then. It saves most where learning is slow and `max_rounds` far away. Both lose a
        trial whose curve would have become steeper.
    """
    n = len(curve)
    if rule == "never" or n <= _WINDOW or n % _CHUNK or min(curve) <= incumbent:
        return False
    if rule == "flattening":
        half = (n - 1) // 2
        before, now = curve[-1 - 2 * half] - curve[-1 - half], curve[-1 - half] - curve[-1]
        if now <= 0 or now < before:
            left = now**2 / (before - now) if now > 0 else 0.0
            return curve[-1] - 2 * left > incumbent
    gain = (curve[-1 - _WINDOW] - curve[-1]) / _WINDOW
    return gain > 0 and curve[-1] - gain * (max_rounds - n) > incumbent


def cross_validate(
    rows: Rows,
    labels: Values,
    best: Trial,
    trainers: Sequence[FoldTrainer],
    settings: TuningSettings,
    transform: LabelTransform,
    workers: ThreadPoolExecutor,
) -> Predictions:
    """Predict every row of every molecule by the model of the fold that left it out."""

    def predict(trainer: FoldTrainer) -> Values:
        left_out = rows.take(rows.mask(trainer.held_out))
        return trainer.predict(best.parameters, best.rounds, left_out)

    values = np.empty(len(rows.molecule))
    for trainer, predicted in zip(trainers, workers.map(predict, trainers), strict=True):
        values[rows.mask(trainer.held_out)] = predicted
    return pool_predictions("cross_validation", rows, labels, values)


def suggest(
    settings: TuningSettings, trials: Sequence[Trial], scale: float = 1.0
) -> dict[str, Any]:
    """Choose the parameters of the next trial, from the seed and the earlier trials alone.

    The first trials are the points of a scrambled Sobol sequence; then a Gaussian process is
    fitted to the earlier trials and the acquisition function is maximised. The optimiser sees
    every parameter between 0 and 1 and hears of the places that were really tried.

    Parameters
    ----------
    scale
        Deviation of the labels, in whose unit the optimiser sees errors; nine digits of them.
    """
    space, number = settings.space, len(trials)
    if not space:
        return {}
    if number < settings.initial_points:
        units = _sobol_point(len(space), settings.seed, number)
    else:
        places = TargetSpace(None, {p.name: (0.0, 1.0) for p in space}, allow_duplicate_points=True)
        for trial in trials:
            place = {p.name: p.to_unit(trial.parameters[p.name]) for p in space}
            places.register(place, -float(f"{trial.error / scale:.9g}"))
        units = _most_promising(places, settings, number)
    return {p.name: p.from_unit(unit) for p, unit in zip(space, units, strict=True)}


def _most_promising(places: TargetSpace, settings: TuningSettings, number: int) -> list[float]:
    """Return the place where the acquisition function is highest.

    The process takes a part of the differences between trials for chance, because the error of
    a few dozen molecules changes by that much from one random state of the learner to the next.
    """
    process = GaussianProcessRegressor(
        Matern(nu=2.5),
        alpha=_CHANCE,
        normalize_y=True,
        n_restarts_optimizer=2,
        random_state=_random_state(settings.seed, number),
    )
    with threadpool_limits(limits=1):  # the order of a BLAS sum may depend on its threads
        best = ACQUISITIONS[settings.acquisition]().suggest(
            process,
            places,
            n_random=2000,
            n_smart=3,
            random_state=np.random.RandomState(_random_state(settings.seed, number)),
        )
    return [float(unit) for unit in best]


def _sobol_point(dimensions: int, seed: int, number: int) -> list[float]:
    """Return one point of a scrambled Sobol sequence."""
    sampler = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # any number of points will do, not only powers of two
        return [float(value) for value in sampler.random(number + 1)[-1]]


def _random_state(seed: int, number: int) -> int:
    digest = hashlib.sha256(f"suggest|{seed}|{number}".encode()).digest()
    return int.from_bytes(digest[:4], "big")


def _study_fingerprint(
    rows: Rows,
    labels: Values,
    folds: NDArray[np.int64],
    settings: TuningSettings,
    transform: LabelTransform,
    further: str,
) -> str:
    """Hash everything that a trial depends on; the number of iterations is not part of it."""
    described = asdict(replace(settings, iterations=0))
    digest = hashlib.sha256(
        json.dumps([described, transform.name, further], sort_keys=True).encode()
    )
    digest.update("\0".join([*rows.feature_names, *rows.molecule.tolist()]).encode())
    for values in (rows.X, np.asarray(labels, dtype=np.float64), np.asarray(folds, np.int64)):
        digest.update(np.ascontiguousarray(values).data)
    digest.update(lgb.__version__.encode())
    return digest.hexdigest()


class History:
    """Trials on disk, one JSON object per line, the first line being the study's fingerprint.

    A history of another study is replaced; a last line that a kill cut in two is dropped. Every
    trial carries a checksum of itself and the fingerprint: one that a fault of the disk has changed
    is dropped with those after it, and run again.
    """

    def __init__(self, path: str | Path | None, fingerprint: str) -> None:
        self.path = None if path is None else Path(path)
        self.fingerprint = fingerprint

    def read(self) -> list[Trial]:
        """Return the trials of this study so far and make the file ready for more."""
        if self.path is None:
            return []
        trials = self._parse(self.path.read_bytes()) if self.path.exists() else []
        lines = [{"fingerprint": self.fingerprint}, *map(self._entry, trials)]
        write_text("".join(json.dumps(line) + "\n" for line in lines), self.path)
        return trials

    def _parse(self, content: bytes) -> list[Trial]:
        lines = content.split(b"\n")[:-1]  # what follows the last line break is not complete
        entries: list[dict[str, Any]] = []
        for line in lines:
            try:
                entries.append(json.loads(line))
            except ValueError:  # a power cut has damaged the end
                break
        if entries[:1] != [{"fingerprint": self.fingerprint}]:
            logger.info("the history at hand belongs to other data or settings; start anew")
            return []
        trials: list[Trial] = []
        for entry in entries[1:]:
            trial = self._trial(entry)
            if trial is None:
                logger.warning("WARNING: %s has a damaged trial; it is run again", self.path)
                break
            if trial.trial == len(trials):  # a job that outlived its workflow repeats the others
                trials.append(trial)
        return trials

    def append(self, trial: Trial) -> None:
        """Write a trial at once."""
        if self.path is None:
            return
        with full_disk_named(self.path), self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(self._entry(trial)) + "\n")

    def _entry(self, trial: Trial) -> dict[str, Any]:
        """Return a trial as it is written."""
        values = asdict(trial)
        return {**values, "checksum": self._checksum(values)}

    def _trial(self, entry: Any) -> Trial | None:
        """Read a trial; None if it is not what was written."""
        values = dict(entry) if isinstance(entry, dict) else {}
        intact = values.pop("checksum", None) == self._checksum(values)
        return Trial(**values) if intact else None

    def _checksum(self, values: Mapping[str, Any]) -> str:
        text = json.dumps([self.fingerprint, values], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def history_table(study: Study) -> tuple[pa.Table, TableSpec]:
    """Put the trials into a table; return it with its declaration."""
    spec = history_spec(study.settings)
    best = math.inf
    entries = []
    for trial in study.trials:
        best = min(best, trial.error)
        kind = "initial" if trial.trial < study.settings.initial_points else "suggested"
        entries.append(
            {
                "trial": trial.trial + 1,
                "kind": kind,
                "error": trial.error,
                "best_error": best,
                "rounds": trial.rounds,
                "abandoned": trial.abandoned,
                **{
                    p.name: str(trial.parameters[p.name])
                    if p.column.type == TEXT
                    else trial.parameters[p.name]
                    for p in study.settings.space
                },
            }
        )
    return pa.Table.from_pylist(entries, schema=spec.schema()), spec


def history_spec(settings: TuningSettings) -> TableSpec:
    """Declare the table of a study's trials; it has one column per tuned parameter."""
    return TableSpec(
        "tuning history",
        (
            Column("trial", INT, "number of the trial, from 1"),
            Column("kind", TEXT, "initial or suggested by the optimiser"),
            Column("error", FLOAT, "cross-validation error of the trial", "as configured"),
            Column("best_error", FLOAT, "lowest error so far", "as configured"),
            Column("rounds", INT, "boosting rounds with the lowest error"),
            Column("abandoned", BOOL, "ended early because it could not become the best"),
            *(parameter.column for parameter in settings.space),
        ),
        key=("trial",),
    )


def tuned_document(study: Study) -> dict[str, Any]:
    """Describe the result of a study as plain values for tuned.json."""
    return {
        "parameters": study.parameters,
        "rounds": study.best.rounds,
        "error": study.best.error,
        "metric": study.settings.metric,
        "trial": study.best.trial + 1,
        "trials": len(study.trials),
        "rows_per_molecule": study.settings.rows_per_molecule,
        "seed": study.settings.seed,
        "row_metrics": study.cross_validation.row_metrics,
    }


class FinalModel(NamedTuple):
    """A model that was fitted with the tuned parameters.

    Attributes
    ----------
    booster
        The model.
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
    tuned: Mapping[str, Any],
    transform: LabelTransform,
    threads: int = 1,
) -> FinalModel:
    """Train the final model on all rows of all training molecules.

    Parameters
    ----------
    tuned
        As `tuned_document` returns it: parameters, rounds, seed.

    Returns
    -------
    FinalModel
        The model, its features, the molecules that it has seen and the fitted transform.
    """
    features = select_features(rows.X, rows.feature_names)
    fitted = transform.fitted(labels)
    parameters = lightgbm_parameters(
        tuned["parameters"], seed=int(tuned["seed"]), threads=threads, scale=fitted.scale
    )
    booster = train_model(rows, fitted.forward(labels), parameters, int(tuned["rounds"]), features)
    return FinalModel(booster, features, rows.molecules, fitted)
