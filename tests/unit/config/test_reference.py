"""Schema, key tables and defaults are those of the declared settings."""

import copy
import json
import runpy
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from confaug.config.check import complete_config, read_schema
from confaug.config.reference import blocks, with_reference
from confaug.config.schema import config_schema
from confaug.config.settings.configuration import Configuration

ROOT = Path(__file__).parents[3]
SCHEMA = read_schema(ROOT / "workflow/schemas/config.schema.yaml")
DEFAULT = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
INPUT = {"table": "a.csv", "smiles_column": "smiles", "label_column": "y"}


def test_generated_files_are_up_to_date():
    generated = runpy.run_path(str(ROOT / "workflow/generate_reference.py"))["generated"]()
    assert [path.name for path in generated] == ["config.schema.yaml", "README.md"]
    for path, content in generated.items():
        assert path.read_text(encoding="utf-8") == content, "run workflow/generate_reference.py"


def test_every_section_has_its_table_in_the_handbook():
    handbook = (ROOT / "config/README.md").read_text(encoding="utf-8")
    for name in blocks():
        assert handbook.count(f"<!-- generated: {name} -->") == 1


def test_blocks_are_made_anew_and_the_rest_is_left():
    text = "before\n<!-- generated: keys of pathvars -->\noutdated\n<!-- end -->\nafter\n"
    made = with_reference(text)
    assert made.startswith("before\n<!-- generated: keys of pathvars -->\n")
    assert made.endswith("<!-- end -->\nafter\n")
    assert "| `pathvars.results` |" in made
    assert "outdated" not in made
    assert with_reference(made) == made


def test_the_tables_show_values_bounds_and_defaults():
    made = blocks()
    assert "| integer, ≥ 2, ≤ 100 | `5` |" in made["keys of splits"]
    assert "| `auto` or integer, ≥ 1, ≤ 10000 | `auto` |" in made["keys of shards"]
    assert "| number, > 0, < 1 | `0.9` |" in made["keys of evaluation"]
    assert "| number, > 0 or `null` | `5` |" in made["keys of cleaning"]
    assert "`input.table` |" in made["keys of input"]
    assert "| string | required |" in made["keys of input"]
    assert "`lambda_l1`" in made["LightGBM parameters"]
    assert (
        yaml.safe_load(made["long defaults"].strip("`yaml\n"))["tuning"]["fixed"]["max_bin"] == 31
    )


def test_defaults_of_settings_and_schema_are_the_same():
    by_schema = complete_config({"input": INPUT}, SCHEMA)
    assert Configuration(**by_schema) == Configuration(input=INPUT)


def test_defaults_are_written_as_a_configuration_is_read():
    given = yaml.safe_load(blocks()["long defaults"].strip("`yaml\n"))
    by_schema = complete_config({"input": INPUT}, SCHEMA)
    written_out = complete_config({"input": INPUT, **given}, SCHEMA)
    for section in ("tuning", "variants"):  # Snakemake compares them as text: 4 is not 4.0
        texts = [json.dumps(c[section], sort_keys=True) for c in (written_out, by_schema)]
        assert texts[0] == texts[1]


@pytest.mark.parametrize("preset", ["config", "benchmark", "lecture", "quick"])
def test_presets_are_settings(preset):
    from snakemake.utils import update_config

    config = copy.deepcopy(DEFAULT)
    update_config(config, yaml.safe_load((ROOT / f"config/{preset}.yaml").read_text()))
    settings = Configuration(**complete_config(config, SCHEMA))
    assert settings.splits.train == config["splits"]["train"]


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_has_no_references_or_titles():
    def visit(node: object) -> None:
        if isinstance(node, dict):
            assert "$ref" not in node
            assert not isinstance(node.get("title"), str)
            for value in node.values():
                visit(value)
        elif isinstance(node, list):
            for value in node:
                visit(value)

    visit(config_schema())
