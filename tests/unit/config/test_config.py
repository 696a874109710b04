import copy
import json
import math
from pathlib import Path

import pytest
import yaml
from new_python import run_python

from confaug.config.check import complete_config, read_schema
from confaug.config.values import PATHS
from confaug.errors import UserError

ROOT = Path(__file__).parents[3]
SCHEMA = read_schema(ROOT / "workflow/schemas/config.schema.yaml")
DEFAULT = yaml.safe_load((ROOT / "config/config.yaml").read_text())


def changed(path: str, value: object) -> dict:
    config = copy.deepcopy(DEFAULT)
    *parents, last = path.split(".")
    section = config
    for key in parents:
        section = section.setdefault(key, {})
    section[last] = value
    return config


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("embeding", {}, "config key 'embeding' is not known; did you mean 'embedding'?"),
        ("splits.fold", 5, "config key 'splits.fold' is not known; did you mean 'folds'?"),
        ("splits.zzz", 5, "known keys here: replicates, train"),
        ("splits.folds", "five", "'splits.folds' must be an integer, but is 'five'"),
        ("splits.folds", 1, "'splits.folds' must be at least 2, but is 1"),
        ("shards.count", "AUTO", "'shards.count' must be auto or an integer, but is 'AUTO'"),
        ("pathvars.results", "mine ", "'pathvars.results' is 'mine '; remove the blanks"),
        ("prediction.table", "a" * 256, "'prediction.table' is too long for a file name"),
        ("splits.train", 1.5, "'splits.train' must be a fraction below 1 or a number"),
        (
            "splits.train",
            20.5,
            "'splits.train' must be a fraction below 1 or a number",
        ),
        ("cleaning.units", 6, "'cleaning.units' must be at most 5, but is 6"),
        ("cleaning.polymers", "trimer", "'cleaning.polymers' must be one of as_given, repeat_unit"),
        (
            "cleaning",
            {"polymers": "repeat_unit", "units": 4},
            "'cleaning.units' is 4, but 'cleaning.polymers' is repeat_unit, which makes no chains",
        ),
        (
            "cleaning.polymers",
            "as_given",
            "'variants.gaussian_process_monomer.representation' has rdkit_2d_as_given, but with",
        ),
        (
            "embedding.protocols",
            ["etkdg_amber"],
            "value 1 of config key 'embedding.protocols' must be a name",
        ),
        ("requirements.range", [1, "wide"], "value 2 of config key 'requirements.range' must be a"),
        ("requirements.range", [1, math.inf], "value 2 of config key 'requirements.range' must be"),
        (
            "requirements.range",
            [1],
            "'requirements.range' must be a list of at least 2 values, but",
        ),
        ("requirements.range", [1, 2, 3], "must be a list of at most 2 values, but is [1, 2, 3]"),
        ("embedding.protocols", ["dg", "dg"], "without repetition"),
        ("embedding", None, "'embedding' must be a section of keys, but is None"),
        (
            "variants.mine",
            {"representation": "4d", "learner": "lightgbm"},
            "must be one of mordred_2d,",
        ),
        ("variants.mine", {"learner": "lightgbm"}, "'variants.mine.representation' is missing"),
        ("tuning.space.a", {"type": "int", "low": 3, "high": 3}, "low must be below high"),
        ("tuning.space.a", {"type": "log", "low": 0, "high": 3}, "must be above 0"),
        ("tuning.space.a", {"type": "choice", "low": 0}, "must have values and nothing else"),
        ("tuning.space.a", {"type": "float", "low": 0}, "must have high and low"),
        ("tuning.fixed.num_leaves", 7, "is also in 'tuning.fixed'"),
        ("tuning.fixed.max_leaves", 7, "'tuning.space.num_leaves' is also in 'tuning.fixed'"),
        ("tuning.fixed.lamda_l1", 1, "'tuning.fixed.lamda_l1' is not a LightGBM parameter; did"),
        ("tuning.fixed.num_trees", 9, "use tuning.max_rounds"),
        (
            "tuning.fixed.loss",
            "poisson",
            "'tuning.fixed.loss': objective 'poisson' is not supported",
        ),
        ("tuning.fixed.linear_tree", True, "'tuning.fixed.linear_tree' cannot be used"),
        (
            "tuning.space.min_data_in_bin",
            {"type": "int", "low": 3, "high": 9},
            "set it under tuning.fix",
        ),
        ("tuning.space.max_depth", {"type": "int", "low": 3.5, "high": 9}, "must have integers"),
        ("tuning.space.a", {"type": "choice", "values": [1, 1]}, "must list different values"),
        (
            "tuning.space.a",
            {"type": "choice", "values": [1]},
            "must be a list of at least 2 values",
        ),
        ("tuning.space.a", {"type": "integer", "low": 1, "high": 2}, "must be one of int, float"),
        ("tuning.space.a", {"type": "choice", "values": [1, 2], "low": None}, "must be a number"),
        ("tuning.space", {}, "'tuning.space' must be a section with at least 1"),
        ("tuning.metric", "mse", "'tuning.metric' must be one of mae, rmse, but is 'mse'"),
        ("tuning.acquisition", "ei", "'tuning.acquisition' must be one of expected_improvement,"),
        ("tuning.pruning", "always", "'tuning.pruning' must be one of never, linear, geometric"),
        ("tuning.initial_points", 0, "'tuning.initial_points' must be at least 1, but is 0"),
        ("tuning.rows_per_molecule", 0, "'tuning.rows_per_molecule' must be at least 1, but is 0"),
        ("tuning.weight_unit", "row", "'tuning.weight_unit' is not known"),
        (
            "variants.mine",
            {"representation": ["mordred_2d", "noise_3d"], "learner": "ridge"},
            "'variants.mine' pairs the learner ridge, which takes one row per molecule,",
        ),
        (
            "variants.mine",
            {
                "representation": ["mordred_2d", "mean_3d"],
                "learner": "lightgbm",
                "rows_per_molecule": 4,
            },
            "'variants.mine.rows_per_molecule' limits the rows of mordred_2d, mean_3d, which has",
        ),
        (
            "variants.mine",
            {"representation": ["mean_3d", "augmented_3d"], "learner": "lightgbm"},
            "'variants.mine.representation' has 2 kinds that are made of conformers (mean_3d, aug",
        ),
        (
            "variants.mine",
            {"representation": ["rdkit_2d", "rdkit_2d"], "learner": "ridge"},
            "'variants.mine.representation' must be a list without repetition",
        ),
        (
            "variants.mine",
            {"representation": [], "learner": "ridge"},
            "'variants.mine.representation' must be a list of at least 1 value, ",
        ),
        (
            "variants.mine",
            {"representation": ["rdkit_2d"], "learner": "tanimoto_gaussian_process"},
            "which compares counts, with rdkit_2d; use morgan_counts",
        ),
        (
            "variants.mine",
            {"representation": "augmented_3d", "learner": "lightgbm", "rows_per_molecule": 0},
            "variants.mine.rows_per_molecule",
        ),
        (
            "variants.consensus",
            {"representation": "mordred_2d", "learner": "ridge"},
            "'variants.consensus' uses the reserved name",
        ),
        (
            "prediction.model",
            "lightgbm_gaussian_noise",
            "'prediction.model' must be one of recommended, consensus, consensus_2d, constant, ",
        ),
        (
            "prediction.measure_next",
            "range",
            "'prediction.measure_next' is range, but 'requirements.range' is missing; give it",
        ),
        (
            "variants.consensus_2d",
            {"representation": "mordred_2d", "learner": "ridge"},
            "'variants.consensus_2d' uses the reserved name",
        ),
        (
            "variants.recommended",
            {"representation": "mordred_2d", "learner": "ridge"},
            "'variants.recommended' uses the reserved name",
        ),
    ],
)
def test_a_mistake_ends_in_one_sentence_that_names_the_key(path, value, sentence):
    with pytest.raises(UserError) as error:
        complete_config(changed(path, value), SCHEMA)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("model", "members", "sentence"),
    [
        ("consensus", 0, r"'prediction\.model' .* 'evaluation\.consensus_of' is 0"),
        ("consensus_2d", 1, r"for the consensus_2d, but .*consensus_of' is 1; raise"),
    ],
)
def test_a_consensus_that_is_not_made_cannot_predict(model, members, sentence):
    given = changed("prediction.model", model)
    assert complete_config(given, SCHEMA)["prediction"]["model"] == model
    given["evaluation"]["consensus_of"] = members
    with pytest.raises(UserError, match=sentence):
        complete_config(given, SCHEMA)


def test_a_consensus_without_conformers_needs_two_kinds_of_learner_without_them():
    given = changed("prediction.model", "consensus_2d")
    given["evaluation"]["consensus_of"] = 2
    given["variants"] = {
        "constant": {"representation": "mordred_2d", "learner": "constant"},
        "plain": {"representation": "mordred_2d", "learner": "lightgbm"},
        "default": {"representation": "mordred_2d", "learner": "lightgbm_default"},
        "shapes": {"representation": "augmented_3d", "learner": "lightgbm"},
    }
    with pytest.raises(UserError, match="consensus_2d, which is made only if some variants need"):
        complete_config(given, SCHEMA)
    given["variants"]["ridge"] = {"representation": "mordred_2d", "learner": "ridge"}
    assert complete_config(given, SCHEMA)["prediction"]["model"] == "consensus_2d"
    del given["variants"]["shapes"]
    with pytest.raises(UserError, match="consensus_2d, which is made only if some variants need"):
        complete_config(given, SCHEMA)


def test_missing_required_key_is_explained():
    config = copy.deepcopy(DEFAULT)
    del config["input"]["smiles_column"]
    with pytest.raises(UserError, match=r"'input.smiles_column' is missing; give it: Name of the"):
        complete_config(config, SCHEMA)


def test_defaults_are_filled_in_without_touching_the_argument():
    config = copy.deepcopy(DEFAULT)
    completed = complete_config(config, SCHEMA)
    assert completed["descriptors"]["engine"] == "batched"
    assert completed["pathvars"]["results"] == "results"
    assert config == DEFAULT


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("embedding.repeats", "4", 4),
        ("splits.train", "0.7", 0.7),
        (
            "tuning.space.learning_rate",
            {"type": "log", "low": "1e-5", "high": "1"},
            {"type": "log", "low": 1e-5, "high": 1},
        ),
        ("tuning.fixed.max_bin", "31", 31),
        ("tuning.fixed.objective", "regression", "regression"),
        ("tuning.rows_per_molecule", "null", None),
        ("shards.count", "3", 3),
        ("shards.count", "auto", "auto"),
        ("shards.molecules", "100", 100),
        ("input.smiles_column", "7", "7"),
        ("input.name_column", "null", None),
        ("evaluation.learning_curves.conformers", ["1", "3"], [1, 3]),
    ],
)
def test_texts_from_the_command_line_become_numbers_where_numbers_are_wanted(path, text, value):
    completed = complete_config(changed(path, text), SCHEMA)
    for key in path.split("."):
        completed = completed[key]
    assert completed == value
    assert type(completed) is type(value)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("backbone", "has backbone, which describes repeat units, but"),
        ("rdkit_2d_increments", "has rdkit_2d_increments, which describes repeat units, but"),
        ("mordred_2d_as_given", "has mordred_2d_as_given, but .* use mordred_2d, or set"),
        ("morgan_counts_as_given", "has morgan_counts_as_given, but .* use morgan_counts, or set"),
    ],
)
def test_kinds_that_make_sense_for_polymers_alone_need_them(kind, sentence):
    variants = {"mine": {"representation": ["rdkit_2d", kind], "learner": "lightgbm"}}
    config = changed("variants", variants)
    complete_config(config, SCHEMA)
    config["cleaning"]["polymers"] = "as_given"
    with pytest.raises(UserError, match=rf"'variants\.mine\.representation' {sentence}"):
        complete_config(config, SCHEMA)


def test_given_variants_take_the_place_of_the_default_ones():
    default = complete_config(DEFAULT, SCHEMA)["variants"]
    assert len(default) > 10
    mine = {"mine": {"representation": "mordred_2d", "learner": "lightgbm"}}
    assert complete_config(changed("variants", mine), SCHEMA)["variants"] == mine


@pytest.mark.parametrize("limit", [{}, {"rows_per_molecule": None}, {"rows_per_molecule": 6}])
def test_a_variant_is_left_as_it_was_given(limit):
    mine = {"mine": {"representation": "augmented_3d", "learner": "lightgbm", **limit}}
    assert complete_config(changed("variants", mine), SCHEMA)["variants"] == mine


@pytest.mark.parametrize("preset", ["config", "benchmark", "lecture", "quick"])
def test_presets_are_valid_on_top_of_the_default(preset):
    from snakemake.utils import update_config

    config = copy.deepcopy(DEFAULT)
    update_config(config, yaml.safe_load((ROOT / f"config/{preset}.yaml").read_text()))
    completed = complete_config(config, SCHEMA)
    assert completed["variants"]


def test_every_key_has_a_description_and_stands_in_the_handbook():
    handbook = (ROOT / "config/README.md").read_text()

    def visit(schema: dict, path: str) -> None:
        for key, sub in schema.get("properties", {}).items():
            full = f"{path}.{key}" if path else key
            assert sub.get("description"), full
            assert f"`{full}`" in handbook, f"config/README.md does not explain {full}"
            visit(sub, full)

    visit(SCHEMA, "")


def test_checking_a_configuration_imports_nothing_slow():
    code = (
        "import sys, confaug.config.check; "
        "print([name for name in ('lightgbm', 'pandas', 'pyarrow') if name in sys.modules])"
    )
    assert run_python(code).strip() == "[]"


def value_at(config: dict, path: str) -> object:
    for key in path.split("."):
        config = config[key]
    return config


@pytest.mark.parametrize("given", [3.0, "3.0", "3e0", "3", 3])
@pytest.mark.parametrize(
    "path",
    [
        "splits.replicates",
        "splits.folds",
        "splits.seed",
        "shards.count",
        "embedding.repeats",
        "embedding.conformers_per_repeat",
        "tuning.iterations",
        "tuning.rows_per_molecule",
        "tuning.fixed.max_bin",
        "evaluation.y_randomisations",
        "prediction.molecules_per_shard",
    ],
)
def test_whole_numbers_become_integers_however_they_are_written(path, given):
    found = value_at(complete_config(changed(path, given), SCHEMA), path)
    assert (found, type(found)) == (3, int)


def test_whole_numbers_in_lists_become_integers():
    config = changed("evaluation.learning_curves.conformers", [1.0, "1e1"])
    choice = {"type": "choice", "values": [7.0, 15.0]}
    config["tuning"] = {"space": {"num_leaves": choice}, "fixed": {"objective": "regression"}}
    completed = complete_config(config, SCHEMA)
    for path, expected in (
        ("evaluation.learning_curves.conformers", [1, 10]),
        ("tuning.space.num_leaves.values", [7, 15]),
    ):
        found = value_at(completed, path)
        assert found == expected
        assert {type(number) for number in found} == {int}


@pytest.mark.parametrize(
    ("path", "whole"),
    [("splits.train", 11), ("cleaning.tolerance", 2), ("tuning.fixed.lambda_l1", 3)],
)
def test_equal_numbers_are_equal_settings(path, whole):
    for given in (whole, float(whole), f"{whole}.0", f"{whole}e0"):
        found = value_at(complete_config(changed(path, given), SCHEMA), path)
        assert json.dumps(found) == str(whole)


def test_bounds_of_the_space_are_equal_settings_too():
    bounds = {"type": "float", "low": 1.0, "high": "6.0"}
    space = complete_config(changed("tuning.space", {"lambda_l2": bounds}), SCHEMA)["tuning"][
        "space"
    ]
    assert json.dumps(space["lambda_l2"]) == '{"type": "float", "low": 1, "high": 6}'


def test_large_measurements_stay_numbers():
    found = value_at(
        complete_config(changed("cleaning.tolerance", 1e12), SCHEMA), "cleaning.tolerance"
    )
    assert (found, type(found)) == (1e12, float)


NUMBERS = [
    "splits.train",
    "splits.folds",
    "cleaning.tolerance",
    "embedding.seconds_per_molecule",
    "evaluation.interval_coverage",
    "tuning.fixed.lambda_l1",
]


@pytest.mark.parametrize("path", NUMBERS)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "NaN", "-Infinity", "1e999"])
def test_numbers_are_finite(path, value):
    with pytest.raises(UserError, match=f"^config key '{path}' must be"):
        complete_config(changed(path, value), SCHEMA)


def test_bounds_are_finite():
    bounds = {"type": "float", "low": math.nan, "high": 3}
    with pytest.raises(UserError, match=r"tuning\.space\.a\.low.* must be a finite number"):
        complete_config(changed("tuning.space.a", bounds), SCHEMA)


@pytest.mark.parametrize("path", ["splits.seed", "tuning.max_rounds", "tuning.fixed.max_bin"])
def test_whole_numbers_are_not_larger_than_the_libraries_take(path):
    with pytest.raises(UserError, match=f"^config key '{path}' must be at most 2147483647"):
        complete_config(changed(path, 2**31), SCHEMA)
    with pytest.raises(UserError, match=f"^config key '{path}'"):
        complete_config(changed(path, 2.0**31), SCHEMA)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("embedding.protocols", ["etkdg\n"]),
        ("prediction.name", "mine\n"),
        ("variants.mine\n", {"representation": "mordred_2d", "learner": "lightgbm"}),
    ],
)
def test_names_do_not_end_in_a_line_break(path, value):
    with pytest.raises(UserError, match="must be a name of the form"):
        complete_config(changed(path, value), SCHEMA)


def test_keys_are_texts():
    with pytest.raises(UserError, match=r"'variants\.1' is not a string but 1; put it in quot"):
        complete_config(
            changed("variants", {1: {"representation": "mordred_2d", "learner": "ridge"}}), SCHEMA
        )


def test_aliases_of_aliases_and_endless_ones_are_refused():
    bomb: object = ["x"] * 9
    for _ in range(12):
        bomb = [bomb] * 9
    endless: dict = {}
    endless["again"] = endless
    for value in (bomb, endless, {"a": endless}):
        with pytest.raises(UserError, match="'variants' has more than"):
            complete_config(changed("variants", value), SCHEMA)


def test_home_folders_are_written_in_full(monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    for path in ("input.table", "prediction.table", "prediction.bundle"):
        assert value_at(complete_config(changed(path, "~/a b.csv"), SCHEMA), path) == (
            "/home/somebody/a b.csv"
        )
        with pytest.raises(UserError, match=f"'{path}' is '~nobody-here/a', but there is no such"):
            complete_config(changed(path, "~nobody-here/a"), SCHEMA)
    with pytest.raises(UserError, match=r"'pathvars\.results' must not begin with ~"):
        complete_config(changed("pathvars.results", "~/results"), SCHEMA)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ["a{b}.csv", "a}.csv", "<results>/a.csv", "a\nb.csv"])
def test_paths_that_snakemake_takes_for_patterns_are_refused(path, name):
    with pytest.raises(UserError, match=f"^config key '{path}' names"):
        complete_config(changed(path, name), SCHEMA)


@pytest.mark.parametrize("name", ["my table.csv", "Ärger (2).csv", "it's.csv", 'say "a".csv'])
def test_other_unusual_paths_are_left_as_they_are(name):
    assert complete_config(changed("input.table", name), SCHEMA)["input"]["table"] == name
