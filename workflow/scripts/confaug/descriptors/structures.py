"""Describe structures by whatever a `Request` asks for: the engines without a study around them."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from confaug.config.protocols import Protocol
from confaug.config.settings.descriptors import DescriptorSettings
from confaug.conformers.shards import make_conformers
from confaug.descriptors.describe_2d import describe_shard_2d
from confaug.descriptors.describe_3d import describe_shard_3d
from confaug.descriptors.molecule_kinds import describe_shard
from confaug.descriptors.request import Request
from confaug.molecules.structures import molecule_id
from confaug.tables.descriptors import AUGMENTED, DESCRIPTORS_3D
from confaug.tables.failures import FAILURES, merge_failures

#: What identifies a row of a conformer, and its energy.
_KEYS_3D = tuple(DESCRIPTORS_3D.names)


def describe_structures(smiles: Sequence[str], request: Request) -> tuple[pa.Table, pa.Table]:
    """Describe structures.

    Parameters
    ----------
    smiles
        Canonical SMILES as by `structures.read_smiles`, each once.
    request
        What is wanted.

    Returns
    -------
    descriptors : pyarrow.Table
        ``molecule`` and the columns of the request, one row for each structure, sorted by molecule.
        If conformers are wanted, one row for each of them, with ``protocol``, ``repeat``,
        ``conformer`` and ``energy`` (kcal/mol), in which the columns of the molecule are repeated;
        a molecule without any has one row in which all of these are empty. What is undefined is
        NaN.
    failures : pyarrow.Table
        FAILURES: what is missing, and why.

    Examples
    --------
    >>> table, failures = describe_structures(["CCO"], Request(names=("nHeavyAtom",)))
    >>> table["nHeavyAtom"].to_pylist(), failures.num_rows
    ([3.0], 0)
    """
    identifiers = pa.array(map(molecule_id, smiles), pa.string())
    shard = pa.table({"molecule": identifiers, "smiles": pa.array(smiles, pa.string())})
    shard = shard.sort_by("molecule")
    table, failures = _describe_2d(shard, request)
    if request.conformers:
        described, failed = zip(*_describe_3d(shard, request), strict=True)
        table = _join(table, pa.concat_tables(described), request)
        failures += failed
    return table, merge_failures([FAILURES.schema().empty_table(), *failures])


def _describe_2d(shard: pa.Table, request: Request) -> tuple[pa.Table, list[pa.Table]]:
    """Return the molecules with the wanted columns of each kind, and what failed."""
    seconds = DescriptorSettings().seconds_per_molecule_2d
    table, failures = shard.select(["molecule"]), []
    for kind in request.kinds:
        names = list(request.names_of(kind))
        if not names:
            continue
        if kind == "mordred_2d":
            described, failed = describe_shard_2d(shard, seconds, names=names)
        else:
            described, failed = describe_shard(kind, shard, seconds, describe_shard_2d)
        for name in names:
            table = table.append_column(name, described[name].cast(pa.float64()))
        failures.append(failed)
    return table, failures


def _describe_3d(shard: pa.Table, request: Request) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Make conformers; yield their descriptors for each protocol and repeat, and what failed."""
    wanted = [*_KEYS_3D, *request.names_3d]
    protocols = [Protocol.named(name) for name in request.protocols]
    for repeat in range(1, request.repeats + 1):
        made = make_conformers(shard, protocols, repeat, request.embedding)
        for name, (conformers, unmade) in zip(request.protocols, made, strict=True):
            described, failures = describe_shard_3d(conformers, name, repeat, "batched")
            yield described.select(wanted), merge_failures([unmade, failures])


def _join(molecules: pa.Table, conformers: pa.Table, request: Request) -> pa.Table:
    """Put the columns of the molecules in front of those of their conformers."""
    lacking = molecules.filter(pc.invert(pc.is_in(molecules["molecule"], conformers["molecule"])))
    schema = AUGMENTED.schema(request.names_3d).remove(AUGMENTED.names.index("label"))
    blank = [
        pa.array(np.full(lacking.num_rows, np.nan))
        if field.name in request.names_3d
        else pa.nulls(lacking.num_rows, field.type)
        for field in schema
    ]
    blank[0] = lacking["molecule"].combine_chunks()
    rows = pa.concat_tables([conformers.cast(schema), pa.table(blank, schema=schema)])
    rows = rows.sort_by([(name, "ascending") for name in AUGMENTED.key]).combine_chunks()
    places = pc.index_in(rows["molecule"], molecules["molecule"].combine_chunks())
    repeated = molecules.drop_columns(["molecule"]).take(places)
    arrays = [rows[name] for name in _KEYS_3D] + list(repeated.columns)
    arrays += [rows[name] for name in request.names_3d]
    return pa.table(arrays, names=[*_KEYS_3D, *repeated.column_names, *request.names_3d])
