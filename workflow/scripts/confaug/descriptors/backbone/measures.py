"""What is measured on a unit in its chain; `declaration` says what each number means."""

from functools import cache

from rdkit import Chem

from confaug.descriptors.backbone.chain import Predicate, UnitInChain
from confaug.infrastructure.sums import sum_in_order

#: Average mass of hydrogen, g/mol.
_HYDROGEN = 1.008
#: Single bonds outside rings between atoms that both go on, but no amide bonds and none to a
#: triple bond.
_ROTATABLE = (
    "[!$(*#*);!D1]-;!@[!$(*#*);!D1]",
    "[CX3](=[O,S])-;!@[#7]",
)


@cache
def _pattern(smarts: str) -> Chem.Mol:
    return Chem.MolFromSmarts(smarts)


# Predicates


def element(*numbers: int) -> Predicate:
    """Ask for one of several elements."""
    return lambda atom: atom.GetAtomicNum() in numbers


def is_aromatic(atom: Chem.Atom) -> bool:
    """Ask for an aromatic atom."""
    return bool(atom.GetIsAromatic())


def is_methylene(atom: Chem.Atom) -> bool:
    """Ask for a CH2 group outside rings."""
    return (
        atom.GetAtomicNum() == 6
        and atom.GetTotalNumHs() == 2
        and not atom.IsInRing()
        and atom.GetHybridization() == Chem.HybridizationType.SP3
    )


def is_methyl(atom: Chem.Atom) -> bool:
    """Ask for a CH3 group."""
    return atom.GetAtomicNum() == 6 and atom.GetTotalNumHs() == 3


def is_donor(atom: Chem.Atom) -> bool:
    """Ask for an N, O or S atom that carries hydrogen."""
    return atom.GetAtomicNum() in (7, 8, 16) and atom.GetTotalNumHs() > 0


def is_carbonyl(atom: Chem.Atom) -> bool:
    """Ask for a carbon atom with a double bond to oxygen, aromatic imides included."""
    return atom.GetAtomicNum() == 6 and any(
        bond.GetBondType() == Chem.BondType.DOUBLE and bond.GetOtherAtom(atom).GetAtomicNum() == 8
        for bond in atom.GetBonds()
    )


def is_nitrile(atom: Chem.Atom) -> bool:
    """Ask for the nitrogen atom of a nitrile."""
    return atom.GetAtomicNum() == 7 and any(
        bond.GetBondType() == Chem.BondType.TRIPLE for bond in atom.GetBonds()
    )


def is_branch(atom: Chem.Atom) -> bool:
    """Ask for a saturated carbon atom with three or four heavy neighbours, outside rings."""
    return (
        atom.GetAtomicNum() == 6
        and not atom.IsInRing()
        and atom.GetHybridization() == Chem.HybridizationType.SP3
        and _heavy_degree(atom) > 2
    )


def _heavy_degree(atom: Chem.Atom) -> int:
    return sum(neighbour.GetAtomicNum() != 1 for neighbour in atom.GetNeighbors())


# Measures of a unit


def mass(chain: UnitInChain, indices: frozenset[int]) -> float:
    """Return the mass of atoms with their hydrogens, g/mol."""
    masses = (atom.GetMass() + _HYDROGEN * atom.GetTotalNumHs() for atom in chain.atoms(indices))
    return float(sum_in_order(masses, 0.0))


def rotatable_bonds(chain: UnitInChain) -> set[tuple[int, int]]:
    """Return the rotatable bonds of the whole chain."""
    single, amide = (_bonds(chain, smarts) for smarts in _ROTATABLE)
    return single - amide


def _bonds(chain: UnitInChain, smarts: str) -> set[tuple[int, int]]:
    """Return the first and last atoms of all matches, which are the ends of a bond."""
    pattern = _pattern(smarts)
    matches = chain.mol.GetSubstructMatches(pattern, maxMatches=10 * chain.mol.GetNumAtoms())
    return {(min(ends), max(ends)) for match in matches for ends in [(match[0], match[-1])]}


def backbone_rotatable_bonds(chain: UnitInChain) -> float:
    """Count rotatable bonds along the backbone."""
    return chain.count_bonds(rotatable_bonds(chain), chain.backbone)


def side_rotatable_bonds(chain: UnitInChain) -> float:
    """Count rotatable bonds of side chains, those to the backbone included."""
    return chain.count_bonds(rotatable_bonds(chain)) - backbone_rotatable_bonds(chain)


def double_bonds_in_backbone(chain: UnitInChain) -> float:
    """Count double bonds between backbone atoms, aromatic ones not."""
    bonds = {
        (bond.GetBeginAtomIdx(), bond.GetEndAtomIdx())
        for bond in chain.mol.GetBonds()
        if bond.GetBondType() == Chem.BondType.DOUBLE
    }
    return chain.count_bonds(bonds, chain.backbone)


def substituents(chain: UnitInChain) -> list[int]:
    """Return how many heavy atoms each backbone atom carries outside the backbone.

    Those of double bonds, as in a carbonyl or sulfonyl group, do not count.
    """
    return [
        sum(
            bond.GetBondType() == Chem.BondType.SINGLE
            and bond.GetOtherAtom(atom).GetAtomicNum() > 1
            and bond.GetOtherAtomIdx(atom.GetIdx()) not in chain.backbone
            for bond in atom.GetBonds()
        )
        for atom in chain.atoms(chain.unit_backbone)
    ]


def rings(chain: UnitInChain, *, in_backbone: bool) -> int:
    """Count the smallest rings of the unit that are part of the backbone, or those that are not."""
    return sum(
        set(ring) <= chain.unit and (set(ring) <= chain.backbone) == in_backbone
        for ring in chain.mol.GetRingInfo().AtomRings()
    )


def side_chain_length(chain: UnitInChain) -> int:
    """Return the bonds from the backbone to the farthest heavy atom of a side chain."""
    distance = 0
    reached = set(chain.unit_backbone)
    border = reached
    while border := {
        neighbour.GetIdx()
        for atom in chain.atoms(border)
        for neighbour in atom.GetNeighbors()
        if neighbour.GetIdx() in chain.side - reached
    }:
        reached |= border
        distance += 1
    return distance


def longest_alkyl_run(chain: UnitInChain) -> int:
    """Return the number of CH2 groups in the longest unbroken row of a side chain."""
    left = {atom.GetIdx() for atom in chain.atoms(chain.side) if is_methylene(atom)}
    longest = 0
    while left:
        row, border = set[int](), {left.pop()}
        while border:
            row |= border
            border = {
                neighbour.GetIdx()
                for atom in chain.atoms(border)
                for neighbour in atom.GetNeighbors()
            } & left
            left -= border
        longest = max(longest, len(row))
    return longest
