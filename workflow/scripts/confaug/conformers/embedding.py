"""From a SMILES to conformers, each with a random state of its own.

A protocol is an embedding method (distance geometry with or without knowledge of torsions) and a
force field. Protocols of one method minimise the same conformers, those of the method alone.
Conformer j of a molecule does not depend on the number of conformers, other molecules, the number
of threads or the order of the work. It follows from the molecule, the protocol's definition, the
repeat and j.

Undefined stereo centres and double bonds are left to chance, conformer by conformer, unless
``stereoisomers`` is above 1: then the molecule has conformers of each of its stereoisomers in turn,
up to that many isomers. Isomers that cannot be embedded in any way do not count.
"""

from collections.abc import Mapping
from dataclasses import replace

from rdkit import Chem

from confaug.config.protocols import Protocol
from confaug.config.settings.embedding import EmbeddingSettings
from confaug.conformers.force_fields import why_untreatable
from confaug.conformers.molecule_job import Embedding, Geometry, MoleculeJob
from confaug.conformers.protocols import random_state
from confaug.molecules.smiles import mol_with_hydrogens
from confaug.molecules.stereo import stereoisomers

#: Number of the molecule whose undefined stereochemistry is left to chance; isomers count from 1.
LEFT_TO_CHANCE = 0


def embed_molecule(
    molecule: str,
    smiles: str,
    protocol: Protocol,
    repeat: int,
    settings: EmbeddingSettings,
    threads: int = 1,
    starts: Mapping[int, Geometry] | None = None,
) -> Embedding:
    """Make the conformers of one molecule, with fall-backs and without a limit of time.

    Parameters are those of `embed_shard`, and:

    starts
        Conformers of `protocol.start` by index, which are minimised instead of embedding anew.

    Examples
    --------
    >>> settings = EmbeddingSettings(conformers_per_repeat=2)
    >>> methane = ("m6b23c0d5f35d", "C")
    >>> embedded = embed_molecule(*methane, Protocol.named("etkdg"), 1, settings)
    >>> embedded.conformers[0].coordinates.shape
    (5, 3)
    >>> starts = embedded.conformers
    >>> minimised = embed_molecule(
    ...     *methane, Protocol.named("etkdg_mmff"), 1, settings, starts=starts
    ... )
    >>> minimised.conformers[0].converged
    True
    """
    mol = mol_with_hydrogens(smiles)
    reason = why_untreatable(mol, protocol.force_field)
    if reason:
        return Embedding({}, {None: reason})
    isomers = _isomers(mol, settings)

    def job(number: int, settings: EmbeddingSettings) -> MoleculeJob:
        form = f"{molecule} isomer {number - 1}" if number else molecule
        state = random_state(form, protocol, repeat)
        return MoleculeJob(isomers[number], state, protocol, settings, threads)

    if starts:
        numbers = sorted({start.isomer for start in starts.values()})
    else:
        # Isomers that exist are found with one conformer each, so that they do not depend on the
        # number of conformers.
        trial = settings.model_copy(update={"conformers_per_repeat": 1})
        numbers = [number for number in isomers if number and job(number, trial).run().conformers]
    if len(numbers) < 2:
        numbers = [LEFT_TO_CHANCE]
    made = {
        number: job(number, settings).run(_starts_of(number, starts or {}, len(numbers)))
        for number in numbers
    }
    return _in_turn(made, settings.conformers_per_repeat)


def _isomers(mol: Chem.Mol, settings: EmbeddingSettings) -> dict[int, Chem.Mol]:
    """Return the molecule as its SMILES states it and, if there are several, its stereoisomers."""
    limit = settings.stereoisomers
    found = stereoisomers(mol, limit) if limit > 1 else []
    return {LEFT_TO_CHANCE: mol, **dict(enumerate(found if len(found) > 1 else [], start=1))}


def _starts_of(number: int, starts: Mapping[int, Geometry], isomers: int) -> dict[int, Geometry]:
    """Return the starts of one of n isomers by the index that each has among them."""
    return {index // isomers: one for index, one in starts.items() if one.isomer == number}


def _in_turn(made: Mapping[int, Embedding], count: int) -> Embedding:
    """Join n stereoisomers by their numbers: index j n + i is conformer j of the i-th of them.

    Each was asked for `count` conformers. Without any, the molecule has one failure.
    """
    conformers: dict[int, Geometry] = {}
    failures: dict[int | None, str] = {}
    for place, (number, one) in enumerate(made.items()):
        for index, geometry in one.conformers.items():
            conformers[index * len(made) + place] = replace(geometry, isomer=number)
        for failed, reason in one.failures.items():
            for index in range(count) if failed is None else [failed]:
                failures[index * len(made) + place] = reason
    if not conformers:
        failures = {None: failures[0]}
    return Embedding(dict(sorted(conformers.items())), failures)
