"""Protocols: an embedding method with a force field, and what each of them can treat."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rdkit import Chem
from rdkit.Chem import rdDistGeom, rdForceFieldHelpers

from confaug.errors import UserError
from confaug.infrastructure import random_draws

#: Embedding methods of the configuration and RDKit's parameters for them.
METHODS: dict[str, Callable[[], Any]] = {
    "dg": rdDistGeom.DG,
    "kdg": rdDistGeom.KDG,
    "etdg": rdDistGeom.ETDG,
    "etkdg": rdDistGeom.ETKDGv3,
    "sretkdg": rdDistGeom.srETKDGv3,
}
#: Force fields of the configuration; MMFF's by RDKit's name of the variant.
FORCE_FIELDS: dict[str, str | None] = {
    "none": None,
    "mmff": "MMFF94",
    "mmff94s": "MMFF94s",
    "uff": "UFF",
}
#: All conformers are first tried this often together, which is enough for ordinary molecules.
FIRST_ATTEMPTS = 10
#: Each way counts its random seeds from so much higher on than the one before, so that a way that
#: differs little from another does not repeat its result; far more than there are conformers.
SEEDS_PER_WAY = 2**20


@dataclass(frozen=True)
class Way:
    """One way to embed: its name, RDKit's parameter factory and what is set on top of it."""

    name: str
    factory: Callable[[], Any]
    options: dict[str, bool]


def check_protocol(name: str, protocol: dict[str, str]) -> None:
    """Raise a `UserError` if a protocol's method or force field is unknown."""
    for key, known in (("method", METHODS), ("force_field", FORCE_FIELDS)):
        if protocol.get(key) not in known:
            raise UserError(
                f"embedding.protocols.{name}.{key} is {protocol.get(key)!r}; "
                f"use one of {', '.join(known)}"
            )


def why_untreatable(mol: Chem.Mol, force_field: str) -> str | None:
    """Say why a force field cannot treat a molecule, or return None if it can.

    RDKit's optimisers do not tell: MMFF without parameters returns unchanged coordinates, and UFF
    runs with the atoms it does not know left out.
    """
    name = FORCE_FIELDS[force_field]
    if name == "UFF" and not rdForceFieldHelpers.UFFHasAllMoleculeParams(mol):
        return "UFF has no parameters for an atom of this molecule"
    if name in ("MMFF94", "MMFF94s") and not rdForceFieldHelpers.MMFFHasAllMoleculeParams(mol):
        return f"{name} has no parameters for an atom of this molecule"
    return None


def random_state(molecule: str, protocol: dict[str, str], repeat: int) -> int:
    """Return the number from which RDKit counts the seeds of a molecule's conformers.

    It depends on the molecule, the definition of the protocol (not its name) and the repeat. It is
    positive and far below 2³¹, above which RDKit's counting would fail.
    """
    key = "\n".join([molecule, protocol["method"], protocol["force_field"], str(repeat)])
    return 1 + random_draws.integer(key) % 2**30


def ways_to_embed(method: str, components: int) -> list[Way]:
    """Return the ways in which a molecule is tried, in order (see the head of this module)."""
    factory = METHODS[method]
    mixture = {"embedFragmentsSeparately": False} if components > 1 else {}
    scattered = {**mixture, "useRandomCoords": True}
    if components > 1:
        ways = [Way("components together", factory, scattered)]
    else:
        ways = [Way("as asked", factory, {}), Way("random coordinates", factory, scattered)]
    if factory().useBasicKnowledge:
        unknowing = {**scattered, "useBasicKnowledge": False}
        ways.append(Way("random coordinates, no basic knowledge", factory, unknowing))
    lenient = {**scattered, "ignoreSmoothingFailures": True}
    return [*ways, Way("plain distance geometry", rdDistGeom.DG, lenient)]
