"""Molecules whose labels do not fit."""

from collections.abc import Callable
from dataclasses import dataclass

from confaug.report.number_format import number
from confaug.report.quantity import Quantity
from confaug.report.results import Results, Row
from confaug.report.tables import Field, Table, make_table, value_field
from confaug.report.wording.label_outliers import unjudged_sentence
from confaug.trust.label_outliers import count_unjudged


@dataclass(frozen=True)
class LabelOutliersView:
    """What the section shows.

    Attributes
    ----------
    outliers
        Rows of LABEL_OUTLIERS.
    smiles
        Structures by molecule.
    unjudged, training
        Training molecules that could not be judged by their neighbours, and all of them.
    """

    quantity: Quantity
    outliers: list[Row]
    smiles: dict[str, str]
    unjudged: int
    training: int
    name_of: Callable[[str], str]

    @classmethod
    def of(cls, results: Results) -> "LabelOutliersView":
        """Select what the section needs."""
        smiles = {row["molecule"]: row["smiles"] for row in results["molecules"]}
        counted = count_unjudged(results.arrow("predictions"), results.arrow("neighbours"))
        outliers = results["label_outliers"]
        return cls(results.quantity, outliers, smiles, *counted, name_of=results.name_of)


@dataclass(frozen=True)
class LabelOutliersSection:
    """Molecules whose label may be wrong, and a sentence on those that could not be judged."""

    table: Table | None
    unjudged: str


def label_outliers_section(view: LabelOutliersView) -> LabelOutliersSection:
    """List molecules whose label may be wrong, and count those that could not be judged."""
    fields = [
        Field("Molecule", lambda row: view.name_of(row["molecule"])),
        Field("Why", lambda row: row["reason"]),
        value_field(view.quantity.with_unit("Label"), "label", view.quantity),
        value_field("Expected", "expected", view.quantity),
        Field("Score", lambda row: row["score"], lambda r: number(r["score"], digits=2), "number"),
        Field("SMILES", lambda row: view.smiles.get(row["molecule"]), kind="name long"),
    ]
    rows = sorted(view.outliers, key=lambda row: -(row["score"] or 0.0))
    return LabelOutliersSection(
        table=make_table("label_outliers", "Possibly mislabelled molecules", rows, fields),
        unjudged=unjudged_sentence(view.unjudged, view.training),
    )
