"""An old name of a key or value ends in one sentence with the new one, and the new one exists."""

import re
from pathlib import Path

import pytest
import yaml

from confaug.config.check import complete_config, read_schema
from confaug.config.renamed import KEYS, VALUES
from confaug.errors import UserError

ROOT = Path(__file__).parents[3]
SCHEMA = read_schema(ROOT / "workflow/schemas/config.schema.yaml")


def study_with(key, value):
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    *sections, name = key.replace("*", "mine").split(".")
    place = config
    for section in sections:
        place = place.setdefault(section, {"learner": "lightgbm"} if section == "mine" else {})
    place[name] = value
    return config


def schema_of(key):
    place = SCHEMA
    for part in key.split("."):
        place = place["additionalProperties"] if part == "*" else place["properties"].get(part)
    return place


def values_of(key):
    schema = schema_of(key)
    return (schema if "enum" in schema else schema["anyOf"][0])["enum"]


@pytest.mark.parametrize(("old", "new"), KEYS.items())
def test_an_old_key_is_answered_with_the_new_one(old, new):
    assert schema_of(old) is None
    assert schema_of(new) is not None
    with pytest.raises(UserError, match=rf"'{old}' is not known.*'{new}'"):
        complete_config(study_with(old, 1), SCHEMA)


@pytest.mark.parametrize(("place", "new"), VALUES.items())
def test_an_old_value_is_answered_with_the_new_one(place, new):
    key, old = place
    assert set(yaml.safe_load(f"[{new.strip('[]')}]")) <= set(values_of(key))
    assert old not in values_of(key)
    named, called = re.escape(key.replace("*", "mine")), re.escape(new)
    with pytest.raises(UserError, match=rf"'{named}'.*'{old}' is now called '{called}'"):
        complete_config(study_with(key, old), SCHEMA)
