"""The graph of a molecule, with or without hydrogens, as arrays."""

from functools import cached_property

import numpy as np
from rdkit import Chem
from rdkit.Chem.rdPartialCharges import ComputeGasteigerCharges

from confaug.descriptors.mordred2d.kernels import Kernels
from confaug.descriptors.mordred2d.neighbours import Neighbours
from confaug.descriptors.mordred2d.properties import (
    TABULATED,
    orders_of_types,
    outer_electrons,
    period,
    property_tables,
)

#: RDKit's "distance" between atoms of different components.
UNREACHABLE = 1e8
#: Distances above this are between components.
FAR = 1e6
HYDROGEN = 1
#: Codes of the properties that `atom_loops.describe_vertices` finds, in its order.
ENVIRONMENT = ("dv", "d", "s")


class Graph:
    """Atoms and bonds of a molecule, read from RDKit once, as arrays.

    Parameters
    ----------
    mol
        Sanitised molecule; its hydrogens are atoms of their own or are not, as it comes.
    kernels
        The loops to use.
    """

    def __init__(self, mol: Chem.Mol, kernels: Kernels) -> None:
        self.mol = mol
        self.kernels = kernels
        self.n_atoms: int = mol.GetNumAtoms()
        self.n_bonds: int = mol.GetNumBonds()
        #: The graph that hydrogens were added to, which has the same charges.
        self.heavy: Graph | None = None

    @cached_property
    def atoms(self) -> list[Chem.Atom]:
        """RDKit's atoms."""
        return list(map(self.mol.GetAtomWithIdx, range(self.n_atoms)))

    @cached_property
    def _read_atoms(self) -> np.ndarray:
        """Number, charge, hydrogens and aromaticity of each atom, int64 (4, N)."""
        read = [
            (
                *(atom.GetAtomicNum(), atom.GetFormalCharge()),
                *(atom.GetTotalNumHs(), atom.GetIsAromatic()),
            )
            for atom in self.atoms
        ]
        return np.array(read, np.int64).T.copy()

    @cached_property
    def numbers(self) -> np.ndarray:
        """Atomic numbers, int64 (N,); 0 for an attachment point."""
        found: np.ndarray = self._read_atoms[0]
        return found

    @cached_property
    def formal_charges(self) -> np.ndarray:
        """Formal charges, int64 (N,)."""
        found: np.ndarray = self._read_atoms[1]
        return found

    @cached_property
    def hydrogens(self) -> np.ndarray:
        """Number of hydrogens on each atom that are not atoms of the graph, int64 (N,)."""
        found: np.ndarray = self._read_atoms[2]
        return found

    @cached_property
    def is_aromatic(self) -> np.ndarray:
        """Which atoms are aromatic, bool (N,)."""
        found: np.ndarray = self._read_atoms[3] > 0
        return found

    @cached_property
    def masses(self) -> np.ndarray:
        """Masses in g/mol, isotopes respected, (N,)."""
        return np.array([atom.GetMass() for atom in self.atoms])

    @cached_property
    def is_hydrogen(self) -> np.ndarray:
        """Which atoms are hydrogens, bool (N,)."""
        found: np.ndarray = self.numbers == HYDROGEN
        return found

    @cached_property
    def has_hydrogen(self) -> bool:
        """Whether one of the atoms is a hydrogen."""
        return bool(self.is_hydrogen.any())

    @cached_property
    def _read_bonds(self) -> np.ndarray:
        """Begin, end, type and aromaticity of each bond, int64 (B, 4)."""
        read = [
            (
                *(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()),
                *(bond.GetBondType(), bond.GetIsAromatic()),
            )
            for bond in map(self.mol.GetBondWithIdx, range(self.n_bonds))
        ]
        return np.array(read, np.int64).reshape(-1, 4)

    @cached_property
    def bonds(self) -> np.ndarray:
        """Atom indices of each bond, int64 (B, 2)."""
        return self._read_bonds[:, :2].copy()

    @cached_property
    def bond_types(self) -> np.ndarray:
        """RDKit's number of the type of each bond, int64 (B,)."""
        return self._read_bonds[:, 2].copy()

    @cached_property
    def bond_orders(self) -> np.ndarray:
        """Order of each bond, 1.5 for aromatic ones, float64 (B,)."""
        found: np.ndarray = orders_of_types()[self.bond_types]
        return found

    @cached_property
    def is_aromatic_bond(self) -> np.ndarray:
        """Which bonds are aromatic, bool (B,)."""
        return self._read_bonds[:, 3] > 0

    @cached_property
    def _vertices(self) -> tuple[np.ndarray, np.ndarray]:
        """What `atom_loops.describe_vertices` finds."""
        degrees, deltas = np.zeros((2, self.n_atoms), np.int64), np.empty((3, self.n_atoms))
        self.kernels.describe_vertices(
            *(self.numbers, self.formal_charges, self.hydrogens, self.bonds),
            *(outer_electrons(), period(), degrees, deltas),
        )
        return degrees, deltas

    @property
    def both_degrees(self) -> np.ndarray:
        """`degrees` and `heavy_degrees`, int64 (2, N)."""
        return self._vertices[0]

    @property
    def degrees(self) -> np.ndarray:
        """Number of neighbours of each atom, int64 (N,)."""
        found: np.ndarray = self._vertices[0][0]
        return found

    @property
    def heavy_degrees(self) -> np.ndarray:
        """Number of neighbours other than hydrogen, int64 (N,)."""
        found: np.ndarray = self._vertices[0][1]
        return found

    @cached_property
    def all_hydrogens(self) -> np.ndarray:
        """Number of hydrogens on each atom, int64 (N,)."""
        found: np.ndarray = self.hydrogens + self.degrees - self.heavy_degrees
        return found

    @cached_property
    def adjacency(self) -> np.ndarray:
        """Adjacency matrix, int64 (N, N)."""
        matrix = np.zeros((self.n_atoms, self.n_atoms), np.int64)
        first, second = self.bonds.T
        matrix[first, second] = matrix[second, first] = 1
        return matrix

    @cached_property
    def neighbours(self) -> Neighbours:
        """Neighbour lists of all atoms."""
        return Neighbours.of(self.n_atoms, self.bonds)

    @cached_property
    def distances(self) -> np.ndarray:
        """Bonds between each two atoms, `UNREACHABLE` where no path is, float64 (N, N)."""
        matrix = np.empty((self.n_atoms, self.n_atoms))
        lists = self.neighbours
        self.kernels.count_bonds_between(lists.starts, lists.atoms, UNREACHABLE, matrix)
        return matrix

    @cached_property
    def gasteiger_charges(self) -> np.ndarray:
        """Charges by Gasteiger and Marsili including those of implicit hydrogens, (N,).

        NaN where there are no parameters.
        """
        if self.heavy is None:
            found: np.ndarray = self.own_charges + self.hydrogen_charges
            return found
        # All hydrogens of an atom have the same charge.
        number, own = self.heavy.hydrogens, self.heavy.own_charges
        shares = self.heavy.hydrogen_charges / np.maximum(number, 1) + 0.0 * own
        return np.concatenate([own, np.repeat(shares, number)])

    @cached_property
    def own_charges(self) -> np.ndarray:
        """Gasteiger charges of the atoms alone, (N,)."""
        ComputeGasteigerCharges(self.mol)
        return np.array([atom.GetDoubleProp("_GasteigerCharge") for atom in self.atoms])

    @cached_property
    def hydrogen_charges(self) -> np.ndarray:
        """Sums of the Gasteiger charges of the implicit hydrogens of each atom, (N,)."""
        if np.isnan(self.own_charges).all() or not self.hydrogens.any():
            return np.zeros(self.n_atoms)
        return np.array([atom.GetDoubleProp("_GasteigerHCharge") for atom in self.atoms])

    @cached_property
    def is_acyclic(self) -> bool:
        """Whether there is no ring, by the number of bonds and by RDKit."""
        return self.n_bonds < self.n_atoms and self.mol.GetRingInfo().NumRings() == 0

    @cached_property
    def tabulated(self) -> np.ndarray:
        """The tabulated properties of all atoms, (8, N); NaN where one is not known."""
        return np.take(property_tables(), self.numbers, axis=1)

    def properties(self, codes: tuple[str, ...]) -> np.ndarray:
        """Return properties of all atoms by mordred's codes for them, float64 (codes, N).

        NaN where one is not known. The codes are those of `properties.PROPERTIES`.
        """
        if codes == TABULATED:
            return self.tabulated
        return np.stack([self.property(code) for code in codes])

    def property(self, code: str) -> np.ndarray:
        """Return one property of all atoms, (N,); see `properties`."""
        if code == "c":
            return self.gasteiger_charges
        known, codes = self.tabulated, TABULATED
        if code in ENVIRONMENT:
            known, codes = self._vertices[1], ENVIRONMENT
        found: np.ndarray = known[codes.index(code)]
        return found

    def symbols(self, where: np.ndarray) -> str:
        """Return the element symbols of some atoms, each once, for messages."""
        table = Chem.GetPeriodicTable()
        numbers = np.unique(self.numbers[where])
        return ", ".join("*" if z == 0 else table.GetElementSymbol(int(z)) for z in numbers)


def with_hydrogens(heavy: Graph, mol: Chem.Mol) -> Graph:
    """Return the graph of a molecule to which RDKit added the hydrogens of another graph.

    RDKit appends them in the order of the atoms, so that little has to be read.
    """
    graph = Graph(mol, heavy.kernels)
    n = heavy.n_atoms
    owners = np.repeat(np.arange(n), heavy.hydrogens)
    atoms, bonds = (graph.n_atoms,), (graph.n_bonds,)
    graph.numbers = _extended(heavy.numbers, atoms, HYDROGEN)
    graph.formal_charges = _extended(heavy.formal_charges, atoms, 0)
    graph.hydrogens = np.zeros(atoms, np.int64)
    graph.heavy = heavy
    graph.bonds = np.empty((graph.n_bonds, 2), np.int64)
    graph.bonds[: heavy.n_bonds] = heavy.bonds
    graph.bonds[heavy.n_bonds :, 0] = owners
    graph.bonds[heavy.n_bonds :, 1] = np.arange(n, graph.n_atoms)
    graph.bond_orders = _extended(heavy.bond_orders, bonds, 1.0)
    graph.bond_types = _extended(heavy.bond_types, bonds, int(Chem.BondType.SINGLE))
    graph.is_aromatic_bond = _extended(heavy.is_aromatic_bond, bonds, False)
    return graph


def _extended(known: np.ndarray, shape: tuple[int], value: float) -> np.ndarray:
    """Return an array that begins with the known values and ends with the same value."""
    longer = np.full(shape, value, known.dtype)
    longer[: len(known)] = known
    return longer


def kekulised(graph: Graph) -> Graph:
    """Return a graph with single and double in place of aromatic bonds; itself if it has none."""
    aromatic = np.flatnonzero(graph.is_aromatic_bond)
    if not len(aromatic):
        return graph
    mol = Chem.Mol(graph.mol)
    Chem.Kekulize(mol)
    result = Graph(mol, graph.kernels)
    result.bond_types = graph.bond_types.copy()
    result.bond_types[aromatic] = [mol.GetBondWithIdx(k).GetBondType() for k in aromatic.tolist()]
    for name in ("numbers", "formal_charges", "hydrogens", "bonds", "is_aromatic_bond"):
        setattr(result, name, getattr(graph, name))
    result._vertices, result.neighbours = graph._vertices, graph.neighbours
    return result
