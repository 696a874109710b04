"""What the model uses, and how far descriptors tell molecules apart."""

from dataclasses import dataclass

import pyarrow as pa

from confaug.report.figures.model_explanation import explained_quantity
from confaug.report.number_format import number, percent
from confaug.report.quantity import Quantity
from confaug.report.results import Results, Row
from confaug.report.tables import Field, Table, make_table
from confaug.report.wording.descriptor_quality import within_share_sentence
from confaug.report.wording.importance import importance_sentence
from confaug.trust.descriptor_quality import typical_within_share
from confaug.trust.importance import importance_summary

#: Descriptors that are listed, at most.
LISTED = 100


@dataclass(frozen=True)
class UnderstandingView:
    """What the section shows.

    Attributes
    ----------
    quantity
        What SHAP values add up to.
    importance, groups, health
        IMPORTANCE, GROUP_IMPORTANCE and DESCRIPTOR_HEALTH, empty where they were not made.
    """

    quantity: Quantity
    importance: pa.Table
    groups: pa.Table
    health: pa.Table

    @classmethod
    def of(cls, results: Results) -> "UnderstandingView":
        """Select what the section needs."""
        tables = (results.arrow(name) for name in ("importance", "groups", "health"))
        return cls(explained_quantity(results.quantity), *tables)


@dataclass(frozen=True)
class UnderstandingSection:
    """What the model uses and how good its descriptors are; sentences may be empty."""

    importance: str
    health: str
    descriptors: Table | None
    unhealthy: Table | None


def understanding_section(view: UnderstandingView) -> UnderstandingSection:
    """Show what the model uses and which descriptors are missing or constant."""
    groups, health = view.groups, view.health
    return UnderstandingSection(
        importance=(
            importance_sentence(importance_summary(groups), view.quantity) if len(groups) else ""
        ),
        health=within_share_sentence(typical_within_share(health)) if len(health) else "",
        descriptors=_importance_table(view),
        unhealthy=_health_table(health.to_pylist()),
    )


def _importance_table(view: UnderstandingView) -> Table | None:
    """List the descriptors that the model uses most."""
    fields = [
        *_descriptor_fields(),
        Field(
            view.quantity.with_unit("Mean |SHAP value|"),
            lambda row: row["importance"],
            lambda row: number(row["importance"]),
            "number",
        ),
        Field("Share", lambda row: row["share"], lambda row: percent(row["share"]), "number"),
    ]
    ranked = sorted(view.importance.to_pylist(), key=lambda row: -row["importance"])
    return make_table(
        "importance",
        f"Descriptors by their mean |SHAP value|, the first {LISTED}",
        [row for row in ranked if row["importance"] > 0][:LISTED],
        fields,
    )


def _health_table(rows: list[Row]) -> Table | None:
    """List the descriptors with missing values or without variation."""
    fields = [
        *_descriptor_fields(),
        Field("Missing", lambda row: row["missing"], lambda r: percent(r["missing"]), "number"),
        Field("Constant", lambda row: row["constant"], lambda r: "yes" if r["constant"] else "no"),
    ]
    unhealthy = [row for row in rows if row["constant"] or row["missing"] > 0]
    unhealthy.sort(key=lambda row: (-row["missing"], row["descriptor"]))
    caption = "Descriptors with missing values or without variation"
    return make_table("descriptor-health", caption, unhealthy, fields)


def _descriptor_fields() -> list[Field]:
    """Return the columns that say which descriptor a row is about."""
    return [
        Field("Descriptor", lambda row: row["descriptor"], kind="name"),
        Field("Dimension", lambda row: row["dimension"]),
        Field("Family", lambda row: row["family"]),
    ]
