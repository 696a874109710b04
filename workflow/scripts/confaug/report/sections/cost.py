"""What the study cost."""

from dataclasses import asdict, dataclass

from confaug.report.accounting import CONFORMER_RULES, StageCost
from confaug.report.number_format import duration
from confaug.report.tables import Field, Table, make_table
from confaug.report.wording.cost import cost_sentence, speed_sentence


@dataclass(frozen=True)
class CostSection:
    """What the stages took; sentences about what was not recorded are empty.

    `speed` is how fast the recommended model can predict, and whether that is fast enough.
    """

    sentence: str
    speed: str
    table: Table | None


@dataclass(frozen=True)
class Description:
    """What describing molecules for the recommended model took.

    Attributes
    ----------
    molecules
        How many were described.
    seconds
        CPU time, starts of jobs included; 0 if it was not recorded.
    required
        Molecules that a core has to predict in an hour; None if nothing was required.
    """

    molecules: int = 0
    seconds: float = 0.0
    required: float | None = None


def cost_section(costs: list[StageCost], described: Description) -> CostSection:
    """Show what every stage took, and how fast predictions are."""
    total = sum(stage.cpu_seconds for stage in costs)
    conformers = sum(stage.cpu_seconds for stage in costs if stage.rule in CONFORMER_RULES)
    fields = [
        Field("Stage", lambda row: row["rule"], kind="name"),
        Field("Jobs", lambda row: row["jobs"], kind="number"),
        _time_field("CPU time", "cpu_seconds"),
        _time_field("Wall time, summed", "seconds"),
        _time_field("Longest job", "longest"),
        Field("Memory (MB)", lambda row: round(row["memory"]), kind="number"),
    ]
    table = make_table("cost", "Cost by stage", [asdict(stage) for stage in costs], fields)
    speed = ""
    if described.seconds and described.molecules:
        speed = speed_sentence(described.seconds / described.molecules, described.required)
    return CostSection(cost_sentence(total, conformers), speed, table)


def _time_field(heading: str, key: str) -> Field:
    """Return a column of times, downloaded in seconds."""
    return Field(heading, lambda row: round(row[key], 2), lambda row: duration(row[key]), "number")
