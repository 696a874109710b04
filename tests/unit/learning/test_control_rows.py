import numpy as np

from confaug.learning.control_rows import gaussian_scatter


def test_noise_has_the_mean_and_the_covariance_of_the_conformers():
    rng = np.random.default_rng(0)
    X = (rng.normal(size=(40, 3)) @ np.array([[2, 1, 0], [0, 1, 0.5], [0, 0, 3.0]]) + 5).astype(
        np.float32
    )
    draws = np.vstack([gaussian_scatter(X, np.random.default_rng(i)) for i in range(500)])
    np.testing.assert_allclose(draws.mean(axis=0), X.mean(axis=0), atol=0.1)
    np.testing.assert_allclose(np.cov(draws.T), np.cov(X.T), rtol=0.06, atol=0.1)


def test_noise_keeps_a_single_row_and_columns_without_values():
    X = np.array([[1.0, np.nan]], dtype=np.float32)
    np.testing.assert_array_equal(gaussian_scatter(X, np.random.default_rng(0)), X)
    X = np.array([[1.0, np.nan], [3.0, np.nan]], dtype=np.float32)
    noisy = gaussian_scatter(X, np.random.default_rng(0))
    assert np.isfinite(noisy[:, 0]).all()
    assert np.isnan(noisy[:, 1]).all()
