"""Merge the rows of one structure into one molecule."""

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from confaug.config.settings.molecules import CleaningSettings
from confaug.errors import UserError
from confaug.infrastructure.text import plain_number, quoted
from confaug.molecules.conflicts import describe_odd, name_rows, odd_rows
from confaug.molecules.rows import Row

POOLING: Mapping[str, Callable[[list[float]], float]] = {
    "median": statistics.median,
    "mean": statistics.fmean,
    "reject_conflicts": statistics.median,
}


def different_labels(members: list[Row]) -> list[float]:
    """Return the labels of one structure's rows, equal ones once."""
    return sorted({row.label for row in members if row.label is not None})


def merge(
    members: list[Row],
    policy: CleaningSettings,
    is_gross: Callable[[Sequence[float]], bool],
) -> tuple[float | None, bool]:
    """Give the rows of one structure their status.

    Parameters
    ----------
    members
        Rows of one structure, the one that stands for the molecule first.
    policy
        The settings of cleaning.
    is_gross
        Tells whether labels cannot all be right.

    Returns
    -------
    tuple
        The pooled label, and whether the molecule is kept.
    """
    duplicates = policy.duplicates
    labels = [row.label for row in members if row.label is not None]
    label = POOLING[duplicates](labels) if labels else None
    spread = max(labels) - min(labels) if labels else 0.0
    tolerance = policy.tolerance
    if spread > tolerance and not math.isclose(spread, tolerance):
        gross = is_gross(labels)
        kept = duplicates != "reject_conflicts" and not gross
        reason = _conflict(members, tolerance, is_gross if gross else None)
        if kept:
            reason += f"; their {duplicates}, {plain_number(label)}, was used"
        else:
            reason += "; the molecule was left out"
        for row in members:
            row.status, row.gross = "conflict", gross
            row.reason = reason + ("; correct or remove the wrong label" if gross else "")
        return label, kept
    _accept(members, label, duplicates if spread else None)
    return label, True


def _accept(members: list[Row], label: float | None, pooled_by: str | None) -> None:
    """Accept the first row of a structure and merge the others into it.

    `pooled_by` is the policy under which different labels were pooled, if there were any.
    """
    first, *others = members
    first.status = "accepted"
    if pooled_by:
        pooling = "mean" if pooled_by == "mean" else "median"
        first.warnings.append(
            f"the molecule has the label {plain_number(label)}, the {pooling} of its rows"
        )
    for row in others:
        row.status = "merged"
        row.reason = f"the same {_sample(row)} as row {first.record.row}"
        if row.label is None and label is not None:
            row.reason += ", which has a label"


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
        f"labels of one {_sample(members[0])} range from {plain_number(min(labels.values()))} to "
        f"{plain_number(max(labels.values()))} ({name_rows([row.record.row for row in members])}), "
        f"more than the tolerance of {plain_number(tolerance)}"
    )
    if is_gross:
        where = f"in {describe_odd(labels, odd)}" if odd else "in one of them"
        return f"{reason}; there is probably a typing error {where}"
    return f"{reason}; far from the others: {describe_odd(labels, odd)}" if odd else reason


def _sample(row: Row) -> str:
    """Return what messages call that which the rows of one molecule share."""
    return "structure under equal conditions" if row.conditions else "structure"


def molecule(members: list[Row], label: float | None, group_by: str) -> dict[str, Any]:
    """Return the line of one molecule."""
    first = members[0]
    structure, modelled = first.structure, first.modelled
    assert structure is not None
    assert modelled is not None
    return {
        "molecule": first.molecule,
        "smiles": structure.smiles,
        "inchikey": structure.inchikey,
        "group": structure.connectivity if group_by == "connectivity" else structure.molecule,
        "id": first.id,
        "name": first.name,
        "label": label,
        "n_rows": len(members),
        "n_heavy_atoms": structure.n_heavy_atoms,
        "n_components": structure.n_components,
        "fixed_part": _fixed_part(members),
        "repeat_unit": modelled.repeat_unit,
        "polymerisation_rule": modelled.rule,
        "modelled_smiles": modelled.smiles,
        "conditions": first.conditions_in_words,
    }


def _fixed_part(members: list[Row]) -> str | None:
    """Return the part that the rows of one molecule agree on."""
    rows = {row.part: row.record for row in members if row.part}
    if len(rows) > 1:
        raise UserError(
            f"rows {rows['train'].row} and {rows['test'].place.removeprefix('row ')} are the same "
            "molecule, "
            f"{quoted(members[0].structure.smiles if members[0].structure else '')}, but one is "
            "fixed to train and the other to test (input: split_column); make them agree"
        )
    return next(iter(rows), None)
