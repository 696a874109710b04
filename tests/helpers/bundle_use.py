"""Use a bundle as the workflow does, in a process of its own whose crash or hang is an error."""

import math
import multiprocessing
import resource
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import yaml

from confaug.config.check import complete_config, read_schema
from confaug.errors import UserError
from confaug.prediction.predictor import load_predictor
from confaug.prediction.recipe import read_bundle

ROOT = Path(__file__).parents[2]
SCHEMA = read_schema(ROOT / "workflow/schemas/config.schema.yaml")
CONFIG = complete_config(yaml.safe_load((ROOT / "config/config.yaml").read_text()), SCHEMA)
SECONDS = 20.0
MEMORY = 6 << 30
ROWS = 40
#: What came of it: refused with a sentence, failed with a traceback, or predicted.
Outcome = tuple[str, Any]
Case = TypeVar("Case")


def use_bundle(folder: Path) -> Outcome:
    """Read and use a bundle; predictions are by member and row."""
    try:
        read_bundle(folder, CONFIG, SCHEMA)
        predictor = load_predictor(folder, 0.9)
        names = predictor.bundle.description.features
        X = rows_for((folder / "model.txt").read_text(), len(names))
        predicted = [member.predict_rows(X, names) for member in predictor.bundle.members]
        for member in predictor.bundle.members:
            if member.facts.is_lightgbm:
                member.contributions(X[:2], names)
        predictor.calibration.ends(predicted[0], np.zeros(len(X)))
    except UserError as error:
        return "refused", str(error)
    except Exception:
        return "failed", traceback.format_exc()
    return "predicted", np.vstack(predicted)


def rows_for(text: str, n_features: int) -> np.ndarray:
    """Return rows whose values lie at, beside and far from the model's thresholds."""
    thresholds = [
        float(item)
        for line in text.split("\n")
        if line.startswith("threshold=")
        for item in line.partition("=")[2].split()
    ]
    choice = [0.0, math.nan, -1e30, 1e30, 1e-40, *thresholds, *(t + 0.5 for t in thresholds)]
    with np.errstate(over="ignore"):
        drawn = np.random.default_rng(0).choice(choice, (ROWS, n_features)).astype(np.float32)
    return np.where(np.isinf(drawn), np.float32(0), drawn)


def outcomes(
    cases: Iterable[Case], prepare: Callable[[Case], Path]
) -> Iterator[tuple[Case, Outcome]]:
    """Use the bundles that are prepared one after the other, in a process of limited memory."""
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(1, fork, initializer=_limit_memory) as pool:
        for case in cases:
            waiting = pool.submit(use_bundle, prepare(case))
            try:
                yield case, waiting.result(SECONDS)
            except (TimeoutError, BrokenProcessPool) as error:
                for process in multiprocessing.active_children():
                    process.kill()
                raise AssertionError(f"{case}: a hang or a crash") from error


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
