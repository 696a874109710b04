"""A molecule as the families see it: graphs with and without hydrogens, and what they share."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from rdkit import Chem

from confaug.descriptors.mordred2d.graph import Graph, kekulised, with_hydrogens
from confaug.descriptors.mordred2d.kernels import Kernels

T = TypeVar("T")


class Molecule:
    """One molecule with everything that several families need.

    Parameters
    ----------
    mol
        Sanitised molecule with at least one atom. It is not changed.
    kernels
        The loops to use.
    """

    def __init__(self, mol: Chem.Mol, kernels: Kernels) -> None:
        self.mol = mol
        self.kernels = kernels
        self._shared: dict[Any, Any] = {}

    def shared(self, function: Callable[["Molecule"], T]) -> T:
        """Return what a function finds for this molecule, calculated once."""
        if function not in self._shared:
            self._shared[function] = function(self)
        found: T = self._shared[function]
        return found

    @cached_property
    def n_components(self) -> int:
        """Number of connected components."""
        return len(Chem.GetMolFrags(self.mol))

    @cached_property
    def keeps_order(self) -> bool:
        """Whether the atoms of `heavy` are the first of `full`, in the same order."""
        return self.heavy.n_atoms == self.mol.GetNumAtoms()

    @cached_property
    def heavy(self) -> Graph:
        """The graph without hydrogens, save those that RDKit does not remove."""
        graph = Graph(Chem.Mol(self.mol), self.kernels)
        if graph.has_hydrogen:
            return Graph(Chem.RemoveHs(self.mol, updateExplicitCount=True), self.kernels)
        return graph

    @cached_property
    def full(self) -> Graph:
        """The graph with all hydrogens."""
        mol = Chem.AddHs(self.mol)
        if self.keeps_order and mol.GetNumAtoms() == self.heavy.n_atoms + self.n_hydrogens:
            return with_hydrogens(self.heavy, mol)
        return Graph(mol, self.kernels)

    @property
    def n_hydrogens(self) -> int:
        """Number of hydrogens that are not atoms of `heavy`."""
        return int(self.heavy.hydrogens.sum())

    @cached_property
    def full_kekulised(self) -> Graph:
        """`full` with single and double in place of aromatic bonds."""
        return kekulised(self.full)

    @cached_property
    def heavy_kekulised(self) -> Graph:
        """`heavy` with single and double in place of aromatic bonds."""
        return kekulised(self.heavy)
