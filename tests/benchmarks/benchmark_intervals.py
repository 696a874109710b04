"""How often confidence intervals miss the truth, and how wide they are, in simulated studies.

    python tests/benchmarks/benchmark_intervals.py [--studies 300] [--skewed]

A study draws molecules of 12 descriptors and a label that depends on four of them, divides them at
random several times, and estimates the error of a learner, or the difference between two, as
`compare_variants` does. The truth is the mean over all studies. Widths are multiples of 2 x 1.96
standard deviations of the estimates over studies, which is what one would use if one could repeat
the study. The second part says how errors of two replicates correlate on many other molecules, as a
power of the share of training molecules that they have in common. With --skewed, labels are
exponentials, which have a long tail.
"""

import argparse
import sys
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

import lightgbm
import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, WhiteKernel
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsRegressor

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "workflow" / "scripts")]

from confaug.evaluation.confidence_intervals import crossed_interval  # noqa: E402

Floats = NDArray[np.float64]
Learner = Callable[[Floats, Floats, Floats], Floats]

COLUMNS, FEWER_COLUMNS = 12, 8
SIZES, SHARES, SPLITS = (30, 100), (0.3, 0.5, 0.8), (2, 5, 10, 20)
OTHERS, REPEATS = 1500, 4


def draw(rng: np.random.Generator, size: int, skewed: bool = False) -> tuple[Floats, Floats]:
    """Draw descriptors and labels."""
    X = rng.standard_normal((size, COLUMNS))
    y = X[:, 0] + 0.7 * X[:, 1] * (X[:, 2] > 0) + 0.5 * np.sin(2 * X[:, 3])
    y = y + 0.5 * rng.standard_normal(size)
    return X, np.exp(0.7 * y) if skewed else y


def lightgbm_trees(X: Floats, y: Floats, asked: Floats) -> Floats:
    """Fit small trees of LightGBM and predict."""
    settings = {
        "num_leaves": 6,
        "learning_rate": 0.2,
        "min_data_in_leaf": 3,
        "max_bin": 31,
        "num_threads": 1,
        "verbosity": -1,
    }
    booster = lightgbm.train(settings, lightgbm.Dataset(X, y, params=settings), 20)
    return np.asarray(booster.predict(asked, num_threads=1))


def of_sklearn(model: object) -> Learner:
    """Return a learner of scikit-learn as a function."""
    return lambda X, y, asked: model.fit(X, y).predict(asked)  # type: ignore[attr-defined]


def on_fewer(learner: Learner) -> Learner:
    """Return a learner that sees some of the columns."""
    return lambda X, y, asked: learner(X[:, :FEWER_COLUMNS], y, asked[:, :FEWER_COLUMNS])


RIDGE = of_sklearn(Ridge(1.0))
NEIGHBOURS = of_sklearn(KNeighborsRegressor(3))
#: What is estimated: the error of the first, or its difference to that of the second.
CROSSED: dict[str, tuple[Learner, Learner | None]] = {
    "ridge": (RIDGE, None),
    "ridge - ridge on 8 columns": (RIDGE, on_fewer(RIDGE)),
    "neighbours - ridge": (NEIGHBOURS, RIDGE),
    "LightGBM": (lightgbm_trees, None),
    "LightGBM - LightGBM on 8 columns": (lightgbm_trees, on_fewer(lightgbm_trees)),
    "LightGBM - ridge": (lightgbm_trees, RIDGE),
}
PROCESS = GaussianProcessRegressor(RBF(3.5) + WhiteKernel(0.3), optimizer=None, normalize_y=True)
CORRELATED: dict[str, tuple[Learner, Learner | None]] = {
    **CROSSED,
    "neighbours": (NEIGHBOURS, None),
    "Gaussian process": (of_sklearn(PROCESS), None),
    "ExtraTrees": (of_sklearn(ExtraTreesRegressor(30, min_samples_leaf=2, random_state=0)), None),
}


def errors(
    pair: tuple[Learner, Learner | None], X: Floats, y: Floats, at: Floats, labels: Floats
) -> Floats:
    """Return errors of the first learner, less those of the second if there is one."""
    one, other = pair
    found = np.abs(one(X, y, at) - labels)
    return found if other is None else found - np.abs(other(X, y, at) - labels)


def study(
    pair: tuple[Learner, Learner | None],
    size: int,
    share: float,
    splits: int,
    seed: int,
    skewed: bool,
) -> tuple[float, float, float]:
    """Return the estimate of a study and its interval."""
    rng = np.random.default_rng(seed)
    X, y = draw(rng, size, skewed)
    training = round(share * size)
    values, sets = np.full((splits, size), np.nan), []
    for row in values:
        train, test = np.split(rng.permutation(size), [training])
        row[test] = errors(pair, X[train], y[train], X[test], y[test])
        sets.append(set(train.tolist()))
    common = [len(a & b) / training for i, a in enumerate(sets) for b in sets[:i]]
    found = crossed_interval(values, np.arange(size), float(np.mean(common)))
    return found.value, found.low, found.high


def correlation(pair: tuple[Learner, Learner | None], size: int, share: float, n: int) -> float:
    """Return how errors on many other molecules correlate between replicates of one study."""
    others, labels = draw(np.random.default_rng(10**6), OTHERS)
    means = np.empty((n, REPEATS))
    for seed, row in enumerate(means):
        rng = np.random.default_rng(seed)
        X, y = draw(rng, size)
        for repeat in range(REPEATS):
            train = rng.permutation(size)[: round(share * size)]
            row[repeat] = errors(pair, X[train], y[train], others, labels).mean()
    within = means.var(axis=1, ddof=1).mean()
    between = means.mean(axis=1).var(ddof=1) - within / REPEATS
    return float(between / (between + within))


def measure_intervals(studies: int, skewed: bool) -> None:
    """Print how often intervals miss, and how wide they are, and a summary."""
    missed, widths = [], []
    print("molecules  share  splits  missed  width")
    for (name, pair), size, share, splits in product(CROSSED.items(), SIZES, SHARES, SPLITS):
        found = np.array(
            [study(pair, size, share, splits, seed, skewed) for seed in range(studies)]
        )
        truth, sd = found[:, 0].mean(), found[:, 0].std(ddof=1)
        missed.append(np.mean((truth < found[:, 1]) | (found[:, 2] < truth)))
        widths.append((found[:, 2] - found[:, 1]).mean() / (2 * 1.96 * sd))
        line = f"{size:9d} {share:6.1f} {splits:7d} {missed[-1]:7.1%} {widths[-1]:6.2f}  {name}"
        print(line, flush=True)
    print(f"missed: median {np.median(missed):.1%}, at most {max(missed):.1%}")
    print(f"width: median {np.median(widths):.2f}, at most {max(widths):.2f}")


def measure_correlations(studies: int) -> None:
    """Print how errors of replicates correlate."""
    print("molecules  share  correlation  power of the share")
    for (name, pair), size, share in product(CORRELATED.items(), SIZES, SHARES):
        found = correlation(pair, size, share, studies)
        power = np.log(max(found, 1e-3)) / np.log(share)
        print(f"{size:9d} {share:6.1f} {found:12.2f} {power:19.1f}  {name}", flush=True)


def main() -> None:
    """Simulate studies and print what they found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--studies", type=int, default=300, help="of each kind")
    parser.add_argument("--skewed", action="store_true", help="labels with a long tail")
    options = parser.parse_args()
    started = time.process_time()
    measure_intervals(options.studies, options.skewed)
    if not options.skewed:
        measure_correlations(options.studies)
    print(f"{time.process_time() - started:.0f} s of processor time")


if __name__ == "__main__":
    main()
