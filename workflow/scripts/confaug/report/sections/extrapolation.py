"""How models behave beyond the molecules that they were trained on."""

from dataclasses import dataclass

from confaug.evaluation.extrapolation_facts import End, Extrapolation
from confaug.report.quantity import Quantity
from confaug.report.results import Results, Row
from confaug.report.tables import Field, Table, make_table, value_field
from confaug.report.wording.extrapolation import (
    HELD_OUT,
    PLACES,
    extrapolation_sentences,
    part_words,
)


@dataclass(frozen=True)
class ExtrapolationView:
    """What the section shows: the facts, and rows of EXTRAPOLATION_ERRORS."""

    quantity: Quantity
    facts: Extrapolation | None
    errors: list[Row]

    @classmethod
    def of(cls, results: Results) -> "ExtrapolationView":
        """Select what the section needs."""
        return cls(results.quantity, results.extrapolation, results["extrapolation_errors"])


@dataclass(frozen=True)
class ExtrapolationSection:
    """Sentences, the models side by side, and the errors of the model in question by distance.

    There are no sentences if extrapolation was not asked for.
    """

    sentences: list[str]
    models: Table | None
    distances: Table | None


def extrapolation_section(view: ExtrapolationView) -> ExtrapolationSection:
    """Show how far models extrapolate."""
    if view.facts is None:
        return ExtrapolationSection([], None, None)
    sentences = extrapolation_sentences(view.facts, view.quantity)
    return ExtrapolationSection(sentences, _models(view, view.facts), _distances(view, view.facts))


def _models(view: ExtrapolationView, facts: Extrapolation) -> Table | None:
    """List the models: usual errors, and shortfalls at the ends."""
    rows: list[Row] = []
    for one in facts.errors:
        row: Row = {"variant": one.variant, "folds": one.folds, "clusters": one.clusters}
        for end in facts.ends:
            found = end.of(one.variant)
            row |= {
                end.name: found.value,
                f"{end.name} low": found.low,
                f"{end.name} high": found.high,
                f"{end.name} beyond": found.beyond,
            }
        rows.append(row)
    quantity = view.quantity
    fields = [
        Field("Model", lambda row: row["variant"], kind="name"),
        value_field(quantity.with_unit("MAE, ordinary folds"), "folds", quantity),
        value_field("MAE, clusters", "clusters", quantity),
    ]
    for end in facts.ends:
        fields += _end_fields(end, facts, quantity)
    subject = facts.subject.name if facts.subject else ""
    return make_table(
        "extrapolation-models",
        "By how much held-out ends are predicted too near the middle, with 95 % intervals",
        rows,
        fields,
        lambda row: row["variant"] == subject,
    )


def _end_fields(end: End, facts: Extrapolation, quantity: Quantity) -> list[Field]:
    """Return the columns of one end of the labels."""
    name = end.name

    def interval(row: Row) -> str:
        low, high = row[f"{name} low"], row[f"{name} high"]
        return "" if low is None else quantity.between(low, high, unit=False)

    short = f"Short, {name} {part_words(facts.share)}"
    return [
        value_field(short, name, quantity, interval),
        value_field(f"from ({name})", f"{name} low", quantity, shown=False),
        value_field(f"to ({name})", f"{name} high", quantity, shown=False),
        Field(
            f"Beyond training ({name}), of {end.molecules}",
            lambda row: row[f"{name} beyond"],
            kind="number",
        ),
    ]


def _distances(view: ExtrapolationView, facts: Extrapolation) -> Table | None:
    """List the errors of the model in question by place of the label and by similarity."""
    quantity, subject = view.quantity, facts.subject.name if facts.subject else ""
    fields = [
        Field("Held out", lambda row: HELD_OUT[row["held_out"]]),
        Field("Where", lambda row: PLACES.get(row["place"], f"similarity {row['place']}")),
        Field("Molecules", lambda row: row["molecules"], kind="number"),
        value_field(quantity.with_unit("MAE"), "mae", quantity),
        value_field("from", "low", quantity),
        value_field("to", "high", quantity),
        value_field("Bias", "bias", quantity),
    ]
    order = list(HELD_OUT)
    rows = sorted(
        (row for row in view.errors if row["variant"] == subject),
        key=lambda row: order.index(row["held_out"]),
    )
    caption = f"Errors of {subject} by distance to the training molecules"
    return make_table("extrapolation-distances", caption, rows, fields)
