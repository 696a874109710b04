"""Damage that a bundle can suffer or be given: each ends in one sentence, and nothing is run."""

import json
import os
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
from bundle_use import outcomes
from prediction_study import TRAINING, make_model, make_shard
from resealing import forge

from confaug.config.settings.variants import Variant

FILES = ("bundle.json", "model.txt", "model.npy", "training_2d.npy", "README.md")
MEMBERS = ("ridge", "extra_trees", "lightgbm")  # in the order of the description


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("damage")
    variants = {f"{one}_2d": Variant(representation="mordred_2d", learner=one) for one in MEMBERS}
    shard = make_shard(folder / "shard", tuple(TRAINING))
    return make_model(folder / "model", shard, variants, card=True)


@pytest.fixture
def bundle(made, tmp_path):
    return shutil.copytree(made, tmp_path / "bundle")


def outcome_of(bundle):
    ((_, outcome),) = outcomes([bundle], lambda folder: folder)
    return outcome


def refusal(bundle):
    verdict, told = outcome_of(bundle)
    assert verdict == "refused", told
    assert told.isprintable(), "one line, and nothing that controls a terminal"
    assert str(bundle) in told
    return told


def test_the_undamaged_bundle_predicts(bundle):
    verdict, predicted = outcome_of(bundle)
    assert verdict == "predicted", predicted
    assert np.isfinite(predicted).all()
    assert len(predicted) == len(MEMBERS)


def truncate(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path):
    path.write_bytes(b"")


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def lengthen(path):
    path.write_bytes(path.read_bytes() + b"\0")


def link_elsewhere(path):
    path.unlink()
    path.symlink_to("/etc/passwd")


def link_to_itself(path):
    path.unlink()
    path.symlink_to(path.name)


def make_a_pipe(path):
    path.unlink()
    os.mkfifo(path)


def make_a_folder(path):
    path.unlink()
    path.mkdir()


def make_huge(path):
    with path.open("r+b") as file:
        file.truncate(1 << 40)  # takes no room on the disk


ACCIDENTS = (
    truncate,
    empty,
    flip_a_bit,
    lengthen,
    Path.unlink,
    link_elsewhere,
    link_to_itself,
    make_a_pipe,
    make_a_folder,
    make_huge,
)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ACCIDENTS, ids=lambda damage: damage.__name__)
def test_damage_to_a_file_is_told(bundle, name, damage):
    damage(bundle / name)
    assert name in refusal(bundle)


@pytest.mark.parametrize("name", FILES)
def test_the_file_of_another_bundle_is_told(bundle, name):
    """As when two copies are mixed up."""
    content = (bundle / name).read_bytes()
    forge(bundle, lambda document: document.update(code="another"))
    other = b"{}" if name == "bundle.json" else content.replace(b"e", b"f", 1)
    (bundle / name).write_bytes(content[:-1] + b"?" if other == content else other)
    assert name in refusal(bundle)


class Bomb:
    """What a pickle may do to those who load it."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("name", ["model.npy", "training_2d.npy", "model.txt", "README.md"])
@pytest.mark.parametrize("form", ["pickle", "array of objects"])
def test_a_strangers_pickle_is_not_executed(bundle, tmp_path, name, form):
    exploded = tmp_path / "exploded"
    bomb = np.array([Bomb(exploded)], dtype=object)
    with (bundle / name).open("wb") as file:
        if form == "pickle":
            pickle.dump(bomb, file)
        else:
            np.save(file, bomb, allow_pickle=True)
    if name != "README.md":  # nobody loads that one, so it is told by its digest
        forge(bundle)
    assert name in refusal(bundle)
    assert not exploded.exists()
    if form == "pickle":
        pickle.loads((bundle / name).read_bytes())
        assert exploded.exists(), "the pickle is a real one"


def edit_member(learner, **values):
    """Return an edit of what the description says of a member."""
    return lambda document: document["members"][MEMBERS.index(learner)].update(values)


def drop_from_member(learner, key):
    return lambda document: document["members"][MEMBERS.index(learner)].pop(key)


HUGE = 10**9
#: What a hostile author may write into the description, with right digests, and what is told.
EDITS = {
    "no members": (lambda d: d.update(members=[]), "members: [] should be non-empty"),
    "members of another kind": (lambda d: d.update(members={"a": 1}), "is not of type 'array'"),
    "many members": (lambda d: d.update(members=d["members"] * 50), "members"),
    "a member twice": (lambda d: d["members"].append(d["members"][0]), "a name is repeated"),
    "no model": (lambda d: d.pop("model"), "'model' is a required property"),
    "a member without a name": (drop_from_member("ridge", "name"), "'name' is a required"),
    "a member without features": (drop_from_member("ridge", "features"), "'features' is a"),
    "no tuning of tuned LightGBM": (drop_from_member("lightgbm", "tuned"), "its tuning"),
    "the tuning of ridge": (
        lambda d: d["members"][0].update(tuned=d["members"][2]["tuned"]),
        "its tuning",
    ),
    "no text of LightGBM": (drop_from_member("lightgbm", "text_bytes"), "has a text"),
    "a text of ridge": (edit_member("ridge", text_bytes=5), "has numbers and no text"),
    "numbers of LightGBM": (edit_member("lightgbm", numbers={"a": 1.0}), "has a text"),
    "a text of no length": (edit_member("lightgbm", text_bytes=0), "text_bytes"),
    "a text of half a byte": (edit_member("lightgbm", text_bytes=2.5), "text_bytes"),
    "a longer text": (edit_member("lightgbm", text_bytes=HUGE), "model.txt"),
    "an endless text": (edit_member("lightgbm", text_bytes=HUGE * 1000), "text_bytes"),
    "huge arrays": (edit_member("ridge", arrays={"fill": [HUGE, HUGE]}), "bytes of numbers"),
    "endless arrays": (edit_member("ridge", arrays={"fill": [1, HUGE * 1000]}), "arrays"),
    "a negative shape": (edit_member("ridge", arrays={"fill": [-1, -1]}), "arrays"),
    "a shape of three": (edit_member("ridge", arrays={"fill": [1, 1, 1]}), "arrays"),
    "no arrays": (edit_member("ridge", arrays={}), "model.npy"),
    "no numbers": (edit_member("ridge", numbers={}), "numbers of the learner are missing"),
    "numbers as text": (edit_member("ridge", numbers={"intercept": "1"}), "not of type 'number'"),
    "a negative limit": (
        edit_member("ridge", numbers={"intercept": 0.0, "limit": -1.0}),
        "limit is not positive",
    ),
    "another learner": (
        edit_member("ridge", variant={"representation": "mordred_2d", "learner": "pls"}),
        "arrays or numbers of the learner are missing",
    ),
    "LightGBM as a ridge": (
        edit_member("lightgbm", variant={"representation": "mordred_2d", "learner": "ridge"}),
        "has numbers and no text",
    ),
    "a learner that is not known": (
        edit_member("ridge", variant={"representation": "mordred_2d", "learner": "os.system"}),
        "learner",
    ),
    "a representation for LightGBM alone": (
        edit_member(
            "ridge",
            variant={"representation": ["mordred_2d", "augmented_3d"], "learner": "ridge"},
        ),
        "protocols, descriptors or cleaning",
    ),
    "one feature less": (lambda d: d["members"][1]["features"].pop(), "model.npy"),
    "another order of features": (lambda d: d["members"][2]["features"].reverse(), "model.txt"),
    "a scale of zero": (
        edit_member("ridge", label_scale={"centre": 0.0, "scale": 0.0}),
        "label_scale",
    ),
    "a file of the system": (
        lambda d: d["digests"].update({"../../../etc/passwd": "0" * 64}),
        "digests",
    ),
    "no digest of the numbers": (lambda d: d["digests"].pop("model.npy"), "model.npy"),
    "a card of another kind": (lambda d: d.update(card=[1]), "card"),
    "an older version": (lambda d: d.update(schema_version=2), "is of version 2"),
}


def reseal_digest_alone(bundle, edit):
    """Edit the description; of its digests only that of itself is made right."""
    from confaug.infrastructure.files import canonical_json
    from confaug.prediction.bundle_files import digest_of

    document = json.loads((bundle / "bundle.json").read_text())
    edit(document)
    text = canonical_json({**document, "digest": digest_of(document)})
    (bundle / "bundle.json").write_text(text)


@pytest.mark.parametrize("name", EDITS)
def test_a_hostile_description_is_told(bundle, name):
    edit, sentence = EDITS[name]
    reseal_digest_alone(bundle, edit)
    assert sentence in refusal(bundle)


def numbers_of(bundle):
    """Return the numbers of a bundle, and where those of its trees begin."""
    content = bytearray((bundle / "model.npy").read_bytes())
    document = json.loads((bundle / "bundle.json").read_text())
    header = len(content) - 8 * sum(
        rows * columns
        for member in document["members"]
        for rows, columns in member.get("arrays", {}).values()
    )
    values = np.frombuffer(content, offset=header)
    ridge, trees = (member["arrays"] for member in document["members"][:2])
    first = sum(rows * columns for rows, columns in ridge.values()) + trees["fill"][1]
    return content, values, first


NUMBERS = {
    "a tree with a loop": (0, 0.0),
    "a tree that goes back": (5, 0.0),
    "a tree that leaves itself": (0, 1e6),
    "half a node": (0, 1.5),
    "a feature that is not there": (2, 1e6),
    "a negative feature": (2, -3.0),
    "a threshold that is no number": (3, np.nan),
    "an infinite value of a leaf": (4, np.inf),
    "a missing median": (-1, np.nan),
    "a huge node": (1, 1e300),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_hostile_numbers_are_told(bundle, name):
    place, value = NUMBERS[name]
    content, values, first = numbers_of(bundle)
    values[first + place] = value
    (bundle / "model.npy").write_bytes(content)
    forge(bundle)
    told = refusal(bundle)
    assert "model.npy does not hold what extra_trees_2d has learned" in told


@pytest.mark.parametrize("value", [1e305, 1e150])
def test_numbers_that_overflow_are_refused_when_they_predict(bundle, value):
    content, values, first = numbers_of(bundle)
    values[:first] = value
    (bundle / "model.npy").write_bytes(content)
    forge(bundle)
    verdict, told = outcome_of(bundle)
    assert verdict == "refused", told
    assert "does not return one finite number" in told
