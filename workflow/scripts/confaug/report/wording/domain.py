"""Sentences about the applicability domain, and its flags in words."""

import pyarrow as pa

from confaug.report.number_format import number
from confaug.report.quantity import Quantity
from confaug.trust.domain_summary import DomainSummary

#: The flags in words, by their columns in DOMAIN.
FLAG_WORDS = {
    "far_in_descriptors": "far from the training molecules in descriptors",
    "unlike_training": "no similar training molecule",
    "edge_of_labels": "prediction at the edge of the training labels",
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


def domain_sentence(facts: DomainSummary, quantity: Quantity) -> str:
    """Say how many held-out molecules are flagged, and whether those are predicted worse."""
    words = f"{facts.flagged} of {facts.molecules} held-out molecules carry a flag"
    if facts.p_value is None:
        return f"{words}."
    caution = "" if facts.informative else "; the difference may be due to chance"
    return (
        f"{words}: their mean error is {quantity.text(facts.mae_flagged)}, that of the others "
        f"{quantity.text(facts.mae_inside)} (p = {number(facts.p_value)}){caution}."
    )
