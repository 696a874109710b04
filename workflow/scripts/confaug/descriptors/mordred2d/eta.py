r"""Extended topochemical atom (ETA) indices.

The core count of an atom is :math:`\alpha = (Z - Z_v) / (Z_v (P - 1))`, with the atomic number *Z*,
the number of valence electrons :math:`Z_v` and the period *P*; its electronegativity measure is
:math:`\epsilon = 0.3 Z_v - \alpha`. The valence electron mobile count β adds, for each bond to a
heavy atom, 0.5 (0.75 where the two ε differ by more than 0.3) and a part of the multiple bonds, and
0.5 for a lone pair in resonance with an aromatic ring. From these follow
:math:`\gamma = \alpha / \beta` and :math:`\eta = \sum_{i<j} \sqrt{\gamma_i \gamma_j / r_{ij}^2}`,
and the same for a reference alkane, in which every heavy atom is a carbon and every bond single.

The reference alkane and the saturated molecule (bonds between carbons made single) need not be
built, since all that is asked of them are sums over atoms: the numbers of hydrogens follow from the
valences. RDKit builds the latter only where there are charges or unusual elements or valences.

References
----------
Roy, K.; Ghosh, G. Internet Electron. J. Mol. Des. 2003, 2, 599; J. Chem. Inf. Comput. Sci. 2004,
44, 559. Roy, K.; Das, R. N. SAR QSAR Environ. Res. 2011, 22, 451.
"""

from functools import cache

import numpy as np
from rdkit import Chem

from confaug.descriptors.mordred2d.family import Family
from confaug.descriptors.mordred2d.graph import HYDROGEN, UNREACHABLE, Graph
from confaug.descriptors.mordred2d.molecule import Molecule
from confaug.descriptors.mordred2d.neighbours import Neighbours
from confaug.descriptors.mordred2d.properties import CARBON, N_ELEMENTS, outer_electrons, period
from confaug.descriptors.mordred2d.rings import rings_of

#: Most neighbours of an atom for which there is a reference alkane.
MOST_NEIGHBOURS = 4
#: Elements whose implicit hydrogens, when neutral, follow from RDKit's list of valences alone.
ORDINARY = (1, 5, 6, 7, 8, 9, 14, 15, 16, 17, 35, 53)
HELIUM = 2


@cache
def core_counts() -> np.ndarray:
    """Return α of all elements; NaN or infinite where it is not defined."""
    numbers, valence = np.arange(N_ELEMENTS + 1), outer_electrons()
    with np.errstate(divide="ignore", invalid="ignore"):
        counts = (numbers - valence) / (valence * (period() - 1))
    counts[HYDROGEN] = 0.0
    found: np.ndarray = counts
    return found


@cache
def epsilons() -> np.ndarray:
    """Return ε of all elements."""
    found: np.ndarray = 0.3 * outer_electrons() - core_counts()
    return found


def mobile_counts(graph: Graph) -> np.ndarray:
    """Return the three parts of β of each atom: σ, π and resonance, (3, N)."""
    counts = np.zeros((3, graph.n_atoms))
    graph.kernels.count_mobile_electrons(
        *(graph.numbers, graph.bonds, graph.bond_types, graph.is_aromatic_bond),
        *(epsilons(), counts),
    )
    if graph.is_aromatic_bond.any():
        counts[2] = _resonance(graph)
    return counts


def _resonance(graph: Graph) -> np.ndarray:
    """Return 0.5 for atoms outside of rings with a lone pair beside an aromatic atom, (N,)."""
    found = np.zeros(graph.n_atoms)
    ends = graph.is_aromatic[graph.bonds]
    beside = graph.bonds[ends[:, ::-1] & ~ends]
    for index in set(beside.tolist()):
        atom = graph.mol.GetAtomWithIdx(index)
        free = outer_electrons()[graph.numbers[index]] - atom.GetTotalValence()
        if free > 0 and not atom.IsInRing():
            found[index] = 0.5
    return found


def saturated_hydrogens(graph: Graph) -> float:
    """Return the number of hydrogens of the saturated molecule, NaN if RDKit refuses it.

    Parameters
    ----------
    graph
        The Kekulé structure with all hydrogens.
    """
    added = graph.kernels.add_hydrogens(
        graph.numbers, graph.formal_charges, graph.bonds, graph.bond_orders, _valences()
    )
    return _saturated_by_rdkit(graph) if np.isnan(added) else added


@cache
def _valences() -> np.ndarray:
    """Return the valences of ordinary elements, padded with zeros, (elements, 4)."""
    table = np.zeros((N_ELEMENTS + 1, 4))
    for number in ORDINARY:
        listed = [v for v in Chem.GetPeriodicTable().GetValenceList(number) if v > 0]
        table[number, : len(listed)] = listed
    return table


def _saturated_by_rdkit(graph: Graph) -> float:
    """Do what `saturated_hydrogens` does by building the molecule."""
    inside = ~graph.is_hydrogen[graph.bonds].any(axis=1)
    carbons = (graph.numbers[graph.bonds] == CARBON).all(axis=1)
    mol, places = Chem.RWMol(), {}
    for index in np.flatnonzero(~graph.is_hydrogen):
        atom = Chem.Atom(int(graph.numbers[index]))
        atom.SetFormalCharge(int(graph.formal_charges[index]))
        places[int(index)] = mol.AddAtom(atom)
    for k in np.flatnonzero(inside):
        first, second = (places[int(end)] for end in graph.bonds[k])
        order = Chem.BondType.SINGLE if carbons[k] else Chem.BondType.values[graph.bond_types[k]]
        mol.AddBond(first, second, order)
    if Chem.SanitizeMol(mol, catchErrors=True) != Chem.SanitizeFlags.SANITIZE_NONE:
        return np.nan
    return float(Chem.AddHs(mol).GetNumAtoms() - mol.GetNumAtoms())


def own_sums(molecule: Molecule) -> np.ndarray:
    """Return what `eta_loops.sum_mobile_electrons` finds for the molecule without hydrogens."""
    graph, sums = molecule.heavy_kekulised, np.zeros(9)
    counts = mobile_counts(graph)
    if graph.n_atoms == 1 and graph.numbers[0] == HELIUM:  # α divides by zero, an error in mordred
        counts[0] = np.nan
    graph.kernels.sum_mobile_electrons(
        *(graph.numbers, graph.degrees, counts, core_counts()),
        *(molecule.heavy.distances, sums),
    )
    sums[7:] += 0.0 * sums[4]
    return sums


def reference_eta(molecule: Molecule) -> np.ndarray:
    """Return η of the reference alkane, of all and of bonded pairs; NaN where there is none."""
    graph = molecule.heavy
    if graph.degrees.max() > MOST_NEIGHBOURS:
        return np.full(2, np.nan)
    kept = ~graph.is_hydrogen
    degrees, distances = graph.degrees, graph.distances
    if graph.has_hydrogen:
        n = int(kept.sum())
        lists = Neighbours.of(n, (np.cumsum(kept) - 1)[graph.bonds[kept[graph.bonds].all(axis=1)]])
        degrees, distances = graph.heavy_degrees[kept], np.empty((n, n))
        graph.kernels.count_bonds_between(lists.starts, lists.atoms, UNREACHABLE, distances)
    return np.array(graph.kernels.sum_over_root_pairs(1.0 / degrees, distances))


def mean_epsilons(molecule: Molecule) -> np.ndarray:
    """Return the mean of ε over five sets of atoms.

    All atoms; those without hydrogens; the reference alkane; the saturated molecule; all atoms but
    hydrogens on carbon.
    """
    full, heavy, values = molecule.full, molecule.heavy, np.empty(5)
    added = saturated_hydrogens(molecule.full_kekulised)
    full.kernels.find_mean_epsilons(
        *(full.numbers, full.both_degrees, full.neighbours.starts, full.neighbours.atoms),
        *(added, epsilons(), values),
    )
    if heavy.has_hydrogen:
        values[1] = epsilons()[heavy.numbers].mean()
    return values


class ExtendedTopochemicalAtoms(Family):
    """The 45 ETA indices."""

    needs_one_component = True
    names = (
        *("ETA_alpha", "AETA_alpha", "ETA_shape_p", "ETA_shape_y", "ETA_shape_x"),
        *("ETA_beta", "AETA_beta", "ETA_beta_s", "AETA_beta_s"),
        *("ETA_beta_ns", "AETA_beta_ns", "ETA_beta_ns_d", "AETA_beta_ns_d"),
        *("ETA_eta", "AETA_eta", "ETA_eta_L", "AETA_eta_L"),
        *("ETA_eta_R", "AETA_eta_R", "ETA_eta_RL", "AETA_eta_RL"),
        *("ETA_eta_F", "AETA_eta_F", "ETA_eta_FL", "AETA_eta_FL"),
        *("ETA_eta_B", "AETA_eta_B", "ETA_eta_BR", "AETA_eta_BR"),
        *("ETA_dAlpha_A", "ETA_dAlpha_B"),
        *(f"ETA_epsilon_{kind}" for kind in range(1, 6)),
        *(f"ETA_dEpsilon_{kind}" for kind in "ABCD"),
        *("ETA_dBeta", "AETA_dBeta", "ETA_psi_1", "ETA_dPsi_A", "ETA_dPsi_B"),
    )

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        graph, values = molecule.heavy, np.empty(len(self.names))
        n_reference = int(np.count_nonzero(~graph.is_hydrogen))
        graph.kernels.find_eta_indices(
            *(own_sums(molecule), reference_eta(molecule), mean_epsilons(molecule)),
            *(graph.n_atoms, n_reference, len(molecule.shared(rings_of)), values),
        )
        return values
