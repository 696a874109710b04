"""Embedding: from a SMILES to conformers, each with a random state of its own.

A protocol is an embedding method (distance geometry with or without knowledge of torsions) and a
force field. Conformer j of a molecule is the same whatever else is asked for: how many conformers,
which other molecules, how many threads, in which order. It follows from the molecule, the
protocol's definition, the repeat and j alone.

Literature: distance geometry, Crippen and Havel 1988; KDG, ETDG and ETKDG, Riniker and Landrum,
J. Chem. Inf. Model. 2015, 55, 2562; small rings and macrocycles, Wang et al., J. Chem. Inf. Model.
2020, 60, 2044; MMFF94, Halgren, J. Comput. Chem. 1996, 17, 490; MMFF94s, Halgren 1999, 20, 720;
UFF, Rappé et al., J. Am. Chem. Soc. 1992, 114, 10024.

Fall-backs
----------
A conformer that RDKit cannot embed as asked is tried again by the next way of a fixed list, and the
way that worked stands in its `method`:

1. ``as asked``
2. ``random coordinates``: atoms start at random places instead of at an embedded distance matrix,
   which large flexible molecules need.
3. ``random coordinates, no basic knowledge``: without the terms that flatten rings and straighten
   triple bonds, which cages and cyclophanes contradict (methods with basic knowledge only).
4. ``plain distance geometry``: from random coordinates, keeping inconsistent distance bounds.

Components of a mixture are embedded together from random coordinates, because RDKit otherwise lays
them over each other; their ways are those of the list from 2 on, the first called ``components
together``.

Undefined stereo centres and double bonds are left to chance, conformer by conformer, unless
``stereoisomers`` is above 1: then the molecule has conformers of each of its stereoisomers in turn,
up to that many isomers. Isomers that cannot be embedded in any way do not count.

A conformer that is no longer the molecule of the SMILES counts as failed, and the next way is
tried: atoms overlap, a bond is broken or made, or the stereochemistry that the SMILES states has
changed (see `confaug.conformer_check`).
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from rdkit import Chem
from rdkit.Chem import rdDistGeom, rdForceFieldHelpers

from confaug.conformers.check import ConformerCheck
from confaug.conformers.protocols import (
    FIRST_ATTEMPTS,
    FORCE_FIELDS,
    SEEDS_PER_WAY,
    Way,
    random_state,
    ways_to_embed,
    why_untreatable,
)
from confaug.conformers.store import add_conformers
from confaug.molecules.stereo import stereoisomers
from confaug.molecules.structures import mol_with_hydrogens

logger = logging.getLogger("confaug")
#: When this many conformers in a row fail in every way, a molecule is given up.
PILOTS = 3


@dataclass(frozen=True)
class Geometry:
    """One conformer that was had."""

    coordinates: np.ndarray = field(repr=False)
    energy: float
    converged: bool
    method: str


@dataclass(frozen=True)
class Embedding:
    """What became of one molecule: its conformers by index, and the reasons of the others.

    The key None of `failures` stands for the molecule as a whole.
    """

    conformers: dict[int, Geometry]
    failures: dict[int | None, str]


def embed_molecule(
    molecule: str,
    smiles: str,
    protocol: dict[str, str],
    repeat: int,
    settings: dict[str, Any],
    threads: int = 1,
) -> Embedding:
    """Embed and minimise one molecule, with fall-backs, without a bound in time.

    Parameters are those of `embed_shard`.

    Examples
    --------
    >>> settings = {"conformers_per_repeat": 2, "max_attempts": 50, "max_steps": 2000}
    >>> protocol = {"method": "etkdg", "force_field": "mmff"}
    >>> embedding = embed_molecule("m6b23c0d5f35d", "C", protocol, 1, settings)
    >>> embedding.conformers[0].coordinates.shape
    (5, 3)
    """
    mol = mol_with_hydrogens(smiles)
    reason = why_untreatable(mol, protocol["force_field"])
    if reason:
        return Embedding({}, {None: reason})
    isomers = _possible_isomers(molecule, mol, protocol, repeat, settings)
    if len(isomers) > 1:
        made = [_MoleculeJob(*each, protocol, settings, threads).run() for each in isomers]
        return _in_turn(made)
    state = random_state(molecule, protocol, repeat)
    return _MoleculeJob(mol, state, protocol, settings, threads).run()


def _possible_isomers(
    molecule: str,
    mol: Chem.Mol,
    protocol: dict[str, str],
    repeat: int,
    settings: dict[str, Any],
) -> list[tuple[Chem.Mol, int]]:
    """Return the stereoisomers that are to be embedded one by one, each with its random state.

    Which of them exist is found out with one conformer each, so that it does not depend on how
    many conformers are asked for.
    """
    limit = settings.get("stereoisomers", 1)
    if limit == 1:
        return []
    numbered = [
        (isomer, random_state(f"{molecule} isomer {number}", protocol, repeat))
        for number, isomer in enumerate(stereoisomers(mol, limit))
    ]
    if len(numbered) == 1:
        return []
    trial = {**settings, "conformers_per_repeat": 1}
    return [each for each in numbered if _MoleculeJob(*each, protocol, trial, 1).run().conformers]


def _in_turn(made: Sequence[Embedding]) -> Embedding:
    """Join the conformers of n stereoisomers: number j n + i is the jth conformer of isomer i.

    None of them lacks its conformer 0, so each failure is one of a single conformer.
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


class _MoleculeJob:
    """The conformers of one molecule under one protocol and repeat, while they are being made."""

    def __init__(
        self,
        mol: Chem.Mol,
        state: int,
        protocol: dict[str, str],
        settings: dict[str, Any],
        threads: int,
    ) -> None:
        self.mol = mol
        self.state = state
        self.force_field = FORCE_FIELDS[protocol["force_field"]]
        self.count = settings["conformers_per_repeat"]
        self.max_attempts = settings["max_attempts"]
        self.max_steps = settings["max_steps"]
        self.threads = threads
        self.check = ConformerCheck(mol)
        self.ways = ways_to_embed(protocol["method"], len(Chem.GetMolFrags(mol)))
        self.found: dict[int, Geometry] = {}
        self.reasons: dict[int, str] = {}
        self.unsound: set[tuple[int, str]] = set()

    def run(self) -> Embedding:
        """Make all conformers: quickly together, then the missing ones by the fall-backs.

        Every decision about conformer j rests on conformer j or on the first `PILOTS`, so that
        asking for more conformers changes none of the earlier ones.
        """
        self._try(range(self.count), self.ways[0], min(FIRST_ATTEMPTS, self.max_attempts))
        if len(self.found) < self.count:
            self._fall_back()
        failures: dict[int | None, str] = {j: self.reasons[j] for j in self._missing()}
        if not self.found:  # one row for the molecule says it all
            failures = {None: f"{self.reasons[0]}; tried {self._tried()}"}
        return Embedding(dict(sorted(self.found.items())), failures)

    def _missing(self) -> list[int]:
        return [j for j in range(self.count) if j not in self.found]

    def _tried(self) -> str:
        return " | ".join(way.name for way in self.ways)

    def _fall_back(self) -> None:
        """Find the first way that works for a pilot, then make the missing ones from there on."""
        for pilot in range(min(PILOTS, self.count)):
            first = self._first_way(pilot)
            if first is not None:
                break
        else:
            given_up = f"given up because conformers 0 to {PILOTS - 1} failed in every way"
            self.reasons.update({j: given_up for j in self._missing() if j >= PILOTS})
            return
        waiting = [j for j in self._missing() if j > pilot]
        for way in self.ways[first:]:
            self._try(waiting, way, self.max_attempts)
            waiting = [j for j in waiting if j not in self.found]

    def _first_way(self, pilot: int) -> int | None:
        """Return the number of the first way in which a conformer can be had."""
        if pilot in self.found:
            return 0
        for number, way in enumerate(self.ways):
            self._try([pilot], way, self.max_attempts)
            if pilot in self.found:
                return number
        return None

    def _try(self, indices: Sequence[int], way: Way, attempts: int) -> None:
        """Embed, minimise and check some conformers in one way; keep those that are sound.

        A conformer that this way has made unsound before would come out the same again.
        """
        indices = [j for j in indices if (j, way.name) not in self.unsound]
        coordinates: dict[int, np.ndarray] = {}
        try:
            for start, stop in _runs(indices):
                coordinates.update(self._embed(start, stop, way, attempts))
            for index in indices:
                if index not in coordinates:
                    self.reasons[index] = f"no geometry in {attempts} attempts"
            self._minimise(coordinates, way)
        except (RuntimeError, ValueError) as error:  # how RDKit reports a broken invariant
            if len(indices) > 1:  # one conformer must not take the others with it
                for index in indices:
                    self._try([index], way, attempts)
            else:
                self.reasons[indices[0]] = f"RDKit failed: {' '.join(str(error).split())[:200]}"

    def _embed(self, start: int, stop: int, way: Way, attempts: int) -> dict[int, np.ndarray]:
        """Return the coordinates of those conformers from `start` to `stop` that can be embedded.

        RDKit drops the conformers that fail and numbers the rest anew. When some are missing, the
        range is halved until it is known which.
        """
        parameters = way.factory()
        for name, value in way.options.items():
            setattr(parameters, name, value)
        parameters.enableSequentialRandomSeeds = True
        first_seed = self.state + SEEDS_PER_WAY * self.ways.index(way)
        parameters.randomSeed = first_seed + start
        parameters.maxIterations = attempts
        parameters.numThreads = self.threads
        rdDistGeom.EmbedMultipleConfs(self.mol, stop - start, parameters)
        obtained = [conformer.GetPositions() for conformer in self.mol.GetConformers()]
        if len(obtained) == stop - start:
            return dict(zip(range(start, stop), obtained, strict=True))
        if not obtained:
            return {}
        middle = (start + stop) // 2
        return {
            **self._embed(start, middle, way, attempts),
            **self._embed(middle, stop, way, attempts),
        }

    def _minimise(self, coordinates: dict[int, np.ndarray], way: Way) -> None:
        """Minimise conformers where a force field is asked for, check them and keep the sound."""
        if not coordinates:
            return
        add_conformers(self.mol, coordinates)
        results = self._optimise()
        final = [conformer.GetPositions() for conformer in self.mol.GetConformers()]
        faults = self._faults(np.stack(final), results)
        for index, places, result, fault in zip(coordinates, final, results, faults, strict=True):
            if fault:
                self.reasons[index] = fault
                self.unsound.add((index, way.name))
            else:
                status, energy = result
                self.found[index] = Geometry(places, energy, status == 0, way.name)

    def _optimise(self) -> list[tuple[int, float]]:
        """Minimise all conformers in place; return per conformer RDKit's status and energy."""
        if self.force_field is None:
            return [(0, float("nan"))] * self.mol.GetNumConformers()
        common = {
            "numThreads": self.threads,
            "maxIters": self.max_steps,
            "ignoreInterfragInteractions": False,
        }
        if self.force_field == "UFF":
            return rdForceFieldHelpers.UFFOptimizeMoleculeConfs(self.mol, **common)
        return rdForceFieldHelpers.MMFFOptimizeMoleculeConfs(
            self.mol, mmffVariant=self.force_field, **common
        )

    def _faults(
        self, coordinates: np.ndarray, results: Sequence[tuple[int, float]]
    ) -> list[str | None]:
        """Say what is wrong with each conformer, or None; coordinates (K, N, 3)."""
        faults: list[str | None] = []
        for places, (status, energy) in zip(coordinates, results, strict=True):
            if status < 0:
                faults.append(f"{self.force_field} could not be set up")
            elif not np.isfinite(places).all() or np.isinf(energy):
                faults.append("the coordinates or the energy are not finite")
            else:
                faults.append(None)
        finite = [number for number, fault in enumerate(faults) if fault is None]
        for number, fault in zip(finite, self.check.faults(coordinates[finite]), strict=True):
            faults[number] = fault
        return faults


def _runs(indices: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield start and stop of the gapless runs in ascending indices."""
    start = previous = None
    for index in indices:
        if start is None or previous is None:
            start = index
        elif index != previous + 1:
            yield start, previous + 1
            start = index
        previous = index
    if start is not None and previous is not None:
        yield start, previous + 1
