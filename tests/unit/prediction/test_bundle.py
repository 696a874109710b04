import pickle
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
from learning_study import PROTOCOLS, make_study, rows_of
from resealing import forge

from confaug.config.settings.tuning import TuningSettings
from confaug.config.settings.variants import Variant
from confaug.errors import UserError
from confaug.infrastructure.files import canonical_json
from confaug.learning.datasets import read_learning_data
from confaug.learning.fitted_model import fit_as_tuned
from confaug.learning.fitting import fit_variant
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.prediction.bundle import load_bundle, write_bundle
from confaug.prediction.describe_model import describe_model

SECTION = {
    "initial_points": 1,
    "iterations": 0,
    "max_rounds": 20,
    "space": {"num_leaves": {"type": "int", "low": 3, "high": 6}},
}


@pytest.fixture(scope="module", params=["none", "log10"])
def fitted(request, tmp_path_factory):
    study = make_study(tmp_path_factory.mktemp("study"))
    variant = Variant(representation=("mordred_2d", "augmented_3d"), learner="lightgbm")
    data = read_learning_data(study.files, study.facts, study.split, variant, PROTOCOLS)
    rows = rows_of(study, variant.representation, data.molecules("train"))
    labels = data.labels_of(rows.molecules)
    model = fit_variant(data, TuningSettings(**SECTION), transform=LabelTransform(request.param))
    names = {"name": "Boiling point", "symbol": "Tb", "unit": "K"}
    settings = {
        "code": "abc",
        "property": {**names, "transform": request.param},
        "tuning": SECTION,
    }
    description = describe_model(
        "mine", {"mine": model}, {"mine": variant}, model.cross_validation, data, settings
    )
    fits = [replace(model.fits[-1], molecules=rows.molecules[1:])]
    with pytest.raises(UserError, match="mine was fitted on other molecules"):
        describe_model(
            "mine",
            {"mine": replace(model, fits=fits)},
            {"mine": variant},
            model.cross_validation,
            data,
            settings,
        )
    return rows, labels, model, description


def write(fitted, folder, model=None):
    rows, _, own, description = fitted
    described = pa.table({"molecule": rows.molecules.tolist(), "MW": np.arange(len(rows.counts))})
    write_bundle([model or own], description, described, folder)
    return load_bundle(folder)


def test_a_bundle_predicts_like_the_model_it_was_made_from(fitted, tmp_path):
    rows, labels, model, _ = fitted
    member = write(fitted, tmp_path).only_member
    booster, transform = model.learned, model.transform
    expected = transform.inverse(booster.predict(rows.with_features(model.features)))
    np.testing.assert_array_equal(member.predict_rows(rows.X, rows.feature_names), expected)
    order = np.random.default_rng(0).permutation(len(rows.feature_names))
    names = [rows.feature_names[i] for i in order]
    np.testing.assert_array_equal(member.predict_rows(rows.X[:, order], names), expected)
    assert np.mean(np.abs(expected - rows.expand(labels))) < 40, "in label units"


def test_a_missing_descriptor_is_named(fitted, tmp_path):
    rows = fitted[0]
    member = write(fitted, tmp_path).only_member
    with pytest.raises(UserError, match="'nC'"):
        member.predict_rows(rows.X[:, 1:], rows.feature_names[1:])


def test_contributions_add_up_to_the_prediction_or_its_logarithm(fitted, tmp_path):
    rows, _, model, _ = fitted
    member = write(fitted, tmp_path).only_member
    shares = member.contributions(rows.X, rows.feature_names)
    assert shares.shape == (len(rows.X), len(model.features) + 1)
    predicted = member.predict_rows(rows.X, rows.feature_names)
    expected = np.log10(predicted) if model.transform.name == "log10" else predicted
    np.testing.assert_allclose(shares.sum(axis=1), expected, rtol=1e-6)


def test_the_document_tells_what_a_user_has_to_know(fitted, tmp_path):
    rows, labels, _, _ = fitted
    document = write(fitted, tmp_path).description
    training = document.training_molecules
    assert [entry.molecule for entry in training] == rows.molecules.tolist()
    assert [entry.label for entry in training] == labels.tolist()
    for entry in training:
        assert entry.residual == pytest.approx(entry.label - entry.prediction)
        assert set(entry.smiles) == {"C"}
    assert set(document.versions) >= {"lightgbm", "rdkit", "mordredcommunity"}
    assert document.protocols == tuple(PROTOCOLS)
    assert document.code == "abc"
    (member,) = document.members
    assert document.model == member.name == "mine"
    assert member.feature_filter.offered == 10
    assert member.feature_filter.used == len(member.features) < 10


def test_equal_models_give_equal_bytes_for_any_number_of_threads(fitted, tmp_path):
    rows, labels, model, _ = fitted
    contents = []
    for threads in (1, 2):
        again = fit_as_tuned(
            rows,
            labels,
            model.tuned,
            model.cross_validation,
            transform=model.transform,
            threads=threads,
        )
        folder = tmp_path / str(threads)
        write(fitted, folder, again)
        contents.append([path.read_bytes() for path in sorted(folder.iterdir())])
    assert contents[0] == contents[1]
    assert str(tmp_path).encode() not in contents[0][0]


def test_loading_runs_no_pickle(fitted, tmp_path, monkeypatch):
    def forbidden(*_):
        raise AssertionError("a bundle must load without pickle")

    write(fitted, tmp_path)
    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, forbidden)
    assert load_bundle(tmp_path).description.features == fitted[2].features


def test_json_is_always_the_same_and_has_no_nan():
    assert canonical_json({"b": 1, "a": 2.5}) == canonical_json({"a": 2.5, "b": 1})
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"a": float("nan")})


def test_what_is_not_a_bundle_is_named(fitted, tmp_path):
    with pytest.raises(UserError, match=r"lacks bundle\.json"):
        load_bundle(tmp_path)
    write(fitted, tmp_path)
    (tmp_path / "model.txt").write_text("nonsense")
    forge(tmp_path, lambda document: document["members"][0].update(text_bytes=8))
    with pytest.raises(UserError, match="is not a LightGBM model"):
        load_bundle(tmp_path)
    write(fitted, tmp_path)
    forge(tmp_path, lambda document: document.update(schema_version=99))
    with pytest.raises(UserError, match="version 99"):
        load_bundle(tmp_path)
    for features in (fitted[2].features[1:], fitted[2].features[::-1]):
        write(fitted, tmp_path)
        forge(tmp_path, lambda d, other=features: d["members"][0].update(features=other))
        with pytest.raises(UserError, match="is not a LightGBM model of this program"):
            load_bundle(tmp_path)
    (tmp_path / "bundle.json").write_text("[]")
    with pytest.raises(UserError, match="not the description of a model"):
        load_bundle(tmp_path)


def test_a_model_that_answers_with_infinity_is_refused(fitted, tmp_path):
    rows = fitted[0]
    member = write(fitted, tmp_path).only_member

    def add(answer):
        learned = SimpleNamespace(predict=lambda *_, **__: answer)
        return replace(member, learned=learned).predict_rows(rows.X, rows.feature_names)

    good = np.ones(len(rows.X))
    assert np.isfinite(add(good)).all()
    for answer in (good[1:], good[:, None], np.inf * good, np.nan * good, 1e101 * good):
        with pytest.raises(UserError, match="not return one finite number of at most"):
            add(answer)
