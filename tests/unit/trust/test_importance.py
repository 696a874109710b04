"""SHAP summaries and variance components against LightGBM and against planted variances."""

import numpy as np
import pytest

from confaug.descriptors.names import EVERY_3D, NAMES_2D
from confaug.learning.rows import Rows
from confaug.tables.engine import check_table
from confaug.tables.trust import DESCRIPTOR_HEALTH, GROUP_IMPORTANCE, IMPORTANCE
from confaug.trust import descriptor_quality
from confaug.trust.descriptor_quality import (
    descriptor_health,
    typical_within_share,
    variance_components,
)
from confaug.trust.importance import (
    base_descriptor,
    dimension,
    family,
    group_importance_table,
    importance_summary,
    importance_table,
)


@pytest.mark.parametrize(
    ("name", "base", "of_dimension", "of_family"),
    [
        ("Mor05v", "Mor05v", "3D", "MoRSE"),
        ("minDPSA1", "DPSA1", "3D", "CPSA"),
        ("75%Mor01_ETKDGuff", "Mor01", "3D", "MoRSE"),
        ("sd_Mor01", "Mor01", "3D", "MoRSE"),
        ("boltzmann_MOMI-X", "MOMI-X", "3D", "MomentOfInertia"),
        ("maxDipole-mmff_ETKDGuff", "Dipole-mmff", "3D", "ChargeMoments"),
        ("mean_Dipole-gasteiger", "Dipole-gasteiger", "3D", "ChargeMoments"),
        ("maxMOMI-X", "MOMI-X", "3D", "MomentOfInertia"),
        ("MAXdO", "MAXdO", "2D", "EState"),
        ("SpAbs_A", "SpAbs_A", "2D", "AdjacencyMatrix"),
        ("rdkit_qed", "rdkit_qed", "2D", "RDKit"),
        ("as_given_rdkit_qed", "as_given_rdkit_qed", "2D", "RDKit"),
        ("as_given_ATS0dv", "as_given_ATS0dv", "2D", "Autocorrelation"),
        ("per_unit_rdkit_MolWt", "per_unit_rdkit_MolWt", "2D", "RDKit"),
        ("morgan1_0001", "morgan1_0001", "2D", "MorganCounts"),
        ("backbone_mass", "backbone_mass", "2D", "Backbone"),
        ("own_temperature", "own_temperature", "own", "OwnColumns"),
        ("unheard_of", "unheard_of", "2D", "other"),
    ],
)
def test_descriptors_are_placed(name, base, of_dimension, of_family):
    assert base_descriptor(name) == base
    assert dimension(name) == of_dimension
    assert family(name) == of_family


def test_every_descriptor_has_a_family():
    assert "other" not in {family(name) for name in (*NAMES_2D, *EVERY_3D)}
    assert {family(name) for name in EVERY_3D} == {
        *("CPSA", "GeometricalIndex", "GravitationalIndex", "MoRSE", "MomentOfInertia", "PBF"),
        "ChargeMoments",
    }


def test_molecules_count_the_same_and_opposites_cancel_jointly():
    names = ["Mor01", "Mor02", "nAtom"]
    contributions = np.array([[2.0, -2, 1, 300], [2, -2, 1, 300], [2, -2, 1, 300], [0, 0, 3, 300]])
    molecules = ["a", "a", "a", "b"]
    rows = check_table(importance_table(contributions, names, molecules), IMPORTANCE).to_pylist()
    assert [(row["descriptor"], row["importance"]) for row in rows] == [
        ("nAtom", 2.0),
        ("Mor01", pytest.approx(1.0)),
        ("Mor02", pytest.approx(1.0)),
    ]
    groups = check_table(group_importance_table(contributions, names, molecules), GROUP_IMPORTANCE)
    found = {(row["grouping"], row["name"]): row for row in groups.to_pylist()}
    assert found["dimension", "3D"]["share"] == pytest.approx(0.5)
    assert found["family", "MoRSE"]["summed"] == pytest.approx(2.0)
    assert found["family", "MoRSE"]["joint"] == 0
    summary = importance_summary(groups)
    assert summary.dimensions["3D"].share == pytest.approx(0.5)
    assert set(summary.families) == {"MoRSE", "AtomCount"}


def test_contributions_of_lightgbm_are_understood():
    import lightgbm

    rng = np.random.default_rng(1)
    X = rng.normal(size=(200, 3))
    y = 5 * X[:, 1] + 0.1 * rng.normal(size=200)
    booster = lightgbm.train(
        {"verbose": -1, "num_threads": 1, "seed": 1}, lightgbm.Dataset(X, y), num_boost_round=30
    )
    contributions = booster.predict(X, pred_contrib=True)
    table = importance_table(contributions, ["nAtom", "Mor01", "PBF"], np.arange(200).astype(str))
    best = table.to_pylist()[0]
    assert best["descriptor"] == "Mor01"
    assert best["share"] > 0.9
    with pytest.raises(ValueError, match="do not fit"):
        importance_table(contributions, ["nAtom"], np.arange(200).astype(str))


def test_planted_variances_are_found():
    rng = np.random.default_rng(2)
    molecules = np.repeat(np.arange(400), rng.integers(5, 25, size=400))
    of_molecule = rng.normal(0, 3, size=400)[molecules]
    values = np.column_stack(
        [
            1e6 + of_molecule + rng.normal(0, 2, size=len(molecules)),
            of_molecule,
            rng.normal(0, 2, size=len(molecules)),
        ]
    )
    values[rng.random(values.shape) < 0.1] = np.nan
    found = variance_components(values, molecules)
    assert found.between == pytest.approx([9, 9, 0], abs=1.2)
    assert found.within == pytest.approx([4, 0, 4], abs=0.2)
    assert found.missing == pytest.approx([0.1] * 3, abs=0.02)


def test_balanced_components_match_the_closed_form():
    values = np.random.default_rng(3).normal(size=(6, 4)) + np.arange(6.0)[:, None]
    found = variance_components(values.reshape(-1, 1), np.repeat(np.arange(6), 4))
    within = values.var(axis=1, ddof=1).mean()
    assert found.within[0] == pytest.approx(within)
    assert found.between[0] == pytest.approx(values.mean(axis=1).var(ddof=1) - within / 4)


@pytest.mark.parametrize("values_at_once", [1, 25, 12_000_000])
def test_health_of_the_rows_of_a_model(monkeypatch, values_at_once):
    monkeypatch.setattr(descriptor_quality, "VALUES_AT_ONCE", values_at_once)
    columns = {
        "nAtom": np.repeat([1.0, 2.0, 3.0], 4),
        "nBase": np.zeros(12),
        "Mor01": np.array([np.nan, *np.arange(11.0)]),
        "PBF": np.full(12, np.nan),
    }
    X = np.column_stack(list(columns.values())).astype(np.float32)
    rows = Rows(X, tuple(columns), np.repeat(["a", "b", "c"], 4), np.tile(np.arange(4), 3))
    health = check_table(descriptor_health(rows), DESCRIPTOR_HEALTH)
    rows = {row["descriptor"]: row for row in health.to_pylist()}
    assert (rows["nAtom"]["within"], rows["nAtom"]["within_share"]) == (0, 0)
    assert rows["nAtom"]["between"] == pytest.approx(1.0)
    assert rows["nBase"]["constant"]
    assert rows["Mor01"]["missing"] == pytest.approx(1 / 12)
    assert (rows["PBF"]["molecules"], rows["PBF"]["constant"], rows["PBF"]["missing"]) == (
        0,
        True,
        1,
    )
    assert typical_within_share(health) == rows["Mor01"]["within_share"]
