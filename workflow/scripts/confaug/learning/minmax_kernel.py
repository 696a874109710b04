"""The MinMax kernel, the Tanimoto similarity of counts, with numpy and scipy alone."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist


def minmax_similarities(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the MinMax similarity of every row of `a` to every row of `b`.

    The sum of the smaller counts of two molecules over the sum of the larger ones: 1 for equal
    rows, 0 for rows that have nothing in common. For bits it is the Tanimoto similarity. It is
    positive semidefinite (Ralaivola, Swamidass, Saigo and Baldi, Neural Networks 2005, 18, 1093).
    Two rows of zeros are equal.

    Every entry is calculated from its two rows alone, and exactly but for the last division if all
    values are counts.

    Parameters
    ----------
    a, b
        Non-negative values, shapes (n, n_features) and (m, n_features).

    Returns
    -------
    numpy.ndarray
        Shape (n, m).

    Examples
    --------
    >>> minmax_similarities(np.array([[2.0, 0.0, 1.0]]), np.array([[1.0, 1.0, 1.0]]))
    array([[0.5]])
    """
    # |x - y| = max(x, y) - min(x, y) and x + y = max(x, y) + min(x, y)
    difference = cdist(a, b, "cityblock")
    total = a.sum(axis=1)[:, None] + b.sum(axis=1)
    smaller, larger = total - difference, total + difference
    similarities: NDArray[np.float64] = np.divide(
        smaller, larger, out=np.ones_like(larger), where=larger > 0
    )
    return similarities
