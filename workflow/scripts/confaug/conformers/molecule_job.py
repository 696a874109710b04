"""Make the conformers of one molecule under one protocol and repeat.

A conformer that is no longer the molecule of its SMILES counts as failed, and the next way is
tried: atoms overlap, a bond is broken or made, or the stereochemistry that the SMILES states has
changed (see `conformers.check`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from rdkit import Chem

from confaug.config.protocols import Protocol
from confaug.config.settings.embedding import EmbeddingSettings
from confaug.conformers.check import ConformerCheck
from confaug.conformers.fallbacks import FIRST_ATTEMPTS, Way, embed, ways_to_embed
from confaug.conformers.force_fields import FORCE_FIELDS, minimise
from confaug.conformers.store import add_conformers
from confaug.infrastructure.text import one_line

#: When this many conformers in a row fail in every way, a molecule is given up.
PILOTS = 3


@dataclass(frozen=True)
class Geometry:
    """One conformer that was made."""

    coordinates: np.ndarray = field(repr=False)
    energy: float
    converged: bool
    method: str


@dataclass(frozen=True)
class Embedding:
    """The outcome for one molecule: its conformers by index, and why the others failed.

    The key None of `failures` stands for the molecule as a whole.
    """

    conformers: dict[int, Geometry]
    failures: dict[int | None, str]


class MoleculeJob:
    """The conformers of one molecule under one protocol and repeat, while they are being made."""

    def __init__(
        self,
        mol: Chem.Mol,
        state: int,
        protocol: Protocol,
        settings: EmbeddingSettings,
        threads: int,
    ) -> None:
        self.mol = mol
        self.state = state
        self.force_field = protocol.force_field
        self.count = settings.conformers_per_repeat
        self.max_attempts = settings.max_attempts
        self.max_steps = settings.max_steps
        self.threads = threads
        self.check = ConformerCheck(mol)
        self.ways = ways_to_embed(protocol.method, len(Chem.GetMolFrags(mol)))
        self.found: dict[int, Geometry] = {}
        self.reasons: dict[int, str] = {}
        self.unsound: set[tuple[int, str]] = set()

    def run(self) -> Embedding:
        """Make all conformers together with few attempts, then the missing ones by fall-backs.

        Every decision about conformer j depends on conformer j or on the first `PILOTS` alone, so
        that a larger number of conformers changes none of the earlier ones.
        """
        self._try(range(self.count), self.ways[0], min(FIRST_ATTEMPTS, self.max_attempts))
        if len(self.found) < self.count:
            self._fall_back()
        failures: dict[int | None, str] = {j: self.reasons[j] for j in self._missing()}
        if not self.found:  # one row for the whole molecule
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
        """Return the number of the first way that yields a conformer."""
        if pilot in self.found:
            return 0
        for number, way in enumerate(self.ways):
            self._try([pilot], way, self.max_attempts)
            if pilot in self.found:
                return number
        return None

    def _try(self, indices: Sequence[int], way: Way, attempts: int) -> None:
        """Embed, minimise and check some conformers in one way; keep those that are sound.

        A conformer that failed the check before in this way would fail again.
        """
        indices = [j for j in indices if (j, way.name) not in self.unsound]
        try:
            coordinates = embed(self.mol, indices, way, self.state, attempts, self.threads)
            for index in indices:
                if index not in coordinates:
                    self.reasons[index] = f"no geometry in {attempts} attempts"
            self._minimise(coordinates, way)
        except (RuntimeError, ValueError) as error:  # how RDKit reports a broken invariant
            if len(indices) > 1:  # one conformer must not cost the others
                for index in indices:
                    self._try([index], way, attempts)
            else:
                self.reasons[indices[0]] = f"RDKit failed: {one_line(str(error))}"

    def _minimise(self, coordinates: dict[int, np.ndarray], way: Way) -> None:
        """Minimise conformers if the protocol has a force field; keep those that pass the check."""
        if not coordinates:
            return
        add_conformers(self.mol, coordinates)
        results = minimise(self.mol, self.force_field, self.max_steps, self.threads)
        final = [conformer.GetPositions() for conformer in self.mol.GetConformers()]
        faults = self._faults(np.stack(final), results)
        for index, places, result, fault in zip(coordinates, final, results, faults, strict=True):
            if fault:
                self.reasons[index] = fault
                self.unsound.add((index, way.name))
            else:
                status, energy = result
                self.found[index] = Geometry(places, energy, status == 0, way.name)

    def _faults(
        self, coordinates: np.ndarray, results: Sequence[tuple[int, float]]
    ) -> list[str | None]:
        """Say what is wrong with each conformer, or None; coordinates (K, N, 3)."""
        faults: list[str | None] = []
        for places, (status, energy) in zip(coordinates, results, strict=True):
            if status < 0:
                faults.append(f"{FORCE_FIELDS[self.force_field]} could not be set up")
            elif not np.isfinite(places).all() or np.isinf(energy):
                faults.append("the coordinates or the energy are not finite")
            else:
                faults.append(None)
        finite = [number for number, fault in enumerate(faults) if fault is None]
        for number, fault in zip(finite, self.check.faults(coordinates[finite]), strict=True):
            faults[number] = fault
        return faults
