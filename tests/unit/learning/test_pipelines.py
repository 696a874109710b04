import numpy as np
import pytest
from sklearn.linear_model import Ridge

from confaug.errors import UserError
from confaug.learning.pipelines import DescriptorFilter, GaussianProcess


def test_filter_drops_constant_empty_and_mostly_missing_columns():
    nan = np.nan
    X = np.array([[1, 5, nan, nan], [2, 5, nan, nan], [3, 5, nan, 4], [1, 5, 1, nan]])
    chosen = DescriptorFilter().fit(X)
    np.testing.assert_array_equal(chosen.transform(X), X[:, :1])


def test_a_gap_alone_is_no_variation():
    with pytest.raises(UserError, match="no descriptor that most training molecules have"):
        DescriptorFilter().fit(np.array([[1.0], [1.0], [np.nan]]))
    with pytest.raises(UserError, match="every descriptor is missing for most training molecules"):
        DescriptorFilter().fit(np.array([[1.0], [np.nan], [np.nan]]))


def test_gaussian_process_agrees_with_ridge_on_a_linear_law():
    rng = np.random.default_rng(0)
    X, T = rng.normal(size=(40, 3)), rng.normal(size=(10, 3))
    law = np.array([3.0, -2.0, 1.0])
    process = GaussianProcess().fit(X, X @ law)
    linear = Ridge(alpha=1e-6).fit(X, X @ law)
    np.testing.assert_allclose(process.predict(T), linear.predict(T), atol=1.0)
