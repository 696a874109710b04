"""Sentences on trust give the facts they are made from, and claim no more."""

import pyarrow as pa
import pytest

from confaug.report.quantity import Quantity
from confaug.report.wording.conformer_deviation import deviation_sentence
from confaug.report.wording.coverage import NO_INTERVALS, coverage_sentence
from confaug.report.wording.descriptor_quality import within_share_sentence
from confaug.report.wording.domain import FLAG_WORDS, flags_sentence, with_flags
from confaug.report.wording.importance import importance_sentence
from confaug.report.wording.label_outliers import outlier_reason, unjudged_sentence
from confaug.trust.conformer_deviation import RankCorrelation
from confaug.trust.coverage import CoverageSummary
from confaug.trust.domain import FLAGS
from confaug.trust.domain_summary import DomainSummary
from confaug.trust.importance import DimensionImportance, ImportanceSummary
from confaug.trust.label_outliers import LabelOutlier

KELVIN = Quantity("Glass transition temperature", "Tg", "K", digits=1)
NOT_A_NUMBER = float("nan")


def gives(sentence, *facts):
    return sentence.endswith(".") and all(fact in sentence for fact in facts)


def test_coverage():
    facts = CoverageSummary(1, 154, 0.9, 0.87, 1, 61.25)
    assert gives(coverage_sentence(facts, KELVIN), "90%", "87%", "154", "1 of 1", "± 30.6 K")
    several = CoverageSummary(10, 154, 0.9, 0.91, 8, 61.25)
    assert gives(coverage_sentence(several, KELVIN, 0.5), "91%", "8 of 10", "3.16")
    assert coverage_sentence(None, KELVIN) == NO_INTERVALS


@pytest.mark.parametrize(
    ("facts", "claim"),
    [
        (RankCorrelation(0.52, 0.4, 0.6, 150), "clearly worse"),
        (RankCorrelation(0.25, 0.1, 0.4, 150), "somewhat worse"),
        (RankCorrelation(-0.25, -0.4, -0.1, 150), "not worse"),
        (RankCorrelation(0.05, -0.1, 0.2, 150), "do not read it as an uncertainty"),
    ],
)
def test_conformer_deviation(facts, claim):
    figures = [f"{value:.2f}".replace("-", "−") for value in (facts.rho, facts.low, facts.high)]
    assert gives(deviation_sentence(facts), claim, *figures, "150 molecules")


def test_no_conformer_deviation():
    facts = RankCorrelation(NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER, 9)
    assert "nan" not in deviation_sentence(facts)


def test_flags_that_tell_something():
    sentence = flags_sentence(DomainSummary(154, 12, {}, 24.1, 40.25, 0.03), KELVIN)
    figures = ("12 held-out molecules", "142 without", "24.1 K", "40.2 K", "p = 0.03")
    assert gives(sentence, "had 1.7 times the error", *figures)


@pytest.mark.parametrize(("flagged", "p_value"), [(40.25, 0.2), (20.0, 0.01)])
def test_flags_that_tell_nothing(flagged, p_value):
    sentence = flags_sentence(DomainSummary(154, 12, {}, 24.1, flagged, p_value), KELVIN)
    assert gives(sentence, "did not tell anything here", "24.1 K", f"p = {p_value}")
    assert "times" not in sentence


@pytest.mark.parametrize("flagged", [0, 154])
def test_flags_on_no_molecule_or_on_all_could_not_be_checked(flagged):
    one_side = (24.1, None) if not flagged else (None, 24.1)
    sentence = flags_sentence(DomainSummary(154, flagged, {}, *one_side, None), KELVIN)
    assert gives(sentence, "could not be checked", f"{flagged} of 154")


def test_every_flag_has_words():
    assert set(FLAG_WORDS) == set(FLAGS)


def test_flags_are_joined_in_their_place():
    columns = dict.fromkeys(FLAGS, pa.array([True, False, None]))
    table = pa.table({**columns, "edge_of_labels": pa.array([True, False, False])})
    flags = with_flags(table)["flags"].to_pylist()
    assert flags == ["; ".join(FLAG_WORDS.values()), None, None]
    again = with_flags(pa.table({"flags": pa.nulls(3, pa.string()), **columns, "last": [1, 2, 3]}))
    assert again.column_names == ["flags", *FLAGS, "last"]
    assert again["flags"].to_pylist() == flags


def test_importance():
    dimensions = {"2D": DimensionImportance(0.6, 21.0), "3D": DimensionImportance(0.4, 9.5)}
    facts = ImportanceSummary(dimensions, ("EState", "MoRSE", "CPSA", "PBF"))
    assert gives(importance_sentence(facts, KELVIN), "40%", "9.5 K", "21.0 K", "MoRSE, CPSA.")
    assert "PBF" not in importance_sentence(facts, KELVIN)
    only = ImportanceSummary({"2D": dimensions["2D"]}, ("EState",))
    assert gives(importance_sentence(only, KELVIN), "2D")
    assert "3D" not in importance_sentence(only, KELVIN)


def test_variance_within_molecules():
    assert gives(within_share_sentence(0.3), "30%", "70%")
    assert "%" not in within_share_sentence(None)


def test_reasons_of_label_outliers():
    odd = LabelOutlier("a", "unlike_neighbours", 200.15, 100.04, 10.0, (95.0, 105.123))
    for fact in ("200.15 K", "100.0 K", "its 2 most", "95 to 105.123 K"):
        assert fact in outlier_reason(odd, KELVIN)
    rows = LabelOutlier("a", "contradictory_rows", 262.0, rows=((1, 216.0), (3, 308.0)))
    assert "216 K in row 1, 308 K in row 3" in outlier_reason(rows, KELVIN)
    remarked = LabelOutlier("a", "unlike_all_labels", -999.0, remark="the label -999 is far away")
    assert outlier_reason(remarked, KELVIN) == "the label -999 is far away"
    without = Quantity("logP", "logP")
    assert "216 in row 1, 308 in row 3" in outlier_reason(rows, without)


def test_unjudged_labels():
    assert gives(unjudged_sentence(12, 70), "12 of 70")
    assert unjudged_sentence(0, 70) == ""
