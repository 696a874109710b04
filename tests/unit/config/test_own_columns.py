from pathlib import Path

import pytest

from confaug.config.check import complete_config, read_schema
from confaug.errors import UserError

SCHEMA = read_schema(Path(__file__).parents[3] / "workflow" / "schemas" / "config.schema.yaml")
INPUT = {"table": "t.csv", "smiles_column": "smiles", "label_column": "y", "name_column": "name"}


def complete(features, conditions=()):
    given = {"feature_columns": list(features), "condition_columns": list(conditions)}
    return complete_config({"input": {**INPUT, **given}}, SCHEMA)


def test_columns_are_optional_and_kept():
    assert complete_config({"input": INPUT}, SCHEMA)["input"]["feature_columns"] == []
    section = complete(["log P", "T (K)"], ["T (K)"])["input"]
    assert (section["feature_columns"], section["condition_columns"]) == (
        *(["log P", "T (K)"], ["T (K)"]),
    )


@pytest.mark.parametrize(
    ("features", "conditions", "message"),
    [
        (["a", "a"], [], "'input.feature_columns' must be a list without repetition"),
        ([""], [], "must be a string that is not empty"),
        ([2020], [], "must be a string, but is 2020"),
        (["a" * 101], [], "must be a string of at most 100 characters"),
        ([f"c{n}" for n in range(1001)], [], "must be a list of at most 1000"),
        (["y"], [], "names 'y', which is also 'input.label_column'"),
        (["name"], [], "names 'name', which is also 'input.name_column'"),
        (["smiles"], [], "names 'smiles', which is also 'input.smiles_column'"),
        ([" a"], [], "names ' a'; remove the blanks around it"),
        (["a\u202eb"], [], "contains a character that cannot be seen"),
        (["a\nb"], [], "contains a character that cannot be seen"),
        (["temperature"], ["Temperature"], "names 'Temperature', which is not in "),
        (["temperature"], ["Temperature"], "did you mean 'temperature'?"),
        ([], ["solvent"], "which is not in 'input.feature_columns'; add it there"),
    ],
)
def test_columns_that_contradict_each_other(features, conditions, message):
    with pytest.raises(UserError) as caught:
        complete(features, conditions)
    assert message in str(caught.value)
    assert str(caught.value).isprintable()
