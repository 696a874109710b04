"""What somebody wants to know of structures: kinds of columns, names, and conformers."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from confaug.config.kinds import AS_GIVEN, STRUCTURE_KINDS
from confaug.config.settings.embedding import EmbeddingSettings
from confaug.conformers.force_fields import FORCE_FIELDS
from confaug.conformers.protocols import METHODS
from confaug.descriptors.molecule_kinds import columns_of
from confaug.descriptors.names import NAMES_3D
from confaug.errors import UserError
from confaug.infrastructure.text import listed, quoted

#: Kinds with one row per molecule that describe a structure as it stands.
KINDS = tuple(
    name
    for name, kind in STRUCTURE_KINDS.items()
    if kind.structure == "smiles" and not name.endswith(AS_GIVEN)
)


@dataclass(frozen=True)
class Request:
    """What structures are to be described by.

    Attributes
    ----------
    kinds
        Kinds of columns with one row per molecule, of `KINDS`.
    conformers
        Conformers of each molecule, protocol and repeat. With 0 there are no 3D descriptors.
    protocols
        How conformers are made, for example ``etkdg_mmff``.
    repeats
        Independent repeats of each protocol.
    names
        The descriptors that are wanted; None for all. Of mordred's 2D descriptors, only what these
        need is calculated.

    Raises
    ------
    UserError
        If there is no such kind, protocol or descriptor, or nothing is asked for.

    Examples
    --------
    >>> request = Request(("mordred_2d",), names=("MW", "nHeavyAtom"))
    >>> request.names_of("mordred_2d"), request.names_3d
    (('MW', 'nHeavyAtom'), ())
    >>> len(Request((), conformers=20).columns)
    213
    """

    kinds: tuple[str, ...] = ("mordred_2d",)
    conformers: int = 0
    protocols: tuple[str, ...] = ("etkdg_mmff",)
    repeats: int = 1
    names: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Check that what is asked for exists."""
        _require_known("kind of columns", self.kinds, KINDS)
        _require_known("protocol", self.protocols, _protocols())
        for name, number, least in (
            ("conformers", self.conformers, 0),
            ("repeats", self.repeats, 1),
        ):
            if not least <= number <= 10_000:
                raise UserError(f"{name} is {number}; give a number from {least} to 10000")
        if not self.kinds and not self.conformers:
            raise UserError("nothing is asked for; name kinds of columns, or give conformers")
        if self.conformers and not self.protocols:
            raise UserError("conformers need a protocol, for example etkdg_mmff")
        if self.names is not None:
            if not self.names:
                raise UserError("no descriptor is named; name some, or leave the names out for all")
            _require_known("descriptor of what is asked for", self.names, self._every_name)

    def names_of(self, kind: str) -> tuple[str, ...]:
        """Return the wanted columns of a kind, in the order in which they were asked for."""
        return self._wanted(columns_of(kind).names)

    @cached_property
    def names_3d(self) -> tuple[str, ...]:
        """The wanted 3D descriptors of a conformer."""
        return self._wanted(NAMES_3D) if self.conformers else ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All wanted columns: kind by kind, then those of conformers."""
        return (*(name for kind in self.kinds for name in self.names_of(kind)), *self.names_3d)

    @property
    def embedding(self) -> EmbeddingSettings:
        """The settings under which conformers are made; all others have their defaults."""
        return EmbeddingSettings(conformers_per_repeat=self.conformers)

    @property
    def _every_name(self) -> tuple[str, ...]:
        """Every column of what is asked for."""
        names = tuple(name for kind in self.kinds for name in columns_of(kind).names)
        return (*names, *(NAMES_3D if self.conformers else ()))

    def _wanted(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return those of some columns that are wanted."""
        if self.names is None:
            return tuple(names)
        held = set(names)
        return tuple(name for name in self.names if name in held)


def _protocols() -> list[str]:
    """Return the names of all protocols."""
    fields = ("", *(f"_{name}" for name in FORCE_FIELDS if name != "none"))
    return [f"{method}{force_field}" for method in METHODS for force_field in fields]


def _require_known(what: str, given: Sequence[str], known: Sequence[str]) -> None:
    """Check that all names are known, and that none is given twice."""
    seen, allowed = set[str](), set(known)
    for name in given:
        if name not in allowed:
            near = difflib.get_close_matches(name, known, n=1)
            few = f"choose from {listed(known, 30)}"
            hint = f"did you mean {near[0]}?" if near else few
            raise UserError(f"{quoted(name)} is no {what}; {hint}")
        if name in seen:
            raise UserError(f"the {what} {quoted(name)} is given twice; name it once")
        seen.add(name)
