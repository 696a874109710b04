"""One model of the trees of several predicts their mean, and is a model like any other."""

import lightgbm as lgb
import numpy as np
import pytest

from confaug.learning.mean_booster import mean_booster, model_seeds
from confaug.prediction.model_text import check_model_text

FEATURES = ["one", "two", "three", "four"]


def data():
    rng = np.random.default_rng(4)
    X = rng.normal(size=(200, 4))
    labels = 3 * X[:, 0] + X[:, 1] ** 2 + rng.normal(size=200)
    X[rng.random(X.shape) < 0.1] = np.nan
    return X, labels


def trained(seed, rounds, **further):
    X, labels = data()
    parameters = {"seed": seed, "extra_trees": True, "bagging_fraction": 0.7, "bagging_freq": 1}
    parameters |= {"num_leaves": 6, "num_threads": 1, "verbosity": -1, **further}
    dataset = lgb.Dataset(X, label=labels, feature_name=FEATURES, params=parameters)
    return lgb.train(parameters, dataset, num_boost_round=rounds)


@pytest.mark.parametrize("boosting", ["gbdt", "dart"])
def test_the_mean_of_models_of_different_lengths_is_predicted(boosting):
    models = [
        trained(seed, rounds, boosting=boosting) for seed, rounds in ((1, 9), (2, 30), (3, 1))
    ]
    mean, X = mean_booster(models), data()[0]
    assert mean.num_trees() == 40
    expected = np.mean([model.predict(X) for model in models], axis=0)
    assert np.std(models[0].predict(X) - expected) > 0.1, "the models differ"
    np.testing.assert_allclose(mean.predict(X), expected, rtol=1e-12, atol=1e-14)
    shap = np.mean([model.predict(X, pred_contrib=True) for model in models], axis=0)
    np.testing.assert_allclose(mean.predict(X, pred_contrib=True), shap, rtol=1e-9, atol=1e-12)


def test_its_text_is_accepted_and_predicts_the_same_to_the_last_digit():
    mean, X = mean_booster([trained(seed, 12) for seed in (1, 2, 3)]), data()[0]
    text = mean.model_to_string()
    checked = check_model_text(text.encode(), FEATURES, {"objective": "regression"})
    np.testing.assert_array_equal(lgb.Booster(model_str=checked).predict(X), mean.predict(X))
    assert mean.feature_name() == FEATURES
    assert lgb.Booster(model_str=text).model_to_string() == text


def test_models_that_cannot_split_are_averaged():
    models = [trained(seed, 5, min_data_in_leaf=150) for seed in (1, 2)]
    assert {model.dump_model()["tree_info"][0]["num_leaves"] for model in models} == {1}
    X, labels = data()
    np.testing.assert_allclose(mean_booster(models).predict(X), labels.mean(), rtol=1e-6)


def test_a_single_model_stays_what_it_is():
    model = trained(1, 3)
    assert mean_booster([model]) is model


def test_seeds_begin_with_the_given_one_and_are_those_of_no_neighbour():
    seeds = [model_seeds(seed, 10) for seed in range(50)]
    assert [own[0] for own in seeds] == list(range(50))
    assert len({one for own in seeds for one in own}) == 500
    assert max(one for own in seeds for one in own) < 2**31
    assert model_seeds(7, 3) == model_seeds(7, 10)[:3]
