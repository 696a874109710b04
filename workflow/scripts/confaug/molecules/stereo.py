"""Undefined stereochemistry: how many centres and bonds, and the isomers they allow."""

from rdkit import Chem, rdBase
from rdkit.Chem.EnumerateStereoisomers import EnumerateStereoisomers, StereoEnumerationOptions

#: Assignments of undefined stereochemistry that are tried for each stereoisomer wanted.
TRIED_PER_ISOMER = 16


def stereoisomers(mol: Chem.Mol, limit: int) -> list[Chem.Mol]:
    """Enumerate the stereoisomers that complete the undefined stereochemistry of a molecule.

    Parameters
    ----------
    mol
        Molecule with explicit hydrogens.
    limit
        The most stereoisomers that are returned; of more, a fixed random choice. At most this many
        times `TRIED_PER_ISOMER` assignments are tried, because in cages such as dodecahedrane a
        million assignments are one molecule.

    Returns
    -------
    list of rdkit.Chem.Mol
        Different stereoisomers with the atoms in the given order, whether or not they can exist:
        a bridge across a small ring rules some out. Defined stereochemistry is kept.

    Examples
    --------
    >>> isomers = stereoisomers(Chem.AddHs(Chem.MolFromSmiles("CC(F)Cl")), 9)
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
    """Count the stereo centres and double bonds whose configuration is undefined."""
    count = 0
    for info in Chem.FindPotentialStereo(mol):
        if info.specified != Chem.StereoSpecified.Unspecified:
            continue
        is_atom = info.type == Chem.StereoType.Atom_Tetrahedral
        # RDKit counts silane and the like among the potential centres.
        if is_atom and mol.GetAtomWithIdx(info.centeredOn).GetTotalNumHs() > 1:
            continue
        count += 1
    # In adamantane and the like, all assignments are one molecule.
    return count if count and len(stereoisomers(mol, 2)) > 1 else 0
