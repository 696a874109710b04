"""What a prediction is to do, and whether it can."""

import copy
from types import SimpleNamespace

import pytest

from confaug.config.check import complete_config, read_schema
from confaug.config.roles import molecule_kinds, needs_conformers
from confaug.config.settings.variants import Variant
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
    variants = [Variant(representation=one, learner="lightgbm") for one in representations]
    description = SimpleNamespace(
        model=model,
        digests={"model.txt": "", "training_2d.npy": ""},
        needs_conformers=any(map(needs_conformers, variants)),
        molecule_kinds=molecule_kinds(variants),
    )
    folder.joinpath("bundle.json").touch()
    return description


@pytest.mark.parametrize(
    ("asked", "made", "needed"),
    [
        ("recommended", None, True),  # any candidate might be recommended
        ("lightgbm_2d", None, False),
        ("lightgbm_augmented", None, True),
        ("consensus", None, True),
        ("consensus_2d", None, False),
        ("recommended", ("ridge_2d", "mordred_2d"), False),
        ("recommended", ("consensus", "mordred_2d", "augmented_3d"), True),
        ("consensus", ("ridge_2d", "mordred_2d"), True),  # made under another setting
        ("ridge_2d", ("lightgbm_augmented", ("mordred_2d", "augmented_3d")), False),
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
    given["variants"] = {"plain": {"representation": "mordred_2d", "learner": "lightgbm"}}
    assert not plan.model_files(given, tmp_path / "nothing").needs_conformers


def test_what_a_model_reads_is_described_before_and_after_it_is_made(tmp_path, monkeypatch):
    given = config()
    given["variants"] = {
        "counts": {"representation": "morgan_counts", "learner": "tanimoto_gaussian_process"},
        "plain": {"representation": ["rdkit_2d", "backbone"], "learner": "lightgbm"},
    }
    expected = ("rdkit_2d", "morgan_counts", "backbone")
    assert plan.model_files(given, tmp_path).molecule_kinds == expected
    made = made_model(tmp_path, "counts", "morgan_counts")
    monkeypatch.setattr(plan, "read_description", lambda folder: made)
    assert plan.model_files(given, tmp_path).molecule_kinds == ("rdkit_2d", "morgan_counts")


def test_a_damaged_model_of_the_study_is_planned_like_one_that_is_not_made(tmp_path):
    tmp_path.joinpath("bundle.json").write_text("{")
    assert plan.model_files(config(), tmp_path) == plan.model_files(config(), tmp_path / "nothing")


@pytest.mark.parametrize(
    ("lacking", "named"),
    [({"descriptors_3d": []}, "conformers"), ({"rdkit_2d": None}, "rdkit_2d")],
)
def test_a_model_that_came_to_need_more_asks_for_another_run(lacking, named):
    shapes = SimpleNamespace(
        model="shapes", needs_conformers=True, molecule_kinds=["mordred_2d", "rdkit_2d"]
    )
    inputs = {"mordred_2d": "a", "rdkit_2d": "b", "descriptors_3d": ["c.parquet"]}
    plan.require_planned(shapes, SimpleNamespace(**inputs))
    with pytest.raises(UserError, match=rf"shapes, which reads {named}, .*the same command again"):
        plan.require_planned(shapes, SimpleNamespace(**inputs | lacking))


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
