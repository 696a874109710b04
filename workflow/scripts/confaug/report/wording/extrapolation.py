"""How far models can be trusted beyond the molecules that they were trained on."""

from confaug.evaluation.extrapolation import EQUAL_LABELS, TOO_FEW
from confaug.evaluation.extrapolation_facts import NO_MODEL, End, Extrapolation, Subject
from confaug.evaluation.held_out import HIGHEST
from confaug.report.number_format import count, whole_percent
from confaug.report.quantity import Quantity

#: What is held out, as the page calls it.
HELD_OUT = {
    "folds": "ordinary folds",
    "clusters": "clusters of similar structures",
    "highest": "highest labels",
    "lowest": "lowest labels",
}
#: Places of EXTRAPOLATION_ERRORS that are no range of similarities.
PLACES = {
    "all": "all held-out molecules",
    "inside": "label among the middle half of training",
    "edge": "label in the outer quarters of training",
    "outside": "label beyond those of training",
}
_PARAMETERS = (
    "Parameters are those that cross-validation chose on the training molecules of the first "
    "split, some of which are held out here. Models that need conformers were not fitted again."
)
_PARTS = {0.1: "tenth", 0.2: "fifth", 0.25: "quarter"}
_REFUSALS = {
    TOO_FEW: "{molecules} labelled molecules are too few to hold out {part} of them.",
    EQUAL_LABELS: "all labels are equal.",
    NO_MODEL: "no model could be fitted without some of the molecules.",
}


def extrapolation_sentences(facts: Extrapolation, quantity: Quantity) -> list[str]:
    """Say how models behave beyond their training molecules, the answer first."""
    if facts.refusal or facts.subject is None:
        why = _REFUSALS[facts.refusal or NO_MODEL]
        part = f"{whole_percent(facts.share)}" if facts.share else "some"
        return [f"Not measured: {why.format(molecules=facts.molecules, part=part)}"]
    sentences = []
    if facts.ends:
        sentences += [answer(facts, quantity), _bias(facts, facts.subject, quantity)]
        sentences += [_beyond(end, facts.subject, quantity) for end in facts.ends]
    else:
        sentences.append(
            "No end of the labels was held out: it was not asked for, or too many molecules have "
            "one label."
        )
    usual = facts.errors_of(facts.subject.name)
    if usual.clusters is not None:
        sentences.append(
            f"With whole clusters of similar structures held out, the error of "
            f"{facts.subject.name} is {quantity.text(usual.clusters)}; in ordinary folds it is "
            f"{quantity.text(usual.folds)}."
        )
    return [*sentences, *_left_out(facts), _PARAMETERS]


def answer(facts: Extrapolation, quantity: Quantity) -> str:
    """Say whether it matters that trees cannot extrapolate."""
    if not facts.trees:
        return "No model of trees was compared, so what trees lose at the ends is not known."
    if not facts.rivals:
        return (
            f"Trees cannot extrapolate. Whether {facts.trees} loses by that is not known: there is "
            "no other kind of model without conformers to compare it with."
        )
    if facts.clear_gains:
        return _gains(facts, quantity)
    listed = "; ".join(
        f"{_part(facts, end)}: "
        + ", ".join(
            f"{name} {quantity.text(end.of(name).value)}" for name in (facts.trees, *facts.rivals)
        )
        for end in facts.ends
    )
    return (
        "Trees cannot extrapolate, but no other kind of model was shown to do better here. Held "
        f"out, the ends of the labels are missed by similar amounts ({listed})."
    )


def _gains(facts: Extrapolation, quantity: Quantity) -> str:
    """Say how much of the shortfall of trees another kind of model avoids."""
    end, gain = facts.clear_gains[0]
    trees = end.of(gain.trees).value
    usual = [quantity.text(facts.errors_of(name).folds) for name in (gain.variant, gain.trees)]
    where = {one.name for one, _ in facts.clear_gains}
    elsewhere = [_part(facts, one) for one in facts.ends if one.name not in where]
    amount = "most" if gain.value > trees / 2 else "part"
    return (
        f"Trees cannot extrapolate, and that explains {amount} of what they fall short by at the "
        f"{_part(facts, end)} of the labels. With all of it held out, {gain.trees} falls short by "
        f"{quantity.text(trees)} and {gain.variant} by "
        f"{quantity.text(end.of(gain.variant).value)}: {quantity.text(gain.value)} less "
        f"({quantity.between(gain.low, gain.high)}, adjusted for "
        f"{count(facts.comparisons, 'comparison')}). In ordinary folds the error of "
        f"{gain.variant} is {usual[0]}, that of {gain.trees} {usual[1]}."
        + "".join(
            f" At the {name}, no other kind of model was shown to do better." for name in elsewhere
        )
    )


def _bias(facts: Extrapolation, subject: Subject, quantity: Quantity) -> str:
    """Say by how much the model in question falls short, and by how much it usually does."""
    parts = []
    for end in facts.ends:
        found = end.of(subject.name)
        parts.append(
            f"the {_part(facts, end)} {_too(end, found.value, quantity)}"
            f"{_interval(found.low, found.high, quantity)}, against "
            f"{_too(end, found.usual, quantity)} in ordinary folds"
        )
    return f"{_name(subject)} predicts {'; '.join(parts)}."


def _beyond(end: End, subject: Subject, quantity: Quantity) -> str:
    """Say how many molecules at an end were predicted beyond the labels of training."""
    side = "above" if end.name == HIGHEST else "below"
    number = end.of(subject.name).beyond
    return (
        f"Of the {count(end.molecules, 'held-out molecule')} {side} {quantity.text(end.limit)}, it "
        f"predicts {number or 'none'} {side} that value."
    )


def _too(end: End, shortfall: float, quantity: Quantity) -> str:
    """Say in which direction, and by how much, predictions are wrong on average."""
    low = (shortfall >= 0) == (end.name == HIGHEST)
    return f"{quantity.text(abs(shortfall))} too {'low' if low else 'high'}"


def _interval(low: float | None, high: float | None, quantity: Quantity) -> str:
    """Write the interval of a shortfall, if there is one."""
    return "" if low is None or high is None else f" ({quantity.between(low, high)})"


def _name(subject: Subject) -> str:
    """Name the model in question at the beginning of a sentence."""
    if subject.recommended:
        return f"The model that cross-validation chose, {subject.name},"
    return f"The best model without conformers, {subject.name},"


def _part(facts: Extrapolation, end: End) -> str:
    """Name an end of the labels.

    The share is that of the settings; the end may have a few molecules more or less.
    """
    return f"{end.name} {part_words(facts.share)}"


def part_words(share: float) -> str:
    """Name a share of the labels.

    >>> part_words(0.2), part_words(0.15)
    ('fifth', '15%')
    """
    return _PARTS.get(share, whole_percent(share))


def _left_out(facts: Extrapolation) -> list[str]:
    """Name the variants that could not be fitted."""
    return [
        f"{name} is left out, because it could not be fitted without some of the molecules: "
        f"{reason}."
        for name, reason in (facts.left_out or {}).items()
    ]


def extrapolation_alt(facts: Extrapolation, quantity: Quantity) -> str:
    """Describe the figure."""
    ends = "; ".join(
        f"{_part(facts, end)}: "
        + ", ".join(f"{one.variant} {quantity.text(one.value)}" for one in end.shortfalls)
        for end in facts.ends
    )
    return f"By how much held-out ends of the labels are predicted too near the middle: {ends}."
