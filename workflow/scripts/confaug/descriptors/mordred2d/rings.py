"""Ring counts and the molecular framework.

Rings are those of RDKit's symmetrised smallest set. ``nRing`` counts all, a number those of so many
atoms (G12: twelve or more), F the unions of rings that share bonds with each other, a (A) those
with aromatic atoms alone (not alone), H those with a heteroatom. fMF is the share of the atoms,
hydrogens included, that are in rings or on the way between rings.

References
----------
Bemis, G. W.; Murcko, M. A. J. Med. Chem. 1996, 39, 2887. Yang, Y. et al. J. Med. Chem. 2010, 53,
7709.
"""

from typing import NamedTuple

import numpy as np
from rdkit import Chem

from confaug.descriptors.mordred2d.family import Family
from confaug.descriptors.mordred2d.graph import Graph
from confaug.descriptors.mordred2d.molecule import Molecule
from confaug.descriptors.mordred2d.properties import CARBON

LARGE = 12
#: Fused, smallest size.
KINDS = (("", 3), ("F", 4))
AROMATIC, HETERO = ("", "a", "A"), ("", "H")


class Ring(NamedTuple):
    """A ring, or a union of fused rings."""

    atoms: frozenset[int]
    #: Whether all atoms are aromatic, and whether one is not carbon.
    aromatic: bool
    hetero: bool


def rings_of(molecule: Molecule) -> list[Ring]:
    """Return the rings of a molecule."""
    graph = molecule.heavy
    if graph.is_acyclic:
        return []
    return [_ring(graph, frozenset(atoms)) for atoms in Chem.GetSymmSSSR(graph.mol)]


def fused_rings_of(molecule: Molecule) -> list[Ring]:
    """Return the unions of rings that share bonds with each other."""
    graph = molecule.heavy
    unions: list[tuple[set[int], list[frozenset[int]]]] = []
    for atoms, _, _ in molecule.shared(rings_of):
        touching = [union for union in unions if any(len(atoms & one) >= 2 for one in union[1])]
        merged = (set(atoms).union(*(union[0] for union in touching)), [atoms])
        for union in touching:
            merged[1].extend(union[1])
            unions.remove(union)
        unions.append(merged)
    return [_ring(graph, frozenset(atoms)) for atoms, rings in unions if len(rings) > 1]


def _ring(graph: Graph, atoms: frozenset[int]) -> Ring:
    """Look up of what atoms a ring is made."""
    inside = list(atoms)
    aromatic, hetero = graph.is_aromatic[inside], graph.numbers[inside] != CARBON
    return Ring(atoms, bool(aromatic.all()), bool(hetero.any()))


class RingCounts(Family):
    """The 138 ring counts."""

    names = tuple(
        f"n{size}{fused}{aromatic}{hetero}Ring"
        for fused, smallest in KINDS
        for aromatic in AROMATIC
        for hetero in HETERO
        for size in ("", *range(smallest, LARGE + 1), f"G{LARGE}")
    )

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        parts = []
        for function, (_, smallest) in zip((rings_of, fused_rings_of), KINDS, strict=True):
            sizes = list(range(smallest, LARGE + 1))
            counts = np.zeros((len(AROMATIC), len(HETERO), len(sizes) + 2))
            for ring in molecule.shared(function):
                columns = [0]
                if smallest <= len(ring.atoms) <= LARGE:
                    columns.append(1 + len(ring.atoms) - smallest)
                if len(ring.atoms) >= LARGE:
                    columns.append(len(sizes) + 1)
                for aromatic in (0, 1 if ring.aromatic else 2):
                    for hetero in (0, 1) if ring.hetero else (0,):
                        counts[aromatic, hetero, columns] += 1.0
            parts.append(counts.ravel())
        return np.concatenate(parts)


class MolecularFramework(Family):
    """The share of the atoms that belong to the molecular framework."""

    names = ("fMF",)

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the value; see `Family.describe`."""
        graph = molecule.full
        in_ring = np.zeros(graph.n_atoms, bool)
        for ring in molecule.shared(rings_of):
            in_ring[list(ring.atoms)] = True
        if not in_ring.any():
            return np.zeros(1)
        kept, lists = np.empty(graph.n_atoms, bool), graph.neighbours
        graph.kernels.cut_ends(lists.starts, lists.atoms, in_ring, kept)
        return np.array([np.count_nonzero(kept) / graph.n_atoms])
