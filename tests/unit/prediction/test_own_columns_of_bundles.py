"""The user's own columns in a bundle, and in the table of new molecules that it predicts."""

import csv
import shutil
from pathlib import Path
from types import SimpleNamespace

import clean_unlabelled
import pytest
from prediction_study import TRAINING, make_bundle, make_shard
from resealing import forge

from confaug.errors import UserError
from confaug.molecules.own_columns.declaration import (
    OwnColumn,
    read_declaration,
    write_declaration,
)
from confaug.prediction.bundle_files import read_description
from confaug.prediction.recipe import prediction_config
from confaug.tables.descriptors import OWN_COLUMNS
from confaug.tables.engine import read_table

COLUMNS = [
    {"name": "log P", "categories": None, "is_condition": False},
    {"name": "solvent", "categories": ["THF", "water"], "is_condition": True},
]


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own_columns")
    return make_bundle(
        folder / "model", make_shard(folder / "shard", tuple(TRAINING)), "mordred_2d"
    )


@pytest.fixture
def bundle(fitted, tmp_path):
    folder = Path(shutil.copytree(fitted, tmp_path / "bundle"))
    forge(folder, lambda document: document.update(own_columns=COLUMNS))
    return folder


def clean(folder, bundle, lines):
    """Clean a table of new molecules with the script; return what it wrote."""
    table = folder / "new.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    output = {
        "ledger": folder / "ledger.csv",
        "molecules": folder / "molecules.csv",
        "own_columns": folder / "own_columns.parquet",
        "source": folder / "table.json",
    }
    settings = {
        "input": {"decimal": "auto", "name_column": "compound", "id_column": "number"},
        "prediction": {"smiles_column": "smiles"},
        "cleaning": {},
        "property": {},
        "splits": {},
    }
    given = SimpleNamespace(table=str(table), bundle=str(bundle / "bundle.json"))
    job = SimpleNamespace(
        input=given,
        output=SimpleNamespace(**{name: str(path) for name, path in output.items()}),
        params=SimpleNamespace(settings=settings),
    )
    clean_unlabelled.main(job)
    return read_table(output["own_columns"], OWN_COLUMNS), output["ledger"].read_text("utf-8")


def test_a_model_without_own_columns_says_nothing_of_them(fitted):
    assert read_description(fitted).own_columns == ()
    assert "own_columns" not in read_description(fitted).document()


def test_new_molecules_have_the_columns_of_the_model(bundle, tmp_path):
    assert read_description(bundle).own_columns[1].features == (
        *("own_solvent=THF", "own_solvent=water"),
    )
    numbers, ledger = clean(
        tmp_path,
        bundle,
        [["solvent", "smiles", "log P"], ["water", "CCO", "0.5"], ["benzene", "CCC", "1"]],
    )
    (line,) = numbers.to_pylist()
    assert line.pop("molecule").startswith("m")
    assert line == {"own_log P": 0.5, "own_solvent=THF": 0, "own_solvent=water": 1}
    assert "'benzene' is none of those that were learned ('THF', 'water')" in ledger


def test_names_are_read_from_the_column_that_the_study_reads(bundle, tmp_path):
    lines = [["solvent", "smiles", "log P", "compound"], ["water", "CCO", "0.5", "grain alcohol"]]
    assert "grain alcohol" in clean(tmp_path, bundle, lines)[1]


def test_a_column_that_the_model_needs_is_missed_in_one_sentence(bundle, tmp_path):
    with pytest.raises(UserError, match=r"no column 'log P' \(which the model.*'logP'"):
        clean(tmp_path, bundle, [["smiles", "logP", "solvent"], ["C", "1", "THF"]])


def test_the_columns_of_a_given_bundle_replace_those_of_the_study(bundle):
    config = {
        "pathvars": {"results": "results"},
        "input": {"smiles_column": "s", "feature_columns": ["x"], "condition_columns": ["x"]},
        "prediction": {
            "smiles_column": None,
            "table": "new.csv",
            "name": None,
            "molecules_per_shard": 9,
        },
        "variants": {},
    }
    changed = prediction_config(config, read_description(bundle), str(bundle))["input"]
    assert (changed["feature_columns"], changed["condition_columns"]) == (["log P", "solvent"], [])
    assert prediction_config(config, None, str(bundle))["input"]["feature_columns"] == ["x"]


@pytest.mark.parametrize(
    "columns",
    [
        "x",
        ["x"],
        [{}],
        [{"name": ""}],
        [{"name": "x" * 101}],
        [{"name": "x\u202ey"}],
        [{"name": "x", "code": "import os"}],
        [{"name": "x"}, {"name": "x"}],
        [{"name": "x", "categories": []}],
        [{"name": "x", "categories": ["a", "a"]}],
        [{"name": "x", "categories": [1]}],
        [{"name": "x", "categories": [f"c{n}" for n in range(51)]}],
        [{"name": "x", "categories": ["a" * 101]}],
        [{"name": "a=b"}, {"name": "a", "categories": ["b"]}],
        [{"name": "x", "is_condition": "yes"}],
        [{"name": f"x{n}"} for n in range(1001)],
    ],
)
def test_columns_that_no_study_declares_are_refused(fitted, tmp_path, columns):
    folder = Path(shutil.copytree(fitted, tmp_path / "bundle"))
    forge(folder, lambda document: document.update(own_columns=columns))
    with pytest.raises(UserError, match=r"is damaged \(bundle.json: .*own_columns") as caught:
        read_description(folder)
    assert str(caught.value).isprintable()


def with_conditions(fitted, folder, conditions):
    bundle = Path(shutil.copytree(fitted, folder / "bundle"))

    def change(document):
        document["own_columns"] = [*COLUMNS, {"name": "T", "is_condition": True}]
        document["training_molecules"][0]["conditions"] = conditions

    forge(bundle, change)
    return bundle


def test_training_molecules_have_their_conditions(fitted, tmp_path):
    description = read_description(with_conditions(fitted, tmp_path, ["THF", 298]))
    assert description.training_molecules[0].conditions == ("THF", 298.0)
    assert description.training_molecules[1].conditions is None


@pytest.mark.parametrize(
    "conditions",
    [
        *("THF", 3, [], ["THF"], ["THF", 298, 1], [298, "THF"], ["THF", "298"], ["DMSO", 298]),
        *(["THF", None], ["THF", True], ["THF", 1e101], ["THF", [298]], {"T": 298}),
    ],
)
def test_conditions_that_no_study_has_are_refused(fitted, tmp_path, conditions):
    with pytest.raises(UserError, match=r"is damaged \(bundle.json: .*conditions") as caught:
        read_description(with_conditions(fitted, tmp_path, conditions))
    assert str(caught.value).isprintable()


def test_a_declaration_survives_its_file(tmp_path):
    path, columns = tmp_path / "own_columns.json", tuple(OwnColumn(**one) for one in COLUMNS)
    write_declaration(columns, path)
    assert read_declaration(path) == columns
    assert read_declaration(None) == ()
    path.write_text('{"columns": [{"name": 3}]}', encoding="utf-8")
    with pytest.raises(UserError, match="does not say what the columns hold"):
        read_declaration(path)
