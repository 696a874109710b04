"""Backbone and side-chain descriptors of the molecules of a shard with repeat units."""

import pyarrow as pa
from rdkit import Chem

from confaug.descriptors.backbone.declaration import BACKBONE_NAMES, describe_backbone
from confaug.descriptors.per_molecule import Described, DescriptorSet, describe_molecules
from confaug.tables.descriptors import BACKBONE

PREFIX = "backbone_"
#: The descriptors in the order of the columns.
NAMES_BACKBONE = tuple(PREFIX + name for name in BACKBONE_NAMES)


def describe_shard_backbone(shard: pa.Table, seconds: float) -> tuple[pa.Table, pa.Table]:
    """Calculate the backbone and side-chain descriptors of the molecules of one shard.

    Parameters
    ----------
    shard
        Table with ``molecule`` and the repeat unit as ``smiles``.
    seconds
        Processor time for each molecule.

    Returns
    -------
    descriptors : pyarrow.Table
        BACKBONE, sorted by molecule, columns as `NAMES_BACKBONE`. A molecule without a repeat unit
        has NaN in all of them.
    failures : pyarrow.Table
        FAILURES; one row for each repeat unit that could not be described. Having none is no
        failure: the ledger says why.
    """
    return describe_molecules(DESCRIPTORS, shard, seconds)


def _calculate(unit: Chem.Mol, family: str) -> Described:
    """Describe one repeat unit."""
    return Described(describe_backbone(Chem.MolToSmiles(unit)))


DESCRIPTORS = DescriptorSet(BACKBONE, {"backbone": NAMES_BACKBONE}, _calculate)
