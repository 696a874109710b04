"""Ways to embed a molecule, each tried where the one before it failed.

The way that worked stands in the conformer's `method`:

1. ``as asked``
2. ``random coordinates``: atoms start at random places instead of at an embedded distance matrix,
   which large flexible molecules need.
3. ``random coordinates, no basic knowledge``: without the terms that flatten rings and straighten
   triple bonds, which cages and cyclophanes contradict (methods with basic knowledge only).
4. ``plain distance geometry``: from random coordinates, keeping inconsistent distance bounds.

Components of a mixture are embedded together from random coordinates, because RDKit otherwise puts
them on top of each other. Their ways start at number 2, which is then called ``components
together``.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rdkit import Chem
from rdkit.Chem import rdDistGeom

from confaug.conformers.protocols import METHODS

#: All conformers are first tried this often together, which is enough for ordinary molecules.
FIRST_ATTEMPTS = 10
#: The random seeds of each way start this much higher than those of the way before it, so that a
#: way that differs little from another does not repeat its result.
SEEDS_PER_WAY = 2**20


@dataclass(frozen=True)
class Way:
    """One way to embed: its name, RDKit's parameter factory and what is set on top of it.

    `seed_offset` is where its random seeds start, counted from those of the molecule.
    """

    name: str
    factory: Callable[[], Any]
    options: dict[str, bool]
    seed_offset: int = 0


def ways_to_embed(method: str, components: int) -> list[Way]:
    """Return the ways in which a molecule is tried, in order.

    Parameters
    ----------
    method
        A key of `protocols.METHODS`.
    components
        Number of disconnected components of the molecule.
    """
    factory = METHODS[method]
    mixture = {"embedFragmentsSeparately": False} if components > 1 else {}
    scattered = {**mixture, "useRandomCoords": True}
    lenient = {**scattered, "ignoreSmoothingFailures": True}
    ways = [("random coordinates", factory, scattered)]
    if components > 1:
        ways = [("components together", factory, scattered)]
    else:
        ways = [("as asked", factory, {}), *ways]
    if factory().useBasicKnowledge:
        unknowing = {**scattered, "useBasicKnowledge": False}
        ways.append(("random coordinates, no basic knowledge", factory, unknowing))
    ways.append(("plain distance geometry", rdDistGeom.DG, lenient))
    return [Way(*way, SEEDS_PER_WAY * number) for number, way in enumerate(ways)]


def embed(
    mol: Chem.Mol, indices: Sequence[int], way: Way, state: int, attempts: int, threads: int = 1
) -> dict[int, np.ndarray]:
    """Embed some conformers of a molecule in one way.

    Parameters
    ----------
    mol
        Molecule with explicit hydrogens; its conformers are replaced.
    indices
        Indices of the conformers, ascending.
    way
        See `ways_to_embed`.
    state
        The molecule's random state, see `protocols.random_state`.
    attempts
        Attempts that each conformer has.
    threads
        Threads for RDKit; the results do not depend on it.

    Returns
    -------
    dict
        Coordinates in Å, shape (N, 3), by index; a conformer that cannot be embedded is left out.
    """
    parameters = way.factory()
    for name, value in way.options.items():
        setattr(parameters, name, value)
    parameters.enableSequentialRandomSeeds = True
    parameters.maxIterations = attempts
    parameters.numThreads = threads
    coordinates: dict[int, np.ndarray] = {}
    for start, stop in _runs(indices):
        coordinates |= _embed_range(mol, start, stop, parameters, state + way.seed_offset)
    return coordinates


def _embed_range(
    mol: Chem.Mol, start: int, stop: int, parameters: Any, first_seed: int
) -> dict[int, np.ndarray]:
    """Return the coordinates of those conformers from `start` to `stop` that can be embedded.

    RDKit drops the conformers that fail and numbers the rest anew.
    """

    def embed_some(start: int, stop: int) -> list[np.ndarray]:
        parameters.randomSeed = first_seed + start
        rdDistGeom.EmbedMultipleConfs(mol, stop - start, parameters)
        return [conformer.GetPositions() for conformer in mol.GetConformers()]

    def tell_which(start: int, stop: int, obtained: list[np.ndarray]) -> dict[int, np.ndarray]:
        """Tell which conformers were obtained: of those in order, the first half makes so many."""
        if not obtained:
            return {}
        if len(obtained) == stop - start:
            return dict(zip(range(start, stop), obtained, strict=True))
        middle = (start + stop) // 2
        first = len(embed_some(start, middle))
        return {
            **tell_which(start, middle, obtained[:first]),
            **tell_which(middle, stop, obtained[first:]),
        }

    return tell_which(start, stop, embed_some(start, stop))


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
