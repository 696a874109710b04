"""How long a conformer of a molecule takes, by its size, flexibility and rings.

The coefficients are fitted to 116 molecules of 5 to 182 atoms (polymers' repeat units, drugs,
pollutants, chains, peptides, macrocycles), whose times they meet within a third on average. What a
count of atoms cannot tell is a strained shape that embedding finds only after many attempts: bent
benzene rings are known here, other such molecules may take a hundred times as long as expected.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rdkit import Chem
from rdkit.Chem import rdMolDescriptors

from confaug.infrastructure.sums import sum_in_order
from confaug.molecules.smiles import parse_smiles

#: Logarithm of the seconds of one conformer: constant, and factors of the logarithm of the number
#: of atoms, of rotatable bonds and of rings. `dg` stands for embedding without knowledge of
#: torsions, `etkdg` for embedding with it.
COEFFICIENTS = {
    "dg": (-11.56, 1.43, 0.054, 0.08),
    "etkdg": (-10.18, 1.33, 0.050, 0.12),
    "mmff": (-13.50, 2.42, 0.015, 0.06),
    "uff": (-14.05, 2.53, 0.014, 0.02),
}
#: Which of these an embedding method or a force field is like.
LIKE = {"kdg": "dg", "etdg": "etkdg", "sretkdg": "etkdg", "mmff94s": "mmff"}
#: Seconds that embedding with knowledge of torsions takes if a benzene ring is bent, and the
#: largest ring through which its opposite atoms are then connected, as in [2.2]paracyclophane.
BENT, BENT_RING = 0.5, 12


@dataclass(frozen=True)
class Shape:
    """What the time for a conformer depends on.

    Attributes
    ----------
    atoms
        Atoms with hydrogens.
    bent
        Whether an aromatic ring is held bent by a short bridge.
    """

    atoms: int
    heavy_atoms: int
    rotatable_bonds: int
    rings: int
    bent: bool = False

    @classmethod
    def of(cls, smiles: str) -> "Shape":
        """Return the shape of a structure.

        >>> Shape.of("CCCCO")
        Shape(atoms=15, heavy_atoms=5, rotatable_bonds=2, rings=0, bent=False)
        """
        mol = parse_smiles(smiles)
        heavy = mol.GetNumHeavyAtoms()
        return cls(
            atoms=mol.GetNumAtoms() + sum(atom.GetTotalNumHs() for atom in mol.GetAtoms()),
            heavy_atoms=heavy,
            rotatable_bonds=rdMolDescriptors.CalcNumRotatableBonds(mol),
            rings=mol.GetRingInfo().NumRings(),
            bent=_is_bent(mol),
        )


def conformer_seconds(shape: Shape, part: str) -> float:
    """Return the processor seconds of embedding or minimising one conformer.

    Parameters
    ----------
    part
        An embedding method or a force field; ``none`` takes no time.
    """
    if part == "none":
        return 0.0
    like = LIKE.get(part, part)
    constant, atoms, bonds, rings = COEFFICIENTS[like]
    power = constant + atoms * math.log(shape.atoms)
    seconds = math.exp(power + bonds * shape.rotatable_bonds + rings * shape.rings)
    return seconds + (BENT if shape.bent and like == "etkdg" else 0.0)


#: What is assumed of a molecule that counts as one unit of work, see `sharding.shard_work`.
TYPICAL = Shape(atoms=27, heavy_atoms=14, rotatable_bonds=3, rings=1)


def seconds_of_all(shapes: Iterable[Shape]) -> Mapping[str, float]:
    """Return the seconds of one conformer of every molecule, by embedding method or force field."""
    known = list(shapes)
    return {
        part: float(sum_in_order(conformer_seconds(shape, part) for shape in known))
        for part in (*COEFFICIENTS, *LIKE)
    }


def _is_bent(mol: Chem.Mol) -> bool:
    """Tell whether a short bridge connects atoms of an aromatic ring that are not neighbours."""
    bridgeheads: Any = []  # which RDKit fills
    rdMolDescriptors.CalcNumBridgeheadAtoms(mol, bridgeheads)
    aromatic = {i for i in bridgeheads if mol.GetAtomWithIdx(i).GetIsAromatic()}
    largest = max(map(len, mol.GetRingInfo().AtomRings()), default=0)
    return bool(aromatic) and largest <= BENT_RING
