"""Embedding: from a SMILES to conformers, each with a random state of its own.

A protocol is an embedding method (distance geometry with or without knowledge of torsions) and a
force field. Conformer j of a molecule does not depend on the number of conformers, other molecules,
the number of threads or the order of the work. It follows from the molecule, the
protocol's definition, the repeat and j.

Undefined stereo centres and double bonds are left to chance, conformer by conformer, unless
``stereoisomers`` is above 1: then the molecule has conformers of each of its stereoisomers in turn,
up to that many isomers. Isomers that cannot be embedded in any way do not count.
"""

from collections.abc import Sequence

from rdkit import Chem

from confaug.config.protocols import Protocol
from confaug.config.settings.embedding import EmbeddingSettings
from confaug.conformers.force_fields import why_untreatable
from confaug.conformers.molecule_job import Embedding, Geometry, MoleculeJob
from confaug.conformers.protocols import random_state
from confaug.molecules.smiles import mol_with_hydrogens
from confaug.molecules.stereo import stereoisomers


def embed_molecule(
    molecule: str,
    smiles: str,
    protocol: Protocol,
    repeat: int,
    settings: EmbeddingSettings,
    threads: int = 1,
) -> Embedding:
    """Embed and minimise one molecule, with fall-backs and without a limit of time.

    Parameters are those of `embed_shard`.

    Examples
    --------
    >>> settings = EmbeddingSettings(conformers_per_repeat=2)
    >>> protocol = Protocol.named("etkdg_mmff")
    >>> embedding = embed_molecule("m6b23c0d5f35d", "C", protocol, 1, settings)
    >>> embedding.conformers[0].coordinates.shape
    (5, 3)
    """
    mol = mol_with_hydrogens(smiles)
    reason = why_untreatable(mol, protocol.force_field)
    if reason:
        return Embedding({}, {None: reason})
    isomers = _possible_isomers(molecule, mol, protocol, repeat, settings)
    if len(isomers) > 1:
        made = [MoleculeJob(*each, protocol, settings, threads).run() for each in isomers]
        return _in_turn(made)
    state = random_state(molecule, protocol, repeat)
    return MoleculeJob(mol, state, protocol, settings, threads).run()


def _possible_isomers(
    molecule: str,
    mol: Chem.Mol,
    protocol: Protocol,
    repeat: int,
    settings: EmbeddingSettings,
) -> list[tuple[Chem.Mol, int]]:
    """Return the stereoisomers that are embedded one by one, each with its random state.

    Those that exist are found with one conformer each, so that they do not depend on the number of
    conformers.
    """
    if settings.stereoisomers == 1:
        return []
    numbered = [
        (isomer, random_state(f"{molecule} isomer {number}", protocol, repeat))
        for number, isomer in enumerate(stereoisomers(mol, settings.stereoisomers))
    ]
    if len(numbered) == 1:
        return []
    trial = settings.model_copy(update={"conformers_per_repeat": 1})
    return [each for each in numbered if MoleculeJob(*each, protocol, trial, 1).run().conformers]


def _in_turn(made: Sequence[Embedding]) -> Embedding:
    """Join the conformers of n stereoisomers: index j n + i is conformer j of isomer i.

    Every isomer has at least one conformer, so each failure is that of a single conformer.
    """
    conformers: dict[int, Geometry] = {}
    failures: dict[int | None, str] = {}
    for number, one in enumerate(made):
        for index, geometry in one.conformers.items():
            conformers[index * len(made) + number] = geometry
        for failed, reason in one.failures.items():
            if failed is not None:
                failures[failed * len(made) + number] = reason
    return Embedding(dict(sorted(conformers.items())), failures)
