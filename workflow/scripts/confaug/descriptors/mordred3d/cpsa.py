r"""Charged partial surface areas: how much of which charge the surface shows.

With the accessible area :math:`A_i` and the Gasteiger charge :math:`q_i` of every atom, and sums
over the negative atoms (for PPSA, the positive ones)

.. math::

    \mathrm{PNSA}_1 = \sum A_i, \quad
    \mathrm{PNSA}_2 = Q \sum A_i, \quad
    \mathrm{PNSA}_3 = \sum q_i A_i, \quad
    \mathrm{PNSA}_4 = \frac{Q}{N} \sum A_i, \quad
    \mathrm{PNSA}_5 = \frac{Q}{n} \sum A_i

where :math:`Q = \sum q_i` of the *n* atoms summed over and *N* counts all atoms. From these,
DPSA = PPSA - PNSA; FNSA and FPSA are fractions of the total area :math:`A`; WNSA and WPSA are
multiplied by :math:`A / 1000`. RNCS (RPCS) is the area of the most negative (positive) atom divided
by its share of Q. TASA is the area of atoms with :math:`|q| < 0.2`, TPSA that of the others, RASA
and RPSA are their fractions. All are linear in the areas, or products of such terms.

References
----------
Stanton, D. T.; Jurs, P. C. Anal. Chem. 1990, 62, 2323 (doi:10.1021/ac00220a013). Gasteiger, J.;
Marsili, M. Tetrahedron 1980, 36, 3219.
"""

import numpy as np
from rdkit import Chem
from rdkit.Chem.rdPartialCharges import ComputeGasteigerCharges

from confaug.descriptors.mordred3d.family import Family
from confaug.descriptors.mordred3d.reasons import Reason
from confaug.descriptors.mordred3d.shapes import Shapes
from confaug.descriptors.mordred3d.topology import Topology
from confaug.descriptors.names import CPSA

#: Atoms with a smaller absolute charge count as hydrophobic; in elementary charges.
POLAR_CHARGE = 0.2


class ChargedPartialSurfaceArea(Family):
    """The 41 CPSA descriptors."""

    names = CPSA

    def __init__(self, topology: Topology) -> None:
        super().__init__(topology)
        self.charges = topology.charges
        self.negative = np.flatnonzero(self.charges < 0.0)
        self.positive = np.flatnonzero(self.charges > 0.0)
        self.hydrophobic = np.flatnonzero(np.abs(self.charges) < POLAR_CHARGE)
        self.polar = np.flatnonzero(np.abs(self.charges) >= POLAR_CHARGE)

    def describe(self, shapes: Shapes) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        if np.isnan(self.charges).any():
            return np.full((len(shapes), len(self.names)), np.nan)
        areas, total = shapes.areas, shapes.total_areas[:, None]
        pnsa, ppsa = (self._partial(areas, atoms) for atoms in (self.negative, self.positive))
        hydrophobic, polar = (
            np.take(areas, atoms, axis=1).sum(axis=1, keepdims=True)
            for atoms in (self.hydrophobic, self.polar)
        )
        with np.errstate(invalid="ignore"):  # 0 / 0 if no atom is exposed
            columns = [
                *(pnsa, ppsa, ppsa - pnsa),
                *(pnsa / total, ppsa / total),
                *(pnsa * total / 1000.0, ppsa * total / 1000.0),
                *(self._extreme(areas, self.negative), self._extreme(areas, self.positive)),
                *(hydrophobic, polar, hydrophobic / total, polar / total),
            ]
        return np.concatenate(columns, axis=1)

    def _partial(self, areas: np.ndarray, atoms: np.ndarray) -> np.ndarray:
        """Return the five versions of the partial area of some atoms, (K, 5)."""
        exposed = np.take(areas, atoms, axis=1)
        area = exposed.sum(axis=1)
        charge = self.charges[atoms].sum()
        mean = charge / len(atoms) if len(atoms) else np.nan
        weighted = (exposed * self.charges[atoms]).sum(axis=1)
        per_atom = charge / self.topology.n_atoms
        return np.stack([area, charge * area, weighted, per_atom * area, mean * area], axis=1)

    def _extreme(self, areas: np.ndarray, atoms: np.ndarray) -> np.ndarray:
        """Return the area of the atom with the largest charge over its share of charge, (K, 1)."""
        if not len(atoms):
            return np.zeros((len(areas), 1))
        charges = self.charges[atoms]
        largest = np.argmax(np.abs(charges))
        share = charges[largest] / charges.sum()
        ratio: np.ndarray = areas[:, [atoms[largest]]] / share
        return ratio

    def reasons(self) -> list[Reason]:
        """Say what is undefined for want of charges; see `Family.reasons`."""
        if np.isnan(self.charges).any():
            return [no_gasteiger_charges(self.topology.mol, self.names)]
        found = []
        for atoms, sign, letter in (
            (self.negative, "negative", "N"),
            (self.positive, "positive", "P"),
        ):
            if not len(atoms):
                names = (f"P{letter}SA5", "DPSA5", f"F{letter}SA5", f"W{letter}SA5")
                text = f"no atom has a {sign} charge, so that its mean is undefined"
                found.append(Reason(f"no_{sign}_charge", text, names))
        return found


def no_gasteiger_charges(mol: Chem.Mol, names: tuple[str, ...]) -> Reason:
    """Say that descriptors are undefined because a molecule has no Gasteiger charges."""
    symbols = ", ".join(_elements_without_parameters(mol))
    text = f"there are no Gasteiger parameters for {symbols} as it is bonded here"
    return Reason("no_gasteiger_charge", text, names)


def _elements_without_parameters(mol: Chem.Mol) -> list[str]:
    """Return the first element of each component that leaves the component without charges."""
    found = set()
    for component in Chem.GetMolFrags(mol, asMols=True, sanitizeFrags=False):
        ComputeGasteigerCharges(component)
        if np.isnan(
            [atom.GetDoubleProp("_GasteigerCharge") for atom in component.GetAtoms()]
        ).any():
            try:
                ComputeGasteigerCharges(component, throwOnParamFailure=True)
            except ValueError as error:  # "... for Element: Se Mode: sp2"
                found.add(str(error).partition("Element:")[2].split()[0])
    return sorted(found)
