"""What to measure next: ranks, facts behind them, and what they do not depend on."""

import itertools
import random

import numpy as np
import pyarrow as pa
import pytest

from confaug.molecules.similarity import fingerprint, similarities
from confaug.prediction import measure_next
from confaug.prediction.measure_next import (
    COVERAGE,
    DEVIATION,
    NOVELTY,
    RANGE,
    Background,
    choose_criterion,
    rank_to_measure,
)
from confaug.report.wording.measure_next import with_reasons
from confaug.tables.prediction import NEW_PREDICTIONS

ALKANES = ["C" * n for n in range(6, 16)]
OTHERS = ["c1ccncc1", "O=C1CCCO1", "N#CC=C", "CS(C)=O", "C1CCOC1"]
BACKGROUND = Background(frozenset(["CCO"]), np.array([-20.0, -10.0, 0.0, 10.0, 20.0]), "none")


def line(row, smiles, **further):
    """Return a predicted row whose molecule is its SMILES."""
    return {
        "row": row,
        "status": "predicted",
        "molecule": smiles,
        "smiles": smiles,
        "prediction": 300.0,
        "low": 280.0,
        "high": 320.0,
        "standard_deviation": 1.0,
        "similarity": 0.4,
        "distance": 1.0,
        "far_in_descriptors": False,
        "unlike_training": False,
        **further,
    }


def table(lines):
    return pa.Table.from_pylist(lines, schema=NEW_PREDICTIONS.schema())


def ranked(lines, criterion=NOVELTY, wanted=None, background=BACKGROUND, pieces=None):
    structures = {one["molecule"]: one["smiles"] for one in lines if one["molecule"]}
    return with_reasons(
        rank_to_measure(pieces or [table(lines)], structures, background, criterion, wanted)
    )


def order(ranking):
    return ranking["molecule"].to_pylist()


@pytest.fixture
def candidates():
    """Alkanes, which are like each other, with better scores than others, which are not."""
    alkanes = [line(i, s, similarity=0.1 + i / 100) for i, s in enumerate(ALKANES)]
    others = [line(50 + i, s, similarity=0.3 + i / 100) for i, s in enumerate(OTHERS)]
    return [*alkanes, *others]


def test_the_first_ones_are_not_one_cluster(candidates):
    first = order(ranked(candidates))[:6]
    assert first[0] == ALKANES[0], "the best score"
    assert set(OTHERS) <= set(first), "before further alkanes, whose own scores are better"
    prints = [fingerprint(smiles) for smiles in first]
    among = similarities(prints, prints)[np.triu_indices(len(first), 1)]
    assert among.max() < 0.5


def test_gain_is_the_score_less_what_those_above_tell(candidates):
    ranking = ranked(candidates).to_pylist()
    gains = [row["gain"] for row in ranking]
    assert gains == sorted(gains, reverse=True)
    for i, row in enumerate(ranking):
        assert row["rank"] == i + 1
        above = [fingerprint(other["molecule"]) for other in ranking[:i]]
        highest = similarities([fingerprint(row["molecule"])], above).max() if above else 0.0
        assert row["similarity_above"] == highest
        assert row["score"] == 1.0 - row["similarity"]
        assert row["gain"] == row["score"] * (1.0 - highest)


def test_order_and_pieces_of_the_table_change_nothing(candidates):
    tied = [{**one, "similarity": 0.2} for one in candidates]
    for lines, criterion in itertools.product((candidates, tied), (NOVELTY, COVERAGE)):
        expected = ranked(lines, criterion)
        shuffled = random.Random(1).sample(lines, len(lines))
        assert ranked(shuffled, criterion) == expected
        pieces = [table(shuffled[start : start + 4]) for start in range(0, len(shuffled), 4)]
        assert ranked(lines, criterion, pieces=pieces) == expected


def test_a_longer_list_begins_with_the_shorter_one(candidates, monkeypatch):
    everything = order(ranked(candidates))
    monkeypatch.setattr(measure_next, "RANKED", 4)
    assert order(ranked(candidates)) == everything[:4]


def test_large_tables_are_cut_to_the_best_scores_first(candidates, monkeypatch):
    monkeypatch.setattr(measure_next, "SHORTLISTED", len(ALKANES))
    assert set(order(ranked(candidates))) <= set(ALKANES)


def test_only_what_is_unknown_and_predicted_is_a_candidate():
    lines = [
        line(2, "CCCO", similarity=0.2),
        line(3, "CCCO", similarity=0.2),
        line(4, "CCO"),
        line(5, "c1ccccc1", training_label=300.0),
        line(6, "CCN", status="failed", prediction=None),
        {"row": 7, "status": "failed"},
    ]
    structures = {"CCCO": "CCCO", "CCO": "CCO", "c1ccccc1": "c1ccccc1", "CCN": "CCN"}
    ranking = rank_to_measure([table(lines)], structures, BACKGROUND, NOVELTY)
    assert [(row["molecule"], row["row"]) for row in ranking.to_pylist()] == [("CCCO", 2)]


def test_molecules_that_are_modelled_alike_are_listed_once():
    lines = [line(2, "C=CC"), line(3, "OC(C)C")]
    ranking = rank_to_measure(
        [table(lines)], dict.fromkeys(["C=CC", "OC(C)C"], "CCC"), BACKGROUND, NOVELTY
    )
    assert ranking.num_rows == 1


@pytest.mark.parametrize("criterion", [NOVELTY, COVERAGE])
def test_long_chains_with_the_same_environments_come_last_and_are_not_lost(candidates, criterion):
    ranking = ranked(candidates, criterion)
    assert set(order(ranking)) == {*ALKANES, *OTHERS}
    prints = [fingerprint(smiles) for smiles in ALKANES[-2:]]
    assert similarities(prints[:1], prints[1:]) == 1.0
    assert ranking["gain"].to_pylist()[-1] == 0.0


def test_no_candidate_gives_an_empty_ranking():
    assert ranked([line(2, "CCO")]).num_rows == 0
    assert ranked([line(2, "CCO")], DEVIATION).num_rows == 0
    assert ranked([line(2, "CCO")], COVERAGE).num_rows == 0
    assert ranked([line(2, "CCO")], RANGE, (0.0, 1.0)).num_rows == 0


def test_the_largest_deviation_comes_first():
    deviations = {"CCC": 1.0, "c1ccncc1": 8.0, "CS(C)=O": 2.0}
    lines = [line(i, s, standard_deviation=d) for i, (s, d) in enumerate(deviations.items())]
    ranking = ranked(lines, DEVIATION).to_pylist()
    assert [row["molecule"] for row in ranking] == ["c1ccncc1", "CS(C)=O", "CCC"]
    assert [row["score"] for row in ranking] == [1.0, 0.25, 0.125]
    assert ranking[0]["deviation_ratio"] == 4.0
    assert ranking[0]["reason"] == "uncertain prediction (deviation 4.0 times the median)"


def test_deviations_of_logarithms_are_relative_to_the_prediction():
    background = Background(frozenset(), np.array([0.0]), "log10")
    lines = [
        line(1, "CCC", prediction=1000.0, standard_deviation=50.0, low=100.0, high=1e4),
        line(2, "c1ccncc1", prediction=10.0, standard_deviation=5.0, low=1.0, high=100.0),
    ]
    ranking = ranked(lines, DEVIATION, background=background).to_pylist()
    assert [row["molecule"] for row in ranking] == ["c1ccncc1", "CCC"]
    assert [row["interval_ratio"] for row in ranking] == pytest.approx([1.0, 1.0])
    assert ranking[1]["score"] == pytest.approx(0.1)


def test_without_deviations_coverage_decides():
    lines = [line(1, "CCC", standard_deviation=0.0), line(2, "CCCS", standard_deviation=0.0)]
    assert set(ranked(lines, DEVIATION)["criterion"].to_pylist()) == {COVERAGE}


def test_coverage_prefers_what_many_are_like_and_nothing_measured_is_like(candidates):
    ranking = ranked(candidates, COVERAGE).to_pylist()
    assert ranking[0]["molecule"] in ALKANES[1:], "it stands for all but the shortest"
    assert ranking[1]["molecule"] in OTHERS, "the other alkanes are covered then"
    names = [one["molecule"] for one in candidates]
    prints = [fingerprint(name) for name in names]
    among = similarities(prints, prints)
    covered = np.array([one["similarity"] for one in candidates])
    lacking = (1.0 - covered).sum()
    for row in ranking:
        own = among[names.index(row["molecule"])]
        after = np.maximum(covered, own)
        assert row["gain"] == pytest.approx((after - covered).sum() / lacking)
        covered = after
    assert ranking[0]["score"] == ranking[0]["gain"]
    assert ranking[0]["reason"].startswith(f"closes {ranking[0]['gain']:.1%} of the gap")


def test_coverage_does_not_depend_on_rows_that_are_known_or_repeated(candidates):
    known = [*candidates, *candidates, line(99, "CCO"), line(98, "CCCCS", training_label=1.0)]
    lines = [{**one, "row": row} for row, one in enumerate(reversed(known))]
    assert order(ranked(lines, COVERAGE)) == order(ranked(candidates, COVERAGE))


def test_of_many_candidates_a_sample_is_covered(candidates, monkeypatch):
    monkeypatch.setattr(measure_next, "SAMPLED", 4)
    names = sorted(one["molecule"] for one in candidates)
    assert set(order(ranked(candidates, COVERAGE))) <= set(names[:4])


def test_the_chance_is_the_share_of_residuals_that_lead_into_the_range():
    predictions = {"CCC": 300.0, "c1ccncc1": 315.0, "CS(C)=O": 330.0, "N#CC=C": 400.0}
    lines = [line(i, s, prediction=p) for i, (s, p) in enumerate(predictions.items())]
    ranking = ranked(lines, RANGE, (310.0, 1000.0)).to_pylist()
    chances = {row["molecule"]: row["probability_in_range"] for row in ranking}
    assert chances == {"CCC": 0.4, "c1ccncc1": 0.6, "CS(C)=O": 1.0, "N#CC=C": 1.0}
    assert ranking[0]["molecule"] == "CS(C)=O" or ranking[0]["molecule"] == "N#CC=C"
    assert {row["score"] for row in ranking} == {0.4, 0.6, 1.0}
    reason = next(row["reason"] for row in ranking if row["molecule"] == "CCC")
    assert reason == "near the requirement (40% chance of being in the range)"


def test_equal_chances_are_decided_by_the_nearer_prediction():
    lines = [line(1, "CCC", prediction=304.0), line(2, "c1ccncc1", prediction=308.0)]
    assert order(ranked(lines, RANGE, (310.0, 320.0)))[0] == "c1ccncc1"


def test_what_cannot_be_in_the_range_is_not_listed():
    lines = [line(1, "CCC", prediction=100.0), line(2, "c1ccncc1", prediction=305.0)]
    assert order(ranked(lines, RANGE, (310.0, 320.0))) == ["c1ccncc1"]


def test_reasons_are_those_of_the_figures():
    lines = [
        line(1, "CCC"),
        line(2, "c1ccncc1", far_in_descriptors=True),
        line(3, "CS(C)=O", unlike_training=True, similarity=0.1),
        line(4, "N#CC=C", low=250.0, high=350.0),
    ]
    reasons = {row["molecule"]: row["reason"] for row in ranked(lines).to_pylist()}
    assert reasons == {
        "CCC": "similarity 0.40 to the most similar training molecule",
        "c1ccncc1": "far from the training molecules in descriptors",
        "CS(C)=O": "no similar training molecule",
        "N#CC=C": "wide interval (2.5 times the median)",
    }


def test_intervals_may_be_missing():
    lines = [line(1, "CCC", low=None, high=None), line(2, "CCCS", low=None, high=None)]
    assert ranked(lines)["interval_ratio"].null_count == 2


def test_the_criterion_follows_the_requirement_unless_it_is_named():
    assert choose_criterion("automatic", None) == COVERAGE
    assert choose_criterion("automatic", [1, 2]) == RANGE
    assert choose_criterion("deviation", [1, 2]) == DEVIATION
