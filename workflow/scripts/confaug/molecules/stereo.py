"""Undefined stereochemistry: how many centres and bonds, and the isomers they allow."""

from rdkit import Chem, rdBase
from rdkit.Chem.EnumerateStereoisomers import EnumerateStereoisomers, StereoEnumerationOptions

#: Ways to complete undefined stereochemistry that are tried for each stereoisomer wanted.
TRIED_PER_ISOMER = 16


def stereoisomers(mol: Chem.Mol, limit: int) -> list[Chem.Mol]:
    """Complete the undefined stereo centres and double bonds of a molecule in every way.

    Parameters
    ----------
    mol
        Molecule with explicit hydrogens.
    limit
        The most stereoisomers that are returned; of more, a fixed choice at random. So many times
        `TRIED_PER_ISOMER` ways are tried at most, because in cages such as dodecahedrane a million
        ways are one molecule.

    Returns
    -------
    list of rdkit.Chem.Mol
        Different stereoisomers with the atoms in the given order, whether or not they can exist:
        a bridge across a small ring rules some out. What is defined stays as it is.

    Examples
    --------
    >>> isomers = stereoisomers(mol_with_hydrogens("CC(F)Cl"), 9)
    >>> [Chem.MolToSmiles(Chem.RemoveHs(isomer)) for isomer in isomers]
    ['C[C@H](F)Cl', 'C[C@@H](F)Cl']
    """
    options = StereoEnumerationOptions(
        onlyUnassigned=True, unique=False, maxIsomers=TRIED_PER_ISOMER * limit, rand=1
    )
    different: dict[str, Chem.Mol] = {}
    with rdBase.BlockLogs():
        for isomer in EnumerateStereoisomers(mol, options=options):
            different.setdefault(Chem.MolToSmiles(Chem.RemoveHs(isomer)), isomer)
            if len(different) == limit:
                break
    return list(different.values())


def count_undefined_stereo(mol: Chem.Mol) -> int:
    """Count atoms and bonds that could carry stereochemistry but do not say which."""
    count = 0
    for info in Chem.FindPotentialStereo(mol):
        if info.specified != Chem.StereoSpecified.Unspecified:
            continue
        is_atom = info.type == Chem.StereoType.Atom_Tetrahedral
        # RDKit counts silane and its like among the potential centres.
        if is_atom and mol.GetAtomWithIdx(info.centeredOn).GetTotalNumHs() > 1:
            continue
        count += 1
    # In adamantane and its like all ways to define the centres are one molecule.
    return count if count and len(stereoisomers(mol, 2)) > 1 else 0
