import re
from pathlib import Path

import pytest
import yaml

from confaug.config.check import complete_config, read_schema
from confaug.config.relations import check_study
from confaug.errors import UserError
from confaug.molecules.cleaning import clean_molecules
from confaug.molecules.cleaning_rules import CleaningRules
from confaug.molecules.reading.records import read_records

ROOT = Path(__file__).parents[3]
SCHEMA = read_schema(ROOT / "workflow" / "schemas" / "config.schema.yaml")
#: A table on a page of the documentation, and the configuration below it.
EXAMPLE = re.compile(r"```\n([^`]+)```\n\n```yaml\n([^`]+)```")
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


@pytest.mark.parametrize(
    ("conditions", "representation", "is_read"),
    [
        ([], "rdkit_2d", False),
        (["x"], "rdkit_2d", False),
        (["x"], ["rdkit_2d", "own_columns"], True),
    ],
)
def test_columns_that_no_variant_reads_are_refused(conditions, representation, is_read):
    given = {**INPUT, "feature_columns": ["x"], "condition_columns": conditions}
    variants = {"plain": {"representation": representation, "learner": "lightgbm"}}
    config = complete_config({"input": given, "variants": variants}, SCHEMA)
    if is_read:
        check_study(config)
        return
    with pytest.raises(UserError, match=r"'input.feature_columns' names .* no variant reads own_"):
        check_study(config)


def test_the_documented_examples_can_be_read(tmp_path):
    page = (ROOT / "docs" / "own_columns.md").read_text(encoding="utf-8")
    samples = []
    for table, written in EXAMPLE.findall(page):
        config = complete_config(yaml.safe_load(written), SCHEMA)
        check_study(config)
        path = tmp_path / config["input"]["table"]
        path.write_text(table, encoding="utf-8")
        records = read_records(path, config["input"]).records
        cleaned = clean_molecules(records, CleaningRules.of(config))
        samples.append((cleaned.molecules.num_rows, cleaned.own_columns.column_names[1:]))
    assert samples == [
        (3, ["own_logP", "own_supplier=A", "own_supplier=B"]),
        (3, ["own_T", "own_method=capillary", "own_method=rotation"]),
    ]
