r"""Paths and subgraphs of bonds: path counts, connectivity indices and kappa shape indices.

A path visits no atom twice. MPC *n* counts the paths of *n* bonds, piPC *n* is the logarithm of
1 plus the sum over them of the product of their bond orders. The connectivity index of order *n*
sums :math:`\prod \delta_i^{-1/2}` over the connected sets of *n* bonds of one kind: paths (Xp),
clusters (Xc), path-clusters (Xpc) or chains (Xch), where δ is the number of heavy neighbours (d) or
the valence delta (dv). The kappa shape indices compare the number of paths of 1, 2 and 3 bonds with
the extreme numbers for as many atoms.

All follow from one enumeration of paths of up to 10 bonds and one of connected sets of up to 7.
Their numbers are bounded by the number of atoms times a power of the largest degree, and so is the
time. Hydrogens that RDKit keeps as atoms are in no path and no set.

References
----------
Kier, L. B.; Hall, L. H. Molecular Connectivity in Chemistry and Drug Research, 1976. Hall, L. H.;
Kier, L. B. Rev. Comput. Chem. 1991, 2, 367 (doi:10.1002/9780470125793.ch9). Randic, M. et al.
J. Chem. Inf. Comput. Sci. 1979, 19, 30.
"""

from typing import NamedTuple

import numpy as np

from confaug.descriptors.mordred2d.family import Family
from confaug.descriptors.mordred2d.graph import Graph
from confaug.descriptors.mordred2d.molecule import Molecule
from confaug.descriptors.mordred2d.neighbours import Neighbours
from confaug.descriptors.mordred2d.reasons import Reason

LONGEST_PATH = 10
LONGEST_CHI = 7
#: Steps of one enumeration after which it is given up; about a second of compiled code. Ordinary
#: molecules need thousands, cages like C60 some hundred thousand.
MOST_STEPS = 100_000_000
DELTAS = ("d", "dv")


class Sums(NamedTuple):
    """What an enumeration found, and whether it came to its end."""

    sums: np.ndarray
    complete: bool


def path_sums(molecule: Molecule) -> Sums:
    """Return the sums of `kernels.sum_over_paths` over the graph without hydrogens."""
    graph = molecule.heavy
    _, orders, lists = _heavy_bonds(graph)
    sums = np.zeros((LONGEST_PATH + 1, 6))
    steps = graph.kernels.sum_over_paths(
        *(lists.starts, lists.atoms, orders[lists.bonds], molecule.shared(vertex_degrees)),
        *(LONGEST_PATH, LONGEST_CHI, MOST_STEPS, sums),
    )
    return Sums(sums, steps <= MOST_STEPS)


def subgraph_sums(molecule: Molecule) -> Sums:
    """Return the sums of `kernels.sum_over_subgraphs` over the graph without hydrogens."""
    graph = molecule.heavy
    bonds, _, lists = _heavy_bonds(graph)
    sums = np.zeros((LONGEST_CHI + 1, 3, 4))
    # Sets of 7 bonds are of interest only where they can contain a ring.
    largest = LONGEST_CHI - 1 if graph.is_acyclic else LONGEST_CHI
    steps = graph.kernels.sum_over_subgraphs(
        bonds, lists.starts, lists.bonds, molecule.shared(vertex_degrees), largest, MOST_STEPS, sums
    )
    return Sums(sums, steps <= MOST_STEPS)


def _heavy_bonds(graph: Graph) -> tuple[np.ndarray, np.ndarray, Neighbours]:
    """Return the bonds without hydrogen, their orders, and neighbour lists of them."""
    if not graph.has_hydrogen:
        return graph.bonds, graph.bond_orders, graph.neighbours
    kept = ~graph.is_hydrogen[graph.bonds].any(axis=1)
    bonds = np.ascontiguousarray(graph.bonds[kept])
    return bonds, graph.bond_orders[kept], Neighbours.of(graph.n_atoms, bonds)


def vertex_degrees(molecule: Molecule) -> np.ndarray:
    """Return both kinds of vertex degree of all atoms of `Molecule.heavy`, (N, 2)."""
    return molecule.heavy.properties(DELTAS).T.copy()


def _given_up(what: str, names: tuple[str, ...]) -> list[Reason]:
    """Say that an enumeration was not finished."""
    text = f"the molecule has more than {MOST_STEPS:,} {what}"
    return [Reason("too_many_paths", text, names)]


class Paths(Family):
    """The 21 path counts, 32 connectivity indices of paths and 3 kappa shape indices.

    The shape indices come without Kier's correction for elements.
    """

    names = (
        *(f"MPC{n}" for n in range(2, LONGEST_PATH + 1)),
        f"TMPC{LONGEST_PATH}",
        *(f"piPC{n}" for n in range(1, LONGEST_PATH + 1)),
        f"TpiPC{LONGEST_PATH}",
        *(
            f"{mean}Xp-{n}{delta}"
            for delta in DELTAS
            for mean in ("", "A")
            for n in range(LONGEST_CHI + 1)
        ),
        *("Kier1", "Kier2", "Kier3"),
    )

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        found, values = molecule.shared(path_sums), np.full(len(self.names), np.nan)
        if found.complete:
            graph = molecule.heavy
            graph.kernels.find_path_descriptors(
                found.sums, graph.n_atoms, molecule.shared(vertex_degrees), values
            )
        return values

    def reasons(self, molecule: Molecule, lost: set[str]) -> list[Reason]:
        """Say if there are too many paths; see `Family.reasons`."""
        if molecule.shared(path_sums).complete:
            return []
        return _given_up(f"steps along paths of {LONGEST_PATH} bonds", self.names)


class BranchedConnectivity(Family):
    """The 24 connectivity indices of chains, clusters and path-clusters."""

    #: Prefix, place in the sums, orders.
    kinds = (("Xch", 0, range(3, 8)), ("Xc", 1, range(3, 7)), ("Xpc", 2, range(4, 7)))
    names = tuple(
        f"{prefix}-{n}{delta}" for prefix, _, orders in kinds for delta in DELTAS for n in orders
    )

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        found = molecule.shared(subgraph_sums)
        if not found.complete:
            return np.full(len(self.names), np.nan)
        columns, unknown = [], np.isnan(molecule.shared(vertex_degrees)).any(axis=0)
        for _, place, orders in self.kinds:
            for kind in range(len(DELTAS)):
                sums = found.sums[orders.start : orders.stop, place]
                bad = (sums[:, 2 + kind] > 0.0) | unknown[kind]
                columns.append(np.where(bad, np.nan, sums[:, kind]))
        return np.concatenate(columns)

    def reasons(self, molecule: Molecule, lost: set[str]) -> list[Reason]:
        """Say if there are too many sets of bonds; see `Family.reasons`."""
        if molecule.shared(subgraph_sums).complete:
            return []
        return _given_up(f"connected sets of up to {LONGEST_CHI} bonds", self.names)
