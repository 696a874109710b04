"""Which settings reach which rule: every key some rule, and a new key all that take its section."""

import copy

import pytest

from confaug.config.check import complete_config, read_schema
from confaug.config.settings_by_rule import RESERVED, section_part
from study import ROOT

SCHEMA = read_schema(ROOT / "workflow" / "schemas" / "config.schema.yaml")
INPUT = {"table": "mine.csv", "smiles_column": "smiles", "label_column": "y"}
CONFIG = complete_config({"input": INPUT}, SCHEMA)


@pytest.mark.parametrize("section", RESERVED)
def test_reserved_keys_are_keys_of_the_configuration(section):
    assert RESERVED[section] <= set(SCHEMA["properties"][section]["properties"])


def test_a_part_has_the_reserved_keys_that_are_asked_for_alone():
    assert section_part(CONFIG, "descriptors", "engine") == {
        "engine": CONFIG["descriptors"]["engine"]
    }
    assert section_part(CONFIG, "property") == {"transform": "none"}


@pytest.mark.parametrize("section", RESERVED)
def test_a_new_key_is_part_of_every_part(section):
    config = copy.deepcopy(CONFIG)
    config[section]["new"] = 1
    assert section_part(config, section)["new"] == 1
    assert section_part(config, section, *RESERVED[section]) == config[section]


def test_a_key_that_is_not_reserved_need_not_be_asked_for():
    with pytest.raises(KeyError, match="transform"):
        section_part(CONFIG, "property", "transform")
