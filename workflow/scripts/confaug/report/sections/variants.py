"""The comparison of variants."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from confaug.config.roles import CONSENSUS, CONSENSUS_2D, RECOMMENDED
from confaug.report.figures.style import VERDICTS
from confaug.report.number_format import number, percent
from confaug.report.quantity import Quantity
from confaug.report.results import Results, Row
from confaug.report.sections.trust import PARTS
from confaug.report.tables import Field, Table, make_table, value_field

#: What is said of every variant below its name.
CONFIGURED = ("representation", "learner")
#: What is compared without being configured as a variant.
COMBINED = {
    CONSENSUS: {"representation": "several", "learner": "average"},
    CONSENSUS_2D: {"representation": "several without conformers", "learner": "average"},
    RECOMMENDED: {"representation": "as chosen", "learner": "in each split"},
}


@dataclass(frozen=True)
class MetricsView:
    """What the table of the recommended model's errors shows: rows of METRICS."""

    quantity: Quantity
    relative_errors: bool
    shown: str
    metrics: Sequence[Row]

    @classmethod
    def of(cls, results: Results) -> "MetricsView":
        """Select what the table needs."""
        return cls(results.quantity, results.relative_errors, results.shown, results["metrics"])


@dataclass(frozen=True)
class VariantsView:
    """What the table of all variants shows.

    Attributes
    ----------
    quantity
        The measured property.
    relative_errors
        Whether relative errors mean something for these labels.
    reference
        The variant that the others are compared with.
    variants, differences
        Rows of VARIANT_SUMMARY and PAIRED_DIFFERENCES.
    configured
        Representation and learner of every variant of the configuration.
    decades
        Errors in decades by variant and part, where logarithms are learned.
    """

    quantity: Quantity
    relative_errors: bool
    reference: str | None
    variants: Sequence[Row]
    differences: Sequence[Row]
    configured: Mapping[str, Mapping[str, Any]]
    decades: Mapping[str, Mapping[str, float | None]] | None

    @classmethod
    def of(cls, results: Results, configured: Mapping[str, Mapping[str, Any]]) -> "VariantsView":
        """Select what the table needs."""
        return cls(
            quantity=results.quantity,
            relative_errors=results.relative_errors,
            reference=results.reference,
            variants=results["variants"],
            differences=results["differences"],
            configured=configured,
            decades=results.outcome.verdict.decades,
        )


def metrics_table(view: MetricsView) -> Table | None:
    """List the errors of the model in training, out of fold and held out, per molecule."""
    quantity = view.quantity
    rows = [row for row in view.metrics if row["level"] == "molecule"]
    rows.sort(key=lambda row: list(PARTS).index(row["part"]))

    fields = [
        Field("Molecules", lambda row: PARTS[row["part"]]),
        Field("Number", lambda row: row["n"], kind="number"),
        value_field(quantity.with_unit("MAE"), "mae", quantity),
        value_field(quantity.with_unit("RMSE"), "rmse", quantity),
        Field("R²", lambda row: row["r2"], lambda row: plain(row["r2"]), "number"),
        _relative_error(view.relative_errors),
    ]
    return make_table("metrics", f"Errors of {view.shown}, first split", rows, fields)


def variants_table(view: VariantsView) -> Table | None:
    """List all variants with their errors and the difference to the reference."""
    quantity, reference = view.quantity, view.reference
    fields = [
        Field("Variant", lambda row: row["variant"], kind="name long", below=_reads(view)),
        *(_configured(view, key) for key in CONFIGURED),
        value_field(
            quantity.with_unit("MAE"), "mae", quantity, lambda row: _interval(row, quantity)
        ),
        value_field("from", "low", quantity, shown=False),
        value_field("to", "high", quantity, shown=False),
        *_differences(view),
        value_field("RMSE", "rmse", quantity),
        Field("R²", lambda row: row["r2"], lambda row: plain(row["r2"]), "number"),
        _relative_error(view.relative_errors),
        value_field("SD over splits", "replicate_sd", quantity),
        value_field("MAE out of fold", "mae_cross_validation", quantity),
        value_field("MAE in training", "mae_train", quantity),
        *_decades(view.decades),
    ]
    return make_table(
        "variants",
        f"Errors on held-out molecules; differences are to {reference or 'no reference'}",
        view.variants,
        fields,
        marked=lambda row: row["variant"] == RECOMMENDED,
    )


def _configured(view: VariantsView, key: str) -> Field:
    """Return the column of representations or learners, which the CSV file has."""
    return Field(key.capitalize(), lambda row: _setting(view, row, key), kind="name", shown=False)


def _reads(view: VariantsView) -> Callable[[Row], str]:
    """Return a function that says below the name of a variant what it learns from, and how."""
    return lambda row: " · ".join(_setting(view, row, key) for key in CONFIGURED)


def _setting(view: VariantsView, row: Row, key: str) -> str:
    """Return the representation or the learner of a variant."""
    named = {**view.configured, **COMBINED}[row["variant"]][key]
    return named if isinstance(named, str) else " + ".join(named)


def _interval(row: Row | None, quantity: Quantity, signed: bool = False) -> str:
    """Write the interval of an error or of a difference; nothing without one."""
    if row is None or row["low"] is None:
        return ""
    return quantity.between(row["low"], row["high"], signed=signed, unit=False)


def _differences(view: VariantsView) -> list[Field]:
    """Return the columns that compare every variant with the reference."""
    quantity, reference = view.quantity, view.reference
    against = {row["variant"]: row for row in view.differences if row["reference"] == reference}

    def value(key: str) -> Any:
        return lambda row: against.get(row["variant"], {}).get(key)

    def interval(row: Row) -> str:
        return _interval(against.get(row["variant"]), quantity, signed=True)

    shown = _signed(against, "difference", quantity)
    return [
        Field("Difference", value("difference"), shown, "number", below=interval),
        Field("from ", value("low"), kind="number", shown=False),
        Field("to ", value("high"), kind="number", shown=False),
        Field(
            "Verdict",
            value("verdict"),
            lambda row: _verdict_words(against.get(row["variant"]), row["variant"] == reference),
            "text",
        ),
        Field("Splits won", value("replicates_better"), kind="number"),
    ]


def _decades(decades: Mapping[str, Mapping[str, float | None]] | None) -> list[Field]:
    """Return the columns of errors in decades, if logarithms are learned."""
    if not decades:
        return []

    def column(heading: str, part: str) -> Field:
        def value(row: Row) -> float | None:
            return decades.get(row["variant"], {}).get(part)

        return Field(heading, value, lambda row: plain(value(row)), "number")

    return [
        column("MAE of log10 (decades)", "held_out"),
        column("MAE of log10 out of fold", "out_of_fold"),
    ]


def _signed(against: Mapping[str, Row], key: str, quantity: Quantity) -> Any:
    """Return a function that writes a difference with its sign."""

    def text(row: Row) -> str:
        value = against.get(row["variant"], {}).get(key)
        return "–" if value is None else quantity.text(value, signed=True, unit=False)

    return text


def _verdict_words(row: Row | None, is_reference: bool) -> str:
    """Say how a variant compares with the reference."""
    if row is None:
        return "the reference" if is_reference else "–"
    return VERDICTS[row["verdict"]][2]


def _relative_error(meaningful: bool) -> Field:
    """Return the column of relative errors, which not every kind of label allows."""
    return Field(
        "Relative error",
        lambda row: row["relative_error"] if meaningful else None,
        lambda row: percent(row["relative_error"]) if meaningful else "not meaningful",
        "number",
    )


def plain(value: float | None) -> str:
    """Write a number with two decimals."""
    return number(value, digits=2)
