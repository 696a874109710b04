"""The verdict on one row of the user's table, independent of the other rows."""

from dataclasses import dataclass, field
from typing import Any

from confaug.errors import UserError
from confaug.infrastructure.text import quoted
from confaug.molecules.cleaning_rules import CleaningRules
from confaug.molecules.labels import (
    LabelError,
    check_magnitude,
    is_missing,
    parse_label,
)
from confaug.molecules.modelled import Modelled
from confaug.molecules.own_columns.conditions import conditions_in_words
from confaug.molecules.reading.records import Record
from confaug.molecules.smiles_checks import StructureError
from confaug.molecules.structures import Structure, molecule_id, read_structure

#: Why a row without a label is not used.
EMPTY_LABEL = "the label is empty"


@dataclass
class Row:
    """A record during cleaning, which fills in the other attributes step by step.

    `own` are the values of the user's own columns, and `conditions` the names and values of those
    that are conditions, sorted by name. `told_apart_by` are those that tell the samples of a
    structure apart: the conditions, or all own columns where a model predicts each row by them.
    """

    record: Record
    structure: Structure | None = None
    modelled: Modelled | None = None
    label: float | None = None
    part: str | None = None
    occurrences: int | None = None
    status: str = "rejected"
    gross: bool = False
    reason: str | None = None
    warnings: list[str] = field(default_factory=list)
    own: tuple[float | str | None, ...] = ()
    conditions: tuple[tuple[str, float | str], ...] = ()
    told_apart_by: tuple[tuple[str, float | str | None], ...] = ()

    @property
    def molecule(self) -> str | None:
        """The identifier of the structure, or of a sample of it."""
        if self.structure is None:
            return None
        return molecule_id(self.structure.smiles, self.told_apart_by)

    @property
    def conditions_in_words(self) -> str | None:
        """The conditions as a person reads them; None without any."""
        return conditions_in_words(self.conditions)

    @property
    def id(self) -> str | None:
        """The user's own identifier, without white space around it."""
        return _stripped(self.record.id)

    @property
    def name(self) -> str | None:
        """The user's own name, without white space around it."""
        return _stripped(self.record.name)

    @property
    def rank(self) -> tuple[Any, ...]:
        """Sorting key by content; the first row of a molecule is the accepted one."""
        by_name = ((name is None, name or "") for name in (self.id, self.name))
        own = tuple((value is None, value or 0) for value in self.own)
        return (self.label is None, *by_name, own, self.record.row)


def judge(record: Record, rules: CleaningRules, decimal_comma: bool) -> Row:
    """Read structure, label and fixed part of one record; join all reasons to reject it."""
    row = Row(record)
    if record.problem:
        row.reason = record.problem
        return row
    reasons = []
    try:
        row.structure = read_structure(
            record.smiles or "",
            rules.cleaning.fragments,
            rules.cleaning.repeat_units,
            join=rules.cleaning.polymers != "as_given",
        )
        row.warnings.extend(row.structure.warnings)
    except StructureError as error:
        reasons.append(str(error))
    try:
        row.label = _read_label(record.label, rules, decimal_comma)
    except LabelError as error:
        # Without a structure, a row cannot be kept to be predicted, whatever the settings are.
        no_use = row.structure is None and record.label is None
        reasons.append(EMPTY_LABEL if no_use else str(error))
    row.part = _read_part(record)
    row.occurrences = _read_occurrences(record)
    row.reason = "; ".join(reasons) or None
    return row


def _read_label(text: str | None, rules: CleaningRules, decimal_comma: bool) -> float | None:
    """Return the label, or None where it is missing and may be."""
    if is_missing(text) and rules.cleaning.unlabelled == "keep":
        return None
    if text is None:
        raise LabelError(f"{EMPTY_LABEL}; give one, or set cleaning: unlabelled to keep")
    label = parse_label(text, decimal_comma)
    check_magnitude(label, text)
    if rules.transform == "log10" and label <= 0:
        raise LabelError(
            f"the label {quoted(text)} has no logarithm; correct it, or set property: transform "
            "to none"
        )
    return label


def _read_part(record: Record) -> str | None:
    """Return train, test or None from the column that fixes the split."""
    part = (record.part or "").strip().casefold()
    if part not in ("", "train", "test"):
        raise UserError(
            f"{record.place} has {quoted(record.part or '')} in the column that fixes the split "
            "(input: split_column); write train, test or nothing"
        )
    return part or None


def _read_occurrences(record: Record) -> int | None:
    """Return how often the row occurred in the source of the table, or None if unknown."""
    text = (record.occurrences or "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise UserError(
            f"{record.place} has {quoted(text)} in the column that counts occurrences (input: "
            "occurrences_column); write an integer from 1 or nothing, or set the key to null"
        )
    return int(text)


def _stripped(value: str | None) -> str | None:
    """Return a text without white space around it, None if nothing is left."""
    return (value or "").strip() or None
