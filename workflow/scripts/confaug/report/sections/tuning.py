"""The trials of Bayesian optimisation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from confaug.report.number_format import number
from confaug.report.quantity import Quantity
from confaug.report.results import Results, Row
from confaug.report.tables import Field, Table, make_table
from confaug.report.wording.tuning import tuning_sentence


@dataclass(frozen=True)
class TuningView:
    """What the section shows: the trials of the main variant and the parameters chosen."""

    quantity: Quantity
    main: str
    history: list[Row]
    parameters: Mapping[str, Any]

    @classmethod
    def of(cls, results: Results) -> "TuningView":
        """Select what the section needs."""
        parameters = results.document("tuned").get("parameters", {})
        return cls(results.quantity, results.main, results["history"], parameters)


@dataclass(frozen=True)
class TuningSection:
    """The best trial in words and the parameters; empty where nothing was tuned."""

    sentence: str
    parameters: Table | None


def tuning_section(view: TuningView) -> TuningSection:
    """Show how the parameters of the main variant were found."""
    rows = [{"name": name, "value": value} for name, value in view.parameters.items()]
    fields = [
        Field("Parameter", lambda row: row["name"], kind="name"),
        Field("Value", lambda row: row["value"], lambda row: _parameter(row["value"])),
    ]
    return TuningSection(
        sentence=tuning_sentence(view.history, view.quantity),
        parameters=make_table("parameters", f"Parameters of {view.main}", rows, fields),
    )


def _parameter(value: Any) -> str:
    """Write the value of a parameter."""
    return number(value) if isinstance(value, float) else str(value)
