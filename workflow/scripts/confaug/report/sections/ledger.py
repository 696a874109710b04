"""What became of every row of the table."""

from collections import Counter, defaultdict
from typing import Any

from confaug.report.results import Results, Row
from confaug.report.sections.cost import count
from confaug.report.tables import Field, Table, make_table, own_names

STATUSES = {
    "accepted": "taken as a molecule",
    "merged": "same structure and agreeing label as another row",
    "conflict": "same structure as another row, but a label that disagrees",
    "rejected": "not usable; see the reason",
}


def ledger_section(results: Results) -> dict[str, Any]:
    """Account for every input row."""
    rows = results["ledger"]
    counts = Counter(row["status"] for row in rows)
    listed = [status for status in STATUSES if counts[status]]
    listed += sorted(set(counts) - set(STATUSES))
    total = " + ".join(f"{counts[status]} {status}" for status in listed)
    odd = [row for row in rows if row["status"] != "accepted" or row["warning"]]
    odd.sort(key=lambda row: (-_severity(row["status"]), row["row"]))
    return {
        "sentence": (
            f"{count(len(rows), 'row')} read = {total}. They give "
            f"{count(len(results['molecules']), 'molecule')}, of which "
            f"{count(_labelled(results), 'has', 'have')} a label."
        ),
        "counts": [(status, counts[status], STATUSES.get(status, "")) for status in listed],
        "odd": make_table(
            "ledger-remarks",
            "Rows of the input file that were not plainly accepted, and why",
            odd,
            [
                Field("Row", lambda row: row["row"], kind="number"),
                Field("Status", lambda row: row["status"]),
                Field("Reason or warning", _remark),
                *own_names(odd),
                Field("SMILES as given", lambda row: row["input_smiles"], kind="name long"),
                Field("Label as given", lambda row: row["input_label"]),
            ],
            marked=lambda row: row["status"] in ("conflict", "rejected"),
        ),
        "failures": _failures(results),
    }


def _severity(status: str) -> int:
    """Order the kinds of remarks: rejected rows first."""
    return {"rejected": 3, "conflict": 2, "accepted": 1}.get(status, 0)


def _remark(row: Row) -> str:
    """Join reason and warning of a row."""
    return "; ".join(text for text in (row["reason"], row["warning"]) if text)


def _labelled(results: Results) -> int:
    """Count the molecules with a label."""
    return sum(row["label"] is not None for row in results["molecules"])


def _failures(results: Results) -> Table | None:
    """Sum up what could not be computed, by stage, protocol and reason."""
    molecules: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    times: Counter[tuple[str, str, str]] = Counter()
    for row in results["failures"]:
        kind = (row["stage"], row["protocol"] or "", row["reason"])
        molecules[kind].add(row["molecule"])
        times[kind] += 1
    rows = [
        {
            "stage": kind[0],
            "protocol": kind[1],
            "reason": kind[2],
            "molecules": len(molecules[kind]),
            "records": times[kind],
            "examples": ", ".join(sorted({results.name_of(m) for m in molecules[kind]})[:3]),
        }
        for kind in sorted(molecules, key=lambda kind: (-len(molecules[kind]), kind))
    ]
    fields = [
        Field("Stage", lambda row: row["stage"], kind="name"),
        Field("Protocol", lambda row: row["protocol"], kind="name"),
        Field("Molecules", lambda row: row["molecules"], kind="number"),
        Field("Records", lambda row: row["records"], kind="number"),
        Field("What could not be had", lambda row: row["reason"]),
        Field("For example", lambda row: row["examples"]),
    ]
    return make_table("failures", "What could not be computed", rows, fields)
