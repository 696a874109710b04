"""Morgan counts: how often each circular environment of atoms occurs in a molecule.

An environment is an atom alone, or with everything within so many bonds of it. Its hash is folded
to a fixed number of columns. In contrast to the bits of a fingerprint, counts tell a long chain
from a short one.

Morgan, J. Chem. Doc. 1965, 5, 107; Rogers and Hahn, J. Chem. Inf. Model. 2010, 50, 742.
Stereochemistry and isotopes are left aside.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pyarrow as pa
from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator

from confaug.descriptors.per_molecule import Described, DescriptorSet, describe_molecules
from confaug.tables.descriptors import MORGAN_COUNTS

#: Bonds from the centre of an environment to its edge. With 70 training molecules, larger
#: environments are mostly unique: for each of nine properties (glass transition, melting and
#: boiling temperature, refractive index, collision cross section, four of phosphines), the MinMax
#: Gaussian process had a larger test error with radius 2, by 2 to 17 %, and a still larger one
#: with 3.
RADIUS = 1
#: Columns that hashes are folded to. Not folding them changes the error by 0.1 K of 29 K.
LENGTH = 2048
#: The columns; their numbers are remainders of the hashes.
NAMES_MORGAN = tuple(f"morgan{RADIUS}_{number:04d}" for number in range(LENGTH))
_FAMILIES: Mapping[str, tuple[str, ...]] = {"Morgan counts": NAMES_MORGAN}


def count_shard_environments(shard: pa.Table, seconds: float) -> tuple[pa.Table, pa.Table]:
    """Count the circular environments in the molecules of one shard.

    Parameters
    ----------
    shard
        SHARD table.
    seconds
        Processor time for each molecule.

    Returns
    -------
    counts : pyarrow.Table
        MORGAN_COUNTS, sorted by molecule, columns as `NAMES_MORGAN`; null where counting failed.
    failures : pyarrow.Table
        FAILURES; one row for each reason why a molecule has no counts.
    """
    return describe_molecules(COUNTS, shard, seconds)


def morgan_counts(mol: Chem.Mol) -> np.ndarray:
    """Return how often each environment occurs, shape (LENGTH,).

    Examples
    --------
    >>> int(morgan_counts(Chem.MolFromSmiles("CCO")).sum())  # 3 atoms alone, 3 with neighbours
    6
    """
    counts: np.ndarray = _generator().GetCountFingerprintAsNumPy(mol)
    return counts


@cache
def _generator() -> rdFingerprintGenerator.FingerprintGenerator64:
    """Return RDKit's generator."""
    return rdFingerprintGenerator.GetMorganGenerator(radius=RADIUS, fpSize=LENGTH)


def _calculate(mol: Chem.Mol, family: str) -> Described:
    """Count the environments of one molecule."""
    return Described(morgan_counts(mol).astype(np.float64))


COUNTS = DescriptorSet(MORGAN_COUNTS, _FAMILIES, _calculate)
