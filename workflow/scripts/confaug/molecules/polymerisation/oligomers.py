"""Short chains of a repeat unit with closed ends."""

from typing import Literal

from rdkit import Chem, rdBase

from confaug.molecules.polymerisation.joining import HEAD, TAIL, end, join, read_unit
from confaug.molecules.smiles import canonical_smiles
from confaug.molecules.smiles_checks import StructureError

Caps = Literal["hydrogen", "methyl"]

FEWEST_UNITS, MOST_UNITS = 2, 5
#: The largest oligomer, in atoms without hydrogen: beyond, descriptors take minutes.
MAX_OLIGOMER_ATOMS = 500
_ELEMENT = {"hydrogen": 1, "methyl": 6}


def oligomer(unit: str, units: int, caps: Caps = "hydrogen") -> str:
    """Return a short chain of a repeat unit, joined head to tail.

    The chain begins and ends where the unit does. Canonical units leave functional groups whole:
    of poly(ethylene terephthalate), hydrogen makes an ethyl ester and a carboxylic acid, methyl a
    propyl and a methyl ester. Stereo centres that the unit defines are the same in every unit
    (isotactic); others stay undefined.

    Parameters
    ----------
    unit
        SMILES with two `*`, as from `repeat_unit` or `canonical_unit`.
    units
        Number of units, 2 to 5.
    caps
        What closes the two ends.

    Returns
    -------
    str
        Canonical SMILES.

    Raises
    ------
    StructureError
        If `unit` is no repeat unit, or the chain would be larger than `MAX_OLIGOMER_ATOMS`.
    ValueError
        If the number of units is out of bounds.

    Examples
    --------
    >>> oligomer("*CC(*)C", 2)
    'CCCC(C)C'
    >>> oligomer("*CCO*", 3, "methyl")
    'CCCOCCOCCOC'
    """
    if not FEWEST_UNITS <= units <= MOST_UNITS:
        raise ValueError(f"an oligomer has {FEWEST_UNITS} to {MOST_UNITS} units, not {units}")
    with rdBase.BlockLogs():
        mol = read_unit(unit)
        n_atoms = (mol.GetNumAtoms() - 2) * units
        if n_atoms > MAX_OLIGOMER_ATOMS:
            raise StructureError(
                f"an oligomer of {units} units would have {n_atoms} atoms, more than the limit of "
                f"{MAX_OLIGOMER_ATOMS}; take fewer units"
            )
        return canonical_smiles(_close(join([mol] * units), _ELEMENT[caps]))


def closed_unit(unit: str) -> str:
    """Return one repeat unit with hydrogen at both ends.

    Parameters
    ----------
    unit
        SMILES with two `*`.

    Returns
    -------
    str
        Canonical SMILES.

    Raises
    ------
    StructureError
        If this is no repeat unit.

    Examples
    --------
    >>> closed_unit("*CC(*)C")
    'CCC'
    """
    with rdBase.BlockLogs():
        return canonical_smiles(_close(read_unit(unit), _ELEMENT["hydrogen"]))


def _close(chain: Chem.Mol, element: int) -> Chem.Mol:
    """Replace both open ends by an atom of an element."""
    closed = Chem.RWMol(chain)
    for label in (HEAD, TAIL):
        star = closed.GetAtomWithIdx(end(chain, label))
        star.SetAtomicNum(element)
        star.SetIsotope(0)
        star.SetNoImplicit(element == 1)
    Chem.SanitizeMol(closed)
    return Chem.RemoveHs(closed)
