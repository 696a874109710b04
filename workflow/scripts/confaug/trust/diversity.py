"""Batches of molecules that are unlike each other.

Measured together, two similar molecules tell little more than one of them. So molecules are chosen
one after another, and what is chosen before counts: by a score that is worth less the more similar
a molecule is to one before it (maximal marginal relevance, Carbonell and Goldstein 1998), or by how
much a molecule makes all others more similar to something that is measured or chosen (facility
location, Wei, Iyer and Bilmes 2015). The beginning of a longer batch is the shorter batch.

References
----------
.. [1] Carbonell, Goldstein (1998), The use of MMR, diversity-based reranking for reordering
   documents and producing summaries, Proceedings of SIGIR, 335.
.. [2] Wei, Iyer, Bilmes (2015), Submodularity in data subset selection and active learning,
   Proceedings of ICML, 1954.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rdkit import DataStructs

from confaug.molecules.similarity import similarities

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Batch:
    """Chosen molecules, the first choice first.

    Attributes
    ----------
    places
        Their places among those that could be chosen, shape (n,).
    scores
        What each would be worth as the first choice.
    gains
        What each is worth after those before it.
    similarities
        Tanimoto similarity to the most similar molecule that was chosen before; 0 for the first.
    """

    places: NDArray[np.int64]
    scores: Floats
    gains: Floats
    similarities: Floats


def choose_diverse(scores: Floats, prints: list[DataStructs.ExplicitBitVect], count: int) -> Batch:
    """Choose molecules by their score times one minus their similarity to those chosen before.

    Parameters
    ----------
    scores
        What measuring each molecule is worth, shape (n,), not negative and in descending order. Of
        equal products, the first is chosen.
    prints
        Fingerprints of the molecules.
    count
        Molecules to choose. There are fewer if others are worth nothing.

    Examples
    --------
    >>> from confaug.molecules.similarity import fingerprint
    >>> prints = [fingerprint(smiles) for smiles in ("CCCCO", "CCCCCO", "c1ccccc1")]
    >>> choose_diverse(np.array([1.0, 0.9, 0.8]), prints, 2).places.tolist()
    [0, 2]
    """
    highest, free = np.zeros(len(scores)), scores > 0
    chosen: list[tuple[int, float, float]] = []
    while len(chosen) < count and free.any():
        gains = np.where(free, scores * (1.0 - highest), -1.0)
        best = int(np.argmax(gains))
        chosen.append((best, float(gains[best]), float(highest[best])))
        highest = np.maximum(highest, similarities([prints[best]], prints)[0])
        free[best] = False
    return _batch(chosen, scores)


def choose_representative(
    covered: Floats, prints: list[DataStructs.ExplicitBitVect], count: int
) -> Batch:
    """Choose molecules that stand for all others.

    What a molecule is worth is the share of the dissimilarity between all molecules and what is
    measured or chosen that it takes away.

    Parameters
    ----------
    covered
        Similarity of each molecule to the most similar measured one, shape (n,).
    prints
        Fingerprints of the molecules. Memory for n * n similarities is needed.
    count
        Molecules to choose. There are fewer if others would take away nothing even as the first.

    Examples
    --------
    >>> from confaug.molecules.similarity import fingerprint
    >>> prints = [fingerprint(smiles) for smiles in ("c1ccccc1", "CCCCO", "CCCCCO")]
    >>> choose_representative(np.zeros(3), prints, 1).places.tolist()
    [1]
    """
    n = len(covered)
    among, highest, chosen = np.empty((n, n)), np.zeros(n), list[tuple[int, float, float]]()
    for place, own in enumerate(prints):
        among[place] = similarities([own], prints)[0]
    lacking = float((1.0 - covered).sum())
    scores = _taken_away(among, covered) / lacking if lacking > 0 else np.zeros(n)
    free = scores > 0
    while len(chosen) < count and free.any():
        gains = np.where(free, _taken_away(among, covered), -1.0)
        best = int(np.argmax(gains))
        free[best] = False
        chosen.append((best, float(gains[best] / lacking), float(highest[best])))
        covered = np.maximum(covered, among[best])
        highest = np.maximum(highest, among[best])
    return _batch(chosen, scores)


def _taken_away(among: Floats, covered: Floats) -> Floats:
    """Return how much each molecule makes all more similar to something that is chosen."""
    return np.array([np.maximum(row - covered, 0.0).sum() for row in among])


def _batch(chosen: Sequence[tuple[int, float, float]], scores: Floats) -> Batch:
    """Put choices together."""
    places, gains, similar = zip(*chosen, strict=True) if chosen else ((), (), ())
    where = np.array(places, np.int64)
    return Batch(where, scores[where], np.array(gains, float), np.array(similar, float))
