"""A repeat unit as it stands in its chain: neighbours on both sides, backbone and side chains."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

from rdkit import Chem, rdBase

from confaug.molecules.polymerisation.joining import HEAD, TAIL, chain_atoms, end, join, read_unit
from confaug.molecules.smiles import smiles_of_ordinary_isotopes

#: Atoms of the chain on either side of the unit, so that its ends see what they see in a polymer.
FLANK = 4

Predicate = Callable[[Chem.Atom], bool]


@dataclass(frozen=True)
class UnitInChain:
    """The middle one of several equal units, joined head to tail.

    All that is counted for the middle unit is the same wherever the chain is cut into units and
    whichever end is the head: a bond to the next unit counts half for each.

    Attributes
    ----------
    mol
        The chain.
    unit
        The heavy atoms of the middle unit.
    backbone
        The backbone atoms of the whole chain: those that lie on any way from one end to the other
        that visits no atom twice. Rings through which the chain runs belong to it as a whole; a
        ring that hangs at a single atom does not.
    chain_length
        Atoms of the middle unit on the shortest way along the chain.
    """

    mol: Chem.Mol
    unit: frozenset[int]
    backbone: frozenset[int]
    chain_length: int

    @cached_property
    def unit_backbone(self) -> frozenset[int]:
        """The backbone atoms of the middle unit."""
        return self.unit & self.backbone

    @cached_property
    def side(self) -> frozenset[int]:
        """The side-chain atoms of the middle unit."""
        return self.unit - self.backbone

    def atoms(self, indices: Collection[int]) -> list[Chem.Atom]:
        """Return atoms of the chain."""
        return [self.mol.GetAtomWithIdx(index) for index in sorted(indices)]

    def count(self, indices: Collection[int], predicate: Predicate) -> int:
        """Count the atoms for which a predicate holds."""
        return sum(map(predicate, self.atoms(indices)))

    def count_bonds(
        self, bonds: Collection[tuple[int, int]], within: frozenset[int] | None = None
    ) -> float:
        """Count bonds of the middle unit; one to a neighbouring unit counts half.

        Parameters
        ----------
        bonds
            Pairs of atoms of the whole chain.
        within
            Count bonds alone whose two atoms are among these.
        """
        return sum(
            ((a in self.unit) + (b in self.unit)) / 2
            for a, b in bonds
            if within is None or {a, b} <= within
        )


def place_in_chain(unit: str) -> UnitInChain:
    """Put a repeat unit between equal units.

    Parameters
    ----------
    unit
        SMILES with two `*`. Isotope labels are left out of account.

    Raises
    ------
    StructureError
        If this is no repeat unit.

    Examples
    --------
    >>> chain = place_in_chain("*CC(*)c1ccccc1")
    >>> len(chain.unit), len(chain.unit_backbone), chain.chain_length
    (8, 2, 2)
    """
    with rdBase.BlockLogs():
        mol = read_unit(smiles_of_ordinary_isotopes(unit))
        length = len(chain_atoms(mol))
        flank = -(-FLANK // length)
        backbone = _backbone(mol)
        copies = []
        for number in range(2 * flank + 1):
            copy = Chem.Mol(mol)
            for atom in copy.GetAtoms():
                atom.SetBoolProp("in_unit", number == flank and atom.GetAtomicNum() > 1)
                atom.SetBoolProp("in_backbone", atom.GetIdx() in backbone)
            copies.append(copy)
        chain = join(copies)
    atoms = list(chain.GetAtoms())
    return UnitInChain(
        mol=chain,
        unit=frozenset(atom.GetIdx() for atom in atoms if atom.GetBoolProp("in_unit")),
        backbone=frozenset(atom.GetIdx() for atom in atoms if atom.GetBoolProp("in_backbone")),
        chain_length=length,
    )


def _backbone(mol: Chem.Mol) -> set[int]:
    """Return the backbone atoms of a unit.

    With a bond between its two `*`, these are the atoms of the rings that share bonds with the
    ring so closed, directly or through others.
    """
    closed = Chem.RWMol(mol)
    ends = (end(mol, HEAD), end(mol, TAIL))
    closed.AddBond(*ends, Chem.BondType.SINGLE)
    rings = [set(_ring_bonds(list(ring))) for ring in Chem.GetSSSR(closed)]
    reached = {frozenset(ends)}
    while touching := [ring for ring in rings if ring & reached]:
        rings = [ring for ring in rings if not ring & reached]
        reached = reached.union(*touching)
    return {atom for bond in reached for atom in bond} - set(ends)


def _ring_bonds(ring: list[int]) -> list[frozenset[int]]:
    """Return the bonds around a ring as pairs of atoms."""
    return [frozenset(pair) for pair in zip(ring, ring[1:] + ring[:1], strict=True)]
