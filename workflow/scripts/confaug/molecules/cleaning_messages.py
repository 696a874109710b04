"""Messages about a table: what reading and cleaning found, and why nothing can be learned."""

import logging
from collections.abc import Mapping
from typing import Any

from confaug.errors import UserError
from confaug.infrastructure.text import plain_number, quoted
from confaug.molecules.cleaning import CleanedTable
from confaug.molecules.reading.records import Record, Records
from confaug.molecules.remarks import remark_table

logger = logging.getLogger("confaug")
#: Share of rejected rows from which the summary warns.
MANY_REJECTED = 0.1
#: Rows that are listed of each kind.
MAX_LISTED = 5


def log_reading(table: Records) -> None:
    """Log what was unusual about reading a table."""
    for warning in table.warnings:
        logger.warning("WARNING: %s", warning)
    for remark in table.remarks:
        logger.info(remark)


def log_cleaning(cleaned: CleanedTable) -> None:
    """Log the verdicts on the rows of a table, and the counts."""
    for line in describe(cleaned):
        logger.info(line)


def require_learnable(cleaned: CleanedTable) -> None:
    """Refuse a table from which nothing can be learned.

    Raises
    ------
    UserError
        If fewer than two molecules have a label, or all labels are equal.
    """
    labels = [label for label in cleaned.molecules["label"].to_pylist() if label is not None]
    if not labels:
        raise UserError(
            f"no molecule has a usable label ({cleaned.summary}); {_main_reason(cleaned)}"
        )
    if len(labels) < 2:
        raise UserError(
            f"only one molecule has a usable label ({cleaned.summary}), at least two are needed; "
            f"{_main_reason(cleaned)}"
        )
    if min(labels) == max(labels):
        raise UserError(
            f"all {len(labels)} molecules have the same label, {plain_number(labels[0])}, so there "
            "is nothing to learn; is input: label_column the right column?"
        )


def describe(cleaned: CleanedTable) -> list[str]:
    """Return lines for a log: what was rejected or in conflict, and the counts last."""
    bad = [line for line in _verdicts(cleaned) if line["status"] in ("rejected", "conflict")]
    lines = [
        f"{_called(line, cleaned.source)} {line['status']}: {line['reason']}"
        for line in bad[:MAX_LISTED]
    ]
    if len(bad) > MAX_LISTED:
        lines.append(f"and {len(bad) - MAX_LISTED} more such rows, see molecules/ledger.csv")
    doubtful = cleaned.labels["doubtful"]
    lines += [
        f"WARNING: {_called(line, cleaned.source)}: {line['reason']}"
        for line in doubtful[:MAX_LISTED]
    ]
    if len(doubtful) > MAX_LISTED:
        lines.append(
            f"WARNING: {len(doubtful) - MAX_LISTED} more labels are doubtful, see the report"
        )
    share = cleaned.counts["rejected"] / max(1, cleaned.counts["read"])
    if share >= MANY_REJECTED:
        lines.append(f"WARNING: {share:.0%} of the rows were rejected; {_main_reason(cleaned)}")
    return [*lines, *remark_table(cleaned.ledger, cleaned.molecules), cleaned.summary]


def _main_reason(cleaned: CleanedTable) -> str:
    """Name the first rejected row and its reason, as an example."""
    for line in _verdicts(cleaned):
        if line["status"] == "rejected":
            return f"for example {_called(line, cleaned.source)}: {line['reason']}"
    return "add molecules"


def _verdicts(cleaned: CleanedTable) -> list[dict[str, Any]]:
    """Return the columns of the ledger that messages need."""
    columns = ["row", "id", "name", "status", "reason"]
    verdicts: list[dict[str, Any]] = cleaned.ledger.select(columns).to_pylist()
    return verdicts


def _called(line: Mapping[str, Any], source: str) -> str:
    """Name a row by its place in the user's table, and by the user's identifier and name."""
    own = ", ".join(quoted(line[key]) for key in ("id", "name") if line[key])
    return Record(line["row"], source=source).place + (f" ({own})" if own else "")
