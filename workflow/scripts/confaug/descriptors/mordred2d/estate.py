r"""Electrotopological state: how many atoms there are of each type, and their state indices.

The state index of an atom is its intrinsic state
:math:`I_i = ((2 / P_i)^2 \delta^v_i + 1) / \delta_i` and what it loses to or takes from the others,
:math:`\sum_j (I_i - I_j) / (d_{ij} + 1)^2`, with :math:`\delta^v` the number of valence electrons
less the hydrogens, δ the number of neighbours, *P* the period and *d* the distance in bonds. For
each of 79 atom types: number of atoms (N), sum (S), largest (MAX) and lowest (MIN) state index.

A type's name lists the bonds of an atom (s single, d double, t triple, a aromatic), the element
and the hydrogens: ``dssC`` is a carbon with one double and two single bonds. RDKit tells the types
by 79 substructure patterns; since these ask for nothing but the element, the neighbours, the
hydrogens and the bonds of one atom, and for terminal oxygens in nitro and sulfo groups, they can be
looked up. RDKit stops after 1,000 matches of a pattern, of which an atom has as many as there are
orders of its equal bonds, so that no more than the first 42 quaternary carbons are counted. The
same atoms are counted here.

References
----------
Hall, L. H.; Mohney, B.; Kier, L. B. J. Chem. Inf. Comput. Sci. 1991, 31, 76. Hall, L. H.; Kier,
L. B. J. Chem. Inf. Comput. Sci. 1995, 35, 1039 (doi:10.1021/ci00028a014).
"""

import math
import re
from functools import cache
from typing import NamedTuple

import numpy as np
from rdkit import Chem

from confaug.descriptors.mordred2d.family import Family
from confaug.descriptors.mordred2d.graph import FAR
from confaug.descriptors.mordred2d.molecule import Molecule
from confaug.descriptors.mordred2d.properties import outer_electrons, period
from confaug.descriptors.names import NAMES_2D

#: Kind of bond to RDKit's number of it.
BOND_TYPES = {
    "s": int(Chem.BondType.SINGLE),
    "d": int(Chem.BondType.DOUBLE),
    "t": int(Chem.BondType.TRIPLE),
    "a": int(Chem.BondType.AROMATIC),
}
OXYGEN = 8
#: Types that do not ask for the number of hydrogens.
ANY_HYDROGENS = {"sLi", "ssBe", "ssssBe", "sssB", "ssssB", "sF", "sCl", "sBr", "sI"}
#: A type's bonds, element and hydrogens.
NAME = re.compile(r"([sdta]+)([A-Z][a-z]?)(H\d?)?")
#: Of such elements, RDKit's patterns take aromatic atoms too.
TWO_LETTERS = re.compile("[A-Z][a-z]")
#: Matches of one pattern after which RDKit stops.
MOST_MATCHES = 1000
#: Atoms with four single bonds that RDKit finds before it stops.
FEWEST_LEFT_OUT = math.ceil(MOST_MATCHES / math.factorial(4))
_FIRST = NAMES_2D.index("NsLi")
TYPES = tuple(name[1:] for name in NAMES_2D[_FIRST : _FIRST + 79])


class Surroundings(NamedTuple):
    """All of an atom that its types depend on."""

    number: int
    aromatic: bool
    hydrogens: int
    #: Number of neighbours, and of single, double, triple and aromatic bonds to them.
    degree: int
    bonds: tuple[int, int, int, int]
    #: Number of neighbours that are terminal oxygens, of those on single and on aromatic bonds.
    oxygens: tuple[int, int, int]


@cache
def _parsed_types() -> tuple[tuple[int, tuple[int, ...], int], ...]:
    """Return element, number of bonds of each kind and hydrogens of each type."""
    found, table = [], Chem.GetPeriodicTable()
    for name in TYPES:
        bonds, symbol, hydrogens = NAME.findall(name)[0]
        counts = tuple(bonds.count(kind) for kind in BOND_TYPES)
        found.append(
            (
                table.GetAtomicNumber(symbol),
                counts,
                int(hydrogens.strip("H") or 1) if hydrogens else 0,
            )
        )
    return tuple(found)


@cache
def types_of(atom: Surroundings) -> tuple[int, ...]:
    """Return the places in `TYPES` of all types of an atom."""
    return tuple(place for place in range(len(TYPES)) if _is_of_type(atom, place))


def _is_of_type(atom: Surroundings, place: int) -> bool:
    """Say whether an atom is of one type."""
    name, (number, bonds, hydrogens) = TYPES[place], _parsed_types()[place]
    if atom.number != number or atom.degree != sum(bonds):
        return False
    if name not in ANY_HYDROGENS and atom.hydrogens != hydrogens:
        return False
    single, _, _, aromatic = atom.bonds
    if name in ("ddsN", "ddssS"):  # drawn with charges or not
        terminal, on_single, on_aromatic = atom.oxygens
        if name == "ddsN":
            single, on_single = single + aromatic, on_single + on_aromatic
        others = single - on_single == atom.degree - terminal
        return not atom.aromatic and terminal >= 2 and others and on_single >= terminal - 2
    if name == "aasN":
        return atom.aromatic and aromatic >= 2 and single + aromatic >= 3
    if atom.bonds != bonds:
        return False
    if name.startswith("aa"):
        return atom.aromatic or name[2] == "C"
    return not atom.aromatic or TWO_LETTERS.search(name) is not None


def atom_types(molecule: Molecule) -> list[tuple[int, ...]]:
    """Return the places in `TYPES` of all types of each atom of `Molecule.heavy`."""
    graph = molecule.heavy
    hydrogens = graph.all_hydrogens
    terminal = (graph.numbers == OXYGEN) & (graph.degrees == 1) & (hydrogens == 0)
    # Every bond twice, once from each end.
    ends, others = np.concatenate([graph.bonds, graph.bonds[:, ::-1]]).T
    kinds = _kinds()[np.concatenate([graph.bond_types, graph.bond_types])]
    counts = _count(ends, kinds, graph.n_atoms)
    to_oxygen = terminal[others]
    oxygens = _count(ends[to_oxygen], kinds[to_oxygen], graph.n_atoms)
    oxygens = np.stack([oxygens.sum(axis=1), oxygens[:, 0], oxygens[:, 3]], axis=1)
    columns = zip(
        *(graph.numbers.tolist(), graph.is_aromatic.tolist(), hydrogens.tolist()),
        *(graph.degrees.tolist(), map(tuple, counts[:, :4].tolist())),
        map(tuple, oxygens.tolist()),
        strict=True,
    )
    return _first_matches([types_of(Surroundings(*atom)) for atom in columns])


@cache
def _kinds() -> np.ndarray:
    """Return the place in `BOND_TYPES` of each of RDKit's bond types, 4 for the others."""
    kinds = np.full(max(Chem.BondType.values) + 1, len(BOND_TYPES))
    kinds[list(BOND_TYPES.values())] = np.arange(len(BOND_TYPES))
    return kinds


def _count(ends: np.ndarray, kinds: np.ndarray, n_atoms: int) -> np.ndarray:
    """Return the number of bonds of each kind at each atom, (N, 5)."""
    n_kinds = len(BOND_TYPES) + 1
    counts = np.bincount(ends * n_kinds + kinds, minlength=n_atoms * n_kinds)
    return counts.reshape(n_atoms, n_kinds)


def _first_matches(types: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Leave out the atoms of each type that come after RDKit's last match."""
    if len(types) <= FEWEST_LEFT_OUT:
        return types
    for place, (_, bonds, _) in enumerate(_parsed_types()):
        most = math.ceil(MOST_MATCHES / math.prod(map(math.factorial, bonds)))
        if len(types) > most:
            surplus = [i for i, found in enumerate(types) if place in found][most:]
            for index in surplus:
                types[index] = tuple(one for one in types[index] if one != place)
    return types


def state_indices(molecule: Molecule) -> np.ndarray:
    """Return the electrotopological state index of each atom of `Molecule.heavy`, (N,)."""
    graph = molecule.heavy
    states = np.empty(graph.n_atoms)
    graph.kernels.find_state_indices(
        *(graph.numbers, graph.hydrogens, graph.degrees, outer_electrons(), period()),
        *(graph.distances, FAR, states),
    )
    return states


class ElectrotopologicalStates(Family):
    """The 316 counts and state indices of atom types."""

    only_reason = ("no_such_atom", "the molecule has no atom of the type")
    names = tuple(f"{kind}{name}" for kind in ("N", "S", "MAX", "MIN") for name in TYPES)

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        states, types = molecule.shared(state_indices), molecule.shared(atom_types)
        places = np.array([place for found in types for place in found], np.int64)
        some = np.repeat(states, [len(found) for found in types])
        values = np.zeros((4, len(TYPES)))
        values[0] = np.bincount(places, minlength=len(TYPES))
        values[1] = np.bincount(places, some, len(TYPES))
        values[2], values[3] = -np.inf, np.inf
        np.maximum.at(values[2], places, some)
        np.minimum.at(values[3], places, some)
        return values.ravel()
