"""The trials of Bayesian optimisation."""

from typing import Any

from confaug.report.results import Results
from confaug.report.sections.cost import count
from confaug.report.tables import Field, make_table


def tuning_section(results: Results) -> dict[str, Any]:
    """Sum up how the parameters of the main variant were found."""
    tuned, history = results.document("tuned"), results["history"]
    sentence = ""
    if history:
        best = min(history, key=lambda row: (row["error"], row["trial"]))
        sentence = (
            f"Of {count(len(history), 'trial')}, number {best['trial']} has the lowest "
            f"out-of-fold error, {results.quantity.text(best['error'])}, with "
            f"{best['rounds']} boosting rounds."
        )
        late = best["trial"] > 0.9 * len(history) and len(history) > 5
        sentence += " It came late: more trials might find a better one." if late else ""
    parameters = make_table(
        "parameters",
        f"Parameters of {results.main}",
        [{"name": key, "value": value} for key, value in tuned.get("parameters", {}).items()],
        [
            Field("Parameter", lambda row: row["name"], kind="name"),
            Field("Value", lambda row: row["value"], lambda row: _parameter(row["value"])),
        ],
    )
    return {"sentence": sentence, "parameters": parameters}


def _parameter(value: Any) -> str:
    """Write the value of a parameter."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
