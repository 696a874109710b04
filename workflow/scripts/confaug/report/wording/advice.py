"""What follows from the verdict in practice."""

from confaug.evaluation.advice import NOT_ASKED, NOT_SHOWN
from confaug.evaluation.comparison import HELPED, HURT, NO_DIFFERENCE
from confaug.evaluation.verdict import JITTER, TOO_FEW, Verdict
from confaug.molecules.split_draws import Draws
from confaug.report.outcome import Outcome

TOO_FEW_ADVICE = "Measure more molecules first. Until then, do not rely on any figure on this page."
NOT_SHOWN_ADVICE = (
    "Use none of these models: as far as can be shown, the mean of your labels does as well. More "
    "molecules, better labels or other descriptors might change that."
)
NOT_ASKED_ADVICE = (
    "To find out whether augmentation helps, configure LightGBM on 2D descriptors and on an "
    "augmented representation."
)


def advice(outcome: Outcome) -> str:
    """Say what follows in practice."""
    verdict = outcome.verdict
    answer = verdict.first_answer
    if answer == TOO_FEW:
        return TOO_FEW_ADVICE
    if answer == NOT_SHOWN:
        return NOT_SHOWN_ADVICE
    sentences = [_if_helped(verdict) if answer == HELPED else _without_benefit(outcome)]
    if answer == NOT_ASKED:
        sentences.append(NOT_ASKED_ADVICE)
    if verdict.splits.one:
        sentences.append(_caution(verdict.splits))
    return " ".join(filter(None, sentences))


def _caution(draws: Draws) -> str:
    """Warn of a single split."""
    more = (
        "also run random ones, without input.split_column,"
        if draws.fixed
        else "run several replicates"
    )
    return f"A single split is weak evidence: {more} before relying on it."


def _if_helped(verdict: Verdict) -> str:
    """Weigh a benefit against plain models and against the noise controls."""
    advised, classical = verdict.advice, verdict.comparisons.classical
    noise = (
        "Rows with noise in place of conformers do as well, so the same benefit can be had without "
        "computing any conformers."
        if verdict.cause == JITTER
        else ""
    )
    if advised.kind == "augmented":
        return noise or "Use the augmented model for molecules like these."
    hurt = classical is not None and classical.verdict == HURT
    as_good = "better still" if hurt else "as good, as far as can be shown"
    return (
        f"Augmentation improves LightGBM on data this small, but {advised.variant}, which needs no "
        f"conformers, is {as_good}. Use it instead. {noise}"
    ).strip()


def _without_benefit(outcome: Outcome) -> str:
    """Name what to use where the augmentation has shown no benefit."""
    verdict = outcome.verdict
    advised, name = verdict.advice, verdict.advice.variant
    if name is None:
        return ""
    if advised.kind == "augmented":
        return f"Use {name}: nothing simpler here has been shown to be as good."
    reason = ", and ".join(_reasons(outcome, name))
    plain = verdict.best_classical, verdict.roles.reference
    equal = [other for other in plain if other and other not in (name, *advised.beats)]
    reason += f"; {equal[0]} is as good, as far as can be shown" if equal else ""
    conformers = {
        NO_DIFFERENCE: " Conformers cost computing time and have shown no benefit here.",
        HURT: " Leave out the conformers: they make predictions worse.",
    }.get(verdict.verdict, "")
    return f"Use {name}, which needs no conformers: {reason}.{conformers}"


def _reasons(outcome: Outcome, name: str) -> list[str]:
    """Say why a variant without conformers is advised: by its training molecules, by the others."""
    verdict, roles, reasons = outcome.verdict, outcome.verdict.roles, []
    without = (verdict.best_classical, roles.reference, roles.baseline)
    rows = [outcome.variants[other] for other in without if other]
    errors = [(row.mae_cross_validation, row.variant) for row in rows]
    known = [(error, variant) for error, variant in errors if error is not None]
    if known and min(known, key=lambda pair: pair[0])[1] == name:
        reasons.append("it has the lowest cross-validation error of the models without conformers")
    beaten = [f"{other} ({outcome.error(other)})" for other in verdict.advice.beats]
    if beaten:
        reasons.append(
            f"on held-out molecules, its error of {outcome.error(name)} is demonstrably lower than "
            f"that of {_listed(beaten)}"
        )
    return reasons or [
        "it is the only model without conformers that is demonstrably better than a constant"
    ]


def _listed(names: list[str]) -> str:
    """Join names with commas and a last `and`.

    >>> _listed(["a"]), _listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
