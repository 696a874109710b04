"""Whether the recommended model is good enough, in words: advice, checks and requirements."""

from dataclasses import dataclass
from typing import NamedTuple

from confaug.evaluation import usability as facts
from confaug.evaluation.comparison import NO_DIFFERENCE
from confaug.evaluation.outlook import FLOOR, REACHED
from confaug.evaluation.range_decisions import RangeDecisions
from confaug.evaluation.rows import Difference, Interval
from confaug.evaluation.usability import LabelRange, Usability
from confaug.evaluation.y_randomisation import LEARNED, NOT_RULED_OUT, YRandomisation
from confaug.report.number_format import count, number, percent, whole_percent
from confaug.report.quantity import Quantity
from confaug.report.wording.comparison import against_interval
from confaug.report.wording.outlook import more_molecules
from confaug.report.wording.y_randomisation import whose_error

#: Words beside a check, and whether they speak for the model (`good`), against it, or neither.
GOOD, BAD, OPEN = "good", "bad", "open"
SIGNS = {GOOD: "✓", BAD: "▲", OPEN: "○"}


@dataclass(frozen=True)
class Compared:
    """What the checks say besides the facts of usability.

    Attributes
    ----------
    guess
        The comparison with a constant value, which decides whether the model is better; None
        without one.
    randomised, recommended
        The model whose labels were shuffled, and the one that is recommended.
    """

    guess: Difference | None = None
    randomised: str = ""
    recommended: str = ""


#: Nothing besides the facts.
NOTHING_COMPARED = Compared()


class Check(NamedTuple):
    """One question about the model, with the answer."""

    verdict: str
    question: str
    answer: str

    @property
    def sign(self) -> str:
        """A sign for the verdict that does not rest on colour."""
        return SIGNS[self.verdict]


def advice(found: Usability, quantity: Quantity) -> str:
    """Say in one sentence what a friend would say."""
    required = quantity.text(found.required)
    return {
        facts.TOO_FEW: "Measure more molecules before you use any model: these are too few to tell "
        "a good one from a bad one.",
        facts.NOT_BETTER: "Do not use a model yet: none is shown to be better than always guessing "
        "the mean of your labels.",
        facts.CHANCE: "Do not rely on this model: models of shuffled labels came out as well.",
        facts.MET: f"Use it: its error is below the {required} that you need.",
        facts.NOT_MET: f"It is not good enough yet for the {required} that you need"
        + _remedy(found),
        facts.UNDECIDED: f"It may be good enough for the {required} that you need, but that is not "
        "certain: check it with new measurements before you rely on it.",
        facts.PREDICT: "Use it to predict molecules like yours, and confirm by a measurement what "
        "matters most.",
        facts.RANK: "Use it to choose what to measure next, but not in place of a measurement.",
        facts.ROUGH: "Use it for rough sorting at most: its error is large beside the range of "
        "your labels.",
    }[found.grade]


def _remedy(found: Usability) -> str:
    """Say what would help a model that is not good enough."""
    outlook, required = found.outlook, found.required
    if outlook is None or required is None:
        return ", and these data do not tell how many more measurements it takes."
    final = next((one for one in outlook.forecasts if one.molecules == outlook.labelled), None)
    if final and final.error.low is not None and final.error.low < required:
        return (
            f", but the final model, which learns from all {outlook.labelled} molecules, may be: "
            "check it with new measurements."
        )
    if outlook.answer == REACHED and outlook.needed and outlook.needed.value > outlook.labelled:
        more = more_molecules(outlook.needed.value, outlook.labelled)
        return f": measure about {more} more molecules."
    if outlook.answer == FLOOR:
        return ", and more molecules of this kind alone would probably not make it so."
    return ", and these data do not tell how many more measurements it takes."


def checks(
    found: Usability, quantity: Quantity, compared: Compared = NOTHING_COMPARED
) -> list[Check]:
    """Return the questions about the model with their answers, in the order of their weight."""
    return [
        _constant(found, quantity, compared.guess),
        _chance(found.y_randomisation, quantity, compared),
        _share(found, quantity),
        *([_gap(found.gap, quantity)] if found.gap else []),
        _training(found),
        _labels(found.labels, quantity),
    ]


def requirement_checks(found: Usability, quantity: Quantity) -> list[Check]:
    """Return what was required, each with whether the model meets it."""
    return [
        *([_requirement(found, quantity)] if found.required is not None else []),
        *([range_check(found.range, quantity)] if found.range else []),
    ]


def _constant(found: Usability, quantity: Quantity, guess: Difference | None) -> Check:
    """Give the ratio, and the interval of the difference, because that decides.

    The interval of the ratio may exclude 1 where that of the difference contains 0.
    """
    question = "Better than a guess"
    if found.better is None or found.ratio is None:
        return Check(OPEN, question, "This was not tested: no variant has the learner constant.")
    answer = (
        f"Its error is {number(found.ratio.value, digits=2)} times that of always guessing the "
        "mean (or median) of the labels"
    )
    if guess is not None:
        answer += f", a difference of {quantity.text(guess.difference, signed=True)}"
        if guess.low is not None and guess.high is not None:
            between = quantity.between(guess.low, guess.high, signed=True)
            answer += f" (95% interval {between})"
    answer = f"{answer}.{_why_not_better(guess)}"
    return Check(GOOD if found.better else BAD, question, answer)


def _why_not_better(guess: Difference | None) -> str:
    """Say why a difference from guessing does not count; nothing where it does."""
    if guess is None or guess.verdict != NO_DIFFERENCE:
        return ""
    if against := against_interval(guess):
        return f" {against}"
    return " It is not shown to be better, because this interval contains 0."


def _chance(found: YRandomisation | None, quantity: Quantity, compared: Compared) -> Check:
    question = "Better than chance"
    if found is None:
        return Check(OPEN, question, "This was not tested: there was no y-randomisation.")
    whose = whose_error(compared.randomised, compared.recommended)
    answer = (
        f"The cross-validation error{whose} is {quantity.text(found.observed)}, and with "
        f"shuffled labels {quantity.text(found.randomised_mean)} on average "
        f"(p = {number(found.p_value)}, {count(found.randomisations, 'randomisation')})."
    )
    verdict = {LEARNED: GOOD, NOT_RULED_OUT: BAD}.get(found.conclusion, OPEN)
    return Check(verdict, question, answer)


def _share(found: Usability, quantity: Quantity) -> Check:
    error = quantity.text(found.error.value)
    share = found.share
    if share is None:
        return Check(BAD, "Error", f"It is {error}, but all labels are equal.")
    between = (
        ""
        if share.low is None or share.high is None
        else f" (95% interval {percent(share.low)} to {percent(share.high)})"
    )
    low, high = quantity.text(found.labels.low), quantity.text(found.labels.high)
    answer = (
        f"It is {error}, or {percent(share.value)}{between} of the range of your labels, "
        f"{low} to {high}."
    )
    small, large = share.value <= facts.SMALL_SHARE, share.value > facts.LARGE_SHARE
    return Check(GOOD if small else BAD if large else OPEN, "Error", answer)


def _gap(gap: Interval, quantity: Quantity) -> Check:
    higher = "higher" if gap.value >= 0 else "lower"
    between = quantity.between(gap.low, gap.high, signed=True)
    interval = "" if gap.low is None else f" (95% interval of the difference {between})"
    shown = gap.low is not None and gap.low > 0
    outcome = (
        "Cross-validation was too optimistic." if shown else "No gap to cross-validation is shown."
    )
    answer = (
        f"The error on held-out molecules is {quantity.text(abs(gap.value))} {higher} than in "
        f"cross-validation{interval}. {outcome}"
    )
    return Check(BAD if shown else GOOD, "Holds on new molecules", answer)


def _training(found: Usability) -> Check:
    answer = (
        f"Errors are those of models of {count(found.training, 'training molecule')}; the final "
        f"model learns from all {found.labelled}."
    )
    return Check(GOOD if found.enough else BAD, "Molecules to learn from", answer)


def _labels(labels: LabelRange, quantity: Quantity) -> Check:
    question = "Labels all over their range"
    if not labels.width:
        return Check(BAD, question, "All labels are equal, so there is nothing to learn.")
    quarters = ", ".join(map(str, labels.quarters))
    answer = f"The quarters of their range hold {quarters} molecules, from low to high."
    if labels.gaps:
        gaps = " and ".join(quantity.between(*ends) for ends in labels.gaps)
        answer += f" There is little to learn from at {gaps}."
    return Check(OPEN if labels.gaps else GOOD, question, answer)


def _requirement(found: Usability, quantity: Quantity) -> Check:
    required, error = quantity.text(found.required), quantity.text(found.error.value)
    verdict, words = {
        facts.MET: (GOOD, f"The error is below the {required} that you need"),
        facts.NOT_MET: (BAD, f"The error is above the {required} that you need"),
        facts.UNDECIDED: (OPEN, f"Whether the error is below {required} cannot be decided"),
    }[found.requirement or facts.UNDECIDED]
    answer = f"{words} ({error}{_between(found.error, quantity)})."
    return Check(verdict, "Your requirement", answer)


def range_check(found: RangeDecisions, quantity: Quantity) -> Check:
    """Say how often an interval decides whether a molecule is in the range, and how often wrongly.

    It is good news if the interval decides for most molecules.
    """
    question = "Your range"
    between = quantity.between(found.low, found.high)
    if not found.total:
        return Check(OPEN, question, f"There are no intervals to decide by about {between}.")
    decided = found.inside + found.outside
    answer = (
        f"The prediction interval decides for {whole_percent(decided / found.total)} of held-out "
        f"predictions whether the value is within {between}: {_decided(found)}. "
        f"{whole_percent(found.within / found.total)} of the values are."
    )
    return Check(GOOD if 2 * decided > found.total else OPEN, question, answer)


def _decided(found: RangeDecisions) -> str:
    """Count the decisions, and those that the label contradicts."""
    kinds = (
        ("inside", found.inside, found.wrongly_inside),
        ("outside", found.outside, found.wrongly_outside),
    )
    return ", ".join(
        f"{whole_percent(number_of / found.total)} {where}"
        + (f" ({whole_percent(wrong / number_of)} of them wrongly)" if number_of else "")
        for where, number_of, wrong in kinds
    )


def _between(interval: Interval, quantity: Quantity) -> str:
    """Write an interval after a comma, nothing without one."""
    if interval.low is None or interval.high is None:
        return ""
    return f", 95% interval {quantity.between(max(interval.low, 0.0), interval.high)}"
