"""From a SMILES field of a table to one canonical structure, or a reason why there is none."""

import hashlib

from rdkit import Chem


class StructureError(ValueError):
    """A structure that cannot be used; the message is the reason followed by a hint."""


def molecule_id(smiles: str) -> str:
    """Return the identifier of a molecule: "m" and 12 hexadecimal digits of its SMILES' hash.

    Parameters
    ----------
    smiles
        Canonical SMILES of a cleaned molecule.

    Examples
    --------
    >>> molecule_id("C")
    'm6b23c0d5f35d'
    """
    return "m" + hashlib.sha256(smiles.encode()).hexdigest()[:12]


def mol_with_hydrogens(smiles: str) -> Chem.Mol:
    """Return the molecule that all 3D work starts from: explicit hydrogens, RDKit's atom order.

    Parameters
    ----------
    smiles
        Canonical SMILES of a cleaned molecule.

    Raises
    ------
    StructureError
        If the SMILES cannot be parsed.
    """
    return Chem.AddHs(parse_smiles(smiles))


def parse_smiles(text: str) -> Chem.Mol:
    """Parse one SMILES without hydrogens added.

    Raises
    ------
    StructureError
        If the text is no SMILES or describes an impossible structure.
    """
    mol = Chem.MolFromSmiles(text)
    if mol is None or not mol.GetNumAtoms():
        raise StructureError(f"{text!r} is not a valid SMILES")
    return mol
