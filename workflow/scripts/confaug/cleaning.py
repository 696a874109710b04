"""From the records of a user's table to unique molecules, with a verdict on every record.

The molecules depend on what the rows say, not on their order or on the spelling of their SMILES:
labels are pooled by functions that do not care for order, and a molecule's identifier and name come
from its labelled row that sorts first by identifier, then by name (empty ones last; the earlier row
where these are equal). That row is the `accepted` one, other rows of the structure are `merged`.

When the labels of a structure spread over more than the tolerance, all of its rows are `conflict`:
with the policies `median` and `mean` the molecule is kept with the pooled label, with
`reject_conflicts` it is left out (and where labels agree, that policy takes their median). Labels
that cannot both be right (`label_checks.gross_distance`) are not pooled: the molecule is left out.
Everything else is `rejected`. Hence always read = accepted + merged + conflict + rejected.
"""

import logging
import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

import pyarrow as pa

from confaug.conflicts import describe_odd, listed, odd_rows
from confaug.errors import UserError
from confaug.label_checks import doubtful_labels, gross_distance, replicate_scatter
from confaug.labels import (
    LabelError,
    check_magnitude,
    is_missing,
    parse_label,
    shorten,
    uses_decimal_comma,
)
from confaug.reading import Record
from confaug.remarks import remark_table
from confaug.structures import Structure, StructureError, find_tautomers, read_structure
from confaug.tables import LEDGER, MOLECULES, check_table

logger = logging.getLogger("confaug")

POOLING: Mapping[str, Callable[[list[float]], float]] = {
    "median": statistics.median,
    "mean": statistics.fmean,
    "reject_conflicts": statistics.median,
}
#: Share of rejected rows from which the summary warns.
MANY_REJECTED = 0.1
MAX_LISTED = 20


@dataclass
class Row:
    """A record on its way through cleaning; `status` and the rest are filled in step by step."""

    record: Record
    structure: Structure | None = None
    label: float | None = None
    part: str | None = None
    occurrences: int | None = None
    status: str = "rejected"
    gross: bool = False
    reason: str | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def rank(self) -> tuple[Any, ...]:
        """Order by content in which the first row of a molecule stands for it."""
        names = (_text(self.record.id), _text(self.record.name))
        by_name = ((name is None, name or "") for name in names)
        return (self.label is None, *by_name, self.record.row)


@dataclass(frozen=True)
class CleanedTable:
    """What cleaning gives: the LEDGER, the MOLECULES and the numbers of rows by status.

    `labels` says which rows have a `doubtful` label, how many molecules were left out for
    `gross_conflicts`, and how `replicates` scatter. `source` is what messages call the table that
    was cleaned.
    """

    ledger: pa.Table
    molecules: pa.Table
    counts: Mapping[str, int]
    labels: Mapping[str, Any]
    source: str = ""

    @property
    def summary(self) -> str:
        """One line with all counts."""
        parts = ", ".join(
            f"{self.counts[status]} {status}"
            for status in ("accepted", "merged", "conflict", "rejected")
        )
        return f"read {self.counts['read']} rows: {parts} -> {self.molecules.num_rows} molecules"


def clean_molecules(
    records: Sequence[Record], settings: Mapping[str, Mapping[str, Any]]
) -> CleanedTable:
    """Turn records into unique molecules.

    Parameters
    ----------
    records
        As `reading.read_records` gives them.
    settings
        The configuration's sections `cleaning`, `property` and `splits`, and `input` for its key
        `decimal`. Labels stay in the user's unit; of the `transform` it is only checked that it
        can be applied.

    Returns
    -------
    CleanedTable
        The ledger in the order of the records, the molecules in the order of their identifiers.

    Raises
    ------
    UserError
        If a fixed split is not train, test or empty, or contradicts itself within one molecule, or
        a number of occurrences is not a whole number.
    """
    decimal_comma = _has_decimal_comma(records, settings)
    rows = []
    for number, record in enumerate(records, 1):
        rows.append(_judge(record, settings, decimal_comma))
        if number % 5000 == 0:
            logger.info("row %d of %d", number, len(records))
    by_smiles: dict[str, list[Row]] = {}
    for row in rows:
        if row.structure and row.reason is None:
            by_smiles.setdefault(row.structure.smiles, []).append(row)
    labels = [_different_labels(members) for members in by_smiles.values()]
    is_gross = gross_distance(
        [statistics.median(some) for some in labels if some],
        settings["cleaning"].get("gross_conflict"),
        settings["property"].get("transform") == "log10",
    )
    molecules = []
    for members in by_smiles.values():
        members.sort(key=lambda row: row.rank)
        label, kept = _merge(members, settings["cleaning"], is_gross)
        if kept:
            molecules.append(_molecule(members, label, settings["splits"]["group_by"]))
    _flag_twins(by_smiles)
    doubtful = _flag_labels(rows, labels)
    counts = Counter(row.status for row in rows)
    return CleanedTable(
        ledger=_table([_ledger_line(row) for row in rows], LEDGER),
        molecules=_table(sorted(molecules, key=lambda line: line["molecule"]), MOLECULES),
        counts={"read": len(rows)}
        | {status: counts[status] for status in ("accepted", "merged", "conflict", "rejected")},
        labels=_label_facts(by_smiles, doubtful),
        source=records[0].source if records else "",
    )


def require_learnable(cleaned: CleanedTable) -> None:
    """Refuse tables from which nothing can be learned.

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
            f"all {len(labels)} molecules have the same label, {_number(labels[0])}, so there is "
            "nothing to learn; is input: label_column the right column?"
        )


def describe(cleaned: CleanedTable) -> list[str]:
    """Return lines for a log: what was rejected or in conflict, and the counts last."""
    bad = [line for line in _verdicts(cleaned) if line["status"] in ("rejected", "conflict")]
    lines = [
        f"{_called(line, cleaned.source)} {line['status']}: {line['reason']}"
        for line in bad[:MAX_LISTED]
    ]
    if len(bad) > MAX_LISTED:
        lines.append(f"and {len(bad) - MAX_LISTED} more such rows, see the ledger")
    doubtful = cleaned.labels["doubtful"]
    lines += [
        f"WARNING: {_called(line, cleaned.source)}: {line['reason']}"
        for line in doubtful[:MAX_LISTED]
    ]
    if len(doubtful) > MAX_LISTED:
        lines.append(f"WARNING: {len(doubtful) - MAX_LISTED} more labels are doubtful")
    share = cleaned.counts["rejected"] / max(1, cleaned.counts["read"])
    if share >= MANY_REJECTED:
        lines.append(f"WARNING: {share:.0%} of the rows were rejected; {_main_reason(cleaned)}")
    return [*lines, *remark_table(cleaned.ledger, cleaned.molecules), cleaned.summary]


def _has_decimal_comma(
    records: Sequence[Record], settings: Mapping[str, Mapping[str, Any]]
) -> bool:
    """Tell whether labels are written with the decimal comma: as configured, or as they look."""
    decimal = settings.get("input", {}).get("decimal", "auto")
    if decimal == "auto":
        return uses_decimal_comma(record.label for record in records if record.label)
    return bool(decimal == "comma")


def _judge(record: Record, settings: Mapping[str, Mapping[str, Any]], decimal_comma: bool) -> Row:
    """Read structure, label and fixed part of one record; all reasons against it are joined."""
    row = Row(record)
    if record.problem:
        row.reason = record.problem
        return row
    cleaning = settings["cleaning"]
    reasons = []
    try:
        row.structure = read_structure(
            record.smiles or "", cleaning["fragments"], cleaning["repeat_units"]
        )
        row.warnings.extend(row.structure.warnings)
    except StructureError as error:
        reasons.append(str(error))
    try:
        row.label = _read_label(record.label, settings, decimal_comma)
    except LabelError as error:
        reasons.append(str(error))
    row.part = _read_part(record)
    row.occurrences = _read_occurrences(record)
    row.reason = "; ".join(reasons) or None
    return row


def _read_label(
    text: str | None, settings: Mapping[str, Mapping[str, Any]], decimal_comma: bool
) -> float | None:
    """Return the label, or None where it is missing and may be."""
    if is_missing(text) and settings["cleaning"].get("unlabelled", "reject") == "keep":
        return None
    if text is None:
        raise LabelError("the label is empty; give one, or set cleaning: unlabelled to keep")
    label = parse_label(text, decimal_comma)
    check_magnitude(label, text)
    if settings["property"].get("transform", "none") == "log10" and label <= 0:
        raise LabelError(
            f"the label {shorten(text)} has no logarithm; correct it, or set property: transform "
            "to none"
        )
    return label


def _read_part(record: Record) -> str | None:
    """Return train, test or None from the column that fixes the split."""
    part = (record.part or "").strip().casefold()
    if part not in ("", "train", "test"):
        raise UserError(
            f"{record.place} has {shorten(record.part or '')} in the column that fixes the split "
            "(input: split_column); write train, test or nothing"
        )
    return part or None


def _read_occurrences(record: Record) -> int | None:
    """Return how often the row stood in the source of the table, or None if nothing is said."""
    text = (record.occurrences or "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise UserError(
            f"{record.place} has {shorten(text)} in the column that counts occurrences (input: "
            "occurrences_column); write a whole number from 1 or nothing, or set the key to null"
        )
    return int(text)


def _different_labels(members: list[Row]) -> list[float]:
    """Return the labels of one structure's rows, equal ones once."""
    return sorted({row.label for row in members if row.label is not None})


def _flag_labels(rows: Sequence[Row], labels: Sequence[list[float]]) -> list[dict[str, Any]]:
    """Warn of labels that are probably wrong; return their rows and the reasons."""
    reasons = doubtful_labels([label for some in labels for label in some])
    found = []
    for row in rows:
        if row.structure is None or row.status == "rejected" or row.label not in reasons:
            continue
        reason = f"the label {_number(row.label)} {reasons[row.label]}"
        row.warnings.append(reason)
        found.append(
            {
                "row": row.record.row,
                "molecule": row.structure.molecule,
                "id": _text(row.record.id),
                "name": _text(row.record.name),
                "label": row.label,
                "reason": reason,
            }
        )
    return found


def _label_facts(
    by_smiles: Mapping[str, list[Row]], doubtful: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return what is to be said of the labels themselves."""
    groups = list(by_smiles.values())
    agreeing = [members for members in groups if members[0].status != "conflict"]
    return {
        "doubtful": doubtful,
        "gross_conflicts": sum(members[0].gross for members in groups),
        "replicates": replicate_scatter(
            [row.label for row in members if row.label is not None] for members in agreeing
        ),
    }


def _merge(
    members: list[Row],
    policy: Mapping[str, Any],
    is_gross: Callable[[Sequence[float]], bool],
) -> tuple[float | None, bool]:
    """Give the rows of one structure their status.

    Parameters
    ----------
    members
        Rows of one structure, the one that stands for the molecule first.
    policy
        The configuration's section `cleaning`.
    is_gross
        Tells labels that cannot both be right.

    Returns
    -------
    tuple
        The pooled label, and whether the molecule is kept.
    """
    duplicates = policy["duplicates"]
    labels = [row.label for row in members if row.label is not None]
    label = POOLING[duplicates](labels) if labels else None
    spread = max(labels) - min(labels) if labels else 0.0
    tolerance = float(policy["tolerance"])
    if spread > tolerance and not math.isclose(spread, tolerance):
        gross = is_gross(labels)
        kept = duplicates != "reject_conflicts" and not gross
        reason = _conflict(members, tolerance, is_gross if gross else None)
        reason += (
            f"; their {duplicates}, {_number(label)}, was used"
            if kept
            else "; the molecule was left out"
        )
        for row in members:
            row.status, row.gross = "conflict", gross
            row.reason = reason + (": correct or remove what is wrong" if gross else "")
        return label, kept
    first, *others = members
    first.status = "accepted"
    if spread:
        pooling = "mean" if duplicates == "mean" else "median"
        first.warnings.append(
            f"the molecule has the label {_number(label)}, the {pooling} of its rows"
        )
    for row in others:
        row.status = "merged"
        row.reason = f"the same structure as row {first.record.row}"
        if row.label is None and label is not None:
            row.reason += ", which has a label"
    return label, True


def _conflict(
    members: Sequence[Row],
    tolerance: float,
    is_gross: Callable[[Sequence[float]], bool] | None,
) -> str:
    """Say how far the labels of one structure are apart, and which rows differ from most.

    `is_gross` is given where labels cannot all be right.
    """
    labels = {row.record.row: row.label for row in members if row.label is not None}
    odd = odd_rows(labels, is_gross or (lambda pair: max(pair) - min(pair) > tolerance))
    reason = (
        f"labels of one structure run from {_number(min(labels.values()))} to "
        f"{_number(max(labels.values()))} ({listed([row.record.row for row in members])}), over "
        f"more than the tolerance of {_number(tolerance)}"
    )
    if is_gross:
        where = f"in {describe_odd(labels, odd)}" if odd else "in one of them"
        return f"{reason}; there is probably a typing error {where}"
    return f"{reason}; far from the others: {describe_odd(labels, odd)}" if odd else reason


def _molecule(members: list[Row], label: float | None, group_by: str) -> dict[str, Any]:
    """Return the line of one molecule."""
    first = members[0]
    structure = first.structure
    assert structure is not None
    return {
        "molecule": structure.molecule,
        "smiles": structure.smiles,
        "inchikey": structure.inchikey,
        "group": structure.skeleton if group_by == "skeleton" else structure.molecule,
        "id": _text(first.record.id),
        "name": _text(first.record.name),
        "label": label,
        "n_rows": len(members),
        "n_heavy_atoms": structure.n_heavy_atoms,
        "n_components": structure.n_components,
        "fixed_part": _fixed_part(members),
    }


def _fixed_part(members: list[Row]) -> str | None:
    """Return the part that the rows of one molecule agree on."""
    rows = {row.part: row.record for row in members if row.part}
    if len(rows) > 1:
        raise UserError(
            f"rows {rows['train'].row} and {rows['test'].place.removeprefix('row ')} are the same "
            "molecule, "
            f"{shorten(members[0].structure.smiles if members[0].structure else '')}, but one is "
            "fixed to train and the other to test (input: split_column); make them agree"
        )
    return next(iter(rows), None)


def _flag_twins(by_smiles: Mapping[str, list[Row]]) -> None:
    """Warn in the rows of molecules that may be one substance in two forms."""
    told: set[tuple[str, str]] = set()
    for group in find_tautomers(by_smiles):
        told.update(permutations(group, 2))
        for smiles in group:
            others = ", ".join(shorten(other) for other in group if other != smiles)
            for row in by_smiles[smiles]:
                row.warnings.append(f"may be a tautomer of {others}, another molecule here")
    for group in _equal_inchikeys(by_smiles):
        for smiles in group:
            twins = [one for one in group if one != smiles and (smiles, one) not in told]
            for row in by_smiles[smiles] if twins else ():
                row.warnings.append(
                    f"has the same InChIKey as {', '.join(map(shorten, twins))}, another molecule "
                    "here; if they are one substance, write it in one way"
                )


def _equal_inchikeys(by_smiles: Mapping[str, list[Row]]) -> Iterator[tuple[str, ...]]:
    """Yield SMILES that InChI does not tell apart, such as two ways to write the charges."""
    groups: dict[str, list[str]] = {}
    for smiles, rows in by_smiles.items():
        structure = rows[0].structure
        if structure and structure.inchikey:
            groups.setdefault(structure.inchikey, []).append(smiles)
    yield from (tuple(sorted(group)) for group in groups.values() if len(group) > 1)


def _ledger_line(row: Row) -> dict[str, Any]:
    """Return the verdict on one row; nothing of a rejected row is carried on."""
    record = row.record
    structure = row.structure if row.status != "rejected" else None
    return {
        "row": record.row,
        "id": _text(record.id),
        "name": _text(record.name),
        "input_smiles": record.smiles,
        "input_label": record.label,
        "status": row.status,
        "reason": row.reason,
        "warning": "; ".join(row.warnings) or None if structure else None,
        "molecule": structure.molecule if structure else None,
        "smiles": structure.smiles if structure else None,
        "label": row.label if structure else None,
        "occurrences": row.occurrences,
    }


def _main_reason(cleaned: CleanedTable) -> str:
    """Name the first rejected row and its reason, as an example."""
    for line in _verdicts(cleaned):
        if line["status"] == "rejected":
            return f"for example {_called(line, cleaned.source)}: {line['reason']}"
    return "add molecules"


def _verdicts(cleaned: CleanedTable) -> list[dict[str, Any]]:
    """Return what messages need of the ledger."""
    columns = ["row", "id", "name", "status", "reason"]
    verdicts: list[dict[str, Any]] = cleaned.ledger.select(columns).to_pylist()
    return verdicts


def _called(line: Mapping[str, Any], source: str) -> str:
    """Call a row by its place in the user's table, and by the user's own identifier and name."""
    own = ", ".join(shorten(line[key]) for key in ("id", "name") if line[key])
    return Record(line["row"], source=source).place + (f" ({own})" if own else "")


def _number(value: float | None) -> str:
    """Write a number for a message, without rounding that a user would notice."""
    return "none" if value is None else f"{value:.12g}"


def _table(lines: list[dict[str, Any]], spec: Any) -> pa.Table:
    """Make a declared table of its lines."""
    return check_table(pa.Table.from_pylist(lines, schema=spec.schema()), spec)


def _text(value: str | None) -> str | None:
    """Return a text without white space around it, None if nothing is left."""
    return (value or "").strip() or None
