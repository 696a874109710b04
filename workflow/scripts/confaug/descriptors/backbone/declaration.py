"""The descriptors of a repeat unit's backbone and side chains, declared in one table.

All are independent of where the chain is cut into units and of its direction. Counts are given per
atom of the chain, where the chain's stiffness or bulk is meant, or as a share of the unit's heavy
atoms, where its composition is meant, so that units of different size compare.

*Chain atoms* are those of the shortest way along the chain; *backbone atoms* are these and all
atoms of the rings that the chain runs through; *side chains* are the rest. Four of the 36 are sizes
of the unit or of its side chains as such.

References
----------
What raises or lowers a glass transition temperature by way of these numbers: mass and number of
rotatable bonds [1] [2], stiff and aromatic backbones, polar and hydrogen-bonding groups [2]
[3], size and branching of side chains, and long alkyl groups, which plasticise [4]; hierarchical
descriptors of polymers [5].

.. [1] H. A. Schneider, E. A. Di Marzio, The glass temperature of polymer melts, Polymer 33 (1992)
   3453.
.. [2] J. Bicerano, Prediction of Polymer Properties, 3rd ed., Marcel Dekker, 2002.
.. [3] D. W. van Krevelen, Properties of Polymers, 4th ed., Elsevier, 2009.
.. [4] S. S. Rogers, L. Mandelkern, Glass transitions of the poly-(n-alkyl methacrylates), J. Phys.
   Chem. 61 (1957) 985.
.. [5] C. Kim, A. Chandrasekaran, T. D. Huan, D. Das, R. Ramprasad, Polymer Genome: a data-powered
   polymer informatics platform for property predictions, J. Phys. Chem. C 122 (2018) 17575.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from confaug.descriptors.backbone import measures as m
from confaug.descriptors.backbone.chain import Predicate, UnitInChain, place_in_chain

Function = Callable[[UnitInChain], float]


@dataclass(frozen=True)
class Descriptor:
    """One descriptor: its name, unit, meaning in words, and how it is calculated."""

    name: str
    unit: str
    meaning: str
    function: Function


def _per_chain_atom(function: Function) -> Function:
    return lambda chain: function(chain) / chain.chain_length


def _share(predicate: Predicate) -> Function:
    """Give the share of all heavy atoms of the unit."""
    return lambda chain: chain.count(chain.unit, predicate) / len(chain.unit)


def _share_on_backbone(predicate: Predicate) -> Function:
    """Give the number among the backbone atoms, as a share of these."""
    return lambda chain: chain.count(chain.unit_backbone, predicate) / len(chain.unit_backbone)


def _share_on_side(predicate: Predicate) -> Function:
    """Give the number among the side-chain atoms, as a share of all heavy atoms of the unit."""
    return lambda chain: chain.count(chain.side, predicate) / len(chain.unit)


def _rotatable_bonds(chain: UnitInChain) -> float:
    return chain.count_bonds(m.rotatable_bonds(chain))


_ATOM = "per chain atom"
_SHARE = "1"

BACKBONE_DESCRIPTORS: tuple[Descriptor, ...] = (
    # Size
    Descriptor("chain_atoms", "atoms", "chain atoms of the unit", lambda c: c.chain_length),
    Descriptor("heavy_atoms", "atoms", "heavy atoms of the unit", lambda c: len(c.unit)),
    Descriptor(
        "mass_per_chain_atom",
        f"g/mol {_ATOM}",
        "mass of the unit",
        _per_chain_atom(lambda c: m.mass(c, c.unit)),
    ),
    Descriptor(
        "side_mass_per_chain_atom",
        f"g/mol {_ATOM}",
        "mass of the side chains",
        _per_chain_atom(lambda c: m.mass(c, c.side)),
    ),
    Descriptor(
        "backbone_atoms_per_chain_atom",
        _ATOM,
        "backbone atoms: 1 in open chains, more where rings lie in the chain",
        _per_chain_atom(lambda c: len(c.unit_backbone)),
    ),
    Descriptor("side_atom_share", _SHARE, "side-chain atoms", lambda c: len(c.side) / len(c.unit)),
    # Flexibility
    Descriptor(
        "backbone_rotatable_bonds_per_chain_atom",
        _ATOM,
        "rotatable bonds along the backbone",
        _per_chain_atom(m.backbone_rotatable_bonds),
    ),
    Descriptor(
        "side_rotatable_bonds_per_chain_atom",
        _ATOM,
        "rotatable bonds of side chains, those to the backbone included",
        _per_chain_atom(m.side_rotatable_bonds),
    ),
    Descriptor(
        "rotatable_bonds_per_heavy_atom",
        "per heavy atom",
        "all rotatable bonds",
        lambda c: _rotatable_bonds(c) / len(c.unit),
    ),
    Descriptor(
        "rotatable_bonds_per_100_g_per_mol",
        "mol/(100 g)",
        "all rotatable bonds, per mass: the reciprocal of the mass per flexible bond",
        lambda c: 100 * _rotatable_bonds(c) / m.mass(c, c.unit),
    ),
    Descriptor(
        "backbone_double_bonds_per_chain_atom",
        _ATOM,
        "double bonds between backbone atoms, aromatic ones not",
        _per_chain_atom(m.double_bonds_in_backbone),
    ),
    # Substitution of the backbone
    Descriptor(
        "substituents_per_chain_atom",
        _ATOM,
        "heavy atoms bonded to the backbone by single bonds: not the oxygen of a carbonyl group",
        _per_chain_atom(lambda c: sum(m.substituents(c))),
    ),
    Descriptor(
        "most_substituents",
        "atoms",
        "heavy substituents of the backbone atom that has most",
        lambda c: max(m.substituents(c)),
    ),
    Descriptor(
        "quaternary_share",
        _ATOM,
        "backbone atoms with two heavy substituents",
        _per_chain_atom(lambda c: sum(number >= 2 for number in m.substituents(c))),
    ),
    # Aromatic and other rings
    Descriptor(
        "aromatic_share_of_backbone",
        _SHARE,
        "aromatic atoms among the backbone atoms",
        _share_on_backbone(m.is_aromatic),
    ),
    Descriptor(
        "aromatic_side_share",
        _SHARE,
        "aromatic side-chain atoms among all heavy atoms",
        _share_on_side(m.is_aromatic),
    ),
    Descriptor("aromatic_share", _SHARE, "aromatic atoms", _share(m.is_aromatic)),
    Descriptor(
        "backbone_rings_per_chain_atom",
        _ATOM,
        "rings in the backbone",
        _per_chain_atom(lambda c: m.rings(c, in_backbone=True)),
    ),
    Descriptor(
        "side_rings_per_chain_atom",
        _ATOM,
        "rings in side chains",
        _per_chain_atom(lambda c: m.rings(c, in_backbone=False)),
    ),
    # Alkyl groups
    Descriptor(
        "backbone_methylene_share",
        _SHARE,
        "CH2 outside rings among the backbone atoms",
        _share_on_backbone(m.is_methylene),
    ),
    Descriptor(
        "side_methylene_share",
        _SHARE,
        "CH2 outside rings in side chains, among all heavy atoms",
        _share_on_side(m.is_methylene),
    ),
    Descriptor("methyl_share", _SHARE, "CH3 among all heavy atoms", _share(m.is_methyl)),
    # Hetero atoms and polar groups
    Descriptor("oxygen_share", _SHARE, "oxygen atoms", _share(m.element(8))),
    Descriptor("nitrogen_share", _SHARE, "nitrogen atoms", _share(m.element(7))),
    Descriptor("sulfur_share", _SHARE, "sulfur atoms", _share(m.element(16))),
    Descriptor("fluorine_share", _SHARE, "fluorine atoms", _share(m.element(9))),
    Descriptor(
        "heavy_halogen_share",
        _SHARE,
        "chlorine, bromine and iodine atoms",
        _share(m.element(17, 35, 53)),
    ),
    Descriptor("donor_share", _SHARE, "N, O and S atoms that carry hydrogen", _share(m.is_donor)),
    Descriptor("nitrile_share", _SHARE, "nitrile groups", _share(m.is_nitrile)),
    Descriptor(
        "backbone_oxygen_share",
        _SHARE,
        "oxygen among the backbone atoms",
        _share_on_backbone(m.element(8)),
    ),
    Descriptor(
        "backbone_nitrogen_share",
        _SHARE,
        "nitrogen among the backbone atoms",
        _share_on_backbone(m.element(7)),
    ),
    Descriptor(
        "backbone_carbonyl_share",
        _SHARE,
        "carbonyl carbon among the backbone atoms",
        _share_on_backbone(m.is_carbonyl),
    ),
    Descriptor(
        "side_carbonyl_share",
        _SHARE,
        "carbonyl carbon of side chains, among all heavy atoms",
        _share_on_side(m.is_carbonyl),
    ),
    # Side chains
    Descriptor(
        "side_chain_length",
        "bonds",
        "from the backbone to the farthest heavy atom of a side chain",
        m.side_chain_length,
    ),
    Descriptor(
        "longest_alkyl_run",
        "CH2 groups",
        "longest unbroken row of CH2 in a side chain",
        m.longest_alkyl_run,
    ),
    Descriptor(
        "side_branch_share",
        _SHARE,
        "branched saturated carbon atoms of side chains, among all heavy atoms",
        _share_on_side(m.is_branch),
    ),
)

BACKBONE_NAMES: tuple[str, ...] = tuple(descriptor.name for descriptor in BACKBONE_DESCRIPTORS)


def describe_backbone(unit: str) -> NDArray[np.float64]:
    """Calculate the backbone and side-chain descriptors of one repeat unit.

    Parameters
    ----------
    unit
        SMILES with two `*`. The values do not depend on where the chain is cut and which end is
        the head; those in atoms and bonds would double with a unit written twice, for which
        `canonical_unit` is the remedy.

    Returns
    -------
    numpy.ndarray
        Finite values in the order of `BACKBONE_DESCRIPTORS`.

    Raises
    ------
    StructureError
        If this is no repeat unit.

    Examples
    --------
    >>> values = dict(zip(BACKBONE_NAMES, describe_backbone("*CC(*)c1ccccc1"), strict=True))
    >>> print(values["mass_per_chain_atom"].round(2), values["aromatic_side_share"])
    52.08 0.75
    """
    chain = place_in_chain(unit)
    return np.array([descriptor.function(chain) for descriptor in BACKBONE_DESCRIPTORS], float)
