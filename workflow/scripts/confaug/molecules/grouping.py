"""Groups of molecules that no split divides: by structure, and by the polymer that they make."""

from collections.abc import MutableMapping, Sequence
from typing import Any

from confaug.molecules.polymerisation.canonical import constitution


def join_groups(molecules: Sequence[MutableMapping[str, Any]], group_by: str) -> None:
    """Join the groups of molecules that have one repeat unit.

    A group that others join takes the name that sorts first, so that molecules of other polymers
    change nothing about it.

    Parameters
    ----------
    molecules
        Lines of MOLECULES with a ``group`` by structure, which is replaced.
    group_by
        `splits.group_by`. With `connectivity`, units that differ only in stereochemistry or
        isotopes count as one, as molecules do.

    Examples
    --------
    >>> lines = [{"group": "b", "repeat_unit": "*CC*"}, {"group": "a", "repeat_unit": "*CC*"}]
    >>> join_groups(lines, "molecule")
    >>> [line["group"] for line in lines]
    ['a', 'a']
    """
    joined: dict[str, str] = {}  # from the name of a group to another one that it is part of
    first: dict[str, str] = {}  # group by repeat unit
    for line in molecules:
        if unit := line["repeat_unit"]:
            key = constitution(unit) if group_by == "connectivity" else unit
            own, other = line["group"], first.setdefault(key, line["group"])
            name, *absorbed = sorted({_end(own, joined), _end(other, joined)})
            joined.update(dict.fromkeys(absorbed, name))
    for line in molecules:
        line["group"] = _end(line["group"], joined)


def _end(group: str, joined: MutableMapping[str, str]) -> str:
    """Follow the names of a group to that which it has in the end."""
    while group in joined:
        group = joined[group]
    return group
