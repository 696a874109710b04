"""What a prediction is to do, and whether it can."""

import copy

import pytest

from confaug.config.check import complete_config, read_schema
from confaug.errors import UserError
from confaug.infrastructure.study import EXAMPLE
from confaug.prediction.plan import plan_prediction, require_free_folder, require_named_study
from study import ROOT

SCHEMA = read_schema(ROOT / "workflow" / "schemas" / "config.schema.yaml")
CONFIG = complete_config(
    {
        "input": {"table": "mine.csv", "smiles_column": "smiles", "label_column": "y"},
        "pathvars": {"results": "results/mine"},
    },
    SCHEMA,
)


def config(**prediction):
    given = copy.deepcopy(CONFIG)
    given["prediction"] |= prediction
    return given


def test_without_a_table_nothing_is_planned():
    assert plan_prediction(CONFIG, SCHEMA, "lightgbm_2d", named=True) is None


def test_the_model_of_the_study_predicts_into_a_folder_of_the_study(tmp_path):
    table = tmp_path / "new.csv"
    table.write_text("smiles\nCCO\n")
    plan = plan_prediction(config(table=str(table)), SCHEMA, "lightgbm_2d", named=True)
    assert plan is not None
    assert plan.description is None
    assert plan.folder == "predictions/new"
    own = "results/mine/models/lightgbm_2d/replicate-1/bundle"
    assert plan.config["prediction"]["bundle"] == own
    assert plan.config["pathvars"]["results"] == "results/mine/predictions/new"


def test_a_table_or_a_bundle_that_is_missing_is_named(tmp_path):
    with pytest.raises(UserError, match=r"'prediction\.table' names nowhere\.csv"):
        plan_prediction(config(table="nowhere.csv"), SCHEMA, "lightgbm_2d", named=True)
    table = tmp_path / "new.csv"
    table.write_text("smiles\nCCO\n")
    given = config(table=str(table), bundle="no_bundle")
    with pytest.raises(UserError, match="no_bundle"):
        plan_prediction(given, SCHEMA, "lightgbm_2d", named=True)


def test_only_a_named_study_or_bundle_predicts_a_table():
    example = config(table="new.csv")
    example["input"]["table"] = EXAMPLE
    with pytest.raises(UserError, match=r"new\.csv.*Property.*--configfile config/config\.yaml"):
        require_named_study(example, named=False)
    require_named_study(example, named=True)
    require_named_study(config(table="new.csv"), named=False)
    example["prediction"]["bundle"] = "given"
    require_named_study(example, named=False)


def test_predictions_do_not_go_where_their_table_lies(tmp_path):
    table = tmp_path / "predictions" / "new.csv"
    table.parent.mkdir()
    table.touch()
    with pytest.raises(UserError, match="own predictions"):
        require_free_folder(str(table), str(table.parent))
    require_free_folder(str(table), str(tmp_path / "others"))
