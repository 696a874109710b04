"""Counts and sums over atoms and bonds.

Numbers of atoms by element and of bonds by type (K: of the Kekulé structure), types of carbon by
hybridisation and number of carbon neighbours (``C2SP3``), aromatic atoms and bonds; sums (S) and
means (M) of atomic properties relative to carbon; polarizabilities apol and bpol (Miller 1990; sum
over atoms, and over bonds of the difference), the volume of McGowan (Zhao, Abraham and Zissimos
2003), the van der Waals volume of Zhao, Abraham and Zissimos (J. Org. Chem. 2003, 68, 7368); the
charge of the most negative (positive) atom relative to all such, RNCG (RPCG; Stanton and Jurs
1990).
"""

from collections import Counter
from functools import cache

import numpy as np
from rdkit import Chem
from rdkit.Chem import rdMolDescriptors

from confaug.descriptors.mordred2d.family import Family
from confaug.descriptors.mordred2d.graph import HYDROGEN
from confaug.descriptors.mordred2d.missing import property_reasons
from confaug.descriptors.mordred2d.molecule import Molecule
from confaug.descriptors.mordred2d.properties import (
    CARBON,
    HALOGENS,
    N_ELEMENTS,
    TABULATED,
    property_tables,
    tabulated,
)
from confaug.descriptors.mordred2d.reasons import Reason
from confaug.descriptors.mordred2d.rings import rings_of
from confaug.descriptors.mordred3d.properties import atomic_property

#: Those that are counted, in the order of the names, and what counts as X.
ELEMENTS = [5, 6, 7, 8, 16, 15, 9, 17, 35, 53]
SINGLE, DOUBLE, TRIPLE = (
    int(one) for one in (Chem.BondType.SINGLE, Chem.BondType.DOUBLE, Chem.BondType.TRIPLE)
)
#: RDKit's number of a hybridisation to the p orbitals that take part, as mordred counts them.
HYBRIDISATIONS = {
    int(Chem.HybridizationType.SP): 1,
    int(Chem.HybridizationType.SP2): 2,
    int(Chem.HybridizationType.SP3): 3,
    int(Chem.HybridizationType.SP3D): 3,
    int(Chem.HybridizationType.SP3D2): 3,
}
#: Volume that a bond takes from that of its atoms, in Å³, and that rings take besides.
MCGOWAN_BOND = 6.56
VDW_BOND, VDW_AROMATIC_RING, VDW_OTHER_RING = 5.92, 14.7, 3.8
#: Bondi's radii in Å as used for the van der Waals volume.
BONDI = {
    "H": 1.2,
    "C": 1.7,
    "N": 1.55,
    "O": 1.52,
    "F": 1.47,
    "Cl": 1.75,
    "Br": 1.85,
    "P": 1.8,
    "S": 1.8,
    "As": 1.85,
    "B": 2.13,
    "Si": 2.1,
    "Se": 1.9,
}


class AtomCounts(Family):
    """The 19 numbers of atoms and aromatic bonds."""

    names = (
        *("nAromAtom", "nAromBond", "nAtom", "nHeavyAtom", "nSpiro", "nBridgehead", "nHetero"),
        *("nH", "nB", "nC", "nN", "nO", "nS", "nP", "nF", "nCl", "nBr", "nI", "nX"),
    )

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        graph = molecule.heavy
        number = np.bincount(graph.numbers, minlength=N_ELEMENTS + 1)
        return np.array(
            [
                *(np.count_nonzero(graph.is_aromatic), np.count_nonzero(graph.is_aromatic_bond)),
                *(molecule.full.n_atoms, graph.n_atoms),
                rdMolDescriptors.CalcNumSpiroAtoms(graph.mol),
                rdMolDescriptors.CalcNumBridgeheadAtoms(graph.mol),
                rdMolDescriptors.CalcNumHeteroatoms(graph.mol),
                number[HYDROGEN] + molecule.full.n_atoms - graph.n_atoms,
                *number[ELEMENTS].tolist(),
                number[HALOGENS].sum(),
            ],
            np.float64,
        )


class BondCounts(Family):
    """The 9 numbers of bonds."""

    names = tuple(f"nBonds{kind}" for kind in ("", "O", "S", "D", "T", "A", "M", "KS", "KD"))

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        full, heavy = molecule.full, molecule.heavy
        aromatic = heavy.is_aromatic_bond
        return np.array(
            [
                *(full.n_bonds, heavy.n_bonds, np.count_nonzero(full.bond_types == SINGLE)),
                np.count_nonzero(heavy.bond_types == DOUBLE),
                np.count_nonzero(heavy.bond_types == TRIPLE),
                np.count_nonzero(aromatic),
                np.count_nonzero(aromatic | (heavy.bond_types != SINGLE)),
                np.count_nonzero(molecule.full_kekulised.bond_types == SINGLE),
                np.count_nonzero(molecule.heavy_kekulised.bond_types == DOUBLE),
            ],
            np.float64,
        )


class CarbonTypes(Family):
    """The 11 descriptors of the hybridisation of carbon."""

    only_reason = ("no_such_atom", "there is no sp2 or sp3 carbon")
    #: Number of carbon neighbours, and of p orbitals.
    types = ((1, 1), (2, 1), (1, 2), (2, 2), (3, 2), (1, 3), (2, 3), (3, 3), (4, 3))
    names = (*(f"C{n}SP{p}" for n, p in types), "HybRatio", "FCSP3")

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        graph = molecule.heavy
        beside = [0] * graph.n_atoms
        numbers = graph.numbers.tolist()
        for first, second in graph.bonds.tolist():
            beside[first] += numbers[second] == CARBON
            beside[second] += numbers[first] == CARBON
        number: Counter[tuple[int, int]] = Counter()
        for atom, z, carbons in zip(graph.atoms, numbers, beside, strict=True):
            if z == CARBON:
                number[carbons, HYBRIDISATIONS.get(int(atom.GetHybridization()), 0)] += 1
        sp2, sp3 = (sum(m for (_, p), m in number.items() if p == kind) for kind in (2, 3))
        fraction = rdMolDescriptors.CalcFractionCSP3(molecule.full.mol)
        ratio = sp3 / (sp2 + sp3) if sp2 + sp3 else np.nan
        return np.array([*(number[kind] for kind in self.types), ratio, fraction])


class ConstitutionalSums(Family):
    """The 16 sums and means of tabulated properties."""

    names = tuple(f"{kind}{code}" for kind in "SM" for code in TABULATED)

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        graph, carbon = molecule.full, property_tables()[:, CARBON]
        sums = graph.tabulated.sum(axis=1) / carbon
        return np.concatenate([sums, sums / graph.n_atoms])

    def reasons(self, molecule: Molecule, lost: set[str]) -> list[Reason]:
        """Say for which elements a property is not tabulated; see `Family.reasons`."""
        return [
            reason
            for code in TABULATED
            for reason in property_reasons(molecule.full, code, (f"S{code}", f"M{code}"))
        ]


class Volumes(Family):
    """The 4 sums of polarizabilities and volumes."""

    names = ("VMcGowan", "apol", "bpol", "Vabc")

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        graph = molecule.full
        first, second = graph.bonds.T
        polarizabilities = graph.property("p")
        volume = _mcgowan_volumes()[graph.numbers].sum() - graph.n_bonds * MCGOWAN_BOND
        rings = molecule.shared(rings_of)
        n_aromatic = sum(ring.aromatic for ring in rings)
        return np.array(
            [
                *(volume, polarizabilities.sum()),
                np.abs(polarizabilities[first] - polarizabilities[second]).sum(),
                _bondi_volumes()[graph.numbers].sum()
                - VDW_BOND * graph.n_bonds
                - VDW_AROMATIC_RING * n_aromatic
                - VDW_OTHER_RING * (len(rings) - n_aromatic),
            ]
        )

    def reasons(self, molecule: Molecule, lost: set[str]) -> list[Reason]:
        """Say for which elements a value is not tabulated; see `Family.reasons`."""
        graph, found = molecule.full, []
        for table, what, names in (
            (_mcgowan_volumes(), "McGowan volume", ("VMcGowan",)),
            (tabulated("p"), "polarizability", ("apol", "bpol")),
            (_bondi_volumes(), "radius by Bondi", ("Vabc",)),
        ):
            missing = np.isnan(table[graph.numbers])
            if missing.any():
                text = f"no {what} is tabulated for {graph.symbols(missing)}"
                found.append(Reason(f"no_{what.replace(' ', '_').lower()}", text, names))
        return found


@cache
def _mcgowan_volumes() -> np.ndarray:
    """Return the volume of McGowan of all elements, NaN where it is not tabulated."""
    return atomic_property("McGowan volume", np.arange(N_ELEMENTS + 1))


@cache
def _bondi_volumes() -> np.ndarray:
    """Return the volume of the van der Waals sphere of all elements in Å³, NaN for most."""
    volumes, table = np.full(N_ELEMENTS + 1, np.nan), Chem.GetPeriodicTable()
    for symbol, radius in BONDI.items():
        volumes[table.GetAtomicNumber(symbol)] = 4.0 / 3.0 * np.pi * radius**3
    return volumes


class RelativeCharges(Family):
    """The 2 relative charges of the most charged atoms."""

    names = ("RNCG", "RPCG")

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        charges = molecule.full.property("c")
        if np.isnan(charges).any():
            return np.full(2, np.nan)
        values = np.zeros(2)
        for place, some in enumerate((charges[charges < 0.0], charges[charges > 0.0])):
            if len(some):
                values[place] = some[np.argmax(np.abs(some))] / some.sum()
        return values

    def reasons(self, molecule: Molecule, lost: set[str]) -> list[Reason]:
        """Say where there are no charges; see `Family.reasons`."""
        return property_reasons(molecule.full, "c", self.names)
