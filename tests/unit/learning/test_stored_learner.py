"""Stored learners predict what scikit-learn's fits predict, and damage is refused before use."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.compose import TransformedTargetRegressor
from sklearn.pipeline import Pipeline

from confaug.learning.learners import make_learner
from confaug.learning.pipelines import LabelScaler
from confaug.learning.stored_learner import ARRAYS, StoredLearnerError, check_stored
from confaug.learning.storing import store

GRIDS = {
    "constant": [{"strategy": "mean"}, {"strategy": "median"}],
    "pls": [{"n_components": 1}, {"n_components": 6}],
    "ridge": [{"alpha": 1.0}, {"alpha": 1e4}],
    "gaussian_process": [{"kernel": "rbf"}, {"kernel": "matern"}],
    "tanimoto_gaussian_process": [{}],
    "extra_trees": [{"min_samples_leaf": 1}, {"min_samples_leaf": 2, "max_features": 0.1}],
}
CASES = [(learner, choice) for learner, choices in GRIDS.items() for choice in choices]


def table(n, seed):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 40)) * 10.0 ** rng.integers(-3, 4, 40)
    X[rng.random(X.shape) < 0.05] = np.nan
    X[:, 7] = 1.0  # constant: the filter drops it
    return X.astype(np.float32)


def counts(n, seed):
    rng = np.random.default_rng(seed)
    X = rng.poisson(0.5, size=(n, 40)).astype(np.float32)
    X[:, 9] = X[:, 8]  # a filter would drop it
    X[rng.random(X.shape) < 0.02] = np.nan
    X[-1] = np.nan  # a molecule whose counts could not be made
    return X


X, NEW = table(60, 1), table(300, 2)
TABLES = {"tanimoto_gaussian_process": (counts(60, 1), counts(300, 2))}
Y = 200 + 30 * np.tanh(np.nan_to_num(X[:, 0] / np.nanstd(X[:, 0]))) + np.arange(60) % 7


def fitted(learner, choice):
    steps = list(make_learner(learner).steps)
    model = TransformedTargetRegressor(
        Pipeline(steps).set_params(**{f"model__{name}": value for name, value in choice.items()}),
        transformer=LabelScaler(),
        check_inverse=False,
    )
    return model.fit(TABLES.get(learner, (X, NEW))[0], Y)


def stored_of(learner, choice):
    stored, columns = store(learner, fitted(learner, choice))
    check_stored(stored, len(columns))
    return stored, columns


@pytest.mark.parametrize(("learner", "choice"), CASES)
def test_predictions_are_those_of_scikit_learn(learner, choice):
    model, new = fitted(learner, choice), TABLES.get(learner, (X, NEW))[1]
    stored, columns = store(learner, model)
    found = model.transformer_.inverse_transform(stored.predict(new[:, columns]))
    expected = np.ravel(model.predict(new))
    if learner in ("constant", "extra_trees"):
        np.testing.assert_array_equal(found, expected)
    else:
        np.testing.assert_allclose(found, expected, rtol=1e-11)


@pytest.mark.parametrize(("learner", "choice"), CASES)
def test_a_prediction_does_not_depend_on_the_rows_beside_it(learner, choice):
    stored, columns = stored_of(learner, choice)
    new = TABLES.get(learner, (X, NEW))[1]
    whole = stored.predict(new[:, columns])
    alone = [stored.predict(new[i : i + 1, columns])[0] for i in range(len(new))]
    np.testing.assert_array_equal(whole, alone)
    assert stored.predict(new[:0, columns]).shape == (0,)


def changed(stored, name, change):
    array = stored.arrays[name].copy()
    change(array)
    return replace(stored, arrays={**stored.arrays, name: array})


def put(place, value):
    return lambda array: array.__setitem__(place, value)


TREE_DAMAGES = {
    "a child that is its parent": ("nodes", put((0, 0), 0)),
    "a child before its parent": ("nodes", put((1, 1), 0)),
    "a child in the next tree": ("nodes", put((0, 1), 1e9)),
    "one child only": ("nodes", put((0, 0), -1)),
    "a feature that is not there": ("nodes", put((0, 2), 4000)),
    "a negative feature": ("nodes", put((0, 2), -3)),
    "half a place": ("nodes", put((0, 0), 1.5)),
    "a threshold that is no number": ("nodes", put((0, 3), np.nan)),
    "an infinite answer": ("nodes", put((-1, 4), np.inf)),
    "a tree that is longer than all": ("sizes", put((0, 0), 1e6)),
    "an empty tree": ("sizes", put((0, 0), 0)),
    "a tree of negative size": ("sizes", put((0, 0), -5)),
}


@pytest.mark.parametrize("damage", TREE_DAMAGES)
def test_damaged_trees_are_refused(damage):
    stored, columns = stored_of("extra_trees", {})
    with pytest.raises(StoredLearnerError):
        check_stored(changed(stored, *TREE_DAMAGES[damage]), len(columns))


@pytest.mark.parametrize(("learner", "choice"), CASES)
def test_every_array_and_number_is_checked(learner, choice):
    stored, columns = stored_of(learner, choice)
    for name in stored.arrays:
        bad = [
            changed(stored, name, put((0, 0), np.nan)),
            changed(stored, name, put((0, 0), np.inf)),
            replace(stored, arrays={**stored.arrays, name: stored.arrays[name][:, :0]}),
            replace(stored, arrays={**stored.arrays, name: stored.arrays[name].ravel()}),
            replace(stored, arrays={k: v for k, v in stored.arrays.items() if k != name}),
        ]
        for case in bad:
            with pytest.raises(StoredLearnerError):
                check_stored(case, len(columns))
    for name in stored.numbers:
        for value in (np.nan, np.inf):
            with pytest.raises(StoredLearnerError):
                check_stored(replace(stored, numbers={**stored.numbers, name: value}), len(columns))
    if ARRAYS[learner]:
        with pytest.raises(StoredLearnerError):
            check_stored(stored, len(columns) + 1)
    with pytest.raises(StoredLearnerError, match="not known"):
        check_stored(replace(stored, learner="os.system"), len(columns))


def test_scales_that_divide_by_nothing_are_refused():
    stored, columns = stored_of("ridge", {})
    with pytest.raises(StoredLearnerError, match="scale"):
        check_stored(changed(stored, "scale", put((1, 0), 0.0)), len(columns))
    stored, columns = stored_of("gaussian_process", {})
    for name in ("length_scale", "spread", "limit"):
        with pytest.raises(StoredLearnerError, match=name):
            check_stored(replace(stored, numbers={**stored.numbers, name: 0.0}), len(columns))


@pytest.mark.parametrize("value", [-1.0, 0.5, 1e300])
@pytest.mark.parametrize("name", ["training", "fill"])
def test_what_is_no_count_is_refused(name, value):
    stored, columns = stored_of("tanimoto_gaussian_process", {})
    with pytest.raises(StoredLearnerError, match=f"{name} has a value that is no count"):
        check_stored(changed(stored, name, put((0, 0), value)), len(columns))


def test_a_molecule_without_counts_gets_the_mean():
    stored, columns = stored_of("tanimoto_gaussian_process", {})
    nothing = np.full((1, len(columns)), np.nan, np.float32)
    without = replace(
        stored,
        arrays={
            **stored.arrays,
            "training": stored.arrays["training"][:59],
            "weights": stored.arrays["weights"][:, :59],
        },
    )
    assert without.predict(nothing)[0] == stored.numbers["mean"]
