"""The section on extrapolation: what it says follows from the facts."""

from dataclasses import replace

import pytest

from confaug.evaluation.extrapolation import EQUAL_LABELS, TOO_FEW
from confaug.evaluation.extrapolation_facts import (
    NO_MODEL,
    End,
    Extrapolation,
    Gain,
    Shortfall,
    Subject,
    UsualErrors,
)
from confaug.report.quantity import Quantity
from confaug.report.sections.extrapolation import ExtrapolationView, extrapolation_section
from confaug.report.wording.extrapolation import answer, extrapolation_sentences

QUANTITY = Quantity("Glass transition temperature", "Tg", "K", digits=0)


def end(name, low, high):
    """Return an end at which ridge falls short by 30 K and trees by 70 K."""
    return End(
        name,
        44,
        364.0,
        (
            Shortfall("forest", 70.0, 60.0, 80.0, 20.0, 0),
            Shortfall("line", 30.0, 20.0, 40.0, 19.0, 7),
        ),
        (Gain("line", "forest", 40.0, low, high),),
    )


@pytest.fixture
def facts():
    return Extrapolation(
        refusal=None,
        molecules=223,
        share=0.2,
        subject=Subject("forest", ("forest",), True),
        trees="forest",
        errors=(UsualErrors("forest", 21.0, 45.0), UsualErrors("line", 26.0, 50.0)),
        ends=(end("highest", 20.0, 55.0), end("lowest", -5.0, 55.0)),
        left_out={},
    )


def test_the_answer_names_what_does_better_and_what_it_costs(facts):
    text = answer(facts, QUANTITY)
    assert "explains most" in text
    for number in ("70 K", "30 K", "40 K", "20 to 55 K", "21 K", "26 K", "2 comparisons"):
        assert number in text
    assert "highest fifth" in text
    assert "At the lowest fifth, no other" in text


def test_a_small_gain_explains_part(facts):
    gain = Gain("line", "forest", 10.0, 2.0, 20.0)
    small = replace(facts, ends=(replace(facts.ends[0], gains=(gain,)),))
    assert "explains part" in answer(small, QUANTITY)


def test_without_a_clear_gain_no_other_model_is_praised(facts):
    unclear = replace(facts, ends=(end("highest", -1.0, 55.0), end("lowest", None, None)))
    text = answer(unclear, QUANTITY)
    assert "no other kind of model was shown to do better" in text
    assert "explains" not in text


def test_without_trees_or_rivals_nothing_is_compared(facts):
    ends = tuple(replace(one, gains=()) for one in facts.ends)
    assert "there is no other kind" in answer(replace(facts, ends=ends), QUANTITY)
    text = answer(replace(facts, ends=ends, trees=None), QUANTITY)
    assert text.startswith("No model of trees")


def test_the_direction_of_a_bias_follows_from_the_end(facts):
    text = extrapolation_sentences(facts, QUANTITY)[1]
    assert "highest fifth 70 K too low (60 to 80 K), against 20 K too low" in text
    assert "lowest fifth 70 K too high" in text
    shortfalls = (Shortfall("forest", -5.0, None, None, 2.0, 44),)
    shot = replace(facts.ends[0], shortfalls=shortfalls, gains=())
    text = extrapolation_sentences(replace(facts, ends=(shot,)), QUANTITY)
    assert "5 K too high, against 2 K too low" in text[1]
    assert "44 above" in text[2]


@pytest.mark.parametrize("reason", [TOO_FEW, EQUAL_LABELS, NO_MODEL])
def test_a_refusal_is_one_sentence(reason):
    facts = Extrapolation(reason, 12, 0.2)
    section = extrapolation_section(ExtrapolationView(QUANTITY, facts, []))
    (sentence,) = section.sentences
    assert sentence.startswith("Not measured")
    assert (section.models, section.distances) == (None, None)
    assert ("12" in sentence) == (reason == TOO_FEW)


def test_a_model_that_is_not_the_recommended_one_is_called_so(facts):
    other = replace(facts, subject=Subject("forest", ("forest",), False))
    assert "best model without conformers" in extrapolation_sentences(other, QUANTITY)[1]


def test_what_was_left_out_and_what_was_not_held_out_is_said(facts):
    lost = replace(facts, left_out={"shapes": "no descriptor is left"}, ends=())
    text = " ".join(extrapolation_sentences(lost, QUANTITY))
    assert "no descriptor is left" in text
    assert "No end of the labels was held out" in text


def test_the_table_marks_the_model_in_question_and_lists_both_ends(facts):
    section = extrapolation_section(ExtrapolationView(QUANTITY, facts, []))
    assert [row[0].text for row in section.models.rows] == ["forest", "line"]
    assert section.models.marked == {0}
    assert [cell.text for cell in section.models.rows[1]] == [
        *("line", "26", "50"), *("30", "7"), *("30", "7"),
    ]  # fmt: skip


def test_a_study_without_the_test_has_no_section():
    section = extrapolation_section(ExtrapolationView(QUANTITY, None, []))
    assert section.sentences == []


def test_the_table_of_models_has_intervals_below_values_and_in_the_download(facts):
    section = extrapolation_section(ExtrapolationView(QUANTITY, facts, []))
    headings = [heading for heading, _, _ in section.models.headings]
    assert not [heading for heading in headings if heading.startswith(("from", "to"))]
    assert "60 to 80" in [cell.below for cell in section.models.rows[0]]
    assert "from%20%28highest%29" in section.models.csv_link
