"""How the kinds of columns that `confaug.config.kinds` declares are calculated from structures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from confaug.config.kinds import AS_GIVEN, STRUCTURE_KINDS
from confaug.descriptors.names import NAMES_2D
from confaug.tables.descriptors import (
    BACKBONE,
    DESCRIPTORS_2D,
    MORGAN_COUNTS,
    RDKIT_2D,
    RDKIT_2D_INCREMENTS,
    RDKIT_2D_PER_ATOM,
)
from confaug.tables.engine import TableSpec

#: Describes the structures of a table within a processor time in seconds for each.
Describe = Callable[[pa.Table, float], tuple[pa.Table, pa.Table]]


@dataclass(frozen=True)
class Columns:
    """What a kind consists of.

    Attributes
    ----------
    table
        What it is written as.
    names
        Names of its columns, in their order.
    describe
        Returns that table and FAILURES, given a table with ``molecule`` and ``smiles`` and the
        processor time in seconds for each molecule. ``smiles`` is null where there is no structure.
        None for mordred's, on whose compiled loops only the job that describes depends.
    """

    table: TableSpec
    names: Sequence[str]
    describe: Describe | None


def columns_of(kind: str) -> Columns:
    """Return what a kind consists of.

    What is not needed is not loaded: RDKit's descriptors take a second.

    Raises
    ------
    ValueError
        If the kind is not calculated from a structure.
    """
    structure = kind.removesuffix(AS_GIVEN)
    if structure == "mordred_2d":
        return Columns(DESCRIPTORS_2D, NAMES_2D, None)
    if structure == "rdkit_2d":
        from confaug.descriptors.rdkit_2d import NAMES_RDKIT, describe_shard_rdkit

        return Columns(RDKIT_2D, NAMES_RDKIT, describe_shard_rdkit)
    if structure == "rdkit_2d_per_atom":
        from confaug.descriptors.intensive import NAMES_PER_ATOM, describe_shard_per_atom

        return Columns(RDKIT_2D_PER_ATOM, NAMES_PER_ATOM, describe_shard_per_atom)
    if structure == "rdkit_2d_increments":
        from confaug.descriptors.intensive import NAMES_INCREMENTS, describe_shard_increments

        return Columns(RDKIT_2D_INCREMENTS, NAMES_INCREMENTS, describe_shard_increments)
    if structure == "morgan_counts":
        from confaug.descriptors.fingerprints import NAMES_MORGAN, count_shard_environments

        return Columns(MORGAN_COUNTS, NAMES_MORGAN, count_shard_environments)
    if structure == "backbone":
        from confaug.descriptors.backbone.describe import NAMES_BACKBONE, describe_shard_backbone

        return Columns(BACKBONE, NAMES_BACKBONE, describe_shard_backbone)
    raise ValueError(f"{kind!r} is no kind of columns that is calculated from a structure")


def describe_shard(
    kind: str, shard: pa.Table, seconds: float, by_mordred: Describe
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
    by_mordred
        Calculates mordred's descriptors, see `describe_2d.describe_shard_2d`.

    Returns
    -------
    columns : pyarrow.Table
        The table of `columns_of` the kind, sorted by molecule.
    failures : pyarrow.Table
        FAILURES: what is missing, and why.
    """
    describe = columns_of(kind).describe or by_mordred
    structures = shard.select(["molecule", STRUCTURE_KINDS[kind].structure])
    return describe(structures.rename_columns(["molecule", "smiles"]), seconds)
