"""The leakage check."""

from collections.abc import Sequence
from dataclasses import dataclass

from confaug.evaluation.leakage_findings import LeakageFindings
from confaug.evaluation.row_split_summary import RowSplitSummary, SplitMeans, summarise_row_splits
from confaug.report.quantity import Quantity
from confaug.report.results import Results
from confaug.report.tables import Field, Table, make_table
from confaug.report.wording.leakage import (
    CHECKS,
    crossing,
    leakage_heading,
    leakage_sentence,
    relative,
    row_split_sentence,
)


@dataclass(frozen=True)
class ApparentError:
    """What one kind of row-wise split makes of the error, beside the split by molecule."""

    sentence: str
    by_row: str
    by_molecule: str


@dataclass(frozen=True)
class LeakageSection:
    """The leakage check, and the apparent error under row-wise splits.

    `sentence` is empty if there was no check.
    """

    heading: str
    sentence: str
    shared: bool
    checks: Table | None
    apparent: tuple[ApparentError, ...]


@dataclass(frozen=True)
class LeakageView:
    """What the section is made from.

    Attributes
    ----------
    findings
        None if there was no check.
    row_splits
        Row-wise splits by kind of rows.
    relative_errors
        Whether relative errors mean something for these labels.
    """

    quantity: Quantity
    findings: LeakageFindings | None
    row_splits: Sequence[RowSplitSummary]
    relative_errors: bool

    @classmethod
    def of(cls, results: Results) -> "LeakageView":
        """Select what the section needs."""
        row_splits = summarise_row_splits(results.arrow("row_splits"))
        return cls(results.quantity, results.leakage, row_splits, results.relative_errors)


def leakage_section(view: LeakageView) -> LeakageSection:
    """Show what was checked, and the apparent error under row-wise splits."""
    findings = view.findings

    def error(means: SplitMeans) -> str:
        return view.quantity.text(means.mae) + relative(means, view.relative_errors)

    return LeakageSection(
        heading=leakage_heading(findings),
        sentence=leakage_sentence(findings) if findings else "",
        shared=bool(findings and findings.shared_blocks),
        checks=_checks(findings) if findings else None,
        apparent=tuple(
            ApparentError(row_split_sentence(one), error(one.row), error(one.molecule))
            for one in view.row_splits
        ),
    )


def _checks(findings: LeakageFindings) -> Table | None:
    """List what was checked."""
    rows = [
        {
            "check": CHECKS[check.kind],
            "compared": check.compared,
            "violations": check.violations,
            "examples": "; ".join(map(crossing, check.examples)),
        }
        for check in findings.checks
    ]
    fields = [
        Field("Check", lambda row: row["check"]),
        Field("Compared", lambda row: row["compared"], kind="number"),
        Field("Found", lambda row: row["violations"], kind="number"),
        Field("Examples", lambda row: row["examples"], lambda row: row["examples"] or "none"),
    ]
    return make_table(
        "leakage-checks", "What was checked", rows, fields, lambda row: row["violations"] > 0
    )
