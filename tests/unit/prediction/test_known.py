"""What of new molecules the model was trained on: the molecule, its structure, or its polymer."""

import numpy as np
import pyarrow as pa
import pytest

from confaug.learning.datasets import LearningData
from confaug.learning.predictions import Predictions
from confaug.molecules.structures import molecule_id
from confaug.prediction.describe_model import describe_model
from confaug.prediction.description import TrainingMolecule
from confaug.prediction.known import find_known
from confaug.tables.molecules import SHARD

COLD, WARM, HOT = [(("T", degrees),) for degrees in (273.15, 298.15, 323.15)]


def trained(smiles, label, conditions=(), unit=None):
    return TrainingMolecule(
        molecule=molecule_id(smiles, conditions),
        smiles=smiles,
        repeat_unit=unit,
        label=label,
        fold=0,
        prediction=label,
        residual=0.0,
        standard_deviation=0.0,
    )


def new(smiles, conditions=(), unit=None, as_given=None):
    return {
        "molecule": molecule_id(smiles, conditions),
        "smiles": "CCO",
        "smiles_as_given": as_given or smiles,
        "repeat_unit": unit,
    }


def find(training, molecules, *, sees_conditions=False):
    shard = pa.Table.from_pylist(molecules, schema=SHARD.schema())
    return find_known(shard, training, sees_conditions=sees_conditions)


def test_a_model_that_sees_conditions_knows_samples_and_structures():
    training = [trained("CCO", 1.8, COLD), trained("CCO", 1.1, WARM), trained("CCCO", 2.0, WARM)]
    asked = {
        "same": new("CCO", WARM),
        "warmer": new("CCO", HOT),
        "other": new("CCCCO", WARM),
    }
    known = find(training, list(asked.values()), sees_conditions=True)
    assert known.labels == {asked["same"]["molecule"]: 1.1}
    assert known.under_other_conditions == {asked["warmer"]["molecule"]}
    assert known.structures == {asked["same"]["molecule"], asked["warmer"]["molecule"]}
    assert not known.polymers


def test_a_model_that_sees_no_conditions_knows_structures_by_their_median():
    training = [trained("CCO", label, at) for label, at in ((1.8, COLD), (1.1, WARM), (0.9, HOT))]
    asked = [new("CCO"), new("CCCCO")]
    assert asked[0]["molecule"] not in {one.molecule for one in training}
    known = find(training, asked)
    assert known.labels == {asked[0]["molecule"]: 1.1}
    assert known.structures == {asked[0]["molecule"]}


def test_polymers_are_one_if_their_repeat_units_are():
    training = [trained("OCCO", 206.0, unit="*CCO*"), trained("CCO", 100.0)]
    asked = {
        "another monomer": new("C1CO1", unit="*CCO*"),
        "the unit": new("*CCO*", unit="*CCO*", as_given="CCO"),
        "another polymer with this model": new("*CC(*)O", unit="*CC(*)O", as_given="CCO"),
        "no polymer": new("C=CO"),
    }
    known = find(training, list(asked.values()))
    assert known.labels == {}
    assert known.polymers == {asked[name]["molecule"] for name in ("another monomer", "the unit")}


@pytest.mark.parametrize("unit", [None, "*CCO*"])
def test_a_description_has_the_units_of_polymers_and_no_others(unit):
    identity = {"modelled_smiles": "CCO" if unit else "C1CO1", "repeat_unit": unit}
    data = LearningData(
        files=None, smiles={"m1": "C1CO1"}, labels={"m1": 206.0}, parts={"m1": "train"},
        folds={"m1": 0}, variant=None, protocols=(),
    )  # fmt: skip
    one = np.array([1.0])
    out_of_fold = Predictions(
        "cross_validation", np.array(["m1"]), one, one, one, np.array([1]), None
    )
    description = describe_model(
        "none", {}, {}, out_of_fold, data, {"property": {"name": "Tg"}}, {"m1": identity}
    )
    (described,) = description.document()["training_molecules"]
    assert described.get("repeat_unit") == unit
    assert ("repeat_unit" in described) == (unit is not None), "other bundles stay as they were"
