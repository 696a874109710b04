"""A member predicts nothing of a molecule of which it knows nothing, and says what is missing."""

import numpy as np
import pytest

from confaug.config.settings.variants import Variant
from confaug.learning.rows import Rows
from confaug.molecules.own_columns.declaration import OwnColumn
from confaug.prediction.description import LabelScale, MemberFacts
from confaug.prediction.missing import knows, reason_without_prediction

NAN = np.nan
SOLVENT = OwnColumn(name="solvent", categories=("THF", "water"))
LOG_P = OwnColumn(name="log P")
THF, WATER = SOLVENT.features


def rows(columns, molecules):
    X = np.array(list(columns.values()), np.float32).T
    return Rows(X, tuple(columns), np.array(molecules), np.zeros(len(molecules), int))


def test_one_value_of_one_row_is_enough():
    X = rows({"a": [NAN, NAN, 0, NAN], "b": [NAN, 1, NAN, NAN]}, ["m1", "m2", "m2", "m3"])
    assert knows(X, ("a", "b"), ()).tolist() == [False, True, False]
    assert knows(X, ("a",), ()).tolist() == [False, True, False]
    assert knows(X, (), ()).tolist() == [True, True, True], "a constant needs nothing"


def test_a_feature_that_the_member_does_not_use_does_not_count():
    X = rows({"a": [NAN, 2.0], "b": [1.0, 1.0]}, ["m1", "m2"])
    assert knows(X, ("a",), ()).tolist() == [False, True]


def test_a_category_is_missing_if_all_its_features_are_0():
    X = rows(
        {"own_log P": [NAN, NAN, NAN, 1], THF: [0, 1, 0, 0], WATER: [0, 0, 1, 0]},
        ["m1", "m2", "m3", "m4"],
    )
    own = (LOG_P, SOLVENT)
    assert knows(X, ("own_log P", THF, WATER), own).tolist() == [False, True, True, True]
    assert knows(X, (THF,), own).tolist() == [False, True, True, False], "water is not THF"


def reason(representation, unit=None, conformers=0, failure=None):
    member = MemberFacts(
        name="model_a",
        variant=Variant(representation=representation, learner="ridge"),
        label_scale=LabelScale(centre=0, scale=1),
        features=("x",),
    )
    line = {"molecule": "m1", "repeat_unit": unit}
    return reason_without_prediction(member, (LOG_P, SOLVENT), line, conformers, failure)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"representation": "backbone"}, "it has no repeat unit (polymer_note in the ledger"),
        ({"representation": "rdkit_2d_increments"}, "it has no repeat unit"),
        ({"representation": "backbone", "unit": "*CC*"}, "nothing of backbone could be calculated"),
        (
            {"representation": "own_columns"},
            "no value in the columns of your own ('log P', 'solvent')",
        ),
        ({"representation": "rdkit_2d"}, "nothing of rdkit_2d could be calculated, so model_a"),
        ({"representation": "mean_3d"}, "no conformer could be made (see the failures), so"),
        (
            {"representation": "mean_3d", "failure": "dg: no time"},
            "could be made (dg: no time), so",
        ),
        ({"representation": "mean_3d", "conformers": 3}, "no descriptor of its conformers"),
        (
            {"representation": ["backbone", "mean_3d"]},
            "no conformer could be made (see the failures) and it has no repeat unit",
        ),
    ],
)
def test_a_reason_says_what_is_missing(facts, told):
    found = reason(**facts)
    assert told in found
    assert found.endswith("predict it with a model that reads other columns")
