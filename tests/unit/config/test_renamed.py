"""An old name of a key or value ends in one sentence with the new one, and the new one exists."""

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
    section, name = key.split(".")
    config.setdefault(section, {})[name] = value
    return config


def schema_of(key):
    section, name = key.split(".")
    return SCHEMA["properties"][section]["properties"].get(name)


@pytest.mark.parametrize(("old", "new"), KEYS.items())
def test_an_old_key_is_answered_with_the_new_one(old, new):
    assert schema_of(old) is None
    assert schema_of(new) is not None
    with pytest.raises(UserError, match=rf"'{old}' is not known.*'{new}'"):
        complete_config(study_with(old, 1), SCHEMA)


@pytest.mark.parametrize(("place", "new"), VALUES.items())
def test_an_old_value_is_answered_with_the_new_one(place, new):
    key, old = place
    assert new in schema_of(key)["enum"]
    assert old not in schema_of(key)["enum"]
    with pytest.raises(UserError, match=rf"'{key}'.*'{old}' is now called '{new}'"):
        complete_config(study_with(key, old), SCHEMA)
