r"""Statistics of a molecule's 3D descriptors over its conformers, one row per molecule.

For every descriptor: the mean, the standard deviation (that of the conformers themselves, with
their number as the divisor, and so 0 for a single one), the minimum and the maximum over all
conformers, and the mean with Boltzmann weights

.. math:: w_k \propto \exp\left(-\frac{E_k - E_{\min}}{R T}\right)

over the conformers within an energy window above the lowest one. Force-field energies can be
compared within one protocol alone, so that these weights are those of the first configured protocol
with energies; under the others, a conformer has no weight. The energies are those of single
molecules in vacuo, without vibrations, and conformers that were found twice count twice.

Brethomé, Fletcher and Paton, ACS Catal. 2019, 9, 2313 (doi:10.1021/acscatal.8b04043):
Boltzmann-weighted means; Gensch et al., J. Am. Chem. Soc. 2022, 144, 1205
(doi:10.1021/jacs.1c09718): minima and maxima beside them.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from confaug.learning.augmented_table import AugmentedTable, Wanted
from confaug.learning.conformer_rows import (
    RowSettings,
    comparable_energies,
    iter_molecules_3d,
    nan_mean,
)
from confaug.learning.rows import Rows, Values

#: The statistics, in the order of `ensemble_statistics`.
STATISTICS = ("mean", "sd", "min", "max", "boltzmann")
#: Molar gas constant in kcal/(mol K).
GAS_CONSTANT = 8.31446261815324 / 4184


def ensemble_statistics_rows(table: AugmentedTable, wanted: Wanted, settings: RowSettings) -> Rows:
    """Return one row for each molecule: statistics of its 3D descriptors over the conformers.

    A molecule without conformers has a row of NaN. Boltzmann-weighted means are NaN for a molecule
    without energies.
    """
    names = statistic_columns(table.names_3d)
    molecules = wanted.first_rows().molecule
    X = np.empty((len(molecules), len(names)), dtype=np.float32)
    parts, chosen = list(wanted.slices()), settings.descriptors
    for number, conformers in iter_molecules_3d(table, wanted):
        energies = comparable_energies(wanted, parts[number], settings.protocols)
        weights = boltzmann_weights(energies, chosen.boltzmann_temperature, chosen.energy_window)
        X[number] = ensemble_statistics(conformers, weights).ravel()
    return Rows(X, tuple(names), molecules, np.zeros(len(molecules), dtype=np.int64))


def boltzmann_rows(table: AugmentedTable, wanted: Wanted, settings: RowSettings) -> Rows:
    """Return one row for each molecule: Boltzmann-weighted means of its 3D descriptors.

    They are NaN for a molecule without conformers or without energies.
    """
    statistics = ensemble_statistics_rows(table, wanted, settings)
    names = boltzmann_columns(table.names_3d)
    return replace(statistics, X=statistics.with_features(names), feature_names=tuple(names))


def statistic_columns(descriptors: Sequence[str]) -> list[str]:
    """Return the names of the columns, by statistic and descriptor.

    Examples
    --------
    >>> statistic_columns(["DPSA1", "PBF"])[:3]
    ['mean_DPSA1', 'mean_PBF', 'sd_DPSA1']
    """
    return [f"{statistic}_{name}" for statistic in STATISTICS for name in descriptors]


def boltzmann_columns(descriptors: Sequence[str]) -> list[str]:
    """Return the names of the columns that hold Boltzmann-weighted means.

    Examples
    --------
    >>> boltzmann_columns(["DPSA1", "PBF"])
    ['boltzmann_DPSA1', 'boltzmann_PBF']
    """
    return [f"boltzmann_{name}" for name in descriptors]


def boltzmann_weights(energies: Values, temperature: float, window: float) -> Values:
    """Return the weight of each conformer, 1 for the lowest energy.

    Parameters
    ----------
    energies
        In kcal/mol, shape (conformers,); infinite for conformers without one.
    temperature
        In K.
    window
        Conformers further than this above the lowest have no weight, in kcal/mol.

    Examples
    --------
    >>> boltzmann_weights(np.array([1.0, 1.0, 9.0]), 298.15, 5.0)
    array([1., 1., 0.])
    """
    weights = np.zeros(len(energies))
    known = np.isfinite(energies)
    if known.any():
        above = energies - energies[known].min()
        near = above <= window
        weights[near] = np.exp(-above[near] / (GAS_CONSTANT * temperature))
    return weights


def ensemble_statistics(X: NDArray[np.floating], weights: Values) -> Values:
    """Return statistics of every column, leaving out NaN.

    Parameters
    ----------
    X
        Descriptors, shape (conformers, descriptors).
    weights
        Shape (conformers,); not negative, in any unit.

    Returns
    -------
    ndarray
        Shape (5, descriptors), see `STATISTICS`. NaN where no conformer has a value, and the
        weighted mean also where none of them has a weight.

    Examples
    --------
    >>> ensemble_statistics(np.array([[1.0], [3.0]]), np.array([3.0, 1.0])).ravel()
    array([2. , 1. , 1. , 3. , 1.5])
    """
    X = np.asarray(X, dtype=np.float64)
    known = np.isfinite(X)
    mean = nan_mean(X)
    variance = nan_mean((X - mean) ** 2)
    low = np.where(known, X, np.inf).min(axis=0)
    high = np.where(known, X, -np.inf).max(axis=0)
    weight = np.where(known, weights[:, None], 0.0)
    with np.errstate(invalid="ignore"):
        # Relative to the minimum, so that the mean of equal values is that value.
        weighted = low + (weight * np.where(known, X - low, 0.0)).sum(axis=0) / weight.sum(axis=0)
    statistics = np.stack([mean, np.sqrt(variance), low, high, weighted])
    statistics[:, ~known.any(axis=0)] = np.nan
    return statistics
