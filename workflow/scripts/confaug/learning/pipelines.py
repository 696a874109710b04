"""Steps of scikit-learn pipelines: descriptor filter, limits, label scaler, and two regressors."""

import warnings

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, RegressorMixin, TransformerMixin
from sklearn.cross_decomposition import PLSRegression
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Kernel, Matern, WhiteKernel

from confaug.errors import UserError
from confaug.learning.lightgbm_learner import LabelTransform, select_features
from confaug.learning.rows import Values


class DescriptorFilter(TransformerMixin, BaseEstimator):
    """Keep the descriptors that differ between training rows.

    The rule is that of the tuned learner (`lightgbm_learner.select_features`). In addition, at
    least half of the training rows must have a value, because gaps are filled.
    """

    def fit(self, X: NDArray[np.float32], y: object = None) -> "DescriptorFilter":
        """Choose columns from training rows."""
        X = np.asarray(X, dtype=np.float32)
        self.n_samples_seen_ = len(X)
        known = np.flatnonzero(np.isfinite(X).mean(axis=0) >= 0.5)
        if not len(known):
            raise UserError(
                "every descriptor is missing for most training molecules; remove the variants with "
                "this representation, or add another kind of columns to it"
            )
        names = [str(column) for column in known]
        self.columns_ = np.array([int(name) for name in select_features(X[:, known], names)])
        varied = np.nanmax(X[:, self.columns_], axis=0) > np.nanmin(X[:, self.columns_], axis=0)
        self.columns_ = self.columns_[varied]
        if not len(self.columns_):
            raise UserError(
                "no descriptor that most training molecules have differs between them; remove the "
                "variants with this learner, or add molecules"
            )
        return self

    def transform(self, X: NDArray[np.float32]) -> Values:
        """Return the chosen columns."""
        return np.asarray(X, dtype=np.float64)[:, self.columns_]


class Clip(TransformerMixin, BaseEstimator):
    """Limit scaled descriptors, so that predictions of unusual molecules stay near the others."""

    def __init__(self, limit: float = 5.0) -> None:
        self.limit = limit

    def fit(self, X: Values, y: object = None) -> "Clip":
        """Learn nothing."""
        self.fitted_ = True
        return self

    def transform(self, X: Values) -> Values:
        """Return the values, none farther from 0 than the limit."""
        return np.clip(X, -self.limit, self.limit)


class GaussianProcess(RegressorMixin, BaseEstimator):
    """Gaussian process regression with one length scale for all descriptors.

    Its starting length scale is the root of the number of descriptors, the typical distance of
    standardised rows; amplitude, length scale and noise are then fitted by marginal likelihood.

    Parameters
    ----------
    kernel
        ``rbf`` or ``matern`` (smoothness 3/2).
    """

    def __init__(self, kernel: str = "rbf") -> None:
        self.kernel = kernel

    def fit(self, X: Values, y: Values) -> "GaussianProcess":
        """Fit the hyper-parameters and the regression."""
        scale = float(np.sqrt(X.shape[1]))
        bounds = (scale / 30, scale * 30)
        shape: Kernel = (
            RBF(scale, bounds) if self.kernel == "rbf" else Matern(scale, bounds, nu=1.5)
        )
        kernel = ConstantKernel(1.0, (1e-2, 1e3)) * shape + WhiteKernel(0.1, (1e-3, 1e1))
        self.process_ = GaussianProcessRegressor(kernel, normalize_y=True, random_state=0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a value at its bound is accepted
            self.process_.fit(X, y)
        return self

    def predict(self, X: Values) -> Values:
        """Return the mean of the process."""
        mean: Values = self.process_.predict(X)
        return mean


class PartialLeastSquares(RegressorMixin, BaseEstimator):
    """Partial least squares with as many components as asked for, or as the rows allow.

    Parameters
    ----------
    n_components
        Components wanted.
    """

    def __init__(self, n_components: int = 2) -> None:
        self.n_components = n_components

    def fit(self, X: Values, y: Values) -> "PartialLeastSquares":
        """Fit the components and the regression on them."""
        possible = min(self.n_components, X.shape[1], len(X) - 1)
        self.regression_ = PLSRegression(max(1, possible), scale=False).fit(X, y)
        return self

    def predict(self, X: Values) -> Values:
        """Predict rows."""
        return np.ravel(self.regression_.predict(X))


class LabelScaler(TransformerMixin, BaseEstimator):
    """Transform labels as configured, then centre and scale them (`LabelTransform`).

    Parameters
    ----------
    name
        ``none`` or ``log10``.
    """

    def __init__(self, name: str = "none") -> None:
        self.name = name

    def fit(self, y: Values, _: object = None) -> "LabelScaler":
        """Learn centre and scale from training labels."""
        self.fitted_ = LabelTransform(self.name).fitted(y)
        return self

    def transform(self, y: Values) -> Values:
        """Transform labels for learning."""
        return self.fitted_.forward(y)

    def inverse_transform(self, y: Values) -> Values:
        """Transform learned values back to label units."""
        return self.fitted_.inverse(y)
