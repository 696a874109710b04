"""What one has to know besides the verdict: doubtful labels, and protocols that failed."""

from collections.abc import Mapping, Sequence
from typing import Any

from confaug.evaluation.protocol_failures import ProtocolFailure
from confaug.infrastructure.text import one_line
from confaug.report.number_format import count

#: Letters of a molecule's name in a sentence.
LONGEST_CALLED = 60


def label_notices(labels: Mapping[str, Any]) -> list[str]:
    """Name labels that look wrong by themselves, and molecules left out for theirs.

    Parameters
    ----------
    labels
        The document on the labels, as cleaning wrote it.
    """
    found = []
    doubtful, gross = labels.get("doubtful", []), labels.get("gross_conflicts", 0)
    if doubtful:
        first, more = doubtful[0], len(doubtful) - 1
        called = one_line(first["name"] or first["id"] or f"row {first['row']}", LONGEST_CALLED)
        others = f"; {more} more in ledger.csv" if more else ""
        found.append(
            f"Some labels are probably wrong and were not removed: {called}, {first['reason']}"
            f"{others}. They may distort every figure of this report."
        )
    if gross:
        found.append(
            f"{count(gross, 'molecule was', 'molecules were')} left out because their labels "
            "differ so much that one is probably a typing error; see ledger.csv."
        )
    return found


def protocol_notices(failed: Sequence[ProtocolFailure], protocols: Sequence[str]) -> list[str]:
    """Name the protocols that failed for all or most molecules, and what is left.

    Parameters
    ----------
    failed
        Protocols that failed for most molecules.
    protocols
        All protocols that were asked for.
    """
    if not failed:
        return []
    named = ", ".join(f"{one.protocol} ({one.failed} of {one.molecules})" for one in failed)
    out = [one.protocol for one in failed if one.throughout]
    left = [name for name in protocols if name not in out]
    rest = (
        f"All conformers come from {', '.join(left)}"
        if left
        else "There are no conformers at all, and nothing in this report is about conformers"
    )
    return [
        f"These protocols failed for most molecules: {named}. {rest}. The reasons are in "
        "failures.csv."
    ]
