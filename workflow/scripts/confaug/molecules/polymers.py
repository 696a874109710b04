"""Polymers written as repeat units, with stars for their ends."""

from rdkit import Chem

from confaug.molecules.polymerisation.joining import open_ends, read_unit, unit_smiles
from confaug.molecules.polymerisation.oligomers import closed_unit
from confaug.molecules.smiles_checks import StructureError


def keep_repeat_unit(mol: Chem.Mol, policy: str, warnings: list[str]) -> Chem.Mol:
    """Leave the two `*` of a unit that can be joined, without numbers on them.

    Other structures with `*` are closed or refused as the policy says.
    """
    if not open_ends(mol):
        return mol
    try:
        return Chem.MolFromSmiles(unit_smiles(read_unit(Chem.MolToSmiles(mol))))
    except StructureError as error:
        if policy != "reject":
            return close_repeat_units(mol, policy, warnings)
        raise StructureError(
            f"{error}; correct the SMILES, or set cleaning: repeat_units to cap_hydrogen or "
            "cap_methyl"
        ) from error


def structure_as_given(smiles: str) -> str:
    """Return the structure as given in a form that can be described: open ends get hydrogen.

    Parameters
    ----------
    smiles
        Canonical SMILES of a cleaned structure.

    Examples
    --------
    >>> structure_as_given("*CC(*)C"), structure_as_given("C=CC")
    ('CCC', 'C=CC')
    """
    return closed_unit(smiles) if "*" in smiles else smiles


def close_repeat_units(mol: Chem.Mol, policy: str, warnings: list[str]) -> Chem.Mol:
    """Replace every `*` by hydrogen or carbon, or refuse the structure."""
    ends = open_ends(mol)
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
