"""The applicability domain in words: its flags, and what they are worth."""

import pyarrow as pa

from confaug.report.number_format import count, number, whole_percent
from confaug.report.quantity import Quantity
from confaug.trust.domain import INSIDE
from confaug.trust.domain_summary import DomainSummary

#: The share of the training labels beyond each limit.
EDGE = whole_percent(1 - INSIDE)
#: The flags in words, by their columns in DOMAIN.
FLAG_WORDS = {
    "far_in_descriptors": "far from the training molecules in descriptors",
    "unlike_training": "no similar training molecule",
    "edge_of_labels": f"prediction at the edge of the training labels (lowest or highest {EDGE})",
}


def with_flags(table: pa.Table) -> pa.Table:
    """Write the flags of every molecule in words: a last column `flags`, null inside the domain.

    Parameters
    ----------
    table
        A table with the columns of `FLAG_WORDS`. A column `flags` that it has already is replaced
        in its place.
    """
    rows = table.select(list(FLAG_WORDS)).to_pylist()
    words = [
        "; ".join(words for flag, words in FLAG_WORDS.items() if row[flag]) or None for row in rows
    ]
    flags = pa.array(words, pa.string())
    place = table.schema.get_field_index("flags")
    if place < 0:
        return table.append_column("flags", flags)
    return table.set_column(place, "flags", flags)


def flags_sentence(facts: DomainSummary, quantity: Quantity) -> str:
    """Say whether flagged molecules are predicted worse, as seen on held-out molecules."""
    flagged, others = facts.flagged, facts.molecules - facts.flagged
    if facts.p_value is None or facts.mae_flagged is None or facts.mae_inside is None:
        return (
            f"Whether flags warn of errors could not be checked: {flagged} of {facts.molecules} "
            "held-out molecules carry a flag."
        )
    errors = (
        f"{quantity.text(facts.mae_flagged)} for {count(flagged, 'held-out molecule')} with a "
        f"flag, {quantity.text(facts.mae_inside)} for {others} without (p = "
        f"{number(facts.p_value)}, Mann-Whitney test)."
    )
    if not facts.informative:
        return f"Flags did not tell anything here: the mean error is {errors}"
    ratio = number(facts.mae_flagged / facts.mae_inside, digits=1)
    return f"Flagged molecules had {ratio} times the error of the others: {errors}"
