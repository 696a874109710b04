"""Embed the molecules of a shard under one protocol."""

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from rdkit import rdBase

from confaug.config.protocols import Protocol
from confaug.config.settings.embedding import EmbeddingSettings
from confaug.conformers.embedding import embed_molecule
from confaug.conformers.force_fields import FORCE_FIELDS
from confaug.conformers.molecule_job import Embedding
from confaug.conformers.store import ConformerSet, pack_conformers
from confaug.infrastructure.bounded import GaveUp, bounded_map, with_progress
from confaug.molecules.smiles import mol_with_hydrogens
from confaug.tables.failures import Failure, failure_table

logger = logging.getLogger("confaug")


def embed_shard(
    shard: pa.Table,
    protocol_name: str,
    protocol: Protocol,
    repeat: int,
    settings: EmbeddingSettings,
    threads: int = 1,
) -> tuple[pa.Table, pa.Table]:
    """Embed the molecules of one shard under one protocol and repeat.

    Parameters
    ----------
    shard
        SHARD table.
    protocol_name
        Name of the protocol in the configuration; only written into the failures.
    protocol
        Embedding method (see `METHODS`) and force field (see `FORCE_FIELDS`).
    repeat
        Number of the repeat.
    settings
        Numbers of conformers and stereoisomers, and the limits of the work on them; their
        ``protocols`` and ``repeats`` do not count.
    threads
        Threads for RDKit; the results do not depend on it.

    Returns
    -------
    conformers : pyarrow.Table
        CONFORMERS; a molecule without any conformer has no row.
    failures : pyarrow.Table
        FAILURES; one row per missing conformer, or one for the whole molecule.
    """
    molecules = sorted((row["molecule"], row["smiles"]) for row in shard.to_pylist())
    work = partial(
        _embed_pair, protocol=protocol, repeat=repeat, settings=settings, threads=threads
    )
    outcomes = bounded_map(work, molecules, settings.seconds_per_molecule)
    sets: list[ConformerSet] = []
    failures: list[Failure] = []
    in_order = zip(molecules, with_progress(outcomes, len(molecules)), strict=True)
    for (molecule, smiles), outcome in in_order:
        if isinstance(outcome, GaveUp):
            outcome = Embedding({}, {None: outcome.reason})
        if outcome.conformers:
            sets.append(_conformer_set(molecule, smiles, outcome, protocol, settings))
        failures.extend(
            Failure("embed_conformers", molecule, reason, protocol_name, repeat, index)
            for index, reason in outcome.failures.items()
        )
    _log_summary(len(molecules), sets, failures)
    return pack_conformers(sets), failure_table(failures)


def _embed_pair(pair: tuple[str, str], **arguments: Any) -> Embedding:
    """Embed a molecule given as identifier and SMILES. The child process runs this."""
    rdBase.DisableLog("rdApp.*")  # what RDKit would print is recorded as a failure
    return embed_molecule(*pair, **arguments)


def _conformer_set(
    molecule: str,
    smiles: str,
    embedding: Embedding,
    protocol: Protocol,
    settings: EmbeddingSettings,
) -> ConformerSet:
    """Return the conformers of a molecule in the form in which they are stored."""
    geometries = list(embedding.conformers.values())
    steps = 0 if FORCE_FIELDS[protocol.force_field] is None else settings.max_steps
    mol = mol_with_hydrogens(smiles)
    return ConformerSet(
        molecule=molecule,
        smiles=smiles,
        atomic_numbers=np.array([atom.GetAtomicNum() for atom in mol.GetAtoms()], np.uint8),
        conformer=np.array(list(embedding.conformers), np.int64),
        energy=np.array([one.energy for one in geometries]),
        converged=np.array([one.converged for one in geometries]),
        steps=np.full(len(geometries), steps, np.int64),
        method=[one.method for one in geometries],
        coordinates=np.stack([one.coordinates for one in geometries]),
    )


def _log_summary(total: int, sets: Sequence[ConformerSet], failures: Sequence[Failure]) -> None:
    """Log how many conformers there are, how many have not converged, and what failed."""
    conformers = sum(len(one.conformer) for one in sets)
    unconverged = sum(int((~one.converged).sum()) for one in sets)
    logger.info("%d conformers of %d of %d molecules", conformers, len(sets), total)
    if unconverged:
        logger.info("%d conformers had not converged at the limit of steps", unconverged)
    for one in failures:
        which = "all conformers" if one.conformer is None else f"conformer {one.conformer}"
        logger.warning("%s, %s: %s", one.molecule, which, one.reason)
