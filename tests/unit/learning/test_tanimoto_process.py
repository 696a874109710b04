"""The MinMax kernel and its process: closed forms, RDKit, scipy and scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator
from scipy.stats import multivariate_normal
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import (
    ConstantKernel,
    Kernel,
    StationaryKernelMixin,
    WhiteKernel,
)

from confaug.errors import UserError
from confaug.learning.minmax_kernel import minmax_similarities
from confaug.learning.tanimoto_process import NOISE_BOUNDS, Counts, TanimotoGaussianProcess


class MinMax(StationaryKernelMixin, Kernel):
    """The kernel as its definition says, for scikit-learn."""

    def __init__(self):
        """Have no parameters, which scikit-learn wants to read here."""

    def __call__(self, X, Y=None, eval_gradient=False):
        Y = X if Y is None else Y
        smaller, larger = (f(X[:, None], Y[None]).sum(-1) for f in (np.minimum, np.maximum))
        K = smaller / larger
        return (K, np.empty((*K.shape, 0))) if eval_gradient else K

    def diag(self, X):
        return np.ones(len(X))


def made_up(n=50, seed=0, noise=0.3):
    rng = np.random.default_rng(seed)
    X = rng.poisson(1.0, size=(n, 15)).astype(np.float64)
    y = 300 + 25 * (X[:, 0] - X[:, 1] + np.sqrt(X[:, 2]) + noise * rng.normal(size=n))
    return X, y


SMILES = ["CCO", "CCCCCCCC", "C=CC(=O)OCCCC", "c1ccccc1CC(=O)O", "CCCCCCCCCCCC", "OCC(O)CO"]


def test_similarities_are_those_of_rdkit():
    make = rdFingerprintGenerator.GetMorganGenerator(radius=2)
    mols = [Chem.MolFromSmiles(smiles) for smiles in SMILES]
    X = np.array([make.GetCountFingerprintAsNumPy(mol) for mol in mols], dtype=np.float64)
    prints = [make.GetCountFingerprint(mol) for mol in mols]
    expected = [[DataStructs.TanimotoSimilarity(one, two) for two in prints] for one in prints]
    np.testing.assert_allclose(minmax_similarities(X, X), expected, rtol=1e-14)


@settings(max_examples=50, deadline=None)
@given(arrays(np.float64, (8, 5), elements=st.integers(0, 6).map(float)))
def test_similarities_are_a_kernel(X):
    K = minmax_similarities(X, X)
    assert (np.diag(K) == 1).all()
    np.testing.assert_array_equal(K, K.T)
    assert ((K >= 0) & (K <= 1)).all()
    assert np.linalg.eigvalsh(K).min() > -1e-12
    alone = np.vstack([minmax_similarities(X[i : i + 1], X) for i in range(len(X))])
    np.testing.assert_array_equal(K, alone)


def test_predictions_are_those_of_the_closed_form():
    X, y = made_up()
    new, _ = made_up(20, seed=1)
    process = TanimotoGaussianProcess().fit(X, y)
    K = process.amplitude_ * minmax_similarities(X, X) + process.noise_ * np.eye(len(X))
    weights = np.linalg.solve(K, y - y.mean())
    expected = y.mean() + process.amplitude_ * minmax_similarities(new, X) @ weights
    np.testing.assert_allclose(process.predict(new), expected, rtol=1e-10)


def test_molecules_with_nothing_in_common_shrink_to_the_mean_by_the_noise():
    y = np.array([1.0, 4.0, 2.0, 9.0])
    process = TanimotoGaussianProcess().fit(np.eye(4), y)
    share = process.amplitude_ / (process.amplitude_ + process.noise_)
    np.testing.assert_allclose(process.predict(np.eye(4)), 4 + share * (y - 4), rtol=1e-12)
    assert process.predict(np.zeros((1, 4)))[0] == 4


@pytest.mark.parametrize("seed", range(3))
def test_no_other_variances_are_more_likely(seed):
    X, y = made_up(seed=seed, noise=float(seed))
    process = TanimotoGaussianProcess().fit(X, y)
    K, standard = minmax_similarities(X, X), (y - y.mean()) / y.std()

    def likelihood(amplitude, noise):
        covariance = amplitude * K + noise * np.eye(len(y))
        return multivariate_normal(cov=covariance).logpdf(standard)

    own = likelihood(process.amplitude_ / y.var(), process.noise_ / y.var())
    assert own == pytest.approx(process.log_marginal_likelihood_, rel=1e-9)
    assert NOISE_BOUNDS[0] <= process.noise_ / process.amplitude_ <= NOISE_BOUNDS[1] * (1 + 1e-9)
    for amplitude in np.geomspace(1e-2, 1e2, 15):
        for ratio in np.geomspace(*NOISE_BOUNDS, 15):
            assert likelihood(amplitude, amplitude * ratio) <= own + 1e-7


@pytest.mark.parametrize("seed", range(3))
def test_scikit_learn_finds_the_same(seed):
    X, y = made_up(25, seed=seed)
    new, _ = made_up(20, seed=seed + 10)
    X = np.vstack([X, X])  # molecules measured twice tell how large the noise is
    y = np.concatenate([y, y]) + 10 * np.random.default_rng(seed).normal(size=50)
    kernel = ConstantKernel(1.0, (1e-4, 1e4)) * MinMax() + WhiteKernel(0.1, (1e-6, 1e2))
    reference = GaussianProcessRegressor(
        kernel, normalize_y=True, n_restarts_optimizer=2, random_state=0
    ).fit(X, y)
    process = TanimotoGaussianProcess().fit(X, y)
    found = reference.log_marginal_likelihood_value_
    assert NOISE_BOUNDS[0] * 2 < process.noise_ / process.amplitude_ < NOISE_BOUNDS[1] / 2
    assert process.log_marginal_likelihood_ == pytest.approx(found, abs=1e-5)
    np.testing.assert_allclose(process.predict(new), reference.predict(new), rtol=1e-3)


def test_labels_without_noise_are_met_and_noise_is_not_followed():
    X, y = made_up(noise=0.0)
    assert np.abs(TanimotoGaussianProcess().fit(X, y).predict(X) - y).mean() < 0.2 * y.std()
    labels = np.random.default_rng(4).normal(size=len(X))
    process = TanimotoGaussianProcess().fit(X, labels)
    assert np.std(process.predict(X)) < 0.5 * labels.std()


def test_a_change_of_unit_changes_nothing_else():
    X, y = made_up()
    new, _ = made_up(20, seed=1)
    one = TanimotoGaussianProcess().fit(X, y).predict(new)
    other = TanimotoGaussianProcess().fit(X, 1000 * y - 5).predict(new)
    np.testing.assert_allclose(other, 1000 * one - 5, rtol=1e-6)


def test_equal_labels_are_predicted():
    X, _ = made_up()
    assert TanimotoGaussianProcess().fit(X, np.full(len(X), 7.0)).predict(X).tolist() == [7] * 50


def test_equal_molecules_with_different_labels_are_no_obstacle():
    X, y = made_up()
    twice = TanimotoGaussianProcess().fit(np.vstack([X, X]), np.concatenate([y - 1, y + 1]))
    assert np.abs(twice.predict(X) - y).mean() < 0.5 * y.std()


@pytest.mark.parametrize("value", [-1.0, 0.5])
def test_what_is_no_count_is_refused(value):
    X = np.array([[1.0, np.nan], [2.0, value]], dtype=np.float32)
    with pytest.raises(UserError, match="takes counts"):
        Counts().fit(X)


@pytest.mark.parametrize("value", [3.0, np.nan])
def test_counts_that_do_not_differ_are_refused(value):
    with pytest.raises(UserError, match="no count differs"):
        Counts().fit(np.full((5, 3), value))


def test_all_counts_are_kept_and_none_is_negative():
    X = np.array([[1, 1, 0], [2, 2, 0]], dtype=np.float32)
    step = Counts().fit(X)
    np.testing.assert_array_equal(step.transform(X), X)
    assert step.columns_.tolist() == [0, 1, 2]
    changed = step.transform(np.array([[-2.0, np.nan, 1.0]]))
    np.testing.assert_array_equal(changed, [[0.0, np.nan, 1.0]])
