"""Ask in hindsight whether choosing what to measure next would have paid.

    python tests/benchmarks/benchmark_measure_next.py [results] [--repeats 20]

`results` is the folder of a default study that has described its molecules. In every repetition a
third of the molecules is held out. Of the others, 30 drawn at random are measured first. Then each
strategy chooses 10 more, six times, and the model that is fitted after each batch is judged on the
held-out molecules. All strategies of a repetition have the same first and the same held-out
molecules. Molecules of one group are never on both sides.

The model is the mean of extremely randomised trees and a Gaussian process on the backbone with
RDKit's descriptors of the unit, with fixed settings. Its error is averaged over the batches.
Differences to random choice (the mean of two draws) are paired by repetition. Repetitions share
molecules, so their intervals are Nadeau and Bengio's corrected resampled t intervals. A second
table counts how many of the molecules whose label is among the highest tenth had been measured.

Strategies, and where they come from:

* deviation: the largest standard deviation between the members (query by committee: Seung, Opper,
  Sompolinsky, Proc. COLT 1992, 287; Krogh, Vedelsby, Adv. Neural Inf. Process. Syst. 1995, 7, 231).
* process deviation: that of the Gaussian process (uncertainty sampling: Lewis, Gale, Proc. SIGIR
  1994, 3).
* farthest: the lowest similarity to everything measured or chosen (farthest-first: Gonzalez, Theor.
  Comput. Sci. 1985, 38, 293; Kennard, Stone, Technometrics 1969, 11, 137).
* far in descriptors: the largest mean distance to the five nearest measured molecules.
* coverage: the highest sum over the unmeasured molecules of the similarity to the most
  similar measured or chosen one (facility location: Wei, Iyer, Bilmes, Proc. ICML 2015, 1954).
* range: the highest probability of a label in the wanted range (probability of improvement:
  Kushner, J. Basic Eng. 1964, 86, 97).
* upper bound: prediction plus deviation of the process (Srinivas et al., Proc. ICML 2010, 1015).

"diverse" multiplies the score of a molecule by one minus its similarity to the most similar one
that is chosen already (maximal marginal relevance: Carbonell, Goldstein, Proc. SIGIR 1998, 335).
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "workflow" / "scripts"))

FIRST, BATCH, BATCHES, RANDOM_DRAWS = 30, 10, 6, 2
HELD_OUT, HIGHEST, TREES, NEIGHBOURS = 1 / 3, 0.1, 100, 5
KINDS = ("rdkit_2d", "backbone")

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


class Study:
    """Features, labels, groups and similarities of a study's molecules."""

    def __init__(self, results: Path, kinds: tuple[str, ...]) -> None:
        import pyarrow.compute as pc

        from confaug.learning.molecule_columns import read_molecule_columns
        from confaug.molecules.similarity import fingerprint, similarities
        from confaug.tables.engine import read_table
        from confaug.tables.molecules import MOLECULES

        table = read_table(results / "molecules" / "molecules.csv", MOLECULES)
        table = table.filter(pc.is_valid(table["label"])).sort_by("molecule")
        self.names = table["molecule"].to_pylist()
        self.labels: Floats = table["label"].to_numpy().astype(float)
        self.groups = table["group"].to_numpy(zero_copy_only=False).astype(str)
        folder = results / "descriptors_2d"
        columns = [
            read_molecule_columns(kind, sorted((folder / kind).glob("*.parquet")), self.names)[1]
            for kind in kinds
        ]
        self.X = np.concatenate(columns, axis=1)
        prints = [fingerprint(smiles) for smiles in table["modelled_smiles"].to_pylist()]
        self.similarity: Floats = similarities(prints, prints)
        scale = np.nanstd(self.X, axis=0)
        scale[~(scale > 0)] = 1.0
        z = np.nan_to_num((self.X - np.nanmean(self.X, axis=0)) / scale)
        z = np.clip(z, -10, 10).astype(float)
        squares = (z**2).sum(axis=1)
        self.distance: Floats = np.sqrt(
            np.maximum(squares[:, None] + squares - 2 * z @ z.T, 0) / z.shape[1]
        )


@dataclass(frozen=True)
class State:
    """What is known before a batch is chosen.

    Attributes
    ----------
    similarity, distance
        Between all molecules.
    measured, free
        Places of the measured and of the unmeasured molecules.
    prediction, deviation, process_deviation
        Of all molecules: the mean of the members, the deviation between them, and that of the
        Gaussian process.
    wanted
        The lowest wanted label.
    draw
        Generator of random choices.
    """

    similarity: Floats
    distance: Floats
    measured: Places
    free: Places
    prediction: Floats
    deviation: Floats
    process_deviation: Floats
    wanted: float
    draw: np.random.Generator


Strategy = Callable[[State], Places]


def choose_random(state: State) -> Places:
    """Choose at random."""
    return state.draw.permutation(state.free)[:BATCH]


def plain(score: Callable[[State], Floats]) -> Strategy:
    """Return the strategy that takes the highest scores."""

    def choose(state: State) -> Places:
        order = np.argsort(-score(state)[state.free], kind="stable")
        return state.free[order[:BATCH]]

    return choose


def diverse(score: Callable[[State], Floats]) -> Strategy:
    """Return the strategy that takes high scores unlike those taken before."""

    def choose(state: State) -> Places:
        values, unlike, chosen = score(state), np.ones(len(state.similarity)), []
        for _ in range(BATCH):
            gain = values * unlike
            gain[np.setdiff1d(np.arange(len(gain)), state.free)] = -np.inf
            gain[chosen] = -np.inf
            chosen.append(int(np.argmax(gain)))
            unlike = np.minimum(unlike, 1 - state.similarity[chosen[-1]])
        return np.array(chosen)

    return choose


def choose_farthest(state: State) -> Places:
    """Choose the molecules that are least similar to everything measured or chosen."""
    highest, chosen = state.similarity[state.measured].max(axis=0), []
    highest[np.setdiff1d(np.arange(len(highest)), state.free)] = np.inf
    for _ in range(BATCH):
        chosen.append(int(np.argmin(highest)))
        highest = np.maximum(highest, state.similarity[chosen[-1]])
        highest[chosen] = np.inf
    return np.array(chosen)


def choose_representative(state: State) -> Places:
    """Choose the molecules that make the unmeasured ones most similar to a measured one."""
    covered, chosen = state.similarity[state.measured].max(axis=0)[state.free], []
    among = state.similarity[np.ix_(state.free, state.free)]
    for _ in range(BATCH):
        gain = np.maximum(among - covered, 0).sum(axis=1)
        gain[chosen] = -1
        chosen.append(int(np.argmax(gain)))
        covered = np.maximum(covered, among[chosen[-1]])
    return state.free[chosen]


def unlike_score(state: State) -> Floats:
    """Return one minus the similarity to the most similar measured molecule."""
    return 1 - state.similarity[state.measured].max(axis=0)


def far_score(state: State) -> Floats:
    """Return the mean distance to the nearest measured molecules."""
    nearest = np.sort(state.distance[state.measured], axis=0)[:NEIGHBOURS]
    return nearest.mean(axis=0)


def range_score(state: State) -> Floats:
    """Return the probability of a label in the wanted range."""
    from scipy.stats import norm

    z = (state.prediction - state.wanted) / state.process_deviation
    return np.asarray(norm.cdf(z), float)


STRATEGIES: dict[str, Strategy] = {
    "deviation": plain(lambda state: state.deviation),
    "deviation, diverse": diverse(lambda state: state.deviation),
    "process deviation, diverse": diverse(lambda state: state.process_deviation),
    "novelty": diverse(unlike_score),
    "farthest": choose_farthest,
    "far in descriptors, diverse": diverse(far_score),
    "coverage": choose_representative,
    "range, diverse": diverse(range_score),
    "upper bound, diverse": diverse(
        lambda state: np.maximum(state.prediction + state.process_deviation, 0)
    ),
}


class Model:
    """The mean of extremely randomised trees and a Gaussian process."""

    def __init__(self, X: NDArray[np.float32], labels: Floats) -> None:
        from sklearn.pipeline import Pipeline

        from confaug.learning.learners import make_learner

        self.centre, self.scale = labels.mean(), labels.std() or 1.0
        z = (labels - self.centre) / self.scale
        trees = dict(make_learner("extra_trees").steps)
        trees["model"].set_params(n_estimators=TREES, max_features=0.33)
        process = dict(make_learner("gaussian_process").steps)
        self.trees = Pipeline(list(trees.items())).fit(X, z)
        self.process = Pipeline(list(process.items())).fit(X, z)

    def predict(self, X: NDArray[np.float32]) -> tuple[Floats, Floats, Floats]:
        """Return the mean, the deviation between members, and that of the process."""
        scaled = self.process[:-1].transform(X)
        mean, deviation = self.process[-1].process_.predict(scaled, return_std=True)
        both = np.stack([self.trees.predict(X), mean])
        return (
            both.mean(axis=0) * self.scale + self.centre,
            both.std(axis=0) * self.scale,
            deviation * self.scale,
        )


def divide(groups: NDArray[np.str_], draw: np.random.Generator) -> tuple[Places, Places]:
    """Hold a third of the molecules out, by group; return the others in random order, and these."""
    held_out: list[int] = []
    for group in draw.permutation(np.unique(groups)):
        if len(held_out) < HELD_OUT * len(groups):
            held_out += np.flatnonzero(groups == group).tolist()
    others = np.setdiff1d(np.arange(len(groups)), held_out)
    return draw.permutation(others), np.array(held_out)


def follow(
    study: Study, strategy: Strategy, pool: Places, held_out: Places, draw: np.random.Generator
) -> tuple[list[float], list[float]]:
    """Return the error, and the share of the highest labels that are measured, after each batch."""
    wanted = float(np.quantile(study.labels[pool], 1 - HIGHEST))
    highest = pool[study.labels[pool] >= wanted]
    measured, errors, found = pool[:FIRST], [], []
    predicted = Model(study.X[measured], study.labels[measured]).predict(study.X)
    for _ in range(BATCHES):
        free = np.setdiff1d(pool, measured)
        state = State(study.similarity, study.distance, measured, free, *predicted, wanted, draw)
        measured = np.concatenate([measured, strategy(state)])
        predicted = Model(study.X[measured], study.labels[measured]).predict(study.X)
        errors.append(float(np.abs(predicted[0] - study.labels)[held_out].mean()))
        found.append(float(np.isin(highest, measured).mean()))
    return errors, found


def corrected_interval(differences: Floats, test_ratio: float) -> tuple[float, float, float]:
    """Return a mean over repetitions with the corrected resampled t interval (95 %)."""
    from scipy.stats import t

    n = len(differences)
    error = float(np.sqrt(differences.var(ddof=1) * (1 / n + test_ratio)))
    half = float(t.ppf(0.975, n - 1)) * error
    return (
        float(differences.mean()),
        float(differences.mean()) - half,
        float(differences.mean()) + half,
    )


def main() -> None:
    """Run the repetitions and print the tables."""
    from threadpoolctl import threadpool_limits

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path, nargs="?", default=ROOT / "results")
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--kinds", nargs="+", default=KINDS)
    options = parser.parse_args()
    study = Study(options.results, tuple(options.kinds))
    started = time.process_time()
    with threadpool_limits(limits=1):
        outcomes = []
        for number in range(options.repeats):
            outcomes.append(repeat(study, number))
            seconds = time.process_time() - started
            print(f"repetition {number + 1}: {seconds:.0f} s", file=sys.stderr, flush=True)
    ratio = HELD_OUT / (1 - HELD_OUT)
    for title, which in (("error", 0), ("share of the highest tenth found", 1)):
        print(f"\n{title} after each batch; mean over batches less that of random choice")
        random = np.array([outcome["random"][which] for outcome in outcomes])
        print(f"{'random':30s}", np.round(random.mean(axis=0), 3))
        for name in STRATEGIES:
            own = np.array([outcome[name][which] for outcome in outcomes])
            difference, low, high = corrected_interval((own - random).mean(axis=1), ratio)
            print(
                f"{name:30s}",
                np.round(own.mean(axis=0), 3),
                f"{difference:+.3f} ({low:+.3f} to {high:+.3f})",
                flush=True,
            )
    print(f"\n{time.process_time() - started:.0f} s of processor time")


def repeat(study: Study, number: int) -> dict[str, Floats]:
    """Return errors and finds after each batch by strategy, shape (2, batches)."""
    draw = np.random.default_rng(number)
    pool, held_out = divide(study.groups, draw)
    results = {
        name: np.array(follow(study, strategy, pool, held_out, draw))
        for name, strategy in STRATEGIES.items()
    }
    draws = [follow(study, choose_random, pool, held_out, draw) for _ in range(RANDOM_DRAWS)]
    return {**results, "random": np.mean(np.array(draws), axis=0)}


if __name__ == "__main__":
    main()
