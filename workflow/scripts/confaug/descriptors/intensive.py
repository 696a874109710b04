"""RDKit's 2D descriptors in forms that do not grow with the chain that somebody chose to describe.

``rdkit_2d_per_atom`` divides the extensive descriptors of the modelled structure by the number of
its heavy atoms. ``rdkit_2d_increments`` is what one more repeat unit adds, the trimer minus the
dimer, in which the ends of the chain cancel.

Extensive are sums over atoms, bonds, rings or groups, and the shape indices and BertzCT, which grow
in proportion to a long chain (BertzCT slightly faster). Ipc grows exponentially, so that no
division makes it independent of the chain, and stays as it is.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pyarrow as pa
from rdkit import Chem

from confaug.descriptors.per_molecule import Described, DescriptorSet, describe_molecules
from confaug.descriptors.rdkit_2d import FAMILIES, NAMES_RDKIT, PREFIX, describe_family, prepare
from confaug.molecules.polymerisation.oligomers import oligomer
from confaug.molecules.smiles import parse_smiles
from confaug.tables.descriptors import RDKIT_2D_INCREMENTS, RDKIT_2D_PER_ATOM

SHORTER, LONGER = 2, 3
#: How the names of extensive descriptors begin, and those that are named singly.
_SUMS = (
    *("Num", "fr_", "Chi", "Kappa"),
    *("PEOE_VSA", "SMR_VSA", "SlogP_VSA", "EState_VSA", "VSA_EState"),
)
_SINGLE_SUMS = (
    *("MolWt", "HeavyAtomMolWt", "ExactMolWt", "HeavyAtomCount", "NHOHCount", "NOCount"),
    *("RingCount", "HallKierAlpha", "LabuteASA", "TPSA", "Phi", "BertzCT", "MolLogP", "MolMR"),
)
#: The extensive ones among RDKit's descriptors.
EXTENSIVE = tuple(
    name
    for name in NAMES_RDKIT
    if name.removeprefix(PREFIX).startswith(_SUMS) or name.removeprefix(PREFIX) in _SINGLE_SUMS
)


def _renamed(prefix: str) -> Mapping[str, tuple[str, ...]]:
    """Return RDKit's families with other names of columns."""
    return {
        family: tuple(f"{prefix}{name}" for name in names) for family, names in FAMILIES.items()
    }


def describe_shard_per_atom(shard: pa.Table, seconds: float) -> tuple[pa.Table, pa.Table]:
    """Calculate RDKit's descriptors of one shard, the extensive ones per heavy atom.

    Parameters
    ----------
    shard
        SHARD table.
    seconds
        Processor time for each molecule.

    Returns
    -------
    descriptors : pyarrow.Table
        RDKIT_2D_PER_ATOM, sorted by molecule, columns as `NAMES_PER_ATOM`.
    failures : pyarrow.Table
        FAILURES; one row for each reason why descriptors of a molecule are missing.
    """
    prepare()
    return describe_molecules(PER_ATOM, shard, seconds)


def describe_shard_increments(shard: pa.Table, seconds: float) -> tuple[pa.Table, pa.Table]:
    """Calculate what one more repeat unit adds to RDKit's descriptors, for one shard.

    Parameters
    ----------
    shard
        Table with ``molecule`` and the repeat unit as ``smiles``.
    seconds
        Processor time for both chains of a molecule.

    Returns
    -------
    descriptors : pyarrow.Table
        RDKIT_2D_INCREMENTS, sorted by molecule, columns as `NAMES_INCREMENTS`. A molecule without a
        repeat unit has NaN in all of them.
    failures : pyarrow.Table
        FAILURES; having no repeat unit is no failure: the ledger says why.
    """
    prepare()
    return describe_molecules(INCREMENTS, shard, seconds)


def _per_atom(mol: Chem.Mol, family: str) -> Described:
    """Describe one molecule per heavy atom."""
    described = describe_family(mol, family)
    # A structure of hydrogen alone has no heavy atom to divide by.
    atoms = max(1, mol.GetNumHeavyAtoms())
    divisors = [atoms if name in EXTENSIVE else 1 for name in FAMILIES[family]]
    return replace(described, values=described.values / np.array(divisors))


def _increments(unit: Chem.Mol, family: str) -> Described:
    """Describe what one more unit adds to a chain of a repeat unit."""
    shorter, longer = (
        describe_family(parse_smiles(chain), family) for chain in _chains(Chem.MolToSmiles(unit))
    )
    reasons = tuple(dict.fromkeys((*shorter.reasons, *longer.reasons)))
    return Described(longer.values - shorter.values, reasons)


@lru_cache(maxsize=1)  # the families of one unit come one after the other
def _chains(unit: str) -> tuple[str, str]:
    """Return the shorter and the longer chain of a repeat unit."""
    return oligomer(unit, SHORTER), oligomer(unit, LONGER)


PER_ATOM = DescriptorSet(RDKIT_2D_PER_ATOM, _renamed("per_atom_"), _per_atom)
INCREMENTS = DescriptorSet(RDKIT_2D_INCREMENTS, _renamed("per_unit_"), _increments)
#: Names of the columns, in their order.
NAMES_PER_ATOM, NAMES_INCREMENTS = PER_ATOM.names, INCREMENTS.names
