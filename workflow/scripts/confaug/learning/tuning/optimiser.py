"""The optimiser: choose the parameters of the next trial."""

import warnings
from collections.abc import Sequence
from contextlib import redirect_stdout
from io import StringIO

import numpy as np
from bayes_opt import TargetSpace
from bayes_opt.acquisition import (
    ExpectedImprovement,
    ProbabilityOfImprovement,
    UpperConfidenceBound,
)
from scipy.stats import qmc
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import Matern
from threadpoolctl import threadpool_limits

from confaug.config.lightgbm_values import ParameterValue
from confaug.config.settings.tuning import TuningSettings
from confaug.infrastructure import random_draws
from confaug.learning.tuning.history import Trial
from confaug.learning.tuning.pruning import LEAST_GAIN
from confaug.learning.tuning.space import search_space

ACQUISITIONS = {
    "expected_improvement": lambda: ExpectedImprovement(xi=LEAST_GAIN),
    "probability_of_improvement": lambda: ProbabilityOfImprovement(xi=LEAST_GAIN),
    "upper_confidence_bound": lambda: UpperConfidenceBound(kappa=2.576),
}

_CHANCE = 0.05  # share of the variance between trials


def suggest(
    settings: TuningSettings, trials: Sequence[Trial], scale: float = 1.0
) -> dict[str, ParameterValue]:
    """Choose the parameters of the next trial, from the seed and the earlier trials alone.

    The first trials are the points of a scrambled Sobol sequence. Then a Gaussian process is fitted
    to the earlier trials and the acquisition function is maximised. The optimiser sees every
    parameter between 0 and 1, at the values that were actually tried (integers, choices).

    Parameters
    ----------
    scale
        Deviation of the labels, by which errors are divided; nine digits of the quotient count.
    """
    space, number = search_space(settings), len(trials)
    if number < settings.initial_points:
        units = _sobol_point(len(space), settings.seed, number)
    else:
        places = TargetSpace(None, {p.name: (0.0, 1.0) for p in space}, allow_duplicate_points=True)
        with redirect_stdout(StringIO()):  # it prints that parameters were tried before
            for trial in trials:
                place = {p.name: p.to_unit(trial.parameters[p.name]) for p in space}
                places.register(place, -float(f"{trial.error / scale:.9g}"))
        units = _most_promising(places, settings, number)
    return {p.name: p.from_unit(unit) for p, unit in zip(space, units, strict=True)}


def _most_promising(places: TargetSpace, settings: TuningSettings, number: int) -> list[float]:
    """Return the place where the acquisition function is highest.

    The process has a noise term, because the error of a few dozen molecules changes by that much
    between random states of the learner.
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
    """Return the seed of one suggestion."""
    return random_draws.integer(f"suggest|{seed}|{number}", bits=32)
