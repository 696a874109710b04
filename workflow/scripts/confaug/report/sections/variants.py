"""The comparison of variants."""

from collections.abc import Mapping
from typing import Any

from confaug.infrastructure.quantity import Quantity, number, percent
from confaug.report.figures.style import VERDICTS
from confaug.report.results import Results, Row
from confaug.report.sections.trust import PARTS
from confaug.report.tables import Field, Table, make_table

#: What is not configured as a variant is made from several that are.
COMBINED = {"representation": "several", "learner": "average"}
#: An error this close to that of everything counts as the same, in `enough`.
CLOSE = 0.02


def metrics_table(results: Results) -> Table | None:
    """List the errors of the main variant in training, out of fold and held out, per molecule."""
    quantity = results.quantity
    rows = [row for row in results["metrics"] if row["level"] == "molecule"]
    rows.sort(key=lambda row: list(PARTS).index(row["part"]))

    def error(key: str) -> tuple[Any, Any]:
        return (lambda row: row[key]), (lambda row: quantity.text(row[key], unit=False))

    fields = [
        Field("Molecules", lambda row: PARTS[row["part"]]),
        Field("Number", lambda row: row["n"], kind="number"),
        Field(quantity.with_unit("MAE"), *error("mae"), kind="number"),
        Field(quantity.with_unit("RMSE"), *error("rmse"), kind="number"),
        Field("R²", lambda row: row["r2"], lambda row: plain(row["r2"]), "number"),
        _relative_error(results),
    ]
    return make_table("metrics", f"Errors of {results.main}, first split", rows, fields)


def variants_table(results: Results, config: Mapping[str, Any]) -> Table | None:
    """List all variants with their errors and the difference to the reference."""
    quantity, reference = results.quantity, results.role("reference")
    against = {r["variant"]: r for r in results["differences"] if r["reference"] == reference}
    configured = config["variants"]

    def difference(key: str) -> Any:
        return lambda row: against.get(row["variant"], {}).get(key)

    def error(key: str) -> tuple[Any, Any]:
        return (lambda row: row[key]), (lambda row: quantity.text(row[key], unit=False))

    fields = [
        Field("Variant", lambda row: row["variant"], kind="name"),
        Field(
            "Representation",
            lambda row: configured.get(row["variant"], COMBINED)["representation"],
            kind="name",
        ),
        Field(
            "Learner", lambda row: configured.get(row["variant"], COMBINED)["learner"], kind="name"
        ),
        Field(quantity.with_unit("MAE"), *error("mae"), kind="number"),
        Field("from", *error("low"), kind="number"),
        Field("to", *error("high"), kind="number"),
        Field(
            "Difference",
            difference("difference"),
            _signed(against, "difference", quantity),
            "number",
        ),
        Field("from ", difference("low"), _signed(against, "low", quantity), "number"),
        Field("to ", difference("high"), _signed(against, "high", quantity), "number"),
        Field(
            "Verdict",
            difference("verdict"),
            lambda row: _verdict_words(against.get(row["variant"]), row["variant"] == reference),
            "text short",
        ),
        Field("Splits won", difference("replicates_better"), kind="number"),
        Field("RMSE", *error("rmse"), kind="number"),
        Field("R²", lambda row: row["r2"], lambda row: plain(row["r2"]), "number"),
        _relative_error(results),
        Field("SD over splits", *error("replicate_sd"), kind="number"),
        Field("MAE out of fold", *error("mae_cross_validation"), kind="number"),
        Field("MAE when seen", *error("mae_train"), kind="number"),
        *_decades(results),
    ]
    return make_table(
        "variants",
        f"Errors on held-out molecules; differences are to {reference or 'no reference'}",
        results["variants"],
        fields,
        marked=lambda row: row["variant"] == results.main,
    )


def _decades(results: Results) -> list[Field]:
    """Return the columns of errors in decades, if logarithms are learned."""
    if not results.document("verdict").get("decades"):
        return []

    def column(heading: str, part: str) -> Field:
        def value(row: Row) -> float | None:
            return results.decades(row["variant"], part)

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


def _relative_error(results: Results) -> Field:
    """Return the column of relative errors, which not every kind of label allows."""
    meaningful = results.relative_errors
    return Field(
        "Relative error",
        lambda row: row["relative_error"] if meaningful else None,
        lambda row: percent(row["relative_error"]) if meaningful else "not meaningful",
        "number",
    )


def plain(value: float | None) -> str:
    """Write a number with two decimals."""
    return number(value, digits=2)
