"""Beside a prediction: the nearest structures, by their samples with the closest conditions."""

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from confaug.molecules.own_columns.declaration import OwnColumn
from confaug.prediction.description import TrainingMolecule
from confaug.prediction.neighbours import nearest_samples
from confaug.trust.domain import fit_domain

COLUMNS = (
    OwnColumn(name="logP"),
    OwnColumn(name="T", is_condition=True),
    OwnColumn(name="solvent", categories=("THF", "water"), is_condition=True),
)
STRUCTURES = ("CCO", "CCCO", "CCCCO", "c1ccccc1")
TEMPERATURES = (280.0, 300.0, 340.0)


def predictor(conditions=True):
    training = [
        TrainingMolecule(
            molecule=f"{smiles} {solvent} {temperature:g}",
            smiles=smiles,
            id=f"{solvent} at {temperature:g}",
            **({"conditions": (temperature, solvent)} if conditions else {}),
            label=temperature + 1000 * (solvent == "water"),
            fold=0, prediction=0.0, residual=0.0, standard_deviation=0.0,
        )
        for smiles in STRUCTURES
        for solvent in ("THF", "water")
        for temperature in TEMPERATURES
    ]  # fmt: skip
    facts = {
        "molecule": [one.molecule for one in training],
        "modelled_smiles": [one.smiles for one in training],
        "label": [one.label for one in training],
    }
    described = {
        "molecule": facts["molecule"],
        "size": [float(len(one.smiles)) for one in training],
    }
    domain = fit_domain(pa.table(facts), pa.table(described), facts["molecule"])
    description = SimpleNamespace(own_columns=COLUMNS if conditions else ())
    bundle = SimpleNamespace(training_molecules=tuple(training), description=description)
    return SimpleNamespace(bundle=bundle, domain=domain)


@pytest.mark.parametrize(
    ("asked", "conditions", "label"),
    [
        ((303.0, "THF"), "T=300, solvent=THF", 300.0),
        ((281.0, "water"), "T=280, solvent=water", 1280.0),
        ((900.0, "water"), "T=340, solvent=water", 1340.0),
    ],
)
def test_a_neighbour_is_shown_by_its_sample_with_the_closest_conditions(asked, conditions, label):
    found = nearest_samples(predictor(), {"new": "CCCCCO"}, {}, {"new": asked})["new"]
    assert found["neighbour_1_smiles"] == "CCCCO"
    assert found["neighbour_2_smiles"] == "CCCO"
    for rank in (1, 2, 3):
        assert found[f"neighbour_{rank}_conditions"] == conditions
        assert found[f"neighbour_{rank}_label"] == label
        assert found[f"neighbour_{rank}_id"] == f"{asked[1]} at {label % 1000:g}"


def test_a_structure_known_under_other_conditions_is_its_own_nearest_neighbour():
    asked = {"new": (310.0, "THF"), "old": (300.0, "THF")}
    found = nearest_samples(predictor(), {"new": "CCO", "old": "CCO"}, {"old": 300.0}, asked)
    assert found["new"]["neighbour_1_smiles"] == "CCO"
    assert found["new"]["neighbour_1_similarity"] == 1.0
    assert found["new"]["neighbour_1_conditions"] == "T=300, solvent=THF"
    assert found["old"]["neighbour_1_smiles"] != "CCO", "its label is given already"


def test_without_conditions_the_sample_with_the_median_label_is_shown():
    found = nearest_samples(predictor(conditions=False), {"new": "CCCCCO"}, {}, {})["new"]
    labels = [t + extra for t in TEMPERATURES for extra in (0, 1000)]
    assert found["neighbour_1_label"] == np.sort(labels)[2]
    assert found["neighbour_1_conditions"] is None
