"""Molecules whose labels do not fit."""

from typing import Any

from confaug.report.results import Results
from confaug.report.sections.variants import plain
from confaug.report.tables import Field, Table, make_table
from confaug.trust.label_outliers import count_unjudged


def label_outliers_table(results: Results) -> Table | None:
    """List molecules whose label may be wrong."""
    quantity = results.quantity
    smiles = {row["molecule"]: row["smiles"] for row in results["molecules"]}

    def value(key: str) -> tuple[Any, Any]:
        return (lambda row: row[key]), (lambda row: quantity.text(row[key], unit=False))

    fields = [
        Field("Molecule", lambda row: results.name_of(row["molecule"])),
        Field("Why", lambda row: row["reason"]),
        Field(quantity.with_unit("Label"), *value("label"), kind="number"),
        Field("Expected", *value("expected"), kind="number"),
        Field("Score", lambda row: row["score"], lambda row: plain(row["score"]), "number"),
        Field("SMILES", lambda row: smiles.get(row["molecule"]), kind="name long"),
    ]
    rows = sorted(results["label_outliers"], key=lambda row: -(row["score"] or 0.0))
    return make_table("label_outliers", "Possibly mislabelled molecules", rows, fields)


def unjudged_sentence(results: Results) -> str:
    """Say how many labels could not be compared with those of similar molecules."""
    unjudged, n = count_unjudged(results.arrow("predictions"), results.arrow("neighbours"))
    if not unjudged:
        return ""
    return (
        f"{unjudged} of {n} training molecules could not be judged by their neighbours: fewer than "
        "two others are similar to them."
    )
