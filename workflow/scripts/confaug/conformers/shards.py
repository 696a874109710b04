"""Embed and minimise the molecules of a shard under one protocol."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
from rdkit import rdBase

from confaug.config.protocols import Protocol
from confaug.config.settings.embedding import EmbeddingSettings
from confaug.conformers.embedding import embed_molecule
from confaug.conformers.force_fields import FORCE_FIELDS
from confaug.conformers.molecule_job import Embedding, Geometry
from confaug.conformers.store import ConformerSet, check_atoms, iter_molecules, pack_conformers
from confaug.infrastructure.bounded import GaveUp, bounded_map, with_progress
from confaug.molecules.smiles import mol_with_hydrogens
from confaug.tables.failures import Failure, failure_table

logger = logging.getLogger("confaug")


def embed_shard(
    shard: pa.Table,
    protocol: Protocol,
    repeat: int,
    settings: EmbeddingSettings,
    threads: int = 1,
) -> tuple[pa.Table, pa.Table]:
    """Embed the molecules of one shard under one protocol and repeat.

    A protocol with a force field embeds for itself here; `minimise_shard` spares it that.

    Parameters
    ----------
    shard
        SHARD table.
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
    return _make("embed_conformers", shard, {}, protocol, repeat, settings, threads)


def minimise_shard(
    shard: pa.Table,
    starts: pa.Table,
    protocol: Protocol,
    repeat: int,
    settings: EmbeddingSettings,
    threads: int = 1,
) -> tuple[pa.Table, pa.Table]:
    """Minimise the conformers of one shard with the force field of one protocol.

    What has no start, or no longer is the molecule after minimising, is embedded by the protocol's
    own fall-backs.

    Parameters
    ----------
    starts
        CONFORMERS of `protocol.start`, of the same shard, repeat and settings.

    The others are those of `embed_shard`, and so is what is returned.

    Raises
    ------
    UserError
        If a start has other atoms than its molecule.
    """
    given = {one.molecule: _geometries(one) for one in iter_molecules(starts)}
    return _make("minimise_conformers", shard, given, protocol, repeat, settings, threads)


def make_conformers(
    shard: pa.Table,
    protocols: Iterable[Protocol],
    repeat: int,
    settings: EmbeddingSettings,
    threads: int = 1,
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Yield conformers and failures of a shard for each protocol, as the rules make them.

    Each method is embedded once, for all of its protocols.
    """
    starts: dict[Protocol, tuple[pa.Table, pa.Table]] = {}
    for protocol in protocols:
        start = protocol.start
        if start not in starts:
            starts[start] = embed_shard(shard, start, repeat, settings, threads)
        if protocol == start:
            yield starts[start]
        else:
            yield minimise_shard(shard, starts[start][0], protocol, repeat, settings, threads)


def _make(
    stage: str,
    shard: pa.Table,
    starts: Mapping[str, dict[int, Geometry]],
    protocol: Protocol,
    repeat: int,
    settings: EmbeddingSettings,
    threads: int,
) -> tuple[pa.Table, pa.Table]:
    """Make the conformers of a shard in a rule, from starts by molecule where there are any."""
    molecules = sorted((row["molecule"], row["smiles"]) for row in shard.to_pylist())
    tasks = ((*molecule, starts.get(molecule[0])) for molecule in molecules)

    def work(task: tuple[str, str, dict[int, Geometry] | None]) -> Embedding:
        """Make the conformers of one molecule. The child process runs this."""
        rdBase.DisableLog("rdApp.*")  # what RDKit would print is recorded as a failure
        molecule, smiles, given = task
        return embed_molecule(molecule, smiles, protocol, repeat, settings, threads, given)

    outcomes = bounded_map(work, tasks, settings.seconds_per_molecule)
    sets: list[ConformerSet] = []
    failures: list[Failure] = []
    in_order = zip(molecules, with_progress(outcomes, len(molecules)), strict=True)
    for (molecule, smiles), outcome in in_order:
        if isinstance(outcome, GaveUp):
            outcome = Embedding({}, {None: outcome.reason})
        if outcome.conformers:
            sets.append(_conformer_set(molecule, smiles, outcome, protocol, settings))
        failures.extend(
            Failure(stage, molecule, reason, protocol.name, repeat, index)
            for index, reason in outcome.failures.items()
        )
    _log_summary(len(molecules), sets, failures)
    return pack_conformers(sets), failure_table(failures)


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
        isomer=np.array([one.isomer for one in geometries], np.int64),
        energy=np.array([one.energy for one in geometries]),
        converged=np.array([one.converged for one in geometries]),
        steps=np.full(len(geometries), steps, np.int64),
        method=[one.method for one in geometries],
        coordinates=np.stack([one.coordinates for one in geometries]),
    )


def _geometries(stored: ConformerSet) -> dict[int, Geometry]:
    """Return stored conformers in the form in which they are made; inverts `_conformer_set`."""
    check_atoms(stored, mol_with_hydrogens(stored.smiles))
    rows = zip(
        stored.coordinates,
        stored.method,
        stored.energy.tolist(),
        stored.converged.tolist(),
        stored.isomer.tolist(),
        strict=True,
    )
    return {
        index: Geometry(*row) for index, row in zip(stored.conformer.tolist(), rows, strict=True)
    }


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
