"""Sentences about what became of the rows of the input table."""

from collections.abc import Mapping

from confaug.report.number_format import count

#: What each status of a row means.
STATUSES = {
    "accepted": "taken as a molecule",
    "merged": "same structure as another row, and a label that agrees",
    "conflict": "same structure as another row, but a label that disagrees",
    "rejected": "not usable; see the reason",
}


def ledger_sentence(statuses: Mapping[str, int], molecules: int, labelled: int) -> str:
    """Account for all rows.

    Parameters
    ----------
    statuses
        Rows by status.
    molecules, labelled
        Molecules that the rows give, and those of them with a label.
    """
    rows = sum(statuses.values())
    total = " + ".join(f"{number} {status}" for status, number in statuses.items())
    return (
        f"{count(rows, 'row')} read = {total}. They give {count(molecules, 'molecule')}, of which "
        f"{count(labelled, 'has', 'have')} a label."
    )
