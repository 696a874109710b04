"""Controls: rows in which the shapes are replaced by noise, or by copies of their mean.

A model that is as good on them has gained from the number of rows, not from conformer geometry.
"""

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from confaug.infrastructure import random_draws
from confaug.learning.augmented_table import AugmentedTable, Wanted
from confaug.learning.conformer_rows import (
    RowSettings,
    iter_molecules_3d,
    mean,
    nan_mean,
    rows_3d,
)
from confaug.learning.rows import Matrix, Rows


def noise(table: AugmentedTable, wanted: Wanted, settings: RowSettings) -> Rows:
    """Return `augmented` with Gaussian noise in place of the scatter between conformers.

    As many rows are drawn as there are conformers, whichever of them are kept.
    """
    few = wanted.per_molecule(settings.rows_per_molecule)
    noisy = np.empty((len(few.owner), len(table.names_3d)), dtype=np.float32)
    ranks = [wanted.rank[part] for part in wanted.slices()]
    places = list(few.slices())
    for number, X in iter_molecules_3d(table, wanted):
        generator = _noise_generator(str(wanted.molecules[number]), settings.seed)
        kept = ranks[number] < places[number].stop - places[number].start
        noisy[places[number]] = gaussian_scatter(X, generator)[kept]
    return rows_3d(table, few, noisy)


def duplicated(table: AugmentedTable, wanted: Wanted, settings: RowSettings) -> Rows:
    """Return `mean`, each row repeated as often as the molecule has conformers."""
    few = wanted.per_molecule(settings.rows_per_molecule)
    return rows_3d(table, few, mean(table, wanted, settings).X[few.owner])


def gaussian_scatter(X: Matrix, generator: np.random.Generator) -> NDArray[np.float64]:
    """Replace the scatter of rows by Gaussian noise with the same mean and covariance.

    With the centred rows ``D`` and a matrix ``Z`` of independent standard normal numbers, the
    rows of ``Z @ D / sqrt(n - 1)`` are normal with the covariance ``D.T @ D / (n - 1)``, which is
    the sample covariance; no large covariance matrix is made.

    Parameters
    ----------
    X
        Shape (n, n_features). A value that is NaN counts as the mean of its column; a column
        without any value stays NaN.
    generator
        Source of ``Z``.

    Returns
    -------
    ndarray
        Shape (n, n_features). A single row is returned as it is.
    """
    middle = nan_mean(X)
    n = len(X)
    if n == 1:
        return X.astype(np.float64)
    deviations = np.nan_to_num(X - middle, nan=0.0)
    with threadpool_limits(limits=1):  # the order of a BLAS sum may depend on its threads
        scattered: NDArray[np.float64] = middle + generator.standard_normal(
            (n, n)
        ) @ deviations / np.sqrt(n - 1)
    return scattered


def _noise_generator(molecule: str, seed: int) -> np.random.Generator:
    """Return the source of the noise of one molecule."""
    return np.random.default_rng(random_draws.integer(f"gaussian_noise|{seed}|{molecule}"))
