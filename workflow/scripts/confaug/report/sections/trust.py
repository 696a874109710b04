"""Prediction intervals and applicability domain."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from confaug.report.quantity import Quantity
from confaug.report.results import Results, Row
from confaug.report.tables import Field, Table, make_table, value_field
from confaug.report.wording.conformer_deviation import deviation_sentence
from confaug.report.wording.coverage import coverage_sentence
from confaug.report.wording.domain import flags_sentence
from confaug.trust.conformer_deviation import RankCorrelation
from confaug.trust.coverage import CoverageSummary
from confaug.trust.domain_summary import DomainSummary, held_out_errors

PARTS = {
    "test": "held out",
    "cross_validation": "out of fold",
    "train": "seen in training",
}


@dataclass(frozen=True)
class TrustView:
    """What the section shows, all of the recommended model on the first split.

    Attributes
    ----------
    shown
        The variant that the rule chose there.
    predictions, intervals, domain
        Tables, empty where they were not made.
    coverage
        None without any interval.
    half_width
        Half the width of an interval in decades, if logarithms are learned.
    flags
        What the flags of the applicability domain are worth; None if it was not determined.
    has_coverage
        Whether coverage was measured at all.
    conformer_deviation
        None if it was not correlated with errors.
    smiles
        Structures by molecule.
    name_of
        Gives the name of a molecule.
    """

    quantity: Quantity
    shown: str
    predictions: pa.Table
    intervals: pa.Table
    domain: pa.Table
    coverage: CoverageSummary | None
    half_width: float | None
    flags: DomainSummary | None
    has_coverage: bool
    conformer_deviation: RankCorrelation | None
    smiles: Mapping[str, str]
    name_of: Callable[[str], str]

    @classmethod
    def of(cls, results: Results) -> "TrustView":
        """Select what the section needs."""
        deviation = results.document("conformer_deviation")
        return cls(
            quantity=results.quantity,
            shown=results.shown,
            predictions=results.arrow("predictions"),
            intervals=results.arrow("intervals"),
            domain=results.arrow("domain"),
            coverage=results.coverage,
            half_width=results.half_width,
            flags=results.flags,
            has_coverage="coverage" in results.tables,
            conformer_deviation=RankCorrelation.from_dict(deviation) if deviation else None,
            smiles={row["molecule"]: row["smiles"] for row in results["molecules"]},
            name_of=results.name_of,
        )


@dataclass(frozen=True)
class TrustSection:
    """Sentences, each empty where something was not made, and tables."""

    coverage: str
    conformer_deviation: str
    domain: str
    flags: Table | None
    predictions: Table | None


def trust_section(view: TrustView) -> TrustSection:
    """Sum up intervals, conformer deviation and domain, and list all predictions with flags."""
    errors = held_out_errors(view.predictions)
    return TrustSection(
        coverage=(
            coverage_sentence(view.coverage, view.quantity, view.half_width)
            if view.has_coverage
            else ""
        ),
        conformer_deviation=(
            deviation_sentence(view.conformer_deviation) if view.conformer_deviation else ""
        ),
        domain=flags_sentence(view.flags, view.quantity) if view.flags else "",
        flags=_flags_table(view, errors),
        predictions=_predictions_table(view, errors),
    )


def _flags_table(view: TrustView, errors: Mapping[str, float]) -> Table | None:
    """Count the held-out molecules under every combination of flags, with their mean error."""
    found: dict[str, list[float]] = defaultdict(list)
    for row in view.domain.to_pylist():
        if row["molecule"] in errors:
            found[row["flags"] or "none: inside the domain"].append(errors[row["molecule"]])
    rows = [
        {"flags": flags, "molecules": len(values), "error": float(np.mean(values))}
        for flags, values in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
    fields = [
        Field("Flags", lambda row: row["flags"]),
        Field("Molecules", lambda row: row["molecules"], kind="number"),
        value_field(view.quantity.with_unit("MAE"), "error", view.quantity),
    ]
    return make_table("domain-flags", "Held-out molecules by flag", rows, fields)


def _predictions_table(view: TrustView, errors: Mapping[str, float]) -> Table | None:
    """List the prediction of every held-out molecule."""
    quantity, rows = view.quantity, _prediction_rows(view, errors)
    fields = [
        Field("Molecule", lambda row: row["name"]),
        value_field(quantity.with_unit("Measured"), "label", quantity),
        value_field("Predicted", "prediction", quantity),
        value_field("from", "low", quantity),
        value_field("to", "high", quantity),
        value_field("|Error|", "error", quantity),
        *(
            [value_field("Standard deviation", "standard_deviation", quantity)]
            if any(row["standard_deviation"] for row in rows)
            else []
        ),
        Field("Flags", lambda row: row["flags"]),
        Field("SMILES", lambda row: row["smiles"], kind="name long"),
    ]
    caption = f"Predictions of {view.shown} for held-out molecules, largest error first"
    return make_table("predictions", caption, rows, fields)


def _prediction_rows(view: TrustView, errors: Mapping[str, float]) -> list[Row]:
    """Join the predictions of held-out molecules with intervals and flags, worst first."""
    intervals, domain = (
        {row["molecule"]: row for row in table.to_pylist()}
        for table in (view.intervals, view.domain)
    )
    rows = [
        {
            **row,
            "name": view.name_of(row["molecule"]),
            "smiles": view.smiles[row["molecule"]],
            "error": errors.get(row["molecule"]),
            "low": intervals.get(row["molecule"], {}).get("low"),
            "high": intervals.get(row["molecule"], {}).get("high"),
            "flags": domain.get(row["molecule"], {}).get("flags"),
        }
        for row in view.predictions.to_pylist()
        if row["part"] == "test"
    ]
    return sorted(rows, key=lambda row: (-(row["error"] or 0.0), row["molecule"]))
