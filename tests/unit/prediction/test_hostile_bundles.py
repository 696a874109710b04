"""What a stranger's bundle can do: be refused in one sentence, or predict what its files say.

Two hundred mutated bundles by default; `CONFAUG_FUZZ_BUNDLES` asks for another number.
"""

import json
import math
import os
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bundle_mutations import Mutant, mutants
from bundle_use import outcomes, rows_for, use_bundle
from prediction_study import TRAINING, make_model, make_shard
from resealing import Files

from confaug.config.settings.variants import Variant
from confaug.learning.lightgbm_learner import LabelTransform

MUTANTS = int(os.environ.get("CONFAUG_FUZZ_BUNDLES", "200"))
#: Models by the representations and learners of their members.
MODELS = {
    "plain": [("mordred_2d", "lightgbm")],
    "augmented": [(("mordred_2d", "augmented_3d"), "lightgbm")],
    "mixed": [("mordred_2d", "ridge"), ("mordred_2d", "extra_trees"), ("mordred_2d", "lightgbm")],
}


@pytest.fixture(scope="module", params=MODELS)
def bundle(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    variants = {
        f"{learner}_{len(representation)}": Variant(representation=representation, learner=learner)
        for representation, learner in MODELS[request.param]
    }
    return make_model(folder / "model", make_shard(folder / "shard", tuple(TRAINING)), variants)


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


def judge(mutant: Mutant, outcome: tuple[str, Any], expected: np.ndarray) -> str:
    """Return the verdict on one mutant, and fail if it broke the promise."""
    verdict, found = outcome
    assert verdict != "failed", f"{mutant.kind}: {found}"
    if verdict == "refused":
        assert found.isprintable(), mutant.kind
        return verdict
    if not mutant.forged:
        np.testing.assert_array_equal(found, expected, mutant.kind)
        return "unchanged"
    for place, walked in walked_members(mutant.files).items():
        np.testing.assert_allclose(found[place], walked, rtol=1e-9, err_msg=mutant.kind)
    return verdict


def walked_members(files: Files) -> dict[int, np.ndarray]:
    """Predict with the LightGBM members of a bundle, step by step, by their places."""
    document, text = json.loads(files["bundle.json"]), files["model.txt"].decode()
    names = list(dict.fromkeys(name for one in document["members"] for name in one["features"]))
    X = rows_for(text, len(names))
    return {
        place: in_label_units(
            document, member, walk(text, X[:, [names.index(name) for name in member["features"]]])
        )
        for place, member in enumerate(document["members"])
        if "text_bytes" in member  # one of them, as the whole text is walked
    }


def in_label_units(document: dict[str, Any], member: dict[str, Any], values: np.ndarray) -> Any:
    transform = LabelTransform(document["property"]["transform"], **member["label_scale"])
    return transform.inverse(values)


def test_no_mutated_bundle_crashes_hangs_or_predicts_anything_but_its_text(bundle, tmp_path):
    files = {path.name: path.read_bytes() for path in bundle.iterdir()}
    verdict, expected = use_bundle(write(files, tmp_path))
    assert verdict == "predicted", expected
    for place, walked in walked_members(files).items():
        np.testing.assert_allclose(expected[place], walked, rtol=1e-12)
    verdicts: Counter[tuple[bool, str]] = Counter()
    made = mutants(files, MUTANTS // len(MODELS))
    for mutant, outcome in outcomes(made, lambda mutant: write(mutant.files, tmp_path)):
        verdicts[mutant.forged, judge(mutant, outcome, expected)] += 1
    print(dict(verdicts))
    assert verdicts[True, "predicted"] > 0, "some hostile models are legal ones"
    assert verdicts[True, "refused"] > verdicts[True, "predicted"]
    assert verdicts[False, "refused"] > 0
