"""What a prediction is to do, and whether it can."""

import copy
from types import SimpleNamespace

import pytest

from confaug.config.check import complete_config, read_schema
from confaug.errors import UserError
from confaug.infrastructure.study import EXAMPLE
from confaug.prediction import plan
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
    assert plan_prediction(CONFIG, SCHEMA, named=True) is None


def test_the_model_of_the_study_predicts_into_a_folder_of_the_study(tmp_path):
    table = tmp_path / "new.csv"
    table.write_text("smiles\nCCO\n")
    planned = plan_prediction(config(table=str(table)), SCHEMA, named=True)
    assert planned is not None
    assert planned.description is None
    assert planned.folder == "predictions/new"
    own = "results/mine/final_model/bundle"
    assert planned.config["prediction"]["bundle"] == own
    assert planned.config["pathvars"]["results"] == "results/mine/predictions/new"


def made_model(folder, model, *representations):
    """Leave the description of a model that has been fitted."""
    members = [
        {"variant": {"representation": one, "learner": "lightgbm"}} for one in representations
    ]
    description = SimpleNamespace(
        model=model,
        digests={"model.txt": "", "training_2d.npy": ""},
        needs_conformers=any(m["variant"]["representation"] != "2d" for m in members),
    )
    folder.joinpath("bundle.json").touch()
    return description


@pytest.mark.parametrize(
    ("asked", "made", "needed"),
    [
        ("recommended", None, True),  # any candidate might be recommended
        ("lightgbm_2d", None, False),
        ("lightgbm_augmented_2d_3d", None, True),
        ("recommended", ("ridge_2d", "2d"), False),
        ("recommended", ("consensus", "2d", "augmented_3d"), True),
        ("consensus", ("ridge_2d", "2d"), True),  # made under another setting
        ("ridge_2d", ("lightgbm_augmented_2d_3d", "augmented_2d_3d"), False),
    ],
)
def test_conformers_are_planned_for_models_that_read_them(
    tmp_path, monkeypatch, asked, made, needed
):
    if made:
        description = made_model(tmp_path, *made)
        monkeypatch.setattr(plan, "read_description", lambda folder: description)
    known = plan.model_files(config(model=asked), tmp_path)
    assert known.needs_conformers == needed
    assert {"model.txt", "training_2d.npy"} <= set(known.names)


def test_a_study_of_2d_models_plans_no_conformers_before_it_has_a_model(tmp_path):
    given = config()
    given["variants"] = {"plain": {"representation": "2d", "learner": "lightgbm"}}
    assert not plan.model_files(given, tmp_path / "nothing").needs_conformers


def test_a_damaged_model_of_the_study_is_planned_like_one_that_is_not_made(tmp_path):
    tmp_path.joinpath("bundle.json").write_text("{")
    assert plan.model_files(config(), tmp_path) == plan.model_files(config(), tmp_path / "nothing")


def test_a_model_that_came_to_need_conformers_asks_for_another_run():
    shapes = SimpleNamespace(model="lightgbm_augmented_3d", needs_conformers=True)
    plan.require_planned_conformers(shapes, ["a.parquet"])
    with pytest.raises(UserError, match=r"lightgbm_augmented_3d, .*run the same command again"):
        plan.require_planned_conformers(shapes, [])


def test_a_table_or_a_bundle_that_is_missing_is_named(tmp_path):
    with pytest.raises(UserError, match=r"'prediction\.table' names nowhere\.csv"):
        plan_prediction(config(table="nowhere.csv"), SCHEMA, named=True)
    table = tmp_path / "new.csv"
    table.write_text("smiles\nCCO\n")
    given = config(table=str(table), bundle="no_bundle")
    with pytest.raises(UserError, match="no_bundle"):
        plan_prediction(given, SCHEMA, named=True)


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
