"""Which structure of a molecule is modelled: the one given, its repeat unit or a short chain of it.

The molecule keeps the identity of its structure as given; what is modelled is what gets described
and embedded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from confaug.config.settings.molecules import CleaningSettings
from confaug.infrastructure.bounded import GaveUp, bounded_map
from confaug.molecules.polymerisation.oligomers import closed_unit, oligomer
from confaug.molecules.polymerisation.repeat_units import RepeatUnit, repeat_unit
from confaug.molecules.polymers import structure_as_given
from confaug.molecules.smiles_checks import StructureError

#: A repeat unit is found in milliseconds. Structures that take so much processor time, or so many
#: bytes, are modelled as given.
SECONDS_PER_STRUCTURE, MEMORY = 10.0, 2 * 2**30
#: How notes of structures end that are modelled as given.
_FALLBACK = "the structure as given is modelled"


@dataclass(frozen=True)
class Modelled:
    """The structure that is described and embedded.

    Attributes
    ----------
    smiles
        Its canonical SMILES.
    repeat_unit, rule
        The canonical repeat unit and the polymerisation rule that gave it, if one did.
    note
        Other units that the monomer could give, or why the structure as given is modelled (see
        `fell_back`).
    """

    smiles: str
    repeat_unit: str | None = None
    rule: str | None = None
    note: str | None = None


def choose_modelled(smiles: Iterable[str], cleaning: CleaningSettings) -> dict[str, Modelled]:
    """Find the structure that is modelled for each of several structures.

    The search works in a child process within limits of time and memory.

    Parameters
    ----------
    smiles
        Canonical SMILES of cleaned structures, repeat units with their two `*`.
    cleaning
        The settings `polymers` and `units`.

    Returns
    -------
    dict
        By SMILES.

    Examples
    --------
    >>> cleaning = CleaningSettings(polymers="oligomer", units=2)
    >>> choose_modelled(["C=CC"], cleaning)["C=CC"].smiles
    'CCCC(C)C'
    """
    structures = list(smiles)
    if cleaning.polymers == "as_given":
        return {one: Modelled(one) for one in structures}
    search = partial(_search, units=cleaning.units if cleaning.polymers == "oligomer" else 1)
    outcomes = bounded_map(search, structures, SECONDS_PER_STRUCTURE, MEMORY)
    return {
        one: _as_given(one, outcome.reason) if isinstance(outcome, GaveUp) else outcome
        for one, outcome in zip(structures, outcomes, strict=True)
    }


def fell_back(note: str | None) -> bool:
    """Tell by the note whether the structure as given is modelled for want of a polymer."""
    return note is not None and note.endswith(_FALLBACK)


def _search(smiles: str, units: int) -> Modelled:
    """Find the repeat unit and make a chain of it. The child process runs this."""
    found: RepeatUnit | None = None
    try:
        found = repeat_unit(smiles)
        if found.smiles is None:
            return _as_given(smiles, found.reason or "there is no repeat unit")
        chain = closed_unit(found.smiles) if units == 1 else oligomer(found.smiles, units)
    except StructureError as error:
        return _as_given(smiles, str(error), found)
    except Exception as error:  # RDKit raises what it likes; the others go on
        return _as_given(smiles, f"RDKit failed with {type(error).__name__}", found)
    return Modelled(chain, found.smiles, found.rule, _alternatives(found))


def _as_given(smiles: str, reason: str, found: RepeatUnit | None = None) -> Modelled:
    """Model the structure as given, and say why."""
    return Modelled(
        structure_as_given(smiles),
        found.smiles if found else None,
        found.rule if found else None,
        f"{reason}; {_FALLBACK}",
    )


def _alternatives(found: RepeatUnit) -> str | None:
    """List the units that were not taken."""
    others = ", ".join(f"{one.smiles} ({one.rule})" for one in found.alternatives)
    return f"also possible: {others}" if others else None
