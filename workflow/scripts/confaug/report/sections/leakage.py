"""The leakage check."""

from typing import Any

from confaug.evaluation.leakage import shared_blocks
from confaug.evaluation.row_splits import row_split_summary
from confaug.report.results import Results
from confaug.report.tables import Field, make_table


def leakage_section(results: Results) -> dict[str, Any]:
    """Show the leakage check, and the apparent error under row-wise splits."""
    leakage = results.document("leakage")
    checks = make_table(
        "leakage-checks",
        "What was checked",
        leakage.get("checks", []),
        [
            Field("Check", lambda row: row["check"]),
            Field("Compared", lambda row: row["compared"], kind="number"),
            Field("Found", lambda row: row["violations"], kind="number"),
            Field(
                "Examples", lambda row: "; ".join(row["examples"]), lambda r: _join(r["examples"])
            ),
        ],
        marked=lambda row: row["violations"] > 0,
    )
    pretence = row_split_summary(results.arrow("row_splits")) if results["row_splits"] else []
    return {
        "found": leakage,
        "shared": shared_blocks(leakage),
        "checks": checks,
        "pretence": pretence,
        "relative": results.relative_errors,
    }


def _join(examples: list[str]) -> str:
    """Join examples, or say that there are none."""
    return "; ".join(examples) or "none"
