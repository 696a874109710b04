"""The kinds of columns that are calculated from a structure, one row per molecule.

A kind that ends in ``_as_given`` describes the structure as given, where another form of it is
modelled.
"""

import pyarrow as pa

from confaug.descriptors.names import AS_GIVEN
from confaug.tables.descriptors import (
    BACKBONE,
    DESCRIPTORS_2D,
    MORGAN_COUNTS,
    RDKIT_2D,
    RDKIT_2D_INCREMENTS,
    RDKIT_2D_PER_ATOM,
)
from confaug.tables.engine import TableSpec

#: What each kind is written as.
TABLES: dict[str, TableSpec] = {
    "mordred_2d": DESCRIPTORS_2D,
    "rdkit_2d": RDKIT_2D,
    "rdkit_2d_per_atom": RDKIT_2D_PER_ATOM,
    "rdkit_2d_increments": RDKIT_2D_INCREMENTS,
    "morgan_counts": MORGAN_COUNTS,
    "backbone": BACKBONE,
}


def table_of(kind: str) -> TableSpec:
    """Return the declaration of the table of a kind."""
    return TABLES[kind.removesuffix(AS_GIVEN)]


def describe_shard(
    kind: str, shard: pa.Table, seconds: float, engine: str
) -> tuple[pa.Table, pa.Table]:
    """Calculate one kind of columns for the molecules of one shard.

    Parameters
    ----------
    kind
        Name of the kind.
    shard
        SHARD table.
    seconds
        Processor time for each molecule.
    engine
        Program that computes mordred's descriptors, see `describe_2d`.

    Returns
    -------
    columns : pyarrow.Table
        As `table_of` declares them, sorted by molecule.
    failures : pyarrow.Table
        FAILURES: what is missing, and why.
    """
    # What is not needed is not loaded: compiled loops and RDKit's descriptors take a second each.
    structure = kind.removesuffix(AS_GIVEN)
    if structure != kind:
        shard = shard.drop_columns("smiles").rename_columns({"smiles_as_given": "smiles"})
    if structure == "rdkit_2d":
        from confaug.descriptors.rdkit_2d import describe_shard_rdkit

        return describe_shard_rdkit(shard, seconds)
    if structure == "rdkit_2d_per_atom":
        from confaug.descriptors.intensive import describe_shard_per_atom

        return describe_shard_per_atom(shard, seconds)
    if structure == "rdkit_2d_increments":
        from confaug.descriptors.intensive import describe_shard_increments

        return describe_shard_increments(shard, seconds)
    if structure == "morgan_counts":
        from confaug.descriptors.fingerprints import count_shard_environments

        return count_shard_environments(shard, seconds)
    if structure == "backbone":
        from confaug.descriptors.backbone.describe import describe_shard_backbone

        return describe_shard_backbone(shard, seconds)
    from confaug.descriptors.describe_2d import describe_shard_2d

    return describe_shard_2d(shard, seconds, engine)
