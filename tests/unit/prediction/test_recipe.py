import copy
from pathlib import Path

import pytest
import yaml
from prediction_study import make_bundle, make_shard
from resealing import forge

from confaug.config.check import complete_config, read_schema
from confaug.errors import UserError
from confaug.molecules.feasibility import check_config
from confaug.prediction.recipe import (
    check_recipe,
    prediction_config,
    prediction_name,
    read_bundle,
    recipe_of,
    version_differences,
)

ROOT = Path(__file__).parents[3]
SCHEMA = read_schema(ROOT / "workflow/schemas/config.schema.yaml")
CONFIG = complete_config(yaml.safe_load((ROOT / "config/config.yaml").read_text()), SCHEMA)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    from prediction_study import TRAINING

    folder = tmp_path_factory.mktemp("recipe")
    return make_bundle(
        folder / "model", make_shard(folder / "shard", tuple(TRAINING)), "mordred_2d"
    )


@pytest.fixture
def bundle(made, tmp_path):
    """A copy of the bundle that a test may change."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    for path in made.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def refusal(bundle):
    with pytest.raises(UserError) as error:
        read_bundle(bundle, CONFIG, SCHEMA)
    assert "\n" not in str(error.value)
    assert str(bundle) in str(error.value)
    return str(error.value)


def test_a_bundle_of_this_program_is_accepted(bundle):
    document = read_bundle(bundle, CONFIG, SCHEMA)
    assert version_differences(document) == []
    assert recipe_of(document)["embedding"]["conformers_per_repeat"] == 2


def test_a_bundle_of_a_variant_with_some_rows_is_accepted(bundle):
    limited = {
        "representation": ["mordred_2d", "augmented_3d"],
        "learner": "lightgbm",
        "rows_per_molecule": 3,
    }
    forge(bundle, lambda document: document["members"][0].update(variant=limited))
    document = read_bundle(bundle, CONFIG, SCHEMA)
    new = prediction_config(
        {**CONFIG, "prediction": {**CONFIG["prediction"], "table": "new.csv"}},
        document,
        str(bundle),
    )
    assert new["variants"]["lightgbm_of_mordred_2d"] == limited


@pytest.mark.parametrize("name", ["model.txt", "model.npy", "bundle.json", "training_2d.npy"])
def test_a_missing_file_is_named(bundle, name):
    (bundle / name).unlink()
    assert f"lacks {name}" in refusal(bundle)


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (
            lambda d: d["members"][0]["features"].append("Wiener99"),
            "with other descriptors: this program does",
        ),
        (lambda d: d["config"]["embedding"].update(protocols=["xtb"]), "protocols, descriptors or"),
        (lambda d: d["config"]["embedding"].update(angle=3), "'embedding.angle' is not known"),
        (lambda d: d["config"]["descriptors"].update(engine="dragon"), "'descriptors.engine' must"),
        (lambda d: d["config"].pop("embedding"), "'embedding' must be a section"),
        (lambda d: d.update(schema_version=99), "is of version 99, but this program reads version"),
    ],
)
def test_a_bundle_made_otherwise_is_refused_in_one_sentence(bundle, edit, sentence):
    forge(bundle, edit)
    told = refusal(bundle)
    assert sentence in told
    assert "fit the model again" in told


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda d: d.pop("members"), "'members' is a required property"),
        (
            lambda d: d["members"][0].pop("features"),
            "members: 0: 'features' is a required property",
        ),
        (lambda d: d.update(config=None), "config: None is not of type 'object'"),
        (
            lambda d: d["members"][0].update(variant="mordred_2d"),
            "variant: 'mordred_2d' is not of type 'object'",
        ),
        (lambda d: d.update(training_molecules=[]), "training_molecules: [] should be non-empty"),
        (lambda d: d["training_molecules"][1].pop("smiles"), "training_molecules: 1: 'smiles' is"),
        (lambda d: d["training_molecules"][0].update(label=None), "0: label: None is not of type"),
        (lambda d: d["property"].pop("transform"), "property: 'transform' is a required"),
        (
            lambda d: d["members"][0]["variant"].update(representation="4d"),
            "'members.0.variant.representation.0': ",
        ),
        (lambda d: d["members"][0]["variant"].update(depth=3), "'members.0.variant.depth': "),
    ],
)
def test_a_damaged_description_is_refused_in_one_sentence(bundle, edit, sentence):
    forge(bundle, edit)
    told = refusal(bundle)
    assert "is damaged" in told
    assert sentence in told


def test_other_versions_are_refused_or_accepted_as_configured(bundle):
    forge(bundle, lambda document: document["versions"].update(rdkit="2020.3.1"))
    told = refusal(bundle)
    assert "was made with rdkit 2020.3.1 (here " in told
    assert "other_versions" in told
    accepting = {**CONFIG, "prediction": {**CONFIG["prediction"], "other_versions": "accept"}}
    document = read_bundle(bundle, accepting, SCHEMA)
    assert [text.split()[0] for text in version_differences(document)] == ["rdkit"]


def test_a_version_that_decides_nothing_is_accepted(bundle):
    forge(bundle, lambda document: document["versions"].update(numpy="1.0"))
    assert read_bundle(bundle, CONFIG, SCHEMA).versions["numpy"] == "1.0"


def test_a_given_bundle_replaces_the_recipe_of_the_study(bundle):
    config = copy.deepcopy(CONFIG)
    config["prediction"]["table"] = "folder/my new.csv"
    document = read_bundle(bundle, CONFIG, SCHEMA)
    new = prediction_config(config, document, str(bundle))
    assert complete_config(new, SCHEMA) == new
    assert new["embedding"] == document.config["embedding"]
    assert new["prediction"]["model"] == "recommended", "a model of the study is not asked for"
    assert new["pathvars"]["results"] == "results/predictions/my_new"
    assert new["prediction"]["smiles_column"] == "smiles"
    assert config["embedding"] == CONFIG["embedding"], "the argument is left alone"


def test_a_bundle_from_before_polymers_models_structures_as_given(bundle):
    def leave_out(document):
        for key in ("polymers", "units"):
            del document["config"]["cleaning"][key]

    forge(bundle, leave_out)
    study = copy.deepcopy(CONFIG)
    study["cleaning"] |= {"polymers": "oligomer", "units": 5}
    study["prediction"]["table"] = "new.csv"
    document = read_bundle(bundle, study, SCHEMA)
    new = complete_config(prediction_config(study, document, str(bundle)), SCHEMA)
    assert (new["cleaning"]["polymers"], new["cleaning"]["units"]) == ("as_given", 3)
    check_recipe(document, new)


def as_new_molecules(config, document, bundle):
    """Return the configuration that the rules of new molecules check and complete."""
    config = {**config, "prediction": {**config["prediction"], "table": "new.csv"}}
    new = complete_config(prediction_config(config, document, str(bundle)), SCHEMA)
    check_config(new)
    return new


def test_variants_of_the_configuration_in_use_have_no_say_in_a_bundle(bundle):
    study = copy.deepcopy(CONFIG)
    study["cleaning"]["polymers"] = "repeat_unit"
    study["variants"] |= {"of_units": {"representation": "backbone", "learner": "ridge"}}
    study = complete_config(study, SCHEMA)
    document = read_bundle(bundle, study, SCHEMA)
    assert document.config["cleaning"]["polymers"] == "as_given", "where no unit is described"
    new = as_new_molecules(study, document, bundle)
    assert list(new["variants"]) == ["lightgbm_of_mordred_2d"]
    assert "backbone" in str(study["variants"]), "the argument is left alone"


@pytest.mark.parametrize("train", [70, 2])
def test_own_columns_may_have_names_with_another_role_in_the_configuration(bundle, train):
    names = ["tg", "name", "part", "occurrences", "no"]
    forge(bundle, lambda d: d.update(own_columns=[{"name": name} for name in names]))
    study = copy.deepcopy(CONFIG)
    study["input"] |= {
        "label_column": "tg",
        "name_column": "name",
        "id_column": "no",
        "occurrences_column": "occurrences",
        "split_column": "part",
    }
    study["splits"]["train"] = train  # the column decides, and what it says is not read here
    study["prediction"]["name_column"] = "name"
    study = complete_config(study, SCHEMA)
    new = as_new_molecules(study, read_bundle(bundle, study, SCHEMA), bundle)
    assert new["input"]["feature_columns"] == names
    assert new["prediction"]["name_column"] == "name", "a column may be shown and learned from"


def test_smiles_are_not_read_from_a_column_of_the_model(bundle):
    forge(bundle, lambda d: d.update(own_columns=[{"name": "smiles"}]))
    assert "reads a column 'smiles' of the table" in refusal(bundle)
    elsewhere = {**CONFIG, "prediction": {**CONFIG["prediction"], "smiles_column": "SMILES"}}
    document = read_bundle(bundle, elsewhere, SCHEMA)
    assert as_new_molecules(elsewhere, document, bundle)["prediction"]["smiles_column"] == "SMILES"


def test_without_a_given_bundle_the_recipe_is_that_of_the_study():
    config = copy.deepcopy(CONFIG)
    config["prediction"] |= {"table": "new.csv", "name": "mine", "smiles_column": "SMILES"}
    new = prediction_config(config, None, "results/models/x/replicate-1/bundle")
    assert new["embedding"] == CONFIG["embedding"]
    assert new["variants"] == CONFIG["variants"]
    assert new["pathvars"]["results"] == "results/predictions/mine"
    assert new["prediction"]["smiles_column"] == "SMILES"
    assert new["shards"] == {"count": "auto", "molecules": 256}


@pytest.mark.parametrize(
    ("table", "name"),
    [("a/b/new.csv", "new"), ("x y.xlsx", "x_y"), ("../.hidden", "hidden"), ("分子.csv", "new")],
)
def test_the_folder_of_predictions_is_named_after_the_table(table, name):
    assert prediction_name({"prediction": {"name": None, "table": table}}) == name
