"""The tables of the page of predictions."""

from collections.abc import Sequence

from confaug.report.number_format import number
from confaug.report.quantity import Quantity
from confaug.report.results import Row
from confaug.report.tables import Field, Table, make_table, own_names, value_field
from confaug.report.wording import measure_next as next_words
from confaug.report.wording.predictions import ends, neighbour_name, neighbour_words, with_interval

#: Candidates to measure next that the page lists; the file beside it has more.
MEASURE_NEXT_SHOWN = 20
CAPTION = "Predictions and their intervals; highlighted rows carry a flag"


def predictions_table(rows: Sequence[Row], quantity: Quantity, deviation: str) -> Table | None:
    """Lay out predicted rows: what is asked first stands first and is visible without scrolling.

    Parameters
    ----------
    rows
        Rows of NEW_PREDICTIONS.
    deviation
        What the standard deviation is of; empty if it says nothing. It is also left out if it is
        zero for every row.
    """
    deviates = deviation and any(row["standard_deviation"] for row in rows)
    fields = [
        Field("Candidate", name_of, kind="text", filter="text"),
        *_conditions(rows),
        Field(
            quantity.with_unit("Prediction"),
            lambda row: row["prediction"],
            lambda row: with_interval(row, quantity, unit=False),
            "number",
            "range",
            below=lambda row: ends(row, quantity),
        ),
        Field("Flags", lambda row: row["flags"], kind="text long", filter="flag"),
        Field(
            quantity.with_unit("Nearest measured value"),
            lambda row: row["neighbour_1_label"],
            lambda row: neighbour_words(row, quantity, unit=False),
            "number words",
        ),
        *_identifiers(rows),
        Field("SMILES", lambda row: row["smiles"], kind="name long", filter="text"),
        Field("Nearest molecule", neighbour_name, shown=False),
        value_field(quantity.with_unit("Low"), "low", quantity, shown=False),
        value_field(quantity.with_unit("High"), "high", quantity, shown=False),
        *(
            [value_field(quantity.with_unit(deviation), "standard_deviation", quantity)]
            if deviates
            else []
        ),
        Field(
            "Similarity",
            lambda row: row["neighbour_1_similarity"],
            lambda row: number(row["neighbour_1_similarity"], digits=2),
            "number",
        ),
        Field("Remark", lambda row: row["remark"], kind="text long"),
        Field("Row", lambda row: row["row"], kind="number"),
    ]
    return make_table("predictions", CAPTION, rows, fields, lambda row: row["flags"] is not None)


def measure_next_table(rows: Sequence[Row], quantity: Quantity) -> Table | None:
    """Lay out the candidates that are worth measuring next.

    Parameters
    ----------
    rows
        Rows of MEASURE_NEXT.
    """
    fields = [
        Field("Rank", lambda row: row["rank"], kind="number"),
        Field("Candidate", name_of),
        Field("Why", lambda row: row["reason"], kind="text long"),
        Field(
            quantity.with_unit("Prediction"),
            lambda row: row["prediction"],
            lambda row: with_interval(row, quantity, unit=False),
            "number",
        ),
        Field(
            "Similarity to training",
            lambda row: row["similarity"],
            lambda row: number(row["similarity"], digits=2),
            "number",
        ),
        Field(
            "Similarity to those above",
            lambda row: row["similarity_above"],
            lambda row: number(row["similarity_above"], digits=2),
            "number",
        ),
        *_identifiers(rows),
        Field("SMILES", lambda row: row["smiles"], kind="name"),
        Field("Row", lambda row: row["row"], kind="number"),
    ]
    return make_table("measure_next", next_words.CAPTION, rows, fields)


def name_of(row: Row) -> str:
    """Return what to call a molecule: the user's name or identifier, or its SMILES."""
    return str(row["name"] or row["id"] or row["smiles"])


def _conditions(rows: Sequence[Row]) -> list[Field]:
    """Return the column of conditions, where rows have any."""
    if not any(row["conditions"] for row in rows):
        return []
    return [Field("Conditions", lambda row: row["conditions"], kind="text", filter="text")]


def _identifiers(rows: Sequence[Row]) -> list[Field]:
    """Return the column of identifiers, where names stand before it."""
    if not any(row["name"] and row["id"] for row in rows):
        return []
    return [Field("Id", lambda row: row["id"], kind="text", filter="text")]


def failures_table(rows: Sequence[Row]) -> Table | None:
    """Lay out the rows that failed."""
    fields = [
        Field("Row", lambda row: row["row"], kind="number"),
        *own_names(rows),
        Field("SMILES as given", lambda row: row["input_smiles"], kind="name"),
        Field("Reason", lambda row: row["reason"], kind="text long"),
    ]
    return make_table("failed", "Rows without a prediction", rows, fields)
