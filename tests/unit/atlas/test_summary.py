"""The summary of all studies, and the report card."""

import pyarrow as pa
import pytest

from confaug.atlas.gains import BEST_WAY, PLAIN, RULE, SAME_LEARNERS
from confaug.atlas.meta_analysis import summarise
from confaug.atlas.summary import summarise_atlas
from confaug.tables.atlas import GAINS, STUDIES


def gain(study, way, value, error, verdict, mae=10.0, against=PLAIN):
    return {
        "study": study,
        "way": way,
        "against": against,
        "variant": "with",
        "reference": "without",
        "mae": mae,
        "reference_mae": 10.0,
        "gain": value,
        "low": value - 2 * error,
        "high": value + 2 * error,
        "standard_error": error,
        "verdict": verdict,
    }


def facts(study, **changes):
    return {
        "study": study,
        "property": "Length",
        "unit": "m",
        "molecules": 50,
        "training": 35,
        "replicates": 5,
        "rotatable_bonds": 3.0,
        "label_sd": 20.0,
        "label_scatter": None,
        "constant_mae": 15.0,
        "plain": "without",
        "plain_mae": 10.0,
        "recommended": "without",
        "recommended_mae": 10.0,
        "consensus_2d_mae": None,
        "best": "with",
        "best_mae": 8.0,
        "covered": 90,
        "intervals": 100,
        "null_verdicts": 1000,
        "null_helped": 10,
        "null_hurt": 20,
        **changes,
    }


@pytest.fixture(scope="module")
def found():
    rows = [
        gain("a", "rows", 10.0, 2.0, "helped", 9.0),
        gain("a", BEST_WAY, 20.0, 2.0, "helped", 8.0),
        gain("a", RULE, 0.0, 0.0, "no_difference"),
        gain("b", "rows", -4.0, 3.0, "no_difference", 10.4),
        gain("b", BEST_WAY, 2.0, 3.0, "no_difference", 9.8),
        gain("b", RULE, 0.0, 0.0, "no_difference"),
        gain("a", "rows", 30.0, 5.0, "helped", against=SAME_LEARNERS),
        gain("b", "rows", 40.0, 5.0, "helped", against=SAME_LEARNERS),
    ]
    studies = [
        facts("a"),
        facts("b", covered=40, intervals=50, best_mae=9.8, null_hurt=0, consensus_2d_mae=10.78),
    ]
    return summarise_atlas(
        pa.Table.from_pylist(rows, schema=GAINS.schema()),
        pa.Table.from_pylist(studies, schema=STUDIES.schema()),
        0.9,
    )


def test_effects_are_those_of_the_random_effects_model(found):
    effect = found["ways"]["rows"]["effect"]
    expected = summarise([10.0, -4.0], [2.0, 3.0])
    assert effect["mean"] == expected.mean
    assert effect["low"] == expected.low
    assert found["ways"]["rows"]["verdicts"] == {"helped": 1, "no_difference": 1, "hurt": 0}
    assert found["ways"][RULE]["effect"] is None  # it is the reference itself
    assert list(found["ways"]) == ["rows", BEST_WAY, RULE]


def test_gains_of_zero_count_in_the_plain_mean_and_same_learners_are_apart(found):
    assert found["ways"][RULE]["mean"] == 0.0
    assert found["ways"]["rows"]["mean"] == pytest.approx(3.0)
    assert list(found["same_learners"]) == ["rows"]
    assert found["same_learners"]["rows"]["mean"] == pytest.approx(35.0)


def test_studies_without_conformers_are_summarised_too():
    nothing = {"null_verdicts": 0, "null_helped": 0, "null_hurt": 0, "constant_mae": None}
    empty = summarise_atlas(
        pa.Table.from_pylist([], schema=GAINS.schema()),
        pa.Table.from_pylist([facts("a", **nothing, best_mae=0.0)], schema=STUDIES.schema()),
        0.9,
    )
    assert empty["ways"] == {}
    assert empty["report_card"]["random_signs"] is None
    assert empty["report_card"]["rules"] == {}


def test_the_report_card_counts_over_all_studies(found):
    card = found["report_card"]
    assert card["coverage"]["studies"] == {"a": 0.9, "b": 0.8}
    assert card["coverage"]["mean"] == pytest.approx(0.85)
    assert card["random_signs"] == {"helped": 0.01, "hurt": 0.01}
    rules = card["rules"]
    assert rules["plain"]["largest"] == pytest.approx(25.0)  # 10 against 8
    assert rules[BEST_WAY]["mean"] == pytest.approx(0.0)
    assert rules["consensus_2d"] == pytest.approx({"studies": 1, "mean": 10.0, "largest": 10.0})
    assert rules["rows"]["mean"] == pytest.approx((12.5 + 100 * (10.4 / 9.8 - 1)) / 2)
