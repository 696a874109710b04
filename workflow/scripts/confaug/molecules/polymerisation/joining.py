"""Units with a head and a tail: reading, joining, and cutting the chain at another bond.

A unit is a molecule with two `*`, whose isotope labels say which is the head (1) and which the
tail (2). All bonds are made and cut so that stereo centres and double bonds keep what they are.
"""

from collections.abc import Sequence
from itertools import pairwise

from rdkit import Chem

from confaug.molecules.smiles import canonical_smiles, parse_smiles
from confaug.molecules.smiles_checks import StructureError

HEAD, TAIL = 1, 2
#: The largest unit or monomer that is treated, in atoms: every bond of its chain is tried.
MAX_UNIT_ATOMS = 250

_STAR = Chem.MolFromSmarts("[#0]")
_BY_MAP_NUMBER = Chem.MolzipParams()
_BY_MAP_NUMBER.label = Chem.MolzipLabel.AtomMapNumber


def read_unit(smiles: str) -> Chem.Mol:
    """Return a repeat unit whose head is the first `*` of its SMILES.

    Parameters
    ----------
    smiles
        SMILES with two `*`; numbers that they carry are ignored.

    Raises
    ------
    StructureError
        If the SMILES cannot be parsed, has several components or more than `MAX_UNIT_ATOMS` atoms,
        or its `*` are not the two ends of a chain with a single bond each.

    Examples
    --------
    >>> [atom.GetIsotope() for atom in read_unit("*CC*").GetAtoms()]
    [1, 0, 0, 2]
    """
    mol = parse_smiles(smiles)
    stars = open_ends(mol)
    if len(stars) != 2:
        raise StructureError(f"a repeat unit has two open ends (*), this one has {len(stars)}")
    if len(Chem.GetMolFrags(mol)) != 1:
        raise StructureError("a repeat unit is one component; give one unit without a dot")
    check_size(mol)
    for star in stars:
        _check_star(star)
    for atom in mol.GetAtoms():
        atom.SetAtomMapNum(0)
    for star, label in zip(stars, (HEAD, TAIL), strict=True):
        star.SetIsotope(label)
    return mol


def check_size(mol: Chem.Mol) -> None:
    """Refuse a molecule with more than `MAX_UNIT_ATOMS` atoms."""
    if mol.GetNumAtoms() > MAX_UNIT_ATOMS:
        raise StructureError(
            f"the structure has {mol.GetNumAtoms()} atoms; units and monomers of up to "
            f"{MAX_UNIT_ATOMS} are treated as polymers"
        )


def _check_star(star: Chem.Atom) -> None:
    """Refuse a `*` to which the next unit could not be bonded."""
    problem = None
    if [bond.GetBondType() for bond in star.GetBonds()] != [Chem.BondType.SINGLE]:
        problem = "it must have one single bond; cut the chain at a single bond"
    elif star.GetFormalCharge() or star.GetTotalNumHs() or star.GetNumRadicalElectrons():
        problem = "its charge, hydrogens or unpaired electrons would be lost; write a plain *"
    elif star.GetNeighbors()[0].GetAtomicNum() <= 1:
        problem = "it is bonded to hydrogen or to the other *, not to a chain"
    if problem:
        raise StructureError(f"an open end (*) cannot be joined: {problem}")


def open_ends(mol: Chem.Mol) -> list[Chem.Atom]:
    """Return all `*` of a molecule, in the order of its atoms."""
    return [mol.GetAtomWithIdx(index) for (index,) in mol.GetSubstructMatches(_STAR)]


def end(unit: Chem.Mol, label: int) -> int:
    """Return the index of the `*` that is the head or the tail."""
    (index,) = [star.GetIdx() for star in open_ends(unit) if star.GetIsotope() == label]
    return index


def join(units: Sequence[Chem.Mol]) -> Chem.Mol:
    """Join units head to tail into one longer unit.

    Parameters
    ----------
    units
        Units in the order of the chain: the tail of each is bonded to the head of the next.
    """
    chain: Chem.Mol | None = None
    for position, unit in enumerate(units):
        labelled = Chem.Mol(unit)
        if position > 0:
            labelled.GetAtomWithIdx(end(unit, HEAD)).SetAtomMapNum(position)
        if position < len(units) - 1:
            labelled.GetAtomWithIdx(end(unit, TAIL)).SetAtomMapNum(position + 1)
        chain = labelled if chain is None else Chem.CombineMols(chain, labelled)
    joined = Chem.molzip(chain, _BY_MAP_NUMBER)
    Chem.SanitizeMol(joined)
    return joined


def reverse(unit: Chem.Mol) -> Chem.Mol:
    """Return the unit with head and tail exchanged."""
    reversed_unit = Chem.Mol(unit)
    reversed_unit.GetAtomWithIdx(end(unit, HEAD)).SetIsotope(TAIL)
    reversed_unit.GetAtomWithIdx(end(unit, TAIL)).SetIsotope(HEAD)
    return reversed_unit


def chain_atoms(unit: Chem.Mol) -> list[int]:
    """Return the atoms of a shortest way from head to tail, both `*` left out."""
    return list(Chem.GetShortestPath(unit, end(unit, HEAD), end(unit, TAIL)))[1:-1]


def chain_bonds(unit: Chem.Mol) -> list[int]:
    """Return the single bonds at which the chain can be cut in two, from head to tail."""
    path = chain_atoms(unit)
    bonds = [unit.GetBondBetweenAtoms(a, b) for a, b in pairwise(path)]
    return [
        bond.GetIdx()
        for bond in bonds
        if bond.GetBondType() == Chem.BondType.SINGLE and not bond.IsInRing()
    ]


def segments(unit: Chem.Mol) -> list[tuple[int, ...]]:
    """Return what the parts between the bonds of `chain_bonds` consist of, from head to tail.

    Of each part the atomic numbers are given, in their order, both `*` left out.
    """
    cut = (
        Chem.FragmentOnBonds(unit, bonds, addDummies=False)
        if (bonds := chain_bonds(unit))
        else unit
    )
    parts = Chem.GetMolFrags(cut)
    part_of = {atom: number for number, part in enumerate(parts) for atom in part}
    in_order = dict.fromkeys(part_of[atom] for atom in chain_atoms(unit))
    numbers = [unit.GetAtomWithIdx(index).GetAtomicNum() for index in range(unit.GetNumAtoms())]
    return [tuple(sorted(filter(None, (numbers[a] for a in parts[part])))) for part in in_order]


def split(unit: Chem.Mol, bond: int) -> tuple[Chem.Mol, Chem.Mol]:
    """Cut a unit at a bond of its chain into two shorter units, that of the head first."""
    cut = Chem.FragmentOnBonds(unit, [bond], addDummies=True, dummyLabels=[(0, 0)])
    parts = Chem.GetMolFrags(cut, asMols=True, sanitizeFrags=False)
    labels = [{star.GetIsotope() for star in open_ends(part)} for part in parts]
    first, second = (parts[labels.index({0, label})] for label in (HEAD, TAIL))
    first.GetAtomWithIdx(end(first, 0)).SetIsotope(TAIL)
    second.GetAtomWithIdx(end(second, 0)).SetIsotope(HEAD)
    for part in (first, second):
        Chem.SanitizeMol(part)
    return first, second


def rotate(unit: Chem.Mol, bond: int) -> Chem.Mol:
    """Return the unit of the same chain that is cut at a bond inside the given unit."""
    first, second = split(unit, bond)
    return join([second, first])


def unit_smiles(unit: Chem.Mol) -> str:
    """Return the canonical SMILES of a unit with plain `*`: the same for either direction."""
    return canonical_smiles(_plain(unit))


def plain_smiles(unit: Chem.Mol) -> str:
    """Return a SMILES with plain `*`: units with one such SMILES have one canonical SMILES."""
    return str(Chem.MolToSmiles(_plain(unit)))


def _plain(unit: Chem.Mol) -> Chem.Mol:
    """Return the unit without labels at its ends."""
    plain = Chem.Mol(unit)
    for star in open_ends(plain):
        star.SetIsotope(0)
    return plain
