"""The model card: what a model in a bundle predicts, how well, and how to use it, in Markdown."""

import re
from collections.abc import Iterable

from confaug.config.settings.embedding import EmbeddingSettings
from confaug.infrastructure.text import one_line
from confaug.prediction.description import Card, Description, HeldOutError, MemberFacts
from confaug.report.number_format import count, percent, whole_percent
from confaug.report.quantity import Quantity
from confaug.report.wording.decades import error_in_decades, factor
from confaug.report.wording.domain import FLAG_WORDS
from confaug.report.wording.models import stays_within_labels, variant_in_words
from confaug.report.wording.recommendation import NO_BETTER_THAN_CONSTANT, held_out_error

#: As CITATION.cff has them.
TITLE = "confaug: does conformer augmentation pay on small molecular data?"
AUTHORS = "The confaug developers"
#: What Markdown, or HTML in it, takes for more than text.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&:@$!]|(?<=[wW]{3})\.")
_PREDICTION = "{table: new.csv, smiles_column: smiles, bundle: path/to/bundle}"
_USE = f"""\
Put this folder on a machine with confaug, write a table of SMILES, and run in confaug's own folder:

```
snakemake --cores 8 predict --config 'prediction={_PREDICTION}'
```

`path/to/bundle` is this folder. The results are in `results/predictions/new/`: the page
`index.html`, and `predictions.csv` with one line for each row of the table."""


def model_card(description: Description) -> str:
    """Write the model card of a bundle.

    Names and units are the user's: nothing in them acts as markup.

    Raises
    ------
    ValueError
        If the description was made without the facts of a card.
    """
    card = description.card
    if card is None:
        raise ValueError("the description has no facts of a model card")
    quantity = Quantity.from_config(description.property.model_dump()).with_digits_for(
        card.expected_error
    )
    sections = {
        "Use": _USE,
        "Data": _data(description, card, quantity),
        "Model": _model(description),
        "Error": _error(card, quantity),
        "Range and limits": _limits(description, card, quantity),
        "Versions": _versions(description),
        "Citation": _citation(description),
    }
    parts = [f"# {inert(quantity.name)}: a model of {count(card.molecules, 'molecule')}"]
    parts.append(_purpose(description, card, quantity))
    parts += [f"## {heading}\n\n{text}" for heading, text in sections.items()]
    return "\n\n".join(parts) + "\n"


def inert(text: str) -> str:
    r"""Return a text on one line in which Markdown and HTML find no markup.

    >>> print(inert("<b>*g*</b> mol_1"))
    \<b\>\*g\*\</b\> mol\_1
    """
    return _MARKUP.sub(r"\\\g<0>", one_line(text))


def _code(text: str) -> str:
    """Return a name or setting as code, if it is no more than that."""
    return f"`{text}`" if re.fullmatch(r"[A-Za-z0-9_.-]+", text) else inert(text)


def _purpose(description: Description, card: Card, quantity: Quantity) -> str:
    """Say what the model predicts, and how well, in one paragraph."""
    unit = f"in {inert(quantity.unit)}" if quantity.unit else "as a number without a unit"
    symbol = f" ({inert(quantity.symbol)})" if quantity.symbol else ""
    conformers = (
        f"It needs conformers of every molecule ({_conformers(description)}), which confaug makes."
        if description.needs_conformers
        else "It needs no conformers."
    )
    error = inert(quantity.text(card.expected_error))
    return (
        f"The model predicts {inert(quantity.name)}{symbol} {unit} from the structure of a "
        f"molecule, with a mean absolute error of about {error} for molecules like those that it "
        f"was trained on. {conformers}"
    )


def _conformers(description: Description) -> str:
    """Count the conformers of a molecule."""
    made = EmbeddingSettings(**description.config["embedding"])
    return f"{made.conformers} from {count(len(made.protocols), 'protocol')}"


def _data(description: Description, card: Card, quantity: Quantity) -> str:
    """Summarise the training molecules and how their table was cleaned."""
    rows = "" if card.rows is None else f", from {count(card.rows, 'row')} of the table"
    cleaning = description.config.get("cleaning", {})
    return _lines(
        [
            f"{count(card.molecules, 'training molecule')}{rows}",
            f"measured values from {inert(quantity.between(card.lowest, card.highest))}",
            *([_cleaning(cleaning)] if cleaning else []),
        ]
    )


def _cleaning(cleaning: dict[str, object]) -> str:
    """Say how the table was cleaned, in the words of the configuration."""
    chosen = ", ".join(
        f"{_code(key)} {_code(str(value))}" for key, value in sorted(cleaning.items())
    )
    return f"settings of the cleaning: {chosen}"


def _model(description: Description) -> str:
    """Say which learners read which representations."""
    members = [_member(member) for member in description.members]
    if len(members) == 1:
        return f"The model is {members[0]}."
    return (
        f"The model is the mean of the predictions of {len(members)} models:\n\n{_lines(members)}"
    )


def _member(member: MemberFacts) -> str:
    """Describe one member."""
    used = f"{count(len(member.features), 'descriptor')} used"
    return f"{variant_in_words(member.variant)} ({_code(member.name)}, {used})"


def _error(card: Card, quantity: Quantity) -> str:
    """Give the out-of-fold error with its interval, and what prediction intervals mean."""
    known = card.error_low is not None
    between = f" (95% interval {inert(quantity.between(card.error_low, card.error_high))})"
    decades = card.error_in_decades
    of_logarithms = (
        f" The mean error of the logarithm is {error_in_decades(decades)}."
        if decades is not None
        else ""
    )
    return (
        f"{_held_out(card.held_out, quantity)}"
        f"The mean absolute out-of-fold error is {inert(quantity.text(card.error))}"
        f"{between if known else ''}: every training molecule was predicted by a model that was "
        f"fitted without its fold ({count(card.folds, 'fold')}).{of_logarithms} The settings of "
        f"the model were chosen by the same folds, which makes this error slightly too low.\n\n"
        f"{_interval(card, quantity)}"
    )


def _held_out(found: HeldOutError | None, quantity: Quantity) -> str:
    """Give the error to expect, if the study measured it."""
    if found is None:
        return ""
    splits = "one split" if found.splits == 1 else f"{found.splits} splits"
    meaning = held_out_error(found.low, found.high, quantity)
    return (
        f"The error to expect is {inert(quantity.text(found.error))}: {inert(meaning)}, measured "
        f"in {splits} on {count(found.molecules, 'molecule')}, by models of the same kind that "
        "had fewer training molecules than this one. The error of this model should therefore be "
        f"somewhat lower, between that and its out-of-fold error.{_beside_constant(found)}\n\n"
    )


def _beside_constant(found: HeldOutError) -> str:
    """Warn of a model that has not been shown to be better than a constant value."""
    return f" {NO_BETTER_THAN_CONSTANT}" if found.is_doubtful else ""


def _interval(card: Card, quantity: Quantity) -> str:
    """Say what an interval means and how wide it is, or why there is none."""
    if card.half_width is None:
        return (
            f"{count(card.molecules, 'training molecule')} are too few for prediction intervals of "
            f"{whole_percent(card.coverage)} coverage."
        )
    width = (
        f"from the prediction divided by {factor(card.half_width)} to the prediction times "
        f"{factor(card.half_width)}"
        if quantity.logarithmic
        else f"{inert(quantity.text(card.half_width))} to either side of the prediction"
    )
    return (
        f"Each prediction has an interval that is designed to contain the measured value for "
        f"{percent(card.coverage, decimals=0)} of molecules like the training molecules. It "
        f"reaches {width} (median). Its width comes from the out-of-fold residuals (Barber and "
        "others 2021, Annals of Statistics 49, 486)."
    )


def _limits(description: Description, card: Card, quantity: Quantity) -> str:
    """Say for which molecules the model is meant, and what it cannot promise."""
    flags = "; ".join(FLAG_WORDS.values())
    known = inert(quantity.between(card.lowest, card.highest))
    beyond = (
        "The model cannot predict values beyond this range."
        if stays_within_labels(member.variant for member in description.members)
        else "Predictions beyond this range have not been tested."
    )
    return _lines(
        [
            "Use the model for molecules like the training molecules. Flags in the table of "
            f"predictions mark others: {flags}. For these, error and interval promise nothing.",
            f"The training molecules have values from {known}. {beyond}",
            "No model is better than its labels: the error of the measurements is part of the "
            "error of the model.",
            "Structures alone are read. What else the property depends on, such as chain length, "
            "purity or temperature, is not.",
        ]
    )


def _versions(description: Description) -> str:
    """List what the model was made with, and say why it matters."""
    made = {"confaug": description.confaug, **dict(sorted(description.versions.items()))}
    listed = ", ".join(f"{inert(name)} {inert(version)}" for name, version in made.items())
    return (
        f"{listed}.\n\nOther versions of confaug, RDKit or mordred may make other conformers or "
        "descriptors of the same molecule, and confaug refuses the bundle then. The rest of what "
        "is known about the model is in `bundle.json`."
    )


def _citation(description: Description) -> str:
    """Say how to cite the program."""
    return (
        f"{AUTHORS}. {TITLE} Version {inert(description.confaug)}. Software, MIT licence.\n\n"
        "Cite the source of the measured values as well."
    )


def _lines(items: Iterable[str]) -> str:
    """Return a list in Markdown."""
    return "\n".join(f"* {item}" for item in items)
