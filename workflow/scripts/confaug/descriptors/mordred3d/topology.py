"""Everything about a molecule that does not change from conformer to conformer."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from rdkit import Chem
from rdkit.Chem.rdPartialCharges import ComputeGasteigerCharges

from confaug.descriptors.mordred3d.properties import atomic_property

#: Radius of a water molecule in Å, the probe that rolls over the molecule.
SOLVENT_RADIUS = 1.4


@dataclass(frozen=True, eq=False)
class Topology:
    """Atoms, bonds and pair lists of one molecule with explicit hydrogens.

    Attributes
    ----------
    mol
        The molecule; conformers are ignored.

    Raises
    ------
    ValueError
        If the molecule has no atoms, or hydrogens that are not atoms of their own.
    """

    mol: Chem.Mol

    def __post_init__(self) -> None:
        if not self.mol.GetNumAtoms():
            raise ValueError("the molecule has no atoms")
        for atom in self.mol.GetAtoms():
            if atom.GetTotalNumHs():
                raise ValueError(
                    f"atom {atom.GetIdx()} ({atom.GetSymbol()}) has implicit hydrogens, which "
                    "have no coordinates; add them with Chem.AddHs(mol) before embedding"
                )

    @property
    def n_atoms(self) -> int:
        """Number of atoms, hydrogens included."""
        return self.mol.GetNumAtoms()

    @cached_property
    def numbers(self) -> np.ndarray:
        """Atomic numbers, int64 (N,)."""
        return np.array([atom.GetAtomicNum() for atom in self.mol.GetAtoms()], np.int64)

    @cached_property
    def masses(self) -> np.ndarray:
        """Atomic masses by RDKit, isotopes respected, in g/mol."""
        return np.array([atom.GetMass() for atom in self.mol.GetAtoms()])

    @cached_property
    def accessible_radii(self) -> np.ndarray:
        """Van der Waals radius plus the radius of the solvent, in Å."""
        return atomic_property("van der Waals radius", self.numbers) + SOLVENT_RADIUS

    @cached_property
    def charges(self) -> np.ndarray:
        """Gasteiger charges, NaN where Gasteiger has no parameters; in elementary charges."""
        mol = Chem.Mol(self.mol)
        ComputeGasteigerCharges(mol)
        return np.array(
            [
                atom.GetDoubleProp("_GasteigerCharge") + atom.GetDoubleProp("_GasteigerHCharge")
                for atom in mol.GetAtoms()
            ]
        )

    @cached_property
    def bonds(self) -> np.ndarray:
        """Atom indices of every bond, int64 (bonds, 2)."""
        ends = [(b.GetBeginAtomIdx(), b.GetEndAtomIdx()) for b in self.mol.GetBonds()]
        return np.array(ends, np.int64).reshape(-1, 2)

    @cached_property
    def is_heavy(self) -> np.ndarray:
        """Which atoms RDKit keeps when it removes hydrogens, bool (N,).

        Not simply the atoms other than hydrogen: those of H2, isotopes and bridges stay.
        """
        mol = Chem.Mol(self.mol)
        for atom in mol.GetAtoms():
            atom.SetIntProp("_index", atom.GetIdx())
        kept = np.zeros(self.n_atoms, bool)
        for atom in Chem.RemoveHs(mol, updateExplicitCount=True).GetAtoms():
            kept[atom.GetIntProp("_index")] = True
        return kept

    @cached_property
    def fragments(self) -> np.ndarray:
        """Number of the connected component of each atom, int64 (N,)."""
        label = np.zeros(self.n_atoms, np.int64)
        for number, atoms in enumerate(Chem.GetMolFrags(self.mol)):
            label[list(atoms)] = number
        return label

    @cached_property
    def elements(self) -> np.ndarray:
        """The different atomic numbers, ascending."""
        return np.unique(self.numbers)

    @cached_property
    def pairs(self) -> "AtomPairs":
        """All pairs of atoms, sorted by the two elements."""
        return AtomPairs.of(self)

    def symbols(self, where: np.ndarray) -> str:
        """Return the element symbols of some atoms, each once, for messages."""
        table = Chem.GetPeriodicTable()
        numbers = np.unique(self.numbers[where])
        return ", ".join("*" if z == 0 else table.GetElementSymbol(int(z)) for z in numbers)


@dataclass(frozen=True, eq=False)
class AtomPairs:
    """All P = N (N - 1) / 2 pairs of atoms, pairs of the same two elements in one run.

    Attributes
    ----------
    first, second
        Atom indices, int64 (P,).
    starts
        Where each run begins, and P at the end, int64 (runs + 1,).
    classes
        Indices into `Topology.elements` of each run, int64 (runs, 2).
    masses
        Product of the two masses, float64 (P,).
    heavy_masses
        The same, 0 for a pair with a removable hydrogen.
    """

    first: np.ndarray
    second: np.ndarray
    starts: np.ndarray
    classes: np.ndarray
    masses: np.ndarray
    heavy_masses: np.ndarray

    @classmethod
    def of(cls, topology: Topology) -> "AtomPairs":
        """List the pairs of a molecule."""
        first, second = np.triu_indices(topology.n_atoms, 1)
        element = np.searchsorted(topology.elements, topology.numbers)
        low = np.minimum(element[first], element[second])
        high = np.maximum(element[first], element[second])
        key = low * len(topology.elements) + high
        order = np.argsort(key, kind="stable")
        first, second, key = first[order], second[order], key[order]
        keys, starts = np.unique(key, return_index=True)
        masses = topology.masses[first] * topology.masses[second]
        heavy = topology.is_heavy[first] & topology.is_heavy[second]
        return cls(
            first=first.astype(np.int64),
            second=second.astype(np.int64),
            starts=np.append(starts, len(first)).astype(np.int64),
            classes=np.stack(np.divmod(keys, len(topology.elements)), axis=1),
            masses=masses,
            heavy_masses=np.where(heavy, masses, 0.0),
        )
