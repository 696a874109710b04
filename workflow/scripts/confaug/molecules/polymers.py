"""Polymers written as repeat units, with stars for their ends."""

from rdkit import Chem

from confaug.molecules.smiles_checks import StructureError


def close_repeat_units(mol: Chem.Mol, policy: str, warnings: list[str]) -> Chem.Mol:
    """Replace every `*` by hydrogen or carbon, or refuse the structure."""
    ends = [atom for atom in mol.GetAtoms() if atom.GetAtomicNum() == 0]
    if not ends:
        return mol
    if policy == "reject":
        raise StructureError(
            f"the SMILES has open ends (*, {len(ends)} of them); give the monomer, or set "
            "cleaning: repeat_units to cap_hydrogen or cap_methyl"
        )
    for atom in ends:
        _check_end(atom)
    number, cap = {"cap_hydrogen": (1, "hydrogen"), "cap_methyl": (6, "methyl")}[policy]
    closed = Chem.RWMol(mol)
    for atom in ends:
        closed.ReplaceAtom(atom.GetIdx(), Chem.Atom(number))
    Chem.SanitizeMol(closed)
    warnings.append(f"open ends (*, {len(ends)} of them) were closed with {cap}")
    return Chem.RemoveHs(closed)


def _check_end(atom: Chem.Atom) -> None:
    """Refuse a `*` that a hydrogen or a methyl group cannot replace.

    A number, as in `[1*]`, only says which end it is.
    """
    problem = None
    if [bond.GetBondType() for bond in atom.GetBonds()] != [Chem.BondType.SINGLE]:
        problem = "it must have one single bond"
    elif atom.GetFormalCharge() or atom.GetTotalNumHs() or atom.GetNumRadicalElectrons():
        problem = "its charge, hydrogens or unpaired electrons would be lost; write a plain *"
    elif atom.GetNeighbors()[0].GetAtomicNum() <= 1:
        problem = "it is bonded to hydrogen or another *, not to a repeat unit; give the structure"
    if problem:
        raise StructureError(f"an open end (*) cannot be closed: {problem}")
