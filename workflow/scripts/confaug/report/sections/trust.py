"""Prediction intervals and applicability domain."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np

from confaug.evaluation.decades import half_width
from confaug.report.results import Results
from confaug.report.tables import Field, Table, make_table
from confaug.trust.coverage import coverage_summary
from confaug.trust.domain_summary import domain_summary

PARTS = {
    "test": "held out",
    "cross_validation": "out of fold",
    "train": "seen in training",
}


def trust_section(results: Results) -> dict[str, Any]:
    """Sum up intervals, conformer deviation and domain, and list all predictions with flags."""
    unit = results.quantity.unit
    errors = {
        row["molecule"]: abs(row["prediction"] - row["label"])
        for row in results["predictions"]
        if row["part"] == "test" and row["label"] is not None
    }
    decades = half_width(results.arrow("intervals")) if results.quantity.logarithmic else None
    return {
        "coverage": (
            coverage_summary(results.arrow("coverage"), results.main, unit, decades)["sentence"]
            if "coverage" in results.tables
            else ""
        ),
        "conformer_deviation": results.document("conformer_deviation").get("sentence", ""),
        "domain": (
            domain_summary(results.arrow("domain"), errors, unit)["sentence"]
            if results["domain"]
            else ""
        ),
        "flags": _flags_table(results, errors),
        "predictions": _predictions_table(results, errors),
    }


def _flags_table(results: Results, errors: Mapping[str, float]) -> Table | None:
    """Count the held-out molecules under every combination of flags, with their mean error."""
    quantity = results.quantity
    found: dict[str, list[float]] = defaultdict(list)
    for row in results["domain"]:
        if row["molecule"] in errors:
            found[row["flags"] or "none: inside the domain"].append(errors[row["molecule"]])
    rows = [
        {"flags": flags, "molecules": len(values), "error": float(np.mean(values))}
        for flags, values in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
    fields = [
        Field("Flags", lambda row: row["flags"]),
        Field("Molecules", lambda row: row["molecules"], kind="number"),
        Field(
            quantity.with_unit("MAE"),
            lambda row: row["error"],
            lambda row: quantity.text(row["error"], unit=False),
            "number",
        ),
    ]
    return make_table("domain-flags", "Held-out molecules by flag", rows, fields)


def _predictions_table(results: Results, errors: Mapping[str, float]) -> Table | None:
    """List the prediction of every held-out molecule."""
    quantity = results.quantity
    intervals, domain = results.by_molecule("intervals"), results.by_molecule("domain")
    molecules = results.by_molecule("molecules")
    rows = [
        {
            **row,
            "name": results.name_of(row["molecule"]),
            "smiles": molecules[row["molecule"]]["smiles"],
            "error": errors.get(row["molecule"]),
            "low": intervals.get(row["molecule"], {}).get("low"),
            "high": intervals.get(row["molecule"], {}).get("high"),
            "flags": domain.get(row["molecule"], {}).get("flags"),
        }
        for row in results["predictions"]
        if row["part"] == "test"
    ]
    rows.sort(key=lambda row: (-(row["error"] or 0.0), row["molecule"]))

    def value(key: str) -> tuple[Any, Any]:
        return (lambda row: row[key]), (lambda row: quantity.text(row[key], unit=False))

    fields = [
        Field("Molecule", lambda row: row["name"]),
        Field(quantity.with_unit("Measured"), *value("label"), kind="number"),
        Field("Predicted", *value("prediction"), kind="number"),
        Field("from", *value("low"), kind="number"),
        Field("to", *value("high"), kind="number"),
        Field("|Error|", *value("error"), kind="number"),
        Field("Standard deviation", *value("standard_deviation"), kind="number"),
        Field("Flags", lambda row: row["flags"]),
        Field("SMILES", lambda row: row["smiles"], kind="name long"),
    ]
    caption = f"Predictions of {results.main} for held-out molecules, largest error first"
    return make_table("predictions", caption, rows, fields)
