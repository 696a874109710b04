"""The recommended model in words."""

import shlex
from collections.abc import Sequence

from confaug.config.roles import RECOMMENDED
from confaug.evaluation.recommended_model import RecommendedModel
from confaug.evaluation.rows import VariantErrors
from confaug.evaluation.verdict import TOO_FEW, Verdict
from confaug.infrastructure.text import listed, quoted
from confaug.molecules.split_draws import Draws
from confaug.report.number_format import whole_percent
from confaug.report.outcome import Outcome
from confaug.report.quantity import Quantity
from confaug.report.wording.decades import beside_label_units, factor
from confaug.report.wording.scope import splits_in_words
from confaug.report.wording.tiles import Tile
from confaug.trust.coverage import CoverageSummary

BEST_SO_FAR = "The best model without conformers, by cross-validation"
FINAL_MODEL_TO_COME = (
    "The whole study compares it with the variants that need conformers, and then fits the model "
    "that predict uses."
)
USE, USE_NONE = "Use this model", "No model is recommended"
#: Where the page says that even this model is not good enough.
BEST = "The best model of this study"
TOO_FEW_ADVICE = "Measure more molecules first. Until then, do not rely on any figure on this page."
NOT_SHOWN_ADVICE = (
    "Use none of these models: none is shown to be better than always guessing the mean of your "
    "labels."
)
#: The file of the default study.
DEFAULT_STUDY = "config/config.yaml"


def heading(verdict: Verdict, to_come: Sequence[str] = (), good_enough: bool = True) -> str:
    """Say whether a model is recommended, or that it is too early for that.

    Parameters
    ----------
    to_come
        Variants that are still to be evaluated.
    good_enough
        Whether nothing speaks against the use of the model.
    """
    if not verdict.recommends:
        return USE_NONE
    if to_come:
        return BEST_SO_FAR
    return USE if good_enough else BEST


def why_none(verdict: Verdict) -> str:
    """Say what to do where nothing is recommended."""
    return TOO_FEW_ADVICE if verdict.verdict == TOO_FEW else NOT_SHOWN_ADVICE


def why_this(model: RecommendedModel, quantity: Quantity, runner_up_needs_conformers: bool) -> str:
    """Say why the rule takes this model."""
    other, error = model.runner_up, quantity.text(model.error)
    if other is None:
        return "It is the only model that could be recommended."
    difference = quantity.text(abs(other.difference))
    spread = quantity.text(other.standard_error)
    if other.difference >= 0:
        return (
            f"It has the lowest cross-validation error, {error}. The next is {other.name}, whose "
            f"error is {difference} higher (standard error {spread})."
        )
    cheaper = (
        "needs no conformers"
        if runner_up_needs_conformers and not model.needs_conformers
        else "is one model, not a mean of several"
    )
    return (
        f"Its cross-validation error is {error}. That of {other.name} is {difference} lower, which "
        f"is at most one standard error ({spread}), and {model.model} is cheaper: it {cheaper}."
    )


def command(configfiles: Sequence[str]) -> str:
    """Return the command that predicts new molecules with the final model of a study.

    >>> command(["my study.yaml"])[:62]
    "snakemake --cores 8 predict --configfile 'my study.yaml' --con"
    """
    files = shlex.join(configfiles or [DEFAULT_STUDY])
    return (
        f"snakemake --cores 8 predict --configfile {files} --config 'prediction={{table: new.csv}}'"
    )


def table_to_predict(own_columns: Sequence[str]) -> str:
    """Say what the table of new molecules must hold.

    >>> table_to_predict(["T"])
    "To predict new molecules, list their SMILES and a value of 'T' in a table and run"
    """
    values = f" and a value of {listed([*map(quoted, own_columns)])}" if own_columns else ""
    return f"To predict new molecules, list their SMILES{values} in a table and run"


def final_model(asked: str, chosen: str, labelled: int, recommends: bool) -> str:
    """Say what the final model is.

    Parameters
    ----------
    asked
        The value of `prediction.model`.
    chosen
        What the rule takes.
    labelled
        Number of labelled molecules.
    recommends
        Whether the study recommends it.
    """
    fitted = f"fitted on all {labelled} labelled molecules"
    if asked not in (RECOMMENDED, chosen):
        return (
            f"prediction.model names another model, {asked}: the study fits that one on all "
            f"{labelled} labelled molecules, and predict uses it."
        )
    if not recommends:
        return f"The study makes its final model all the same: {chosen}, {fitted}."
    return f"The final model, which predict uses, is {chosen}, {fitted}."


def one_split(draws: Draws) -> str:
    """Warn of a single split."""
    if not draws.one:
        return ""
    more = (
        "also run random ones, without input.split_column,"
        if draws.fixed
        else "run several replicates"
    )
    return f"A single split is weak evidence: {more} before relying on it."


def error_tile(outcome: Outcome, row: VariantErrors) -> Tile:
    """Give the error of what the rule chose in every split."""
    quantity = outcome.quantity
    meaning = held_out_error(row.low, row.high, quantity, outcome.verdict.confidence)
    meaning += beside_label_units(outcome.decades(row.variant))
    return Tile(quantity.text(row.mae), meaning)


#: Beside the error of a model that need not be better than guessing.
NO_BETTER_THAN_CONSTANT = (
    "The study has not shown that this model predicts better than a constant value does."
)


def held_out_error(
    low: float | None, high: float | None, quantity: Quantity, confidence: float = 0.95
) -> str:
    """Name the error of a model on held-out molecules, with its interval if there is one."""
    meaning = "mean error on held-out molecules"
    if low is None:
        return meaning
    between = quantity.between(max(low, 0.0), high)  # no error is less, whatever the formula says
    return f"{meaning} ({whole_percent(confidence)} interval {between})"


def constant_tile(outcome: Outcome, constant: str) -> Tile:
    """Give the error of guessing."""
    meaning = "error of always guessing the mean (or median) of the training labels"
    return Tile(outcome.error(constant), meaning)


def coverage_tile(coverage: CoverageSummary, decades: float | None, quantity: Quantity) -> Tile:
    """Say how many held-out labels the intervals contain, and how wide they are.

    Parameters
    ----------
    decades
        Half the width of an interval of logarithms, if those are learned.
    """
    width = (
        f"± {quantity.text(coverage.median_width / 2)} around a prediction"
        if decades is None
        else f"a prediction divided and multiplied by a factor of {factor(decades)}"
    )
    return Tile(
        whole_percent(coverage.coverage),
        f"of held-out molecules lie within their {whole_percent(coverage.target)} prediction "
        f"interval, typically {width}; the final model learns from more molecules, so its "
        "intervals differ in width",
    )


def chosen_tile(model: RecommendedModel, draws: Draws) -> Tile:
    """Say in how many replicates the rule chose the model, and what it chose in the others."""
    times = model.times_chosen
    others = ", ".join(f"{name} {n}" for name, n in times.items() if name != model.model)
    meaning = f"times chosen by cross-validation, in {splits_in_words(draws)}"
    return Tile(
        f"{times.get(model.model, 0)} of {len(model.chosen)}",
        meaning + (f" (otherwise {others})" if others else ""),
    )
