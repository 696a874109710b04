"""A Gaussian process on counts, whose covariance is the MinMax kernel."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.base import BaseEstimator, RegressorMixin, TransformerMixin

from confaug.errors import UserError
from confaug.learning.minmax_kernel import minmax_similarities
from confaug.learning.rows import Values

#: Where the variance of the noise, divided by the amplitude, is sought.
NOISE_BOUNDS = (1e-4, 1e2)
#: Places per decade at which the likelihood is looked at before its maximum is refined.
_PER_DECADE = 20


class Counts(TransformerMixin, BaseEstimator):
    """Take all columns, which have to be counts.

    None is left out: a new molecule is less similar to the training molecules for what none of them
    has.
    """

    def fit(self, X: NDArray[np.float32], y: object = None) -> "Counts":
        """Check training rows.

        Raises
        ------
        UserError
            If a value is negative or no whole number, or if all rows are equal.
        """
        X = np.asarray(X, dtype=np.float32)
        known = X[np.isfinite(X)]
        if (known < 0).any() or (known != np.floor(known)).any():
            raise UserError(
                "learner 'tanimoto_gaussian_process' takes counts, but there are descriptors that "
                "are negative or no whole numbers; give it a representation of counts alone"
            )
        filled = np.nan_to_num(X)
        if not (filled != filled[:1]).any():
            raise UserError(
                "no count differs between the training molecules; remove the variants with learner "
                "'tanimoto_gaussian_process', or add molecules"
            )
        self.n_samples_seen_ = len(X)
        self.columns_ = np.arange(X.shape[1])
        return self

    def transform(self, X: NDArray[np.float32]) -> Values:
        """Return all columns, negative values as 0."""
        return np.maximum(np.asarray(X, dtype=np.float64), 0.0)


class TanimotoGaussianProcess(RegressorMixin, BaseEstimator):
    """Gaussian process regression with the MinMax kernel.

    The covariance of two molecules is the amplitude times the MinMax similarity of their counts,
    and a measurement adds noise of equal variance. There is no length scale, which so few molecules
    could hardly determine. Both variances are those of the largest marginal likelihood. For a given
    ratio of noise to amplitude, the best amplitude has a closed form, so that the likelihood is
    maximised over the ratio alone, between the limits `NOISE_BOUNDS`.

    Labels are centred at their mean. Far from all training molecules, this is the prediction.

    Kernel: Ralaivola, Swamidass, Saigo and Baldi, Neural Networks 2005, 18, 1093. Gaussian process:
    Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, equations 2.25 and 2.30.

    Attributes
    ----------
    amplitude_, noise_
        Variances in the unit of the labels squared.
    log_marginal_likelihood_
        Of the labels, divided by their standard deviation.
    X_train_
        Counts of the training molecules, shape (n_samples, n_features).
    weights_
        Shape (n_samples,): a prediction is `mean_` plus the sum of the similarities to the training
        molecules, weighted by these.
    mean_
        Mean of the training labels.

    Examples
    --------
    >>> X = np.array([[3.0, 0.0], [2.0, 1.0], [0.0, 3.0]])
    >>> process = TanimotoGaussianProcess().fit(X, np.array([1.0, 2.0, 6.0]))
    >>> process.predict(np.zeros((1, 2)))  # nothing in common with any: the mean
    array([3.])
    """

    def fit(self, X: Values, y: Values) -> "TanimotoGaussianProcess":
        """Fit the two variances and the regression."""
        self.X_train_ = np.asarray(X, dtype=np.float64)
        self.mean_ = float(np.mean(y))
        spread = float(np.std(y)) or 1.0
        standardised = (np.asarray(y, dtype=np.float64) - self.mean_) / spread
        values, vectors = np.linalg.eigh(minmax_similarities(self.X_train_, self.X_train_))
        spectrum = _Spectrum(np.maximum(values, 0.0), vectors.T @ standardised)
        ratio = _most_likely_ratio(spectrum)
        amplitude = spectrum.amplitude(ratio)
        self.amplitude_ = amplitude * spread**2
        self.noise_ = ratio * self.amplitude_
        self.log_marginal_likelihood_ = spectrum.log_likelihood(ratio)
        self.weights_ = spread * (vectors @ (spectrum.loadings / (spectrum.values + ratio)))
        return self

    def predict(self, X: Values) -> Values:
        """Return the mean of the process."""
        similarities = minmax_similarities(np.asarray(X, dtype=np.float64), self.X_train_)
        mean: Values = self.mean_ + similarities @ self.weights_
        return mean


class _Spectrum:
    """The labels in the basis of the kernel's eigenvectors, in which the likelihood is a sum.

    Parameters
    ----------
    values
        Eigenvalues of the similarities of the training molecules, shape (n,).
    loadings
        Projections of the labels on the eigenvectors, shape (n,).
    """

    def __init__(self, values: Values, loadings: Values) -> None:
        self.values, self.loadings = values, loadings

    def amplitude(self, ratio: float) -> float:
        """Return the most likely amplitude, given the ratio of noise to amplitude."""
        return float(np.mean(self.loadings**2 / (self.values + ratio)))

    def log_likelihood(self, ratio: float) -> float:
        """Return the log marginal likelihood at the most likely amplitude."""
        n, amplitude = len(self.values), self.amplitude(ratio)
        if amplitude <= 0:  # all labels are equal
            return 0.0
        determinant = n * np.log(amplitude) + np.sum(np.log(self.values + ratio))
        return float(-0.5 * (n + determinant + n * np.log(2 * np.pi)))


def _most_likely_ratio(spectrum: _Spectrum) -> float:
    """Return the ratio of noise to amplitude that makes the labels most likely.

    The likelihood may have several maxima, so the whole range is looked at first.
    """
    low, high = np.log10(NOISE_BOUNDS)
    places = np.linspace(low, high, int(_PER_DECADE * (high - low)) + 1)

    def loss(power: float) -> float:
        return -spectrum.log_likelihood(10.0**power)

    best = int(np.argmin([loss(place) for place in places]))
    around = places[max(best - 1, 0)], places[min(best + 1, len(places) - 1)]
    refined = minimize_scalar(loss, bounds=around, method="bounded", options={"xatol": 1e-6})
    chosen = min((float(refined.x), float(places[best])), key=loss)
    return float(10.0**chosen)
