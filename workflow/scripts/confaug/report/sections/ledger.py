"""The account of every input row, and of failed computations."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from confaug.report.results import Results, Row
from confaug.report.tables import Field, Table, make_table, own_names
from confaug.report.wording.ledger import STATUSES, ledger_sentence


@dataclass(frozen=True)
class LedgerView:
    """What the section shows: rows of LEDGER, MOLECULES and FAILURES, and names of molecules."""

    ledger: list[Row]
    molecules: list[Row]
    failures: list[Row]
    name_of: Callable[[str], str]

    @classmethod
    def of(cls, results: Results) -> "LedgerView":
        """Select what the section needs."""
        ledger, molecules = results["ledger"], results["molecules"]
        return cls(ledger, molecules, results["failures"], results.name_of)


@dataclass(frozen=True)
class LedgerSection:
    """The account of all input rows.

    Attributes
    ----------
    counts
        Status, number of rows and meaning.
    odd
        Rows with a remark.
    failures
        Failed computations.
    """

    sentence: str
    counts: list[tuple[str, int, str]]
    odd: Table | None
    failures: Table | None


def ledger_section(view: LedgerView) -> LedgerSection:
    """Account for every input row."""
    counts = Counter(row["status"] for row in view.ledger)
    listed = [status for status in STATUSES if counts[status]]
    listed += sorted(set(counts) - set(STATUSES))
    labelled = sum(row["label"] is not None for row in view.molecules)
    statuses = {status: counts[status] for status in listed}
    return LedgerSection(
        sentence=ledger_sentence(statuses, len(view.molecules), labelled),
        counts=[(status, counts[status], STATUSES.get(status, "")) for status in listed],
        odd=_remarks_table(view.ledger),
        failures=_failures_table(view),
    )


def _remarks_table(ledger: list[Row]) -> Table | None:
    """List the rows that were not accepted without a remark, rejected ones first."""
    odd = [row for row in ledger if row["status"] != "accepted" or row["warning"]]
    odd.sort(key=lambda row: (-_severity(row["status"]), row["row"]))
    fields = [
        Field("Row", lambda row: row["row"], kind="number"),
        Field("Status", lambda row: row["status"]),
        Field("Reason or warning", _remark),
        *own_names(odd),
        Field("SMILES as given", lambda row: row["input_smiles"], kind="name long"),
        Field("Label as given", lambda row: row["input_label"]),
    ]
    return make_table(
        "ledger-remarks",
        "Input rows that were rejected or merged, or that have a warning",
        odd,
        fields,
        marked=lambda row: row["status"] in ("conflict", "rejected"),
    )


def _severity(status: str) -> int:
    """Order the kinds of remarks: rejected rows first."""
    return {"rejected": 3, "conflict": 2, "accepted": 1}.get(status, 0)


def _remark(row: Row) -> str:
    """Join reason and warning of a row."""
    return "; ".join(text for text in (row["reason"], row["warning"]) if text)


def _failures_table(view: LedgerView) -> Table | None:
    """Count the failed computations by stage, protocol and reason."""
    molecules: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    times: Counter[tuple[str, str, str]] = Counter()
    for row in view.failures:
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
            "examples": ", ".join(sorted({view.name_of(m) for m in molecules[kind]})[:3]),
        }
        for kind in sorted(molecules, key=lambda kind: (-len(molecules[kind]), kind))
    ]
    fields = [
        Field("Stage", lambda row: row["stage"], kind="name"),
        Field("Protocol", lambda row: row["protocol"], kind="name"),
        Field("Molecules", lambda row: row["molecules"], kind="number"),
        Field("Records", lambda row: row["records"], kind="number"),
        Field("Reason", lambda row: row["reason"]),
        Field("For example", lambda row: row["examples"]),
    ]
    return make_table("failures", "Failed computations by reason", rows, fields)
