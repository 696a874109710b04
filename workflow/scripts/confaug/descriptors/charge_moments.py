r"""Moments of partial charges: how far, and in what way, charge is separated in a conformer.

With charges *q* in elementary charges at positions **r** in Å relative to the centre of mass, and
*r*\ :sub:`ij` the distance of two atoms:

``Dipole``
    Norm of the dipole moment :math:`\sum_i q_i \mathbf r_i`, in debye.
``QuadrupoleMin``, ``QuadrupoleMax``
    Smallest and largest eigenvalue of the traceless quadrupole tensor of Buckingham,
    :math:`\tfrac12 \sum_i q_i (3 \mathbf r_i \mathbf r_i^{\mathsf T} - r_i^2 \mathbf 1)`, in debye
    Å. The third one is what is missing to a sum of zero.
``ChargeSpread``
    :math:`\sum_i |q_i| r_i^2`, in elementary charges Å².
``TopoElectronic``
    Topographic electronic index :math:`\sum_{i<j} |q_i - q_j| / r_{ij}^2`, in elementary charges
    Å⁻².

The dipole moment of an ion, and the quadrupole moment of whatever has a charge or a dipole moment,
depend on the origin, which is the centre of mass. Everything is invariant to translation, rotation
and reflection. Charges are those of the topology and do not respond to the shape: moments of point
charges are estimates, whose order over molecules is of more use than their size.

References
----------
Gasteiger, Marsili, Tetrahedron 1980, 36, 3219 (doi:10.1016/0040-4020(80)80168-2); Halgren, J.
Comput. Chem. 1996, 17, 520 (charges of MMFF94); Buckingham, Q. Rev. Chem. Soc. 1959, 13, 183
(doi:10.1039/QR9591300183); Osmialowski, Halkiewicz, Radecki, Kaliszan, J. Chromatogr. 1985, 346, 53
(topographic electronic index).
"""

from collections.abc import Sequence

import numpy as np
from rdkit import Chem
from rdkit.Chem import rdForceFieldHelpers

from confaug.descriptors.mordred3d import Reason
from confaug.descriptors.mordred3d.cpsa import no_gasteiger_charges
from confaug.descriptors.mordred3d.topology import Topology
from confaug.descriptors.names import CHARGE_MOMENTS

#: Debye in one elementary charge times Å (CODATA 2018).
DEBYE = 1.602176634e-19 * 1e-10 * 299792458 / 1e-21


def describe_charges(
    topology: Topology, coordinates: np.ndarray, models: Sequence[str]
) -> tuple[np.ndarray, list[Reason]]:
    """Calculate the moments of partial charges for conformers of one molecule.

    Parameters
    ----------
    topology
        The molecule.
    coordinates
        Positions in Å, (K, N, 3), finite.
    models
        Keys of `names.CHARGE_MOMENTS`.

    Returns
    -------
    numpy.ndarray
        float64, (K, 5 for each model), models in the order of `names.CHARGE_MOMENTS`.
    list of Reason
        Why values are NaN.
    """
    values, reasons = [np.empty((len(coordinates), 0))], []
    for model, names in CHARGE_MOMENTS.items():
        if model not in models:
            continue
        charges = topology.charges if model == "gasteiger" else _mmff_charges(topology.mol)
        values.append(charge_moments(charges, topology.masses, coordinates))
        if not np.isfinite(charges).all():
            reasons.append(_no_charges(topology.mol, model, names))
        elif lost := np.flatnonzero(np.isnan(values[-1][:, -1])).tolist():
            text = "two atoms are at the same place"
            reasons += [Reason("coincident_atoms", text, names[-1:], k) for k in lost]
    return np.concatenate(values, axis=1), reasons


def charge_moments(charges: np.ndarray, masses: np.ndarray, coordinates: np.ndarray) -> np.ndarray:
    """Return the five moments of conformers, (K, 5); see the head of this module.

    Parameters
    ----------
    charges
        In elementary charges, (N,). If one is not finite, all values are NaN.
    masses
        In any unit, (N,).
    coordinates
        In Å, (K, N, 3).

    Examples
    --------
    >>> one_debye = np.array([[[0, 0, 0], [0, 0, 1 / DEBYE]]])
    >>> charge_moments(np.array([-1.0, 1.0]), np.array([1.0, 1.0]), one_debye).round(3)[0, 0]
    np.float64(1.0)
    """
    if not np.isfinite(charges).all():
        return np.full((len(coordinates), 5), np.nan)
    centre = (masses[:, None] * coordinates).sum(axis=1, keepdims=True) / masses.sum()
    positions = coordinates - centre
    charged = charges[:, None] * positions
    dipole = charged.sum(axis=1)
    second = np.einsum("kna,knb->kab", charged, positions)
    trace = np.trace(second, axis1=1, axis2=2)[:, None, None]
    principal = np.linalg.eigvalsh(1.5 * second - 0.5 * trace * np.eye(3))
    columns = [
        DEBYE * np.sqrt((dipole**2).sum(axis=1)),
        DEBYE * principal[:, 0],
        DEBYE * principal[:, 2],
        (np.abs(charges) * (positions**2).sum(axis=2)).sum(axis=1),
        _topographic_index(charges, positions),
    ]
    return np.stack(columns, axis=1)


def _topographic_index(charges: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Return the topographic electronic index, (K,); NaN where two atoms coincide."""
    index = np.zeros(len(positions))
    for i in range(len(charges) - 1):
        squares = ((positions[:, i + 1 :] - positions[:, i : i + 1]) ** 2).sum(axis=2)
        with np.errstate(divide="ignore", invalid="ignore"):
            index += (np.abs(charges[i + 1 :] - charges[i]) / squares).sum(axis=1)
    index[~np.isfinite(index)] = np.nan
    return index


def _mmff_charges(mol: Chem.Mol) -> np.ndarray:
    """Return the charges of MMFF94, (N,); NaN if it lacks parameters for an atom."""
    found = rdForceFieldHelpers.MMFFGetMoleculeProperties(mol)
    if found is None:
        return np.full(mol.GetNumAtoms(), np.nan)
    return np.array([found.GetMMFFPartialCharge(i) for i in range(mol.GetNumAtoms())])


def _no_charges(mol: Chem.Mol, model: str, names: tuple[str, ...]) -> Reason:
    """Say that a model has no charges for a molecule."""
    if model == "gasteiger":
        return no_gasteiger_charges(mol, names)
    text = "MMFF94 has no parameters for an atom of this molecule"
    return Reason("no_mmff_charge", text, names)
