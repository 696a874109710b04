"""SMILES and RDKit's molecules: strict parsing, canonical writing, isotopes, equal structures."""

import re
from collections.abc import Iterable
from typing import TypeVar

from rdkit import Chem, rdBase

from confaug.infrastructure.text import quoted
from confaug.molecules.smiles_checks import StructureError, check_field, explain_failure

S = TypeVar("S", bound=str | None)

ISOTOPE = re.compile(r"\[\d")

_MOLECULAR_HYDROGEN = Chem.MolFromSmarts("[#1;!H0]")


def parse_smiles(text: str) -> Chem.Mol:
    """Parse one SMILES, refusing everything that RDKit would read as something else.

    RDKit reads an empty field as a molecule without atoms and text after a blank as a name, and it
    trims characters outside ASCII. All of these are refused before RDKit reads the text.

    Parameters
    ----------
    text
        A SMILES, optionally followed by a blank and a ChemAxon extension between bars.

    Raises
    ------
    StructureError
        With the reason and a hint, if the text describes no possible structure.
    """
    check_field(text)
    with rdBase.BlockLogs():
        mol = Chem.MolFromSmiles(text)
    if mol is None:
        raise StructureError(f"the SMILES {quoted(text)} {explain_failure(text)}")
    if not mol.GetNumAtoms():
        raise StructureError("the SMILES describes no atoms; give a structure")
    bonds = map(mol.GetBondWithIdx, range(mol.GetNumBonds()))  # twice as fast as RDKit's iterator
    atoms = map(mol.GetAtomWithIdx, range(mol.GetNumAtoms()))
    if any(bond.HasQuery() for bond in bonds) or any(
        atom.HasQuery() and atom.GetAtomicNum() for atom in atoms
    ):
        raise StructureError(
            f"the SMILES {quoted(text)} is a search pattern (SMARTS), not one structure; give "
            "a SMILES"
        )
    return mol


def mol_with_hydrogens(smiles: str) -> Chem.Mol:
    """Return a molecule with explicit hydrogens in RDKit's atom order, from which 3D work starts.

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


def canonical_smiles(mol: Chem.Mol) -> str:
    """Return a SMILES that stays the same when it is parsed and written again.

    One pass is not always enough: explicit hydrogens and stereo marks without meaning can change
    the order in the next pass.
    """
    if mol.HasSubstructMatch(_MOLECULAR_HYDROGEN):
        mol = Chem.RemoveHs(Chem.AddHs(mol))  # [HH] and [H][H] are one structure
    seen: list[str] = []
    smiles = Chem.MolToSmiles(mol)
    while smiles not in seen:
        seen.append(smiles)
        again = Chem.MolFromSmiles(smiles)
        if again is None:
            raise StructureError(
                f"RDKit writes the structure as {quoted(smiles)}, which it cannot read back"
            )
        smiles = Chem.MolToSmiles(again)
    return min(seen[seen.index(smiles) :])


def ordinary_isotopes(mol: Chem.Mol) -> Chem.Mol:
    """Return a molecule without isotope labels: the same atoms in the same order.

    Isotopologues differ in descriptors more than in most properties: mordred counts deuterium among
    the heavy atoms. Stereochemistry that depends on isotopes alone is lost.
    """
    if not any(atom.GetIsotope() for atom in mol.GetAtoms()):
        return mol
    copy = Chem.Mol(mol)
    for atom in copy.GetAtoms():
        atom.SetIsotope(0)
    Chem.AssignStereochemistry(copy, cleanIt=True, force=True)
    return copy


def smiles_of_ordinary_isotopes(smiles: str) -> str:
    """Return the canonical SMILES of a molecule with all isotopes made ordinary.

    Parameters
    ----------
    smiles
        Canonical SMILES; without an isotope label it is returned as it is.

    Examples
    --------
    >>> smiles_of_ordinary_isotopes("[2H]C(Cl)(Cl)Cl")
    'ClC(Cl)Cl'
    """
    if not ISOTOPE.search(smiles):
        return smiles
    with rdBase.BlockLogs():
        return canonical_smiles(Chem.RemoveHs(ordinary_isotopes(mol_with_hydrogens(smiles))))


def places_by_structure(smiles: Iterable[S]) -> dict[S, list[int]]:
    """Return the places of molecules by their structure, in the order of their first ones.

    Samples of one structure under different conditions are molecules of their own.

    Examples
    --------
    >>> places_by_structure(["CCO", "CC", "CCO"])
    {'CCO': [0, 2], 'CC': [1]}
    """
    places: dict[S, list[int]] = {}
    for place, text in enumerate(smiles):
        places.setdefault(text, []).append(place)
    return places
