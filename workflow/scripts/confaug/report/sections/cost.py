"""What the study cost."""

from typing import Any

from confaug.report.accounting import duration
from confaug.report.results import Row
from confaug.report.tables import Field, make_table

#: Rules whose work only augmentation needs.
CONFORMER_RULES = ("embed_conformers", "describe_3d")


def cost_section(costs: list[Row]) -> dict[str, Any]:
    """Sum up what every stage took."""
    total = sum(row["cpu_seconds"] for row in costs)
    conformers = sum(row["cpu_seconds"] for row in costs if row["rule"] in CONFORMER_RULES)
    sentence = ""
    if total:
        sentence = (
            f"All jobs measured in this results folder took {duration(total)} of CPU time; "
            f"{conformers / total:.0%} of it went into conformers and their descriptors, which a "
            "model without augmentation does not need."
        )
    fields = [
        Field("Stage", lambda row: row["rule"], kind="name"),
        Field("Jobs", lambda row: row["jobs"], kind="number"),
        Field(
            "CPU time",
            lambda row: round(row["cpu_seconds"], 2),
            lambda row: duration(row["cpu_seconds"]),
            "number",
        ),
        Field(
            "Wall time, summed",
            lambda row: round(row["seconds"], 2),
            lambda row: duration(row["seconds"]),
            "number",
        ),
        Field(
            "Longest job",
            lambda row: round(row["longest"], 2),
            lambda row: duration(row["longest"]),
            "number",
        ),
        Field(
            "Memory (MB)",
            lambda row: round(row["memory"]),
            lambda row: f"{row['memory']:.0f}",
            "number",
        ),
    ]
    return {"sentence": sentence, "table": make_table("cost", "Cost by stage", costs, fields)}


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Count things with the right form of the word.

    >>> count(1, "row"), count(2, "row")
    ('1 row', '2 rows')
    """
    return f"{number} {singular if number == 1 else plural or singular + 's'}"
