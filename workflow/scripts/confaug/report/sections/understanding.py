"""What the model uses."""

from typing import Any

from confaug.infrastructure.quantity import number, percent
from confaug.report.figures.understanding import explained_quantity
from confaug.report.results import Results, Row
from confaug.report.tables import Field, make_table
from confaug.trust.descriptor_quality import health_summary
from confaug.trust.importance import importance_sentence


def understanding_section(results: Results) -> dict[str, Any]:
    """Sum up what the model uses and how healthy the descriptors are."""
    quantity = explained_quantity(results.quantity)
    fields = [
        Field("Descriptor", lambda row: row["descriptor"], kind="name"),
        Field("Dimension", lambda row: row["dimension"]),
        Field("Family", lambda row: row["family"]),
        Field(
            quantity.with_unit("Mean |SHAP value|"),
            lambda row: row["importance"],
            lambda row: number(row["importance"]),
            "number",
        ),
        Field("Share", lambda row: row["share"], lambda row: percent(row["share"]), "number"),
    ]
    ranked = sorted(results["importance"], key=lambda row: -row["importance"])
    health = [row for row in results["health"] if row["constant"] or row["missing"] > 0]
    health.sort(key=lambda row: (-row["missing"], row["descriptor"]))
    return {
        "importance": (
            importance_sentence(results.arrow("groups"), quantity.unit) if results["groups"] else ""
        ),
        "descriptors": make_table(
            "importance",
            "Descriptors by their mean |SHAP value|, the first 100",
            [row for row in ranked if row["importance"] > 0][:100],
            fields,
        ),
        "health": health_summary(results.arrow("health"))["sentence"] if results["health"] else "",
        "unhealthy": make_table(
            "descriptor-health",
            "Descriptors with missing values or without variation",
            health,
            [
                Field("Descriptor", lambda row: row["descriptor"], kind="name"),
                Field("Dimension", lambda row: row["dimension"]),
                Field("Family", lambda row: row["family"]),
                Field(
                    "Missing",
                    lambda row: row["missing"],
                    lambda r: percent(r["missing"]),
                    "number",
                ),
                Field("Constant", lambda row: row["constant"], _yes_or_no),
            ],
        ),
    }


def _yes_or_no(row: Row) -> str:
    """Say whether a descriptor is constant."""
    return "yes" if row["constant"] else "no"
