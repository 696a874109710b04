"""From the records of a user's table to unique molecules, with a verdict on every record.

The molecules depend on the content of the rows, not on their order or on the spelling of their
SMILES. Labels are pooled by functions that do not depend on the order. A molecule takes its
identifier and name from its labelled row that sorts first by identifier, then by name (empty ones
last; the earlier row if both are equal). That row is `accepted`, other rows of the structure are
`merged`.

If the labels of a structure differ by more than the tolerance, all of its rows are in `conflict`.
With the policies `median` and `mean` the molecule is kept with the pooled label, with
`reject_conflicts` it is left out (this policy takes the median of labels that agree). Labels that
cannot all be right (`label_checks.gross_distance`) are not pooled: the molecule is left out. All
other rows are `rejected`. Hence read = accepted + merged + conflict + rejected.

Where columns of the table are conditions of the measurement, all this holds of each structure under
equal conditions, which then counts as a molecule. In a table that a finished model predicts, it
holds of each structure with equal values in all columns that the model reads.
"""

import logging
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from confaug.infrastructure.text import plain_number
from confaug.molecules.cleaning_rules import CleaningRules
from confaug.molecules.duplicates import different_labels, merge, molecule
from confaug.molecules.grouping import join_groups
from confaug.molecules.label_checks import doubtful_labels, gross_distance, replicate_scatter
from confaug.molecules.labels import has_decimal_comma
from confaug.molecules.modelled import choose_modelled, fell_back
from confaug.molecules.own_columns.declaration import OwnColumn
from confaug.molecules.own_columns.declaring import declare_columns, field_readers
from confaug.molecules.own_columns.doubtful import warn_of_doubtful_columns
from confaug.molecules.own_columns.samples import (
    own_columns_table,
    pool_own_values,
    read_own_fields,
    tell_apart,
)
from confaug.molecules.reading.records import Record
from confaug.molecules.rows import Row, judge
from confaug.molecules.same_inchikey import flag_twins
from confaug.tables.engine import check_table
from confaug.tables.molecules import LEDGER, MOLECULES

logger = logging.getLogger("confaug")
STATUSES = ("accepted", "merged", "conflict", "rejected")
ROWS_BETWEEN_MESSAGES = 5000


@dataclass(frozen=True)
class CleanedTable:
    """What cleaning gives: the LEDGER, the MOLECULES and the numbers of rows by status.

    `labels` says which rows have a `doubtful` label, how many molecules were left out because of
    `gross_conflicts`, and how `replicates` scatter. `columns` says what the user's own columns
    hold, and `own_columns` is the OWN_COLUMNS table of the molecules. `source` is the name of the
    table in messages.
    """

    ledger: pa.Table
    molecules: pa.Table
    counts: Mapping[str, int]
    labels: Mapping[str, Any]
    columns: tuple[OwnColumn, ...]
    own_columns: pa.Table
    source: str = ""

    @property
    def summary(self) -> str:
        """One line with all counts."""
        parts = ", ".join(f"{self.counts[status]} {status}" for status in STATUSES)
        return f"read {self.counts['read']} rows: {parts} -> {self.molecules.num_rows} molecules"


def clean_molecules(
    records: Sequence[Record],
    rules: CleaningRules,
    declared: Sequence[OwnColumn] | None = None,
) -> CleanedTable:
    """Turn records into unique molecules.

    Parameters
    ----------
    records
        As `records.read_records` gives them.
    rules
        The settings of cleaning. Labels stay in the unit of the user.
    declared
        What the user's own columns of the records hold, if a model has learned it already; None
        decides it from the records.

    Returns
    -------
    CleanedTable
        The ledger in the order of the records, the molecules in the order of their identifiers.

    Raises
    ------
    UserError
        If a fixed split is not train, test or empty, or contradicts itself within one molecule, a
        number of occurrences is not an integer, or an own column cannot be used.
    """
    rows = _judge_all(records, rules)
    columns = _read_own_columns(rows, rules, declared)
    usable = [row for row in rows if row.reason is None]
    by_smiles, by_sample = _same_structures(usable), _same_samples(usable)
    _choose_modelled(by_smiles, rules)
    labels = [different_labels(members) for members in by_sample.values()]
    is_gross = gross_distance(
        [statistics.median(some) for some in labels if some],
        rules.cleaning.gross_conflict,
        rules.transform == "log10",
    )
    molecules, own = [], {}
    for members in by_sample.values():
        members.sort(key=lambda row: row.rank)
        label, kept = merge(members, rules.cleaning, is_gross)
        if kept:
            molecules.append(molecule(members, label, rules.group_by))
            own[molecules[-1]["molecule"]] = pool_own_values(members, columns)
    join_groups(molecules, rules.group_by)
    flag_twins(by_smiles)
    doubtful = _flag_labels(rows, labels)
    counts = Counter(row.status for row in rows)
    return CleanedTable(
        ledger=_table([_ledger_line(row) for row in rows], LEDGER),
        molecules=_table(sorted(molecules, key=lambda line: line["molecule"]), MOLECULES),
        counts={"read": len(rows), **{status: counts[status] for status in STATUSES}},
        labels=_label_facts(list(by_sample.values()), doubtful),
        columns=columns,
        own_columns=own_columns_table(own, columns),
        source=records[0].source if records else "",
    )


def _judge_all(records: Sequence[Record], rules: CleaningRules) -> list[Row]:
    """Judge every record, and log the progress."""
    decimal_comma = has_decimal_comma([record.label for record in records], rules.decimal)
    if decimal_comma:
        logger.info("the labels are read with decimal commas: 12,5 is 12.5")
    rows = []
    for number, record in enumerate(records, 1):
        rows.append(judge(record, rules, decimal_comma))
        if number % ROWS_BETWEEN_MESSAGES == 0:
            logger.info("row %d of %d", number, len(records))
    return rows


def _read_own_columns(
    rows: Sequence[Row], rules: CleaningRules, declared: Sequence[OwnColumn] | None
) -> tuple[OwnColumn, ...]:
    """Read the user's own columns of the rows that are not rejected; return what they hold."""
    usable = [row for row in rows if row.reason is None]
    records = [row.record for row in usable]
    columns = declared
    if columns is None:
        columns = declare_columns(
            records, rules.feature_columns, rules.condition_columns, rules.decimal
        )
    readers = field_readers(columns, records, rules.decimal)
    for row in usable:
        read_own_fields(row, readers)
    read = [row for row in usable if row.reason is None]
    if declared is not None:  # each row is predicted by its own values
        tell_apart(_same_samples(read).values(), columns)
    else:
        warn_of_doubtful_columns(read, columns)
    return tuple(columns)


def _same_structures(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return rows by their canonical SMILES."""
    by_smiles: dict[str, list[Row]] = {}
    for row in rows:
        if row.structure:
            by_smiles.setdefault(row.structure.smiles, []).append(row)
    return by_smiles


def _same_samples(rows: Sequence[Row]) -> dict[Any, list[Row]]:
    """Return rows by their canonical SMILES and what tells its samples apart."""
    by_sample: dict[Any, list[Row]] = {}
    for row in rows:
        if row.structure:
            by_sample.setdefault((row.structure.smiles, row.told_apart_by), []).append(row)
    return by_sample


def _choose_modelled(by_smiles: Mapping[str, list[Row]], rules: CleaningRules) -> None:
    """Find out which structure of each molecule is modelled, and warn where it is not a polymer."""
    for smiles, modelled in choose_modelled(by_smiles, rules.cleaning).items():
        for row in by_smiles[smiles]:
            row.modelled = modelled
            if modelled.note and fell_back(modelled.note):
                row.warnings.append(modelled.note)


def _flag_labels(rows: Sequence[Row], labels: Sequence[list[float]]) -> list[dict[str, Any]]:
    """Warn of labels that are probably wrong; return their rows and the reasons."""
    reasons = doubtful_labels([label for some in labels for label in some])
    found = []
    for row in rows:
        if row.structure is None or row.status == "rejected" or row.label not in reasons:
            continue
        reason = f"the label {plain_number(row.label)} {reasons[row.label]}"
        row.warnings.append(reason)
        found.append(
            {
                "row": row.record.row,
                "molecule": row.molecule,
                "id": row.id,
                "name": row.name,
                "label": row.label,
                "reason": reason,
            }
        )
    return found


def _label_facts(groups: list[list[Row]], doubtful: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the facts about the labels of samples: doubtful ones, gross conflicts, scatter."""
    agreeing = [members for members in groups if members[0].status != "conflict"]
    return {
        "doubtful": doubtful,
        "gross_conflicts": sum(members[0].gross for members in groups),
        "replicates": replicate_scatter(
            [row.label for row in members if row.label is not None] for members in agreeing
        ),
    }


def _ledger_line(row: Row) -> dict[str, Any]:
    """Return the ledger line of one row; a rejected row has no molecule and no label."""
    record = row.record
    structure = row.structure if row.status != "rejected" else None
    modelled = row.modelled if structure else None
    return {
        "row": record.row,
        "id": row.id,
        "name": row.name,
        "input_smiles": record.smiles,
        "input_label": record.label,
        "status": row.status,
        "reason": row.reason,
        "warning": "; ".join(row.warnings) or None if structure else None,
        "molecule": row.molecule if structure else None,
        "smiles": structure.smiles if structure else None,
        "label": row.label if structure else None,
        "occurrences": row.occurrences,
        "polymerisation_rule": modelled.rule if modelled else None,
        "repeat_unit": modelled.repeat_unit if modelled else None,
        "polymer_note": modelled.note if modelled else None,
        "conditions": row.conditions_in_words if structure else None,
    }


def _table(lines: list[dict[str, Any]], spec: Any) -> pa.Table:
    """Make a declared table of its lines."""
    return check_table(pa.Table.from_pylist(lines, schema=spec.schema()), spec)
