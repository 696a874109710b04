"""One form for all the ways to write the repeat unit of one chain."""

from rdkit import Chem, rdBase

from confaug.molecules.polymerisation.joining import (
    MAX_UNIT_ATOMS,
    chain_atoms,
    chain_bonds,
    join,
    open_ends,
    plain_smiles,
    read_unit,
    rotate,
    segments,
    split,
    unit_smiles,
)
from confaug.molecules.smiles import smiles_of_ordinary_isotopes

#: Elements from senior to junior: IUPAC's units of organic polymers begin with the first of these
#: that the chain has. All others come after them.
SENIORITY = ("O", "S", "Se", "N", "P", "As", "Si", "Ge", "B", "C")


def canonical_unit(smiles: str) -> str:
    """Return the form of a repeat unit that does not depend on how the chain was cut.

    The unit is first reduced to the smallest one that repeats head to tail: lactide and lactic
    acid have the same. A chain whose smallest unit is a single atom of the chain is written with
    two, polyethylene as `*CC*`. Of all bonds at which the unit can begin, one is taken that leaves
    functional groups whole (an ester is cut between oxygen and alkyl or aryl, not at its carbonyl
    group, and no atom of a double bond becomes an end, where that can be had); of these the one
    whose atoms come first in IUPAC's order of hetero atoms [1], and then the first in the order
    of the SMILES. A SMILES with two equal `*` has no direction. Stereochemistry that cannot be
    seen at every cut is dropped.

    Parameters
    ----------
    smiles
        SMILES with two `*`.

    Raises
    ------
    StructureError
        If this is no repeat unit (see `read_unit`).

    References
    ----------
    .. [1] R. G. Jones et al. (eds.), Compendium of Polymer Terminology and Nomenclature: IUPAC
       Recommendations 2008, RSC, 2009, chapter 15.

    Examples
    --------
    >>> canonical_unit("*CCO*"), canonical_unit("*OCCOCC*"), canonical_unit("*C*")
    ('*CCO*', '*CCO*', '*CC*')
    >>> canonical_unit("*OCCC(=O)*")
    '*CCC(=O)O*'
    """
    with rdBase.BlockLogs():
        return canonical_form(read_unit(smiles))


def constitution(unit: str) -> str:
    """Return a canonical unit without its stereochemistry and its isotope labels.

    Parameters
    ----------
    unit
        SMILES as `canonical_unit` returns it.

    Examples
    --------
    >>> constitution(canonical_unit("*O[C@@H](C)C(=O)*"))
    '*OC(=O)C(*)C'
    >>> constitution("*C([2H])([2H])C(*)c1ccccc1")
    '*CC(*)c1ccccc1'
    """
    ordinary = smiles_of_ordinary_isotopes(unit)
    if ordinary == unit and "@" not in unit and "/" not in unit:
        return unit
    mol = Chem.MolFromSmiles(ordinary)
    Chem.RemoveStereochemistry(mol)
    return canonical_unit(Chem.MolToSmiles(mol))


def canonical_form(unit: Chem.Mol) -> str:
    """Return the canonical form of a unit that has been read or made."""
    if _is_short(unit):
        return unit_smiles(unit)
    unit = _smallest_repeat(_lasting_stereo(unit))
    if len(chain_atoms(unit)) == 1 and 2 * unit.GetNumAtoms() <= MAX_UNIT_ATOMS:
        unit = _lasting_stereo(join([unit, unit]))
    ranks = {bond: _preference(unit, bond) for bond in (None, *chain_bonds(unit))}
    best = min(ranks.values())
    forms = [unit if bond is None else rotate(unit, bond) for bond in ranks if ranks[bond] == best]
    different = {plain_smiles(form): form for form in forms}
    return min(map(unit_smiles, different.values()))


def _is_short(unit: Chem.Mol) -> bool:
    """Tell whether a unit is one as most vinyl monomers have: canonical at either cut.

    The chain has two atoms, and no stereochemistry that exchanged ends could change. Were it a
    single atom twice, it would be reduced to that and then written with two again; a few atoms
    short of the limit, it would not.
    """
    return (
        len(chain_atoms(unit)) == 2
        and unit.GetNumAtoms() + 2 <= MAX_UNIT_ATOMS
        and not _count_stereo(unit)
    )


def _lasting_stereo(unit: Chem.Mol) -> Chem.Mol:
    """Drop stereochemistry that is not to be seen wherever the unit is cut.

    Cut so that both ways along the chain look alike, as in *C(C)[C@H](C)C(C)*, a stereo centre or
    double bond is none any more in a SMILES, though it is one at other cuts.
    """
    while _count_stereo(unit):
        cuts = [unit_smiles(unit), *(unit_smiles(rotate(unit, bond)) for bond in chain_bonds(unit))]
        forms = [read_unit(smiles) for smiles in sorted(set(cuts))]
        poorest = min(forms, key=_count_stereo)
        if _count_stereo(poorest) == _count_stereo(unit):
            break
        unit = poorest
    return unit


def _count_stereo(unit: Chem.Mol) -> int:
    """Count the stereo centres and double bonds that are defined."""
    atoms = map(unit.GetAtomWithIdx, range(unit.GetNumAtoms()))
    bonds = map(unit.GetBondWithIdx, range(unit.GetNumBonds()))
    centres = sum(atom.GetChiralTag() != Chem.ChiralType.CHI_UNSPECIFIED for atom in atoms)
    return int(centres + sum(bond.GetStereo() > Chem.BondStereo.STEREOANY for bond in bonds))


def _smallest_repeat(unit: Chem.Mol) -> Chem.Mol:
    """Return the smallest unit of which the given one is a multiple, joined head to tail."""
    parts = segments(unit)
    for length in range(1, len(parts) // 2 + 1):
        copies, rest = divmod(len(parts), length)
        if rest == 0 and parts == parts[:length] * copies:
            # A multiple stays what it is where the short unit could not show its stereochemistry.
            first = _lasting_stereo(split(unit, chain_bonds(unit)[length - 1])[0])
            if unit_smiles(join([first] * copies)) == unit_smiles(unit):
                return first
    return unit


def _preference(unit: Chem.Mol, bond: int | None) -> tuple[int, list[int]]:
    """Rank a cut, at a bond or where it is, by the two atoms that become the ends of the unit.

    First by how many of them are part of a double bond, then by the seniority of both.
    """
    if bond is None:
        ends = [star.GetNeighbors()[0] for star in open_ends(unit)]
    else:
        ends = [unit.GetBondWithIdx(bond).GetBeginAtom(), unit.GetBondWithIdx(bond).GetEndAtom()]
    in_double_bonds = sum(
        any(bond.GetBondType() == Chem.BondType.DOUBLE for bond in atom.GetBonds()) for atom in ends
    )
    seniority = sorted(
        SENIORITY.index(atom.GetSymbol()) if atom.GetSymbol() in SENIORITY else len(SENIORITY)
        for atom in ends
    )
    return in_double_bonds, seniority
