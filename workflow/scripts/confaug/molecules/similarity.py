"""Similarity of structures by Morgan fingerprints."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator

from confaug.molecules.smiles import smiles_of_ordinary_isotopes

Floats = NDArray[np.float64]
_GENERATOR = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)


@lru_cache(maxsize=4096)  # molecules of a shard are compared more than once
def fingerprint(smiles: str) -> DataStructs.ExplicitBitVect:
    """Return the Morgan fingerprint (radius 2, 2048 bits) of a molecule, isotopes left aside."""
    mol = Chem.MolFromSmiles(smiles_of_ordinary_isotopes(smiles))
    bits: DataStructs.ExplicitBitVect = _GENERATOR.GetFingerprint(mol)
    return bits


def similarities(
    a: list[DataStructs.ExplicitBitVect], b: list[DataStructs.ExplicitBitVect]
) -> Floats:
    """Return Tanimoto similarities, shape (len(a), len(b))."""
    return np.array([DataStructs.BulkTanimotoSimilarity(one, b) for one in a])
