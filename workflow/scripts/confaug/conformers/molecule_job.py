"""Make the conformers of one molecule under one protocol and repeat.

A conformer that is no longer the molecule of its SMILES counts as failed, and the next way is
tried: atoms overlap, a bond is broken or made, or the stereochemistry that the SMILES states has
changed (see `conformers.check`). A force field can break what was embedded, and repair it: the
check comes after minimising, and fall-backs are embedded and minimised.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

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
    """One conformer, as `store.ConformerSet` describes it; by default, without a force field."""

    coordinates: np.ndarray = field(repr=False)
    method: str
    energy: float = float("nan")
    converged: bool = True
    isomer: int = 0


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
        self.spent: set[tuple[int, str]] = set()

    def run(self, starts: Mapping[int, Geometry] | None = None) -> Embedding:
        """Make all conformers together with few attempts, then the missing ones by fall-backs.

        Every decision about conformer j depends on conformer j or on the first `PILOTS` alone, so
        that a larger number of conformers changes none of the earlier ones.

        Parameters
        ----------
        starts
            Conformers by index that are minimised in the place of the first attempts, made with the
            same random state and without a force field. One that minimising breaks goes on with the
            way after that of its start.
        """
        if starts:
            self._begin_with(starts)
        self._try(self._missing(), self.ways[0], min(FIRST_ATTEMPTS, self.max_attempts))
        if len(self.found) < self.count:
            self._fall_back()
        failures: dict[int | None, str] = {j: self.reasons[j] for j in self._missing()}
        if not self.found:  # one row for the whole molecule
            failures = {None: f"{self.reasons[0]}; tried {self._tried()}"}
        return Embedding(dict(sorted(self.found.items())), failures)

    def _number_of(self, method: str) -> int:
        return [way.name for way in self.ways].index(method)

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
            return self._number_of(self.found[pilot].method)
        for number, way in enumerate(self.ways):
            self._try([pilot], way, self.max_attempts)
            if pilot in self.found:
                return number
        return None

    def _begin_with(self, starts: Mapping[int, Geometry]) -> None:
        """Minimise what was embedded before."""
        for index, start in starts.items():
            ways = self.ways[: self._number_of(start.method) + 1]
            self.spent |= {(index, way.name) for way in ways}
        self._guard(list(starts), lambda indices: self._minimise({j: starts[j] for j in indices}))

    def _try(self, indices: Sequence[int], way: Way, attempts: int) -> None:
        """Embed, minimise and check some conformers in one way; keep those that are sound.

        A conformer that failed the check before in this way, or went beyond it, would fail again.
        """
        indices = [j for j in indices if (j, way.name) not in self.spent]
        self._guard(indices, partial(self._embed, way=way, attempts=attempts))

    def _guard(self, indices: Sequence[int], work: Callable[[Sequence[int]], None]) -> None:
        """Work on some conformers together; where RDKit fails, on each alone."""
        try:
            work(indices)
        except (RuntimeError, ValueError) as error:  # how RDKit reports a broken invariant
            if len(indices) > 1:  # one conformer must not cost the others
                for index in indices:
                    self._guard([index], work)
            else:
                self.reasons[indices[0]] = f"RDKit failed: {one_line(str(error))}"

    def _embed(self, indices: Sequence[int], way: Way, attempts: int) -> None:
        """Embed some conformers in one way, minimise and check them."""
        coordinates = embed(self.mol, indices, way, self.state, attempts, self.threads)
        for index in indices:
            if index not in coordinates:
                self.reasons[index] = f"no geometry in {attempts} attempts"
        self._minimise({j: Geometry(places, way.name) for j, places in coordinates.items()})

    def _minimise(self, raw: Mapping[int, Geometry]) -> None:
        """Minimise conformers if the protocol has a force field; keep those that pass the check."""
        if not raw:
            return
        add_conformers(self.mol, {index: one.coordinates for index, one in raw.items()})
        results = minimise(self.mol, self.force_field, self.max_steps, self.threads)
        final = [conformer.GetPositions() for conformer in self.mol.GetConformers()]
        faults = self._faults(np.stack(final), results)
        for index, places, result, fault in zip(raw, final, results, faults, strict=True):
            if fault:
                self.reasons[index] = fault
                self.spent.add((index, raw[index].method))
            else:
                status, energy = result
                self.found[index] = replace(
                    raw[index], coordinates=places, energy=energy, converged=status == 0
                )

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
