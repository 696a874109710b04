"""What the study cost."""

from dataclasses import asdict, dataclass

from confaug.report.accounting import StageCost
from confaug.report.number_format import duration
from confaug.report.tables import Field, Table, make_table
from confaug.report.wording.cost import cost_sentence

#: Rules whose work only augmentation needs.
CONFORMER_RULES = ("embed_conformers", "describe_3d")


@dataclass(frozen=True)
class CostSection:
    """What the stages took; the sentence is empty if that was not recorded."""

    sentence: str
    table: Table | None


def cost_section(costs: list[StageCost]) -> CostSection:
    """Show what every stage took."""
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
    return CostSection(cost_sentence(total, conformers), table)


def _time_field(heading: str, key: str) -> Field:
    """Return a column of times, downloaded in seconds."""
    return Field(heading, lambda row: round(row[key], 2), lambda row: duration(row[key]), "number")
