"""Requirements are optional, and checked."""

import pytest
import yaml
from report_page import ROOT

from confaug.config.check import complete_config, read_schema
from confaug.errors import UserError

SCHEMA = read_schema(ROOT / "workflow/schemas/config.schema.yaml")


def completed(**requirements):
    config = yaml.safe_load((ROOT / "config/quick.yaml").read_text(encoding="utf-8"))
    return complete_config({**config, "requirements": requirements}, SCHEMA)["requirements"]


def test_nothing_is_required_by_itself():
    assert completed() == {"mae": None, "range": None, "molecules_per_hour": None}


def test_what_is_required_is_kept():
    given = {"mae": 0.5, "range": [-10, 2.5], "molecules_per_hour": 100000}
    assert completed(**given) == given


@pytest.mark.parametrize(
    ("requirements", "message"),
    [
        ({"mae": 0}, "requirements.mae"),
        ({"mae": -1}, "requirements.mae"),
        ({"mae": float("nan")}, "requirements.mae.*finite"),
        ({"range": [1, float("inf")]}, "requirements.range.*finite"),
        ({"range": [5, 5]}, "requirements.range.*below the second"),
        ({"range": [5, 1]}, "requirements.range.*below the second"),
        ({"range": [5]}, "requirements.range"),
        ({"range": [1, 2, 3]}, "requirements.range"),
        ({"range": "all"}, "requirements.range"),
        ({"molecules_per_hour": 0}, "requirements.molecules_per_hour"),
        ({"rmse": 1}, "requirements.rmse.*not known"),
    ],
)
def test_a_mistake_is_named(requirements, message):
    with pytest.raises(UserError, match=message):
        completed(**requirements)
