"""What is unusual in a structure, in sentences for the ledger."""

import re
from collections.abc import Iterable

from rdkit import Chem
from rdkit.Chem import rdForceFieldHelpers

from confaug.molecules.elements import NONMETALS

LANTHANIDES_AND_ACTINIDES = (*range(57, 72), *range(89, 104))
#: Elements from this number on are made atom by atom and decay; UFF has no parameters for them.
FIRST_SUPERHEAVY = 104
MARKED_ATOM = re.compile(r"\[[^\]]*@[^\]]*\]")
WEDGES = re.compile(r"[|,]w[UD]:")


def describe_oddities(mol: Chem.Mol) -> list[str]:
    """Describe what is unusual about isotopes, electrons, metals and axes, in a fixed order."""
    found = [
        *_superheavy(mol),
        *_single_atom(mol),
        *_isotopes(mol),
        *_radicals(mol),
        *_charge(mol),
        *_placeholders(mol),
        *_unknown_in_3d(mol),
    ]
    axes = count_hindered_axes(mol)
    if axes:
        found.append(
            f"biaryl axes that may be chiral ({axes}): a SMILES does not keep their handedness, so "
            "conformers may have either"
        )
    return found


def describe_lost_stereo(text: str, mol: Chem.Mol) -> list[str]:
    """Describe the marks of stereochemistry in a SMILES that RDKit has not kept.

    Parameters
    ----------
    text
        The SMILES as it was given, with or without a ChemAxon extension.
    mol
        What RDKit has read from it.

    Examples
    --------
    >>> describe_lost_stereo("OC(F)=[C@]=C(C)Cl", Chem.MolFromSmiles("OC(F)=[C@]=C(C)Cl"))
    ['stereochemical marks that RDKit does not keep, because it sees no stereo there: @ (1)']
    """
    smiles, _, extension = text.partition(" ")
    kept = sum(atom.GetChiralTag() != Chem.ChiralType.CHI_UNSPECIFIED for atom in mol.GetAtoms())
    lost = []
    marked = len(MARKED_ATOM.findall(smiles))
    if marked > kept:
        lost.append(f"@ ({marked - kept})")
    slashed = "/" in smiles or "\\" in smiles
    if slashed and not any(bond.GetStereo() > Chem.BondStereo.STEREOANY for bond in mol.GetBonds()):
        lost.append("/ and \\")
    found = []
    if lost:
        found.append(
            "stereochemical marks that RDKit does not keep, because it sees no stereo there: "
            + ", ".join(lost)
        )
    if WEDGES.search(extension):
        found.append("wedges (wU, wD) are not kept: axial chirality that they state is lost")
    return found


def count_hindered_axes(mol: Chem.Mol) -> int:
    """Count bonds between aromatic rings that hardly rotate and could be chiral.

    Three of the four positions beside such a bond are substituted, and neither ring looks the same
    from both sides of it. (Bringmann et al., Angew. Chem. Int. Ed. 2005, 44, 5384.)

    Examples
    --------
    >>> count_hindered_axes(Chem.MolFromSmiles("Oc1ccc2ccccc2c1-c1c(O)ccc2ccccc12"))
    1
    """
    ranks = list(Chem.CanonicalRankAtoms(mol, breakTies=False))
    count = 0
    for bond in mol.GetBonds():
        ends = [bond.GetBeginAtom(), bond.GetEndAtom()]
        if bond.IsInRing() or not all(end.GetIsAromatic() for end in ends):
            continue
        beside = [
            [
                atom
                for atom in end.GetNeighbors()
                if atom.GetIsAromatic() and atom.GetIdx() != other.GetIdx()
            ]
            for end, other in (ends, ends[::-1])
        ]
        count += _is_hindered_axis(beside, ranks)
    return count


def _is_hindered_axis(beside: list[list[Chem.Atom]], ranks: list[int]) -> bool:
    """Tell whether the atoms beside a bond, at both of its ends, make it a chiral axis."""
    if any(len(atoms) != 2 for atoms in beside):
        return False
    substituted = sum(atom.GetDegree() > 2 for atoms in beside for atom in atoms)
    return substituted >= 3 and all(
        ranks[one.GetIdx()] != ranks[other.GetIdx()] for one, other in beside
    )


def _superheavy(mol: Chem.Mol) -> list[str]:
    """Describe elements that form no known substance."""
    found = [atom for atom in mol.GetAtoms() if atom.GetAtomicNum() >= FIRST_SUPERHEAVY]
    if not found:
        return []
    return [
        f"superheavy elements ({_symbols(found)}), which form no known substances: no force field "
        "and no descriptor has parameters for them; check the symbol"
    ]


def _single_atom(mol: Chem.Mol) -> list[str]:
    """Describe a lone atom or ion; single atoms among others, as in salts, are ordinary."""
    if Chem.AddHs(mol).GetNumAtoms() != 1:
        return []
    return [
        f"a single atom ({_symbols(mol.GetAtoms())}), not a molecule: all its conformers are the "
        "same, and most descriptors carry no information"
    ]


def _isotopes(mol: Chem.Mol) -> list[str]:
    if not any(atom.GetIsotope() for atom in mol.GetAtoms()):
        return []
    return [
        "isotope labels are kept, but descriptors are calculated for the ordinary isotopes "
        "(hydrogen for deuterium)"
    ]


def _radicals(mol: Chem.Mol) -> list[str]:
    """Describe unpaired electrons, but not those of metal ions, which are intended."""
    radicals = sum(
        atom.GetNumRadicalElectrons()
        for atom in mol.GetAtoms()
        if atom.GetAtomicNum() in NONMETALS or not atom.GetFormalCharge()
    )
    if not radicals:
        return []
    return [
        f"unpaired electrons ({radicals}): an atom in brackets has only the hydrogens that "
        "are written in the brackets"
    ]


def _charge(mol: Chem.Mol) -> list[str]:
    charge = Chem.GetFormalCharge(mol)
    return [f"a net charge of {charge:+d}: an ion without its counter-ion"] if charge else []


def _placeholders(mol: Chem.Mol) -> list[str]:
    """Describe rare metals bonded to an organic structure, used by some as marks of open ends."""
    marks = [
        atom
        for atom in mol.GetAtoms()
        if atom.GetAtomicNum() in LANTHANIDES_AND_ACTINIDES and atom.GetDegree()
    ]
    if not marks or not _carbon(mol):
        return []
    return [
        f"lanthanides or actinides in an organic structure ({_symbols(marks)}): if they mark "
        "open ends, write * instead and set cleaning: repeat_units"
    ]


def _unknown_in_3d(mol: Chem.Mol) -> list[str]:
    """Describe atoms whose bonds embedding, which takes them from UFF, or MMFF94 does not know.

    MMFF94 knows some metals as free ions and none with a bond, whatever its group. Metalloids, such
    as boron, have sound parameters in UFF.
    """
    mol = Chem.AddHs(mol)
    if not mol.GetNumBonds():
        return []
    metals = [
        atom
        for atom in mol.GetAtoms()
        if atom.GetAtomicNum() not in NONMETALS and atom.GetAtomicNum() < FIRST_SUPERHEAVY
    ]
    if not rdForceFieldHelpers.UFFHasAllMoleculeParams(mol):
        which = f"metals ({_symbols(metals)})" if metals else "an atom"
        return [
            f"{which} without parameters for 3D: conformers, if a protocol yields any, are not "
            "realistic"
        ]
    bonded = [atom for atom in metals if atom.GetDegree()]
    if bonded:
        return [
            f"bonds to metals ({_symbols(bonded)}): MMFF94 has no parameters for them and other "
            "protocols guess, so conformers are rough at best"
        ]
    return _free_metals(mol, metals)


def _free_metals(mol: Chem.Mol, metals: list[Chem.Atom]) -> list[str]:
    """Describe metals without bonds, beside molecules, that are no ordinary cations of a salt."""
    if not metals:
        return []
    found = []
    lone = [part for part in Chem.GetMolFrags(mol, asMols=True) if part.GetNumAtoms() == 1]
    numbers = {metal.GetAtomicNum() for metal in metals}
    unknown = [
        part.GetAtomWithIdx(0)
        for part in lone
        if part.GetAtomWithIdx(0).GetAtomicNum() in numbers
        and not rdForceFieldHelpers.MMFFHasAllMoleculeParams(part)
    ]
    if unknown:
        found.append(
            f"metals ({_symbols(unknown)}) that MMFF94 has no parameters for: its protocols yield "
            "no conformers"
        )
    if any(
        atom.GetFormalCharge() < 0 < atom.GetTotalNumHs(includeNeighbors=True)
        for atom in _carbon(mol)
    ):
        found.append(
            f"metals ({_symbols(metals)}) beside a carbanion: bonds between metal and carbon that "
            "are written as charges are missing in conformers and descriptors"
        )
    return found


def _carbon(mol: Chem.Mol) -> list[Chem.Atom]:
    return [atom for atom in mol.GetAtoms() if atom.GetAtomicNum() == 6]


def _symbols(atoms: Iterable[Chem.Atom]) -> str:
    return ", ".join(sorted({atom.GetSymbol() for atom in atoms}))
