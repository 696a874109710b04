"""Trials per minute of tuning: the plain way, the workflow's, and with folds side by side.

    python tests/benchmarks/benchmark_tuning.py [results] [--trials 8] [--repeats 3]

`results` is the folder of a default study that has got as far as its augmented table. All ways run
the same trials, the first points of the default search space, on the training molecules of the
first split, each in a fresh process. The plain way is what one would write with LightGBM alone: a
data set for every trial and fold, all rows, early stopping fold by fold on the rows left out,
predictions at the end. Only tuning is timed, neither imports nor reading. Ways take turns, and
medians are printed; a loaded machine changes clock times, but hardly processor times. Neighbours
are processes that compute without pause.
"""

import argparse
import functools
import json
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "workflow" / "scripts"))

VARIANT = "lightgbm_augmented_2d_3d"
WAITS = ("PASSIVE", "ACTIVE")
#: How the folds of a trial are grown: by name, the workers and LightGBM's threads in each.
ARRANGEMENTS = {
    "folds one after the other": (1, 1),
    "folds in 2 threads": (2, 1),
    "folds in 2 processes": (2, 1),
    "2 threads inside LightGBM": (1, 2),
}


class Study:
    """The training rows, labels, folds and tuning settings of a default study."""

    def __init__(self, results: Path, trials: int) -> None:
        import yaml

        from confaug.config.check import complete_config, read_schema
        from confaug.config.settings.tuning import TuningSettings
        from confaug.config.settings.variants import Variant
        from confaug.learning.datasets import read_replicate
        from confaug.learning.tuning.optimiser import suggest

        schema = read_schema(ROOT / "workflow" / "schemas" / "config.schema.yaml")
        text = (ROOT / "config" / "config.yaml").read_text(encoding="utf-8")
        config = complete_config(yaml.safe_load(text), schema)
        files = SimpleNamespace(
            augmented=results / "augmented.parquet",
            distribution=results / "distribution.parquet",
            molecules=results / "molecules" / "molecules.csv",
            split=results / "splits" / "replicate-1.csv",
        )
        variant = Variant(**config["variants"][VARIANT])
        data = read_replicate(files, variant, config["embedding"]["protocols"])
        section = {**config["tuning"], "initial_points": trials, "iterations": 0}
        self.settings = TuningSettings(**section)
        self.rows = data.rows("train")
        self.labels = data.labels_of(self.rows.molecules)
        self.folds = data.folds_of(self.rows.molecules)
        self.parameters = [suggest(self.settings, [None] * i) for i in range(trials)]


def run_plainly(study: Study, rows_per_molecule: int | None) -> list[float]:
    """Run the trials with LightGBM alone; return their errors pooled per molecule."""
    import lightgbm as lgb
    import numpy as np

    from confaug.learning.lightgbm_learner import lightgbm_parameters

    rows = study.rows.per_molecule(rows_per_molecule)
    labels, fold = rows.expand(study.labels), rows.expand(study.folds)
    weights = rows.expand(1.0 / rows.counts)
    errors = []
    for parameters in study.parameters:
        given = lightgbm_parameters({**study.settings.fixed, **parameters}, seed=1)
        given["metric"] = "l1"
        predictions = np.empty(len(labels))
        for number in np.unique(fold):
            train, held_out = fold != number, fold == number
            data = lgb.Dataset(rows.X[train], label=labels[train], weight=weights[train])
            booster = lgb.train(
                given,
                data,
                num_boost_round=study.settings.max_rounds,
                valid_sets=[data.create_valid(rows.X[held_out], label=labels[held_out])],
                callbacks=[lgb.early_stopping(study.settings.early_stopping_rounds, verbose=False)],
            )
            predictions[held_out] = booster.predict(rows.X[held_out], num_threads=1)
        pooled = np.add.reduceat(predictions, rows.starts) / rows.counts
        errors.append(float(np.mean(np.abs(pooled - study.labels))))
    return errors


def run_tune(study: Study, rows_per_molecule: int | None) -> dict[str, Any]:
    """Run the trials with tune(), and judge the best parameters with all rows in training."""
    from confaug.learning.tuning.study import tune

    settings = study.settings.model_copy(update={"rows_per_molecule": rows_per_molecule})
    started, processor = time.perf_counter(), processor_seconds()
    tuned = tune(study.rows, study.labels, study.folds, settings)
    used = {
        "wall": time.perf_counter() - started,
        "cpu": processor_seconds() - processor,
        "errors": [trial.error for trial in tuned.trials],
    }
    return {**used, "trial": tuned.best.trial + 1, "all_rows": error_with_all_rows(study, tuned)}


def error_with_all_rows(study: Study, tuned: Any) -> float:
    """Cross-validate the tuned parameters and rounds with every row in training."""
    import numpy as np

    from confaug.learning.lightgbm_learner import LabelTransform
    from confaug.learning.predictions import pool_means
    from confaug.learning.tuning.folds import FoldTrainer

    values = np.empty(len(study.labels))
    for fold in np.unique(study.folds):
        out = study.folds == fold
        trainer = FoldTrainer(study.rows, study.labels, out, study.settings, LabelTransform())
        rows = study.rows.take(study.rows.mask(out))
        predicted = trainer.predict(tuned.best.parameters, tuned.best.rounds, rows)
        values[out] = pool_means(rows, predicted)
    return float(np.mean(np.abs(values - study.labels)))


class FoldProcess:
    """A fold trainer in a process of its own, with the methods that run_trial calls."""

    def __init__(self, make: Any, held_out: Any) -> None:
        context = multiprocessing.get_context("fork")
        self.held_out = held_out
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=self._serve, args=(make, other), daemon=True)
        self._process.start()

    @staticmethod
    def _serve(make: Any, pipe: Any) -> None:
        trainer = make()
        while (call := pipe.recv()) is not None:
            pipe.send(getattr(trainer, call[0])(call[1]))

    def _ask(self, name: str, argument: Any) -> Any:
        self._pipe.send((name, argument))
        return self._pipe.recv()

    def start(self, parameters: Any) -> None:
        """Begin a new model."""
        self._ask("start", parameters)

    def advance(self, rounds: int) -> Any:
        """Train for some rounds more."""
        return self._ask("advance", rounds)

    def close(self) -> None:
        """End the process, so that its processor time counts."""
        self._pipe.send(None)
        self._process.join()


def run_arrangement(study: Study, name: str) -> list[float]:
    """Run the trials with the folds arranged in one of the `ARRANGEMENTS`."""
    import numpy as np

    from confaug import tuning
    from confaug.learning.lightgbm_learner import LabelTransform, lightgbm_parameters

    several, threads = ARRANGEMENTS[name]
    tuning.lightgbm_parameters = functools.partial(lightgbm_parameters, threads=threads)
    few = study.rows.per_molecule(study.settings.rows_per_molecule)
    trainers: list[Any] = []
    trials: list[Any] = []
    for fold in np.unique(study.folds):
        out = study.folds == fold
        make = functools.partial(
            tuning.FoldTrainer, few, study.labels, out, study.settings, LabelTransform()
        )
        trainers.append(FoldProcess(make, out) if "processes" in name else make())
    with ThreadPoolExecutor(several) as workers:
        for number, parameters in enumerate(study.parameters):
            trial = tuning.run_trial(
                number, parameters, trainers, study.labels, study.settings, trials, workers
            )
            trials.append(trial)
    if "processes" in name:
        for trainer in trainers:
            trainer.close()
    return [trial.error for trial in trials]


def processor_seconds() -> float:
    """Return the processor time of this process and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def run_part(options: argparse.Namespace) -> dict[str, Any]:
    """Run one way in this process."""
    study = Study(options.results, options.trials)
    limit = None if options.rows == "all" else int(options.rows)
    if options.part == "tune":
        return run_tune(study, limit)
    started, processor = time.perf_counter(), processor_seconds()
    if options.part == "plain":
        errors = run_plainly(study, limit)
    else:
        errors = run_arrangement(study, options.part)
    wall, cpu = time.perf_counter() - started, processor_seconds() - processor
    return {"wall": wall, "cpu": cpu, "errors": errors}


def start_part(options: argparse.Namespace, part: str, rows: str, wait: str) -> Any:
    """Start one way in a fresh process."""
    command = [sys.executable, __file__, str(options.results), "--trials", str(options.trials)]
    threads = ARRANGEMENTS.get(part, (1, 1))[1]
    environment = {**os.environ, "OMP_WAIT_POLICY": wait, "OMP_NUM_THREADS": str(threads)}
    command += ["--part", part, "--rows", rows]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def finish(process: Any) -> dict[str, Any]:
    """Wait for a way and return what it measured."""
    output, _ = process.communicate()
    if process.returncode:
        sys.exit(process.returncode)
    return json.loads(output)


def spin() -> None:
    """Compute without pause."""
    while True:
        pass


@contextmanager
def neighbours(number: int) -> Iterator[None]:
    """Keep some processes busy."""
    busy = [multiprocessing.Process(target=spin, daemon=True) for _ in range(number)]
    for process in busy:
        process.start()
    try:
        yield
    finally:
        for process in busy:
            process.terminate()
            process.join()


def median(measured: Sequence[dict[str, Any]], key: str) -> float:
    """Return the median of one figure."""
    return statistics.median(one[key] for one in measured)


def compare_ways(options: argparse.Namespace) -> None:
    """Print the plain way and tune(), with all rows and with fewer."""
    ways = [("plain", "all"), *(("tune", rows) for rows in ("all", "30", "12", "6", "3", "1"))]
    found: dict[tuple[str, str], list[dict[str, Any]]] = {way: [] for way in ways}
    for _ in range(options.repeats):
        for part, rows in ways:
            found[part, rows].append(finish(start_part(options, part, rows, "PASSIVE")))
    plain = median(found["plain", "all"], "cpu")
    print(
        "| way | rows per molecule | trials per processor minute | ratio | lowest error |", end=""
    )
    print(" its parameters with all rows |\n| --- | --: | --: | --: | --: | --: |")
    for (part, rows), measured in found.items():
        cpu, first = median(measured, "cpu"), measured[0]
        refitted = f"{first['all_rows']:.2f}" if "all_rows" in first else ""
        print(
            f"| {part} | {rows} | {60 * options.trials / cpu:.1f} | {plain / cpu:.1f} "
            f"| {min(first['errors']):.2f} | {refitted} |",
            flush=True,
        )


def compare_arrangements(options: argparse.Namespace) -> None:
    """Print the arrangements of folds beside 0, 1 and 2 busy neighbours."""
    ways = [(name, "PASSIVE") for name in ARRANGEMENTS] + [("2 threads inside LightGBM", "ACTIVE")]
    print("\n| folds | waiting threads | neighbours | trials per minute |", end="")
    print(" processor seconds per trial | same errors |\n| --- | --- | --: | --: | --: | --- |")
    reference = None
    for number in (0, 1, 2):
        found: dict[tuple[str, str], list[dict[str, Any]]] = {way: [] for way in ways}
        with neighbours(number):
            for _ in range(options.repeats):
                for name, wait in ways:
                    found[name, wait].append(finish(start_part(options, name, "12", wait)))
        for (name, wait), measured in found.items():
            reference = reference or measured[0]["errors"]
            print(
                f"| {name} | {wait.lower()} | {number} "
                f"| {60 * options.trials / median(measured, 'wall'):.0f} "
                f"| {median(measured, 'cpu') / options.trials:.2f} "
                f"| {'yes' if measured[0]['errors'] == reference else 'NO'} |",
                flush=True,
            )


def compare_makespans(options: argparse.Namespace) -> None:
    """Print how long two studies take: both at once, or one after the other with two threads."""
    together, in_turn = [], []
    for _ in range(options.repeats):
        pair = [start_part(options, "folds one after the other", "12", "PASSIVE") for _ in "ab"]
        together.append(max(finish(process)["wall"] for process in pair))
        turns = [finish(start_part(options, "folds in 2 threads", "12", "PASSIVE")) for _ in "ab"]
        in_turn.append(sum(one["wall"] for one in turns))
    print("\ntwo studies at once, one thread each:         ", end="")
    print(f"{statistics.median(together):.1f} s")
    print(f"one after the other, folds in two threads: {statistics.median(in_turn):.1f} s")


def main() -> None:
    """Run one part, or compare all of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path, nargs="?", default=Path("results"))
    parser.add_argument("--trials", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--part", help=argparse.SUPPRESS)
    parser.add_argument("--rows", default="12", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not (options.results / "augmented.parquet").is_file():
        parser.error(f"{options.results} has no augmented.parquet; run the default study first")
    if options.part:
        print(json.dumps(run_part(options)))
        return
    print(f"{options.trials} trials, {options.repeats} repeats, {os.cpu_count()} processors\n")
    compare_ways(options)
    compare_arrangements(options)
    compare_makespans(options)


if __name__ == "__main__":
    main()
