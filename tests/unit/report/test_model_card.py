"""The model card tells the facts of the bundle, and shows a user's text as text."""

import json
import math
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
import yaml
from hostile_text import TRIPLES, UNFIT
from markdown_it import MarkdownIt
from prediction_study import TRAINING, make_model, make_shard

from confaug.config.settings.variants import Learner, Variant
from confaug.prediction.bundle_files import read_description
from confaug.prediction.description import HeldOutError
from confaug.report.wording.model_card import model_card
from confaug.report.wording.models import BOUNDED
from confaug.report.wording.recommendation import NO_BETTER_THAN_CONSTANT

ROOT = Path(__file__).parents[3]
MEMBERS = {
    "ridge_2d": Variant(representation="mordred_2d", learner="ridge"),
    "trees_pooled": Variant(representation=("mordred_2d", "mean_3d"), learner="extra_trees"),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return make_shard(tmp_path_factory.mktemp("card"), tuple(TRAINING))


@pytest.fixture(scope="module")
def bundle(files, tmp_path_factory):
    return make_model(tmp_path_factory.mktemp("model") / "m", files, MEMBERS, card=True)


@pytest.fixture(scope="module")
def description(bundle):
    return read_description(bundle)


def test_the_card_has_the_error_and_the_interval_of_the_training_molecules(bundle, description):
    document = json.loads((bundle / "bundle.json").read_text())
    sizes = sorted(abs(row["residual"]) for row in document["training_molecules"])
    error, half = sum(sizes) / len(sizes), sizes[math.ceil(13 * 0.9) - 1]
    facts = document["card"]
    assert facts["error"] == pytest.approx(error)
    assert facts["error_low"] < error < facts["error_high"]
    assert facts["half_width"] == pytest.approx(half)
    assert (facts["molecules"], facts["rows"], facts["folds"]) == (12, 12, 3)
    assert (facts["lowest"], facts["highest"]) == (290, 391)
    text = (bundle / "README.md").read_text()
    assert text == model_card(description), "the card follows from the description alone"
    for part in (f"{error:.1f} K", f"{half:.1f} K", "290.0 to 391.0 K", "90% of molecules"):
        assert part in text


def test_the_error_to_expect_is_the_one_on_held_out_molecules(description):
    assert "held-out" not in model_card(description)
    measured = HeldOutError(error=31.4, low=-2.0, high=65.0, splits=10, molecules=12)
    card = description.card.model_copy(update={"held_out": measured})
    text = model_card(description.model_copy(update={"card": card}))
    assert card.expected_error == 31.4
    assert "about 31.4 K" in text
    assert "0.0 to 65.0 K" in text
    assert "10 splits" in text


@pytest.mark.parametrize("better", [True, False, None])
def test_a_model_that_need_not_be_better_than_guessing_says_so(description, better):
    measured = HeldOutError(
        error=14.4, low=8.8, high=21.3, splits=1, molecules=9, beats_constant=better
    )
    card = description.card.model_copy(update={"held_out": measured})
    doubtful = description.model_copy(update={"card": card})
    assert doubtful.is_doubtful is (better is False)
    assert (NO_BETTER_THAN_CONSTANT in model_card(doubtful)) is doubtful.is_doubtful


def test_the_card_names_the_members_and_what_they_need(description):
    text = model_card(description)
    assert "mean of the predictions of 2 models" in text
    assert "* ridge regression on mordred's 2D descriptors (`ridge_2d`, " in text
    assert "* extremely randomised trees on mordred's 2D descriptors and the mean 3D" in text
    assert "needs conformers of every molecule (4 from 2 protocols)" in text
    plain = description.model_copy(update={"members": description.members[:1]})
    assert "It needs no conformers." in model_card(plain)
    assert "The model is ridge regression on mordred's 2D descriptors" in model_card(plain)
    assert "cannot predict values beyond" not in model_card(plain)
    trees = description.model_copy(update={"members": description.members[1:]})
    assert "cannot predict values beyond this range" in model_card(trees)


def test_errors_of_logarithms_are_factors(description):
    card = description.card.model_copy(update={"half_width": 0.5, "error_in_decades": 1.0})
    logarithmic = description.property.model_copy(update={"transform": "log10"})
    text = model_card(description.model_copy(update={"card": card, "property": logarithmic}))
    assert "divided by 3.16 to the prediction times 3.16" in text
    assert "1.00 decades (a factor of 10.0)" in text


def test_too_few_molecules_have_no_interval(description):
    card = description.card.model_copy(update={"half_width": None, "error_low": None})
    text = model_card(description.model_copy(update={"card": card}))
    assert "too few for prediction intervals of 90% coverage" in text
    assert "95% interval" not in text


def test_learners_that_cannot_predict_beyond_their_labels_exist():
    assert set(BOUNDED) < set(get_args(Learner))


def test_the_card_cites_the_program_and_gives_the_documented_command(description):
    text = model_card(description)
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["title"] in text
    assert citation["authors"][0]["name"] in text
    assert f"{citation['license']} licence" in text
    command = next(line for line in text.splitlines() if line.startswith("snakemake"))
    assert command in (ROOT / "docs" / "prediction.md").read_text()


def markup(text):
    """Count what Markdown finds in a text besides text."""
    tokens = MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(text)
    inner = [child for token in tokens for child in token.children or ()]
    kinds = Counter(token.type for token in [*tokens, *inner])
    return {kind: n for kind, n in kinds.items() if not kind.startswith("text")}


LINKS = (
    "[a](http://a.example) ![b](c)",
    "`code` **bold** ~~x~~",
    "<http://b.example> &copy; | - |",
)


@pytest.mark.parametrize("triple", [*TRIPLES, LINKS], ids=range(len(TRIPLES) + 1))
def test_the_users_text_is_no_markup(description, triple):
    section = dict(zip(("name", "symbol", "unit"), triple, strict=True))
    hostile = description.property.model_copy(update=section)
    text = model_card(description.model_copy(update={"property": hostile}))
    assert markup(text) == markup(model_card(description))
    assert not [character for character in UNFIT if character in text]
