r"""What RDKit calculates itself: Crippen's contributions, surface shares, patterns, weights.

Contributions of atoms to logP and molar refractivity (Wildman and Crippen 1999) and to the
approximate surface area (Labute 2000) are asked for once; the VSA descriptors sum the surface of
the atoms whose charge (PEOE), logP (SlogP), refractivity (SMR) or electrotopological state (EState)
is in an interval, VSA_EState the states of the atoms whose surface is in an interval.

References
----------
Wildman, S. A.; Crippen, G. M. J. Chem. Inf. Comput. Sci. 1999, 39, 868. Labute, P. J. Mol. Graph.
Model. 2000, 18, 464. Ertl, P. et al. J. Med. Chem. 2000, 43, 3714. Lipinski, C. A. et al. Adv. Drug
Deliv. Rev. 1997, 23, 3. Ghose, A. K. et al. J. Comb. Chem. 1999, 1, 55.
"""

from functools import cache

import numpy as np
from rdkit import Chem
from rdkit.Chem import rdMolDescriptors
from rdkit.Chem.EState.EState_VSA import estateBins, vsaBins
from rdkit.Chem.MolSurf import chgBins, logpBins, mrBins

from confaug.descriptors.mordred2d.estate import state_indices
from confaug.descriptors.mordred2d.family import Family
from confaug.descriptors.mordred2d.molecule import Molecule
from confaug.descriptors.mordred2d.properties import CARBON
from confaug.infrastructure.sums import sum_in_order

#: Contributions to the logarithm of solubility (Filter-it, Silicos-it 2012): element, aromatic,
#: hydrogens (of carbon, those that are not atoms), number of neighbours with hydrogens, valence;
#: None for any.
SOLUBILITY = {
    (7, False, 0, 3, 3): 0.71535,
    (7, False, 2, 3, 3): 0.41056,
    (7, True, 0, 3, None): 0.82535,
    (8, False, 0, 2, 2): 0.31464,
    (8, False, 0, 1, 2): 0.14787,
    (8, False, 1, 2, 2): 0.62998,
    (6, True, 0, None, None): -0.3757,
    (6, True, 1, None, None): -0.22435,
    (9, False, None, None, None): -0.21728,
    (17, False, None, None, None): -0.49721,
    (35, False, None, None, None): -0.57982,
    (53, False, None, None, None): -0.51547,
}
#: The same of aliphatic carbon: hydrogens, whether it is in a ring.
SOLUBILITY_OF_CARBON = {
    (2, False): -0.35634,
    (3, False): -0.33888,
    (0, True): -0.21912,
    (2, True): -0.23057,
}
NITROGEN, OXYGEN, SULFUR = 7, 8, 16
#: Contributions of hydrogens to logP and refractivity, by Crippen's types.
HYDROGENS = {
    "H1": (0.123, 1.057),
    "H2": (-0.2677, 1.395),
    "H3": (0.2142, 0.9627),
    "H4": (0.298, 1.805),
    "HS": (0.1125, 1.112),
}
SOLUBILITY_START, SOLUBILITY_OF_MASS = 0.89823, -0.10369
ACIDS = ("[O;H1]-[C,S,P]=O", "[*;-;!$(*~[*;+])]", "[NH](S(=O)=O)C(F)(F)F", "n1nnnc1")
BASES = (
    *("[NH2]-[CX4]", "[NH](-[CX4])-[CX4]", "N(-[CX4])(-[CX4])-[CX4]"),
    *("[*;+;!$(*~[*;-])]", "N=C-N", "N-C=N"),
)
#: One pattern that any of the others matches.
ACID, BASE = (f"[{','.join(f'$({one})' for one in group)}]" for group in (ACIDS, BASES))


def crippen_contributions(molecule: Molecule) -> np.ndarray:
    """Return the contributions to logP and molar refractivity of the atoms of `Molecule.heavy`."""
    return np.array(rdMolDescriptors._CalcCrippenContribs(molecule.heavy.mol))


def logp_and_refractivity(molecule: Molecule) -> tuple[float, float]:
    """Return Crippen's logP and molar refractivity."""
    graph = molecule.heavy
    if graph.has_hydrogen:
        return rdMolDescriptors.CalcCrippenDescriptors(graph.mol)
    logp, refractivity = molecule.shared(crippen_contributions).sum(axis=0).tolist()
    columns = zip(
        *(graph.atoms, graph.numbers.tolist(), graph.is_aromatic.tolist()),
        graph.hydrogens.tolist(),
        strict=True,
    )
    for atom, number, aromatic, hydrogens in columns:
        if hydrogens:
            part = HYDROGENS[_kind_of_hydrogen(atom, number, aromatic)]
            logp += hydrogens * part[0]
            refractivity += hydrogens * part[1]
    return logp, refractivity


def _kind_of_hydrogen(atom: Chem.Atom, number: int, aromatic: bool) -> str:
    """Return Crippen's type of the hydrogens on an atom."""
    if number == CARBON:
        return "H1"
    if number == NITROGEN:
        return "H3"
    if number != OXYGEN:
        return "H2"
    if aromatic:
        return "HS"
    kinds = {_kind_of_hydroxyl(other) for other in atom.GetNeighbors()}
    if atom.GetTotalNumHs() > 1:
        kinds.add("H2")
    return min(kinds, default="HS")


def _kind_of_hydroxyl(neighbour: Chem.Atom) -> str:
    """Return Crippen's type of a hydrogen on an oxygen, by a neighbour of the oxygen."""
    number, aromatic = neighbour.GetAtomicNum(), neighbour.GetIsAromatic()
    if number not in (CARBON, NITROGEN, OXYGEN, SULFUR):
        return "H2"
    if number == NITROGEN:
        return "H3"
    if number in (OXYGEN, SULFUR):
        return "HS" if aromatic else "H4"
    if aromatic or neighbour.GetTotalDegree() == 4:
        return "H2"
    for bond in neighbour.GetBonds():
        other = bond.GetOtherAtom(neighbour)
        aliphatic = not other.GetIsAromatic()
        if bond.GetBondType() == Chem.BondType.DOUBLE and (
            other.GetAtomicNum() in (CARBON, NITROGEN)
            or (aliphatic and other.GetAtomicNum() in (OXYGEN, SULFUR))
        ):
            return "H4"
    return "HS"


def surface_contributions(molecule: Molecule) -> np.ndarray:
    """Return the share of Labute's surface of each atom of `Molecule.heavy`, in Å²."""
    return np.array(rdMolDescriptors._CalcLabuteASAContribs(molecule.heavy.mol, True)[0])


def donors_and_acceptors(molecule: Molecule) -> tuple[int, int]:
    """Return the numbers of hydrogen bond donors and acceptors."""
    mol = molecule.heavy.mol
    return rdMolDescriptors.CalcNumHBD(mol), rdMolDescriptors.CalcNumHBA(mol)


@cache
def _pattern(smarts: str) -> Chem.Mol:
    """Return a compiled pattern."""
    return Chem.MolFromSmarts(smarts)


def count_matches(mol: Chem.Mol, smarts: str) -> int:
    """Return how often a pattern occurs."""
    return len(mol.GetSubstructMatches(_pattern(smarts)))


class GroupCounts(Family):
    """The 4 numbers of acidic, basic, accepting and donating groups."""

    names = ("nAcid", "nBase", "nHBAcc", "nHBDon")

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        graph, mol = molecule.heavy, molecule.full.mol
        donors, acceptors = molecule.shared(donors_and_acceptors)
        numbers, charges = set(graph.numbers.tolist()), graph.formal_charges
        charged = charges.any()
        # Without these, no pattern can match.
        acid = count_matches(mol, ACID) if charged or numbers & {NITROGEN, OXYGEN} else 0
        base = count_matches(mol, BASE) if charged or NITROGEN in numbers else 0
        return np.array([acid, base, acceptors, donors], np.float64)


class RotatableBonds(Family):
    """The number of rotatable bonds and their share of all bonds."""

    only_reason = ("no_bond", "there is no bond")
    names = ("nRot", "RotRatio")

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        number = rdMolDescriptors.CalcNumRotatableBonds(molecule.heavy.mol)
        return np.array([number, number / (molecule.heavy.n_bonds or np.nan)])


def exact_weight(molecule: Molecule) -> float:
    """Return the exact molecular weight in g/mol."""
    return float(rdMolDescriptors.CalcExactMolWt(molecule.full.mol))


class Weights(Family):
    """The molecular weight and the weight per atom, in g/mol."""

    names = ("MW", "AMW")

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        weight = molecule.shared(exact_weight)
        return np.array([weight, weight / molecule.full.n_atoms])


class LogP(Family):
    """Crippen's logP and refractivity, and two filters for drugs that ask for them."""

    names = ("SLogP", "SMR", "Lipinski", "GhoseFilter")

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        donors, acceptors = molecule.shared(donors_and_acceptors)
        logp, refractivity = molecule.shared(logp_and_refractivity)
        weight = molecule.shared(exact_weight)
        lipinski = donors <= 5 and acceptors <= 10 and weight <= 500 and logp <= 5
        ghose = (
            160 <= weight <= 480
            and 20 <= molecule.full.n_atoms <= 70
            and -0.4 <= logp <= 5.6
            and 40 <= refractivity <= 130
        )
        return np.array([logp, refractivity, lipinski, ghose], np.float64)


class Solubility(Family):
    """The logarithm of solubility by group contributions."""

    names = ("FilterItLogS",)

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the value; see `Family.describe`."""
        weight = rdMolDescriptors._CalcMolWt(molecule.full.mol)
        graph = molecule.heavy
        columns = zip(
            *(graph.atoms, graph.numbers.tolist(), graph.is_aromatic.tolist()),
            *(graph.all_hydrogens.tolist(), graph.hydrogens.tolist(), graph.degrees.tolist()),
            strict=True,
        )
        groups = sum_in_order(_solubility_part(*column) for column in columns)
        return np.array([SOLUBILITY_START + SOLUBILITY_OF_MASS * np.sqrt(weight) + groups])


def _solubility_part(
    atom: Chem.Atom, number: int, aromatic: bool, hydrogens: int, implicit: int, degree: int
) -> float:
    """Return the contribution of an atom to the logarithm of solubility."""
    if number == CARBON:
        if aromatic:
            return SOLUBILITY.get((number, aromatic, implicit, None, None), 0.0)
        return SOLUBILITY_OF_CARBON.get((hydrogens, atom.IsInRing()), 0.0)
    if number in (NITROGEN, OXYGEN):
        valence = None if aromatic else atom.GetTotalValence()
        return SOLUBILITY.get((number, aromatic, hydrogens, degree + implicit, valence), 0.0)
    return SOLUBILITY.get((number, aromatic, None, None, None), 0.0)


class SurfaceShares(Family):
    """The 53 descriptors of Labute's surface."""

    #: Prefix, number of intervals that are descriptors.
    kinds = (
        *(("PEOE_VSA", 13), ("SMR_VSA", 9), ("SlogP_VSA", 11), ("EState_VSA", 10)),
        ("VSA_EState", 9),
    )
    names = (
        "LabuteASA",
        *(f"{prefix}{k}" for prefix, most in kinds for k in range(1, most + 1)),
    )

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        graph = molecule.heavy
        surface = molecule.shared(surface_contributions)
        logp, refractivity = molecule.shared(crippen_contributions).T
        states = molecule.shared(state_indices)
        charges = graph.own_charges
        values = np.zeros(_edges().shape + np.array([0, 1]))
        graph.kernels.sum_by_interval(
            surface, states, np.stack([charges, refractivity, logp, states]), _edges(), values
        )
        shares = [row[:most] for row, (_, most) in zip(values, self.kinds, strict=True)]
        return np.concatenate([[rdMolDescriptors.CalcLabuteASA(graph.mol)], *shares])


@cache
def _edges() -> np.ndarray:
    """Return the edges of the intervals of all kinds, padded with infinity."""
    rows = [chgBins, mrBins, logpBins, estateBins, vsaBins]
    edges = np.full((len(rows), max(map(len, rows))), np.inf)
    for row, known in zip(edges, rows, strict=True):
        row[: len(known)] = known
    return edges
