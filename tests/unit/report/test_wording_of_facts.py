"""Every fact that an analysis can return has words."""

from dataclasses import replace
from typing import get_args

import pytest
from report_page import inputs_of
from synthetic_study import write_study

from confaug.config.kinds import MOLECULE_KINDS
from confaug.config.roles import CONTROLS as CONTROL_REPRESENTATIONS
from confaug.config.settings.variants import CONFORMER_KINDS, Learner
from confaug.evaluation import leakage_findings
from confaug.evaluation.comparison import HELPED, HURT, NO_DIFFERENCE
from confaug.evaluation.power import VisibleDifference
from confaug.evaluation.verdict import (
    JITTER,
    NOT_ASKED,
    NOT_SHOWN,
    PHYSICS,
    TOO_FEW,
    UNDETERMINED,
)
from confaug.report.summary import SIGNS
from confaug.report.wording.bars import BARS
from confaug.report.wording.comparison import CONTROLS
from confaug.report.wording.first_paragraphs import leads, reservations
from confaug.report.wording.full_verdict import CAUSES, verdict_words
from confaug.report.wording.headline import HEADLINES
from confaug.report.wording.leakage import CHECKS, KEPT_TOGETHER
from confaug.report.wording.models import KINDS, LEARNERS

VERDICTS = (HELPED, NO_DIFFERENCE, HURT, NOT_ASKED, TOO_FEW)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    files = write_study(tmp_path_factory.mktemp("study"), optional=False, gain=18.0)
    return inputs_of(files).results.outcome


def test_every_key_has_words():
    assert set(HEADLINES) == set(SIGNS) == {*VERDICTS, NOT_SHOWN}
    assert set(CAUSES) == {PHYSICS, JITTER, UNDETERMINED, NOT_ASKED}
    assert set(CONTROLS) == set(CONTROL_REPRESENTATIONS)
    kinds = ("SMILES", "BLOCKS", "UNITS", "TEST", "TRAIN", "OUT_OF_FOLD", "FIT_ROWS", "BUNDLED")
    assert set(CHECKS) == {getattr(leakage_findings, name) for name in kinds}
    assert set(KEPT_TOGETHER) == {"connectivity", "molecule"}


def test_every_learner_and_representation_has_words():
    assert set(LEARNERS) == set(get_args(Learner))
    assert set(KINDS) == {*MOLECULE_KINDS, *CONFORMER_KINDS}


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("needs_conformers", [False, True])
@pytest.mark.parametrize("answer", VERDICTS)
def test_every_verdict_reads_as_whole_sentences(outcome, answer, needs_conformers, cause):
    verdict = replace(outcome.verdict, verdict=answer, cause=cause)
    model = replace(outcome.recommendation, needs_conformers=needs_conformers)
    told = replace(outcome, verdict=verdict, recommendation=model)
    words = verdict_words(verdict, outcome.variants)
    for sentence in (words.headline, *words.sentences, words.scope, *leads(told)):
        assert sentence[-1] == "."
        assert "None" not in sentence
        assert "  " not in sentence


def test_two_best_models_are_told_apart_by_their_criteria(outcome):
    comparisons = replace(outcome.verdict.comparisons, reference=None)
    plain = replace(outcome, verdict=replace(outcome.verdict, comparisons=comparisons))
    best = plain.verdict.best_variant
    for model, told in ((best, False), ("another_one", True)):
        chosen = replace(plain, recommendation=replace(plain.recommendation, model=model))
        words = " ".join(leads(chosen))
        assert f"{best} has the lowest mean error" in words
        assert ("another_one" in words and "cross-validation and not" in words) is told
    assert "cross-validation" in BARS["classical"]


def test_what_could_have_been_seen_stands_beside_a_verdict_of_no_difference(outcome):
    visible = VisibleDifference("augmented", "plain", 7.5, 0.3, 0.8)
    for answer in (NO_DIFFERENCE, HELPED):
        row = replace(outcome.verdict.comparisons.reference, verdict=answer)
        comparisons = replace(outcome.verdict.comparisons, reference=row)
        verdict = replace(
            outcome.verdict, verdict=answer, comparisons=comparisons, smallest_visible=visible
        )
        told = leads(replace(outcome, verdict=verdict))
        assert any("7.5 K (30% of" in one for one in told) == (answer == NO_DIFFERENCE)
        assert any("7.5 K" in one for one in verdict_words(verdict, outcome.variants).sentences)
        unknown = leads(replace(outcome, verdict=replace(verdict, smallest_visible=None)))
        assert len(unknown) == len(told) - (answer == NO_DIFFERENCE)


def test_a_gain_that_controls_have_too_is_not_credited_to_shapes(outcome):
    (found,) = outcome.verdict.comparisons.controls
    for row, mentioned in ((replace(found, verdict=NO_DIFFERENCE), True), (found, False)):
        comparisons = replace(outcome.verdict.comparisons, controls=(row,))
        verdict = replace(
            outcome.verdict, verdict=HELPED, comparisons=comparisons, cause=UNDETERMINED
        )
        told = replace(outcome, verdict=verdict)
        named = f"{CONTROLS['duplicated_3d']} ({outcome.error(found.reference)}) in place of"
        assert any(named in sentence for sentence in reservations(told)) is mentioned
        assert any(named in sentence for sentence in leads(told)) is mentioned
        explained = replace(outcome, verdict=replace(verdict, cause=PHYSICS))
        assert reservations(explained) == []


@pytest.mark.parametrize(("high", "told"), [(-1.0, True), (1.0, False)])
def test_an_undecided_gain_whose_interval_excludes_zero_says_why(outcome, high, told):
    row = replace(outcome.verdict.comparisons.reference, verdict=NO_DIFFERENCE, low=-9.0, high=high)
    comparisons = replace(outcome.verdict.comparisons, reference=row)
    verdict = replace(outcome.verdict, verdict=NO_DIFFERENCE, comparisons=comparisons)
    words = " ".join(leads(replace(outcome, verdict=verdict)))
    assert ("do not point in the same direction" in words) is told


def test_a_study_that_could_show_no_gain_at_all_says_so(outcome):
    visible = VisibleDifference("augmented", "plain", 30.0, 1.2, 0.8)
    row = replace(outcome.verdict.comparisons.reference, verdict=NO_DIFFERENCE)
    comparisons = replace(outcome.verdict.comparisons, reference=row)
    verdict = replace(
        outcome.verdict,
        verdict=NO_DIFFERENCE,
        comparisons=comparisons,
        smallest_visible=visible,
    )
    told = " ".join(leads(replace(outcome, verdict=verdict)))
    assert "no gain could have been shown" in told
    assert "120%" not in told
