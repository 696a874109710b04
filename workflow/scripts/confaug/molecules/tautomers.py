"""Molecules that are tautomers of one another."""

from collections.abc import Iterable

from rdkit import Chem, rdBase
from rdkit.Chem import rdMolDescriptors, rdMolHash
from rdkit.Chem.MolStandardize import rdMolStandardize

#: Limits of the search for the canonical tautomer.
MAX_TAUTOMERS = 200
MAX_TAUTOMER_ATOMS = 100


def find_tautomers(smiles: Iterable[str]) -> list[tuple[str, ...]]:
    """Find structures with the same canonical tautomer in RDKit.

    Only structures with the same formula and element graph are compared, so that a table without
    such pairs costs almost nothing. Stereoisomers are not tautomers, and molecules of
    more than 100 heavy atoms are not compared.

    Parameters
    ----------
    smiles
        Canonical SMILES.

    Returns
    -------
    list of tuple of str
        Groups of at least two SMILES each, sorted.

    Examples
    --------
    >>> find_tautomers(["CC(C)=O", "C=C(C)O", "CCO"])
    [('C=C(C)O', 'CC(C)=O')]
    """
    candidates: dict[str, set[str]] = {}
    with rdBase.BlockLogs():
        for one in sorted(set(smiles)):
            mol = Chem.MolFromSmiles(one)
            if mol is None or mol.GetNumHeavyAtoms() > MAX_TAUTOMER_ATOMS:
                continue
            Chem.RemoveStereochemistry(mol)
            graph = rdMolHash.MolHash(mol, rdMolHash.HashFunction.ElementGraph)
            key = f"{rdMolDescriptors.CalcMolFormula(mol)} {graph}"
            candidates.setdefault(key, set()).add(one)
        groups: dict[str, set[str]] = {}
        for key, members in candidates.items():
            if len({_without_stereo(member) for member in members}) > 1:
                for member in members:
                    groups.setdefault(f"{key} {_tautomer(member)}", set()).add(member)
    return sorted(
        tuple(sorted(group))
        for group in groups.values()
        if len({_without_stereo(member) for member in group}) > 1
    )


def _without_stereo(smiles: str) -> str:
    """Return the canonical SMILES without stereochemistry."""
    return str(Chem.MolToSmiles(Chem.MolFromSmiles(smiles), isomericSmiles=False))


def _tautomer(smiles: str) -> str:
    """Return the SMILES of the canonical tautomer, without stereochemistry."""
    enumerator = rdMolStandardize.TautomerEnumerator()
    enumerator.SetMaxTautomers(MAX_TAUTOMERS)
    enumerator.SetMaxTransforms(MAX_TAUTOMERS)
    mol = Chem.MolFromSmiles(_without_stereo(smiles))
    return str(Chem.MolToSmiles(enumerator.Canonicalize(mol), isomericSmiles=False))
