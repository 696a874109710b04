"""What a stranger's bundle can do: be refused in one sentence, or predict what its text says.

Two hundred mutated bundles by default; `CONFAUG_FUZZ_BUNDLES` asks for another number.
"""

import json
import math
import multiprocessing
import os
import resource
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from bundle_mutations import Mutant, mutants
from prediction_study import TRAINING, make_bundle, make_shard
from resealing import Files

from confaug.config.check import complete_config, read_schema
from confaug.errors import UserError
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.prediction.predictor import load_predictor
from confaug.prediction.recipe import read_bundle

ROOT = Path(__file__).parents[3]
SCHEMA = read_schema(ROOT / "workflow/schemas/config.schema.yaml")
CONFIG = complete_config(yaml.safe_load((ROOT / "config/config.yaml").read_text()), SCHEMA)
MUTANTS = int(os.environ.get("CONFAUG_FUZZ_BUNDLES", "200"))
SECONDS = 20.0
MEMORY = 6 << 30
ROWS = 40


@pytest.fixture(scope="module", params=["2d", "augmented_2d_3d"])
def bundle(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    return make_bundle(
        folder / "model", make_shard(folder / "shard", tuple(TRAINING)), request.param
    )


def predict_rows(folder: Path) -> tuple[str, Any]:
    """Read and use a bundle as the workflow does; return what came of it."""
    try:
        read_bundle(folder, CONFIG, SCHEMA)
        predictor = load_predictor(folder, 0.9)
        member = predictor.bundle.only_member
        names = member.facts.features
        X = rows_for((folder / "model.txt").read_text(), len(names))
        predicted = member.predict_rows(X, names)
        member.contributions(X[:2], names)
        predictor.calibration.ends(predicted, np.zeros(len(predicted)))
    except UserError as error:
        return "refused", str(error)
    except Exception:
        return "failed", traceback.format_exc()
    return "predicted", predicted


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


def walk(text: str, X: np.ndarray) -> np.ndarray:
    """Predict rows by a model's text, step by step, without LightGBM."""
    total = np.zeros(len(X))
    X = np.where(np.abs(X) <= np.float32(1e-35), 0.0, X.astype(float))  # as LightGBM takes them
    for block in text.split("end of trees")[0].split("Tree=")[1:]:
        tree = dict(line.split("=") for line in block.split("\n")[1:] if line)
        values = {key: [float(item) for item in value.split()] for key, value in tree.items()}
        for i, row in enumerate(X):
            node = 0 if tree["num_leaves"] != "1" else -1
            while node >= 0:
                node = int(values[side(values, node, row)][node])
            total[i] += values["leaf_value"][-1 - node]
    return total


def side(values: dict[str, list[float]], node: int, row: np.ndarray) -> str:
    """Tell to which side a row goes at a node."""
    value, decision = row[int(values["split_feature"][node])], int(values["decision_type"][node])
    missing = decision >> 2
    if math.isnan(value) and missing != 2:
        value = 0.0
    lacks = math.isnan(value) if missing == 2 else missing == 1 and abs(value) <= np.float32(1e-35)
    left = bool(decision & 2) if lacks else value <= values["threshold"][node]
    return "left_child" if left else "right_child"


def write(files: Files, folder: Path) -> Path:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def outcomes(made: Iterable[Mutant], folder: Path) -> Iterator[tuple[Mutant, tuple[str, Any]]]:
    """Use bundles in a process of their own; its crash is an error here, and so is a hang."""
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(1, fork, initializer=limit_memory) as pool:
        for mutant in made:
            waiting = pool.submit(predict_rows, write(mutant.files, folder))
            try:
                yield mutant, waiting.result(SECONDS)
            except (TimeoutError, BrokenProcessPool) as error:
                for process in multiprocessing.active_children():
                    process.kill()
                raise AssertionError(f"{mutant.kind}: a hang or a crash") from error


def limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))


def judge(mutant: Mutant, outcome: tuple[str, Any], folder: Path, expected: np.ndarray) -> str:
    """Return the verdict on one mutant, and fail if it broke the promise."""
    verdict, found = outcome
    assert verdict != "failed", f"{mutant.kind}: {found}"
    if verdict == "refused":
        assert found.isprintable(), mutant.kind
        return verdict
    if not mutant.forged:
        np.testing.assert_array_equal(found, expected, mutant.kind)
        return "unchanged"
    text = (folder / "model.txt").read_text()
    document = json.loads(mutant.files["bundle.json"])
    expected = walk(text, rows_for(text, len(document["members"][0]["features"])))
    expected = in_label_units(document, expected)
    np.testing.assert_allclose(found, expected, rtol=1e-9, err_msg=mutant.kind)
    return verdict


def in_label_units(document: dict[str, Any], values: np.ndarray) -> np.ndarray:
    scale = document["members"][0]["label_scale"]
    return LabelTransform(document["property"]["transform"], **scale).inverse(values)


def test_no_mutated_bundle_crashes_hangs_or_predicts_anything_but_its_text(bundle, tmp_path):
    files = {path.name: path.read_bytes() for path in bundle.iterdir()}
    verdict, expected = predict_rows(write(files, tmp_path))
    assert verdict == "predicted", expected
    text = files["model.txt"].decode()
    document = json.loads(files["bundle.json"])
    walked = in_label_units(
        document, walk(text, rows_for(text, len(document["members"][0]["features"])))
    )
    np.testing.assert_allclose(expected, walked, rtol=1e-12)
    verdicts: Counter[tuple[bool, str]] = Counter()
    for mutant, outcome in outcomes(mutants(files, MUTANTS // 2), tmp_path):
        verdicts[mutant.forged, judge(mutant, outcome, tmp_path, expected)] += 1
    print(dict(verdicts))
    assert verdicts[True, "predicted"] > 0, "some hostile models are legal ones"
    assert verdicts[True, "refused"] > verdicts[True, "predicted"]
    assert verdicts[False, "refused"] > 0
