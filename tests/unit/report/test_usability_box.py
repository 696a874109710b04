"""The box that says whether the model is good enough says what the facts say."""

from dataclasses import replace

import numpy as np
import pytest
from report_page import inputs_of
from synthetic_study import write_study

from confaug.evaluation import outlook as outlooks
from confaug.evaluation import usability as facts
from confaug.evaluation.comparison import HELPED, NO_DIFFERENCE
from confaug.evaluation.outlook import Forecast, Outlook
from confaug.evaluation.range_decisions import RangeDecisions
from confaug.evaluation.rows import Interval
from confaug.infrastructure.job import FINISHED
from confaug.report import accounting
from confaug.report.figures.drawing import draw_figure
from confaug.report.page import build_report
from confaug.report.quantity import Quantity
from confaug.report.sections.cost import Description
from confaug.report.sections.usability import UsabilityView, usability_box
from confaug.report.summary import conclusion
from confaug.report.wording.cost import speed_sentence
from confaug.report.wording.outlook import outlook_sentences
from confaug.report.wording.usability import (
    BAD,
    GOOD,
    OPEN,
    Compared,
    advice,
    checks,
    range_check,
    requirement_checks,
)

KELVIN = Quantity("Glass transition temperature", "Tg", "K", digits=1)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    return inputs_of(write_study(tmp_path_factory.mktemp("study")))


@pytest.fixture(scope="module")
def found(inputs):
    return inputs.results.usability


def assessed(found, **changes):
    return usability_box(UsabilityView(replace(found, **changes), KELVIN))


def test_the_box_follows_the_model_and_the_verdict(inputs, found):
    html = build_report(inputs)
    box = html.index('class="card usability"')
    assert html.index("<h1") < html.index('<div class="verdict') < box < html.index("<nav")
    assert advice(found, inputs.results.quantity) in html


def test_the_console_says_the_advice_and_no_more_than_two_lines(inputs):
    box = inputs.summary.usability
    lines = conclusion(inputs.summary)
    without = conclusion(replace(inputs.summary, usability=None))
    assert [line for line in lines if line not in without] == [
        f"  {box.advice}",
        f"  {box.outlook[0]}",
    ]


def test_a_study_without_the_facts_has_no_box(tmp_path):
    inputs = inputs_of(write_study(tmp_path, optional=False))
    assert inputs.summary.usability is None
    assert 'class="card usability"' not in build_report(inputs)


def test_every_grade_has_an_advice(found):
    grades = (
        {"enough": False},
        {"better": False},
        {"better": True, "required": 1e3},
        {"better": True, "required": 1e-3},
        {"better": True, "required": found.error.value},
    )
    assert len({advice(replace(found, **c, y_randomisation=None), KELVIN) for c in grades}) == 5


def test_the_outlook_does_not_contradict_the_advice(found):
    outlook = Outlook(outlooks.UNCERTAIN, 20, 31)
    asked = {"better": True, "y_randomisation": None, "outlook": outlook}
    assert assessed(found, required=1e-3, **asked).outlook
    assert assessed(found, required=1e3, **asked).outlook == ()
    assert assessed(found, enough=False, **asked).outlook == ()


def test_no_measurement_is_advised_of_a_number_that_is_there(found):
    reached = Outlook(outlooks.REACHED, 20, 31, needed=Interval(25.0, 15.0, 60.0))
    words = advice(
        replace(found, better=True, y_randomisation=None, required=1e-3, outlook=reached), KELVIN
    )
    assert "about 0" not in words


def test_shuffled_labels_are_not_said_to_raise_an_error_that_falls(found):
    tested = replace(found.y_randomisation, observed=50.0, randomised_mean=40.0)
    (answer,) = [
        one.answer
        for one in checks(replace(found, y_randomisation=tested), KELVIN)
        if one.question == "Better than chance"
    ]
    assert "is 50.0 K, and with shuffled labels 40.0 K on average" in answer


def answer_of(found, question, compared):
    (answer,) = [o.answer for o in checks(found, KELVIN, compared) if o.question == question]
    return answer


def test_the_interval_beside_the_ratio_is_the_one_that_decides(found, inputs):
    row = inputs.results.outcome.verdict.predictive.comparison
    doubtful = replace(found, better=False, ratio=Interval(0.65, 0.32, 0.97))
    undecided = replace(row, difference=-9.0, low=-20.0, high=2.0, verdict=NO_DIFFERENCE)
    answer = answer_of(doubtful, "Better than a guess", Compared(undecided))
    assert "0.65 times" in answer
    assert "-20.0 to +2.0 K" in answer.replace("\u2212", "-")
    assert "contains 0" in answer
    assert "0.97" not in answer
    one_split = replace(undecided, high=-1.0)
    assert "excludes zero" in answer_of(doubtful, "Better than a guess", Compared(one_split))
    helped = replace(one_split, verdict=HELPED)
    better = answer_of(replace(doubtful, better=True), "Better than a guess", Compared(helped))
    assert better.endswith(").")


def test_the_test_for_chance_says_whose_error_it_gives(found, inputs):
    other = Compared(randomised="augmented", recommended="ridge")
    answer = answer_of(found, "Better than chance", other)
    assert answer.index("augmented") < answer.index("ridge") < answer.index(" K")
    same = Compared(randomised="augmented", recommended="augmented")
    assert answer_of(found, "Better than chance", same).count("augmented") == 1
    main = inputs.results.main
    assert f"error of {main}" in build_report(inputs).partition('id="chance"')[2]


def test_equal_labels_have_no_quarters(found):
    labels = facts.label_range(np.array([5.0, 5.0, 5.0]), logarithmic=False)
    answer = checks(replace(found, labels=labels), KELVIN)[-1]
    assert answer[::2] == (BAD, "All labels are equal, so there is nothing to learn.")


def verdict_of(found, question):
    given = [*checks(found, KELVIN), *requirement_checks(found, KELVIN)]
    (verdict,) = [one.verdict for one in given if one.question == question]
    return verdict


@pytest.mark.parametrize(
    ("required", "verdict"), [(1e3, GOOD), (1e-3, BAD), (None, OPEN)], ids=["met", "not", "open"]
)
def test_a_requirement_has_the_sign_of_its_verdict(found, required, verdict):
    asked = replace(found, required=found.error.value if required is None else required)
    assert verdict_of(asked, "Your requirement") == verdict


def test_objections_have_their_sign(found):
    assert verdict_of(replace(found, better=False), "Better than a guess") == BAD
    assert verdict_of(replace(found, y_randomisation=None), "Better than chance") == OPEN
    optimistic = replace(found, gap=Interval(5.0, 2.0, 8.0))
    assert verdict_of(optimistic, "Holds on new molecules") == BAD
    gap = replace(found.labels, quarters=(20, 20, 1, 20))
    assert verdict_of(replace(found, labels=gap), "Labels all over their range") == OPEN


def test_what_is_needed_is_counted_from_the_labelled_molecules():
    needed = Interval(400.0, 320.0, 900.0)
    (sentence,) = outlook_sentences(
        Outlook(outlooks.REACHED, 150, 223, needed=needed), 20.0, KELVIN
    )
    assert "about 180 more (97 to 680)" in sentence
    enough = Outlook(outlooks.REACHED, 150, 1000, needed=needed)
    assert "more (" not in outlook_sentences(enough, 20.0, KELVIN)[0]


@pytest.mark.parametrize(
    "answer",
    [outlooks.TOO_FEW_SIZES, outlooks.FLAT, outlooks.FLOOR, outlooks.UNCERTAIN, outlooks.BEYOND],
)
@pytest.mark.parametrize("required", [None, 20.0])
def test_every_refusal_gives_its_reason(answer, required):
    found = Outlook(answer, 70, 223, floor=Interval(25.0, 22.0, 28.0))
    (sentence,) = outlook_sentences(found, required, KELVIN)
    assert len(sentence) > 60


def test_forecasts_name_the_final_model():
    forecasts = tuple(Forecast(n, Interval(20.0, 18.0, 25.0)) for n in (35, 140, 223))
    found = Outlook(outlooks.FORECAST, 70, 223, forecasts=forecasts)
    (sentence,) = outlook_sentences(found, None, KELVIN)
    assert "20.0 K (18.0 to 25.0 K) with 223 (the final model)" in sentence


def test_a_model_whose_final_form_may_be_good_enough_is_told_so(found):
    forecast = Forecast(223, Interval(19.0, 17.0, 22.0))
    outlook = Outlook(outlooks.BEYOND, 70, 223, forecasts=(forecast,))
    poor = replace(
        found, better=True, y_randomisation=None, error=Interval(25.0, 21.0, 29.0), outlook=outlook
    )
    assert "final model" in advice(replace(poor, required=20.0), KELVIN)
    assert "final model" not in advice(replace(poor, required=16.0), KELVIN)


def test_decisions_on_a_range_are_counted_with_their_errors():
    found = RangeDecisions(250.0, 350.0, 20, 40, 40, 5, 4, 30)
    check = range_check(found, KELVIN)
    assert check.verdict == GOOD
    for part in ("60%", "20% inside (25% of them wrongly)", "40% outside (10% of them", "30% of"):
        assert part in check.answer
    assert range_check(RangeDecisions(250.0, 350.0), KELVIN).verdict == OPEN
    undecided = RangeDecisions(250.0, 350.0, 1, 0, 9, 0, 0, 5)
    assert range_check(undecided, KELVIN).verdict == OPEN


def test_equal_labels_have_no_share(found):
    flat = replace(found, labels=replace(found.labels, low=1.0, high=1.0))
    assert flat.share is None
    assert verdict_of(flat, "Error") == BAD
    assert flat.grade in (facts.ROUGH, facts.NOT_BETTER, facts.TOO_FEW, facts.CHANCE)


def test_speed_is_judged_against_what_one_core_has_to_do():
    assert "at least 10000 molecules" in speed_sentence(0.36, None)
    assert speed_sentence(0.36, 9000).endswith("fast enough.")
    assert speed_sentence(0.36, 25_000).endswith("3 cores are needed.")


def test_measured_times_stand_with_the_provenance_alone(inputs):
    timed = replace(inputs, described=Description(100, 36.0, 20_000))
    html, plain = build_report(timed), build_report(inputs)
    start = html.index('<section id="provenance">')
    assert html[:start] == plain[: plain.index('<section id="provenance">')]
    assert "2 cores are needed" in html[start:]


def test_the_time_of_descriptions_is_that_of_what_the_model_reads(tmp_path):
    for name, seconds in {
        "describe_2d/backbone/shard-0": 1.0,
        "describe_2d/backbone/shard-1": 2.0,
        "describe_2d/mordred_2d/shard-0": 50.0,
        "embed_conformers/dg/repeat-1/shard-0": 100.0,
    }.items():
        path = tmp_path / f"{name}.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FINISHED.format(9.0, seconds, 100) + "\n")
    assert accounting.description_seconds(tmp_path, ["backbone"], conformers=False) == 3.0
    assert accounting.description_seconds(tmp_path, ["backbone"], conformers=True) == 103.0
    assert accounting.description_seconds(tmp_path, ["rdkit_2d"], conformers=False) == 0.0


def test_the_box_has_no_outlook_where_none_was_measured(found):
    assert assessed(found, outlook=None).outlook == ()


def test_the_checks_are_unfolded_on_paper(inputs):
    box = build_report(inputs).partition('class="card usability"')[2]
    assert (
        box.partition("<summary>What speaks for it")[0].rstrip().endswith('<details class="print">')
    )


def test_no_law_is_drawn_beyond_the_measured_numbers_where_the_outlook_refuses(inputs):
    results = inputs.results
    assert results.usability.outlook.forecasts
    assert "no forecast" not in draw_figure("training_sizes", results)
    usability = results.usability.document()
    usability["outlook"] |= {"answer": outlooks.FLAT, "forecasts": []}
    flat = replace(results, documents={**results.documents, "usability": usability})
    svg = draw_figure("training_sizes", flat)
    assert "These errors allow no forecast for more molecules." in svg
    assert ">184<" in draw_figure("training_sizes", results)  # four times 46
    assert ">184<" not in svg
