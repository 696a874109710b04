"""Statistics over conformers against closed forms, pandas and SciPy."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from learning_study import NAMES_3D, PROTOCOLS, make_study
from scipy.constants import calorie, kilo
from scipy.constants import gas_constant as joules
from scipy.special import softmax

from confaug.config.settings.descriptors import DescriptorSettings
from confaug.learning import conformer_rows
from confaug.learning.augmented_table import AugmentedTable
from confaug.learning.conformer_rows import RowSettings
from confaug.learning.ensemble_statistics import (
    GAS_CONSTANT,
    STATISTICS,
    boltzmann_weights,
    ensemble_statistics,
    ensemble_statistics_rows,
    statistic_columns,
)

SETTINGS = RowSettings(PROTOCOLS, seed=1, rows_per_molecule=None)
BARE = 2


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return make_study(tmp_path_factory.mktemp("study"), bare=(BARE,), shuffle=3)


@pytest.fixture(scope="module")
def frame(study):
    return pd.read_parquet(study.augmented).sort_values(["molecule", "protocol", "conformer"])


def rows_of(study, settings=SETTINGS, only_protocols=None, path=None):
    table = AugmentedTable(path or study.augmented, NAMES_3D)
    return ensemble_statistics_rows(table, table.locate(study.molecules, only_protocols), settings)


def columns(rows, statistic):
    return rows.with_features([f"{statistic}_{name}" for name in NAMES_3D])


def weighted_means(rows, temperature=298.15, window=5.0):
    """Return the Boltzmann-weighted means of each molecule of some rows, by SciPy."""
    beta = kilo * calorie / (joules * temperature)

    def mean(own):
        own = own[own.energy <= own.energy.min() + window]
        return pd.Series(softmax(-beta * own.energy) @ own[list(NAMES_3D)], index=NAMES_3D)

    return rows.groupby("molecule").apply(mean, include_groups=False)


def test_one_row_of_each_molecule(study):
    rows = rows_of(study)
    assert rows.feature_names == tuple(f"{s}_{name}" for s in STATISTICS for name in NAMES_3D)
    assert rows.molecules.tolist() == list(study.molecules)
    assert rows.counts.tolist() == [1] * len(study.molecules)
    assert rows.rank.tolist() == [0] * len(study.molecules)


def test_statistics_are_those_of_pandas(study, frame):
    rows = rows_of(study)
    groups = frame.groupby("molecule")[list(NAMES_3D)]
    reference = {
        "mean": groups.mean(),
        "sd": groups.std(ddof=0),
        "min": groups.min(),
        "max": groups.max(),
    }
    for statistic, expected in reference.items():
        np.testing.assert_allclose(columns(rows, statistic), expected, rtol=1e-6)


@pytest.mark.parametrize(("temperature", "window"), [(298.15, 5.0), (500.0, 0.4), (1.0, 10000.0)])
def test_weighted_means_are_those_of_scipy(study, frame, temperature, window):
    chosen = DescriptorSettings(boltzmann_temperature=temperature, energy_window=window)
    rows = rows_of(study, replace(SETTINGS, descriptors=chosen))
    own = frame[frame.protocol == "etkdg_mmff"]  # the first configured one with energies
    expected = weighted_means(own, temperature, window).reindex(study.molecules)
    np.testing.assert_allclose(columns(rows, "boltzmann"), expected, rtol=1e-5)
    assert np.isnan(columns(rows, "boltzmann")).any(axis=1).sum() == 1


def test_the_first_configured_protocol_with_energies_gives_the_weights(study, frame):
    rows = rows_of(study, replace(SETTINGS, protocols=("dg", "etkdg_uff", "etkdg_mmff")))
    expected = weighted_means(frame[frame.protocol == "etkdg_uff"]).reindex(study.molecules)
    np.testing.assert_allclose(columns(rows, "boltzmann"), expected, rtol=1e-5)


def test_without_energies_the_weighted_means_alone_are_missing(study):
    rows = rows_of(study, only_protocols=["dg"])
    known = np.arange(len(study.molecules)) != BARE
    assert np.isnan(columns(rows, "boltzmann")).all()
    for statistic in ("mean", "sd", "min", "max"):
        np.testing.assert_array_equal(np.isfinite(columns(rows, statistic)).all(axis=1), known)
    assert np.isnan(rows.X[BARE]).all()


def test_rows_do_not_depend_on_pieces_or_on_the_order_of_the_file(study, tmp_path, monkeypatch):
    expected = rows_of(study).X
    table = pq.read_table(study.augmented)
    pq.write_table(table.take(np.arange(table.num_rows)[::-1]), tmp_path / "other.parquet")
    monkeypatch.setattr(conformer_rows, "PIECE_ROWS", 10)
    np.testing.assert_array_equal(rows_of(study, path=tmp_path / "other.parquet").X, expected)


def test_two_states_in_closed_form():
    kelvin, gap = 300.0, 1.0
    assert pytest.approx(1.987204e-3, rel=1e-6) == GAS_CONSTANT
    low, high = boltzmann_weights(np.array([-7.0, -7.0 + gap]), kelvin, 5.0)
    assert (low, high) == (1.0, pytest.approx(np.exp(-gap / (1.987204e-3 * kelvin))))
    assert boltzmann_weights(np.array([-7.0, -1.9]), kelvin, 5.0).tolist() == [1.0, 0.0]
    assert boltzmann_weights(np.full(3, np.inf), kelvin, 5.0).tolist() == [0.0] * 3
    assert boltzmann_weights(np.array([0.0, 1e300]), 1.0, np.inf).tolist() == [1.0, 0.0]


def test_undefined_values_are_left_out():
    X = np.array([[1.0, np.nan, np.nan], [np.nan, np.nan, 4.0], [5.0, np.nan, np.nan]])
    mean, sd, low, high, weighted = ensemble_statistics(X, np.array([1.0, 7.0, 3.0])).T[0]
    assert (mean, sd, low, high, weighted) == (3, 2, 1, 5, 4)
    assert np.isnan(ensemble_statistics(X, np.ones(3))[:, 1]).all()
    assert ensemble_statistics(X, np.ones(3))[:, 2].tolist() == [4, 0, 4, 4, 4]
    # The only conformer with a value may be one without a weight.
    assert np.isnan(ensemble_statistics(X, np.array([1.0, 0.0, 1.0]))[4, 2])


def test_a_single_conformer_does_not_deviate_from_itself():
    X = np.array([[0.1, -3.0]], dtype=np.float32)
    found = ensemble_statistics(X, np.ones(1))
    np.testing.assert_array_equal(found, np.array([X[0], 0 * X[0], X[0], X[0], X[0]]))
    assert np.isnan(ensemble_statistics(X, np.zeros(1))[4]).all()


@st.composite
def ensembles(draw):
    """Return descriptors, some undefined, and energies, some infinite, of some conformers."""
    shape = (draw(st.integers(1, 12)), draw(st.integers(1, 4)))
    number = st.floats(-(2.0**100), 2.0**100, width=32) | st.just(float("nan"))
    X = draw(npst.arrays(np.float32, shape, elements=number))
    energy = st.floats(-1e6, 1e6) | st.just(float("inf"))
    return X, draw(npst.arrays(np.float64, shape[0], elements=energy))


@given(ensembles(), st.floats(1, 10000), st.floats(1e-6, 10000))
def test_bounds(ensemble, temperature, window):
    X, energies = ensemble
    weights = boltzmann_weights(energies, temperature, window)
    mean, sd, low, high, weighted = ensemble_statistics(X, weights)
    known = np.isfinite(X).any(axis=0)
    assert np.isfinite([mean[known], sd[known], low[known], high[known]]).all()
    assert np.isnan([mean[~known], sd[~known], low[~known], high[~known], weighted[~known]]).all()
    lost = np.array([not weights[np.isfinite(column)].any() for column in X.T])
    np.testing.assert_array_equal(np.isnan(weighted), lost)
    slack = 1e-12 * (np.abs(low) + np.abs(high))
    assert ((mean >= low - slack) & (mean <= high + slack))[known].all()
    assert ((weighted >= low - slack) & (weighted <= high + slack))[~lost].all()
    assert ((sd >= 0) & (sd <= (high - low) / 2 + slack))[known].all()


@given(ensembles(), st.randoms(use_true_random=False))
def test_repeated_conformers_change_nothing(ensemble, random):
    X, energies = ensemble
    order = random.sample(range(len(X)), len(X))
    weights = boltzmann_weights(energies, 298.15, 5.0)
    once = ensemble_statistics(X, weights)
    twice = ensemble_statistics(np.vstack([X, X[order]]), np.append(weights, weights[order]))
    scale = np.nan_to_num(np.abs(X), nan=0).max(axis=0)
    np.testing.assert_allclose(twice, once, rtol=1e-9, atol=1e-9 * scale.max(initial=1e-300))


def test_names_of_columns():
    assert statistic_columns(["DPSA1"]) == [f"{one}_DPSA1" for one in STATISTICS]
