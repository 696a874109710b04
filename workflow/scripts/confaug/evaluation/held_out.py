"""What is held out to see how far models extrapolate: ends of the labels, clusters of structures.

An end of the labels is held out so that no label of training lies at or beyond it. A cluster is one
of molecules with similar structures: the model has seen nothing like it. Ordinary folds are held
out beside them, because an error says little without the one that is usual. A group of molecules is
never divided.

References
----------
.. [1] Ralaivola, Swamidass, Saigo, Baldi (2005), Graph kernels for chemical informatics, Neural
   Networks 18, 1093: the Tanimoto similarity is a kernel, so 1 minus it is half a squared Euclidean
   distance, which Ward's clustering needs.
.. [2] Ward (1963), Hierarchical grouping to optimize an objective function, Journal of the American
   Statistical Association 58, 236.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from confaug.infrastructure import random_draws
from confaug.molecules.similarity import fingerprint, similarities

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]
#: What is held out, as tables call it.
FOLDS, CLUSTERS, HIGHEST, LOWEST = "folds", "clusters", "highest", "lowest"
#: Groups whose similarities are clustered; the time and memory of that grow with their square.
MOST_CLUSTERED = 2000


@dataclass(frozen=True)
class HeldOut:
    """Parts of the molecules that are held out one after another; each is a mask of molecules."""

    name: str
    parts: tuple[Mask, ...]


def number_parts(name: str, numbers: Numbers) -> HeldOut:
    """Return parts from the number of the part of every molecule."""
    return HeldOut(name, tuple(numbers == number for number in np.unique(numbers)))


def end_of_labels(labels: Floats, groups: Numbers, share: float, highest: bool) -> HeldOut | None:
    """Return the groups with the most extreme labels.

    The cut lies between two different labels, so that those of training do not reach the labels
    that are held out; of all such cuts it is the one that comes nearest to the wanted share.

    Parameters
    ----------
    labels, groups
        Label and number of the group of every molecule, shape (molecules,).
    share
        Share of the molecules to hold out; more than half are never held out.
    highest
        Whether the end is that of the highest labels.

    Returns
    -------
    HeldOut or None
        None if no cut leaves half of the molecules for training.

    Examples
    --------
    >>> end = end_of_labels(np.array([1.0, 5.0, 2.0, 2.0, 3.0]), np.arange(5), 0.4, highest=True)
    >>> end.parts[0].tolist()
    [False, True, False, False, True]
    """
    towards = labels if highest else -labels
    extremes = np.full(groups.max() + 1, -np.inf)
    np.maximum.at(extremes, groups, towards)
    reach = extremes[groups]
    cuts = np.unique(reach)[1:]
    sizes = np.array([np.count_nonzero(reach >= cut) for cut in cuts])
    allowed = sizes <= len(labels) / 2
    if not allowed.any():
        return None
    cuts, sizes = cuts[allowed], sizes[allowed]
    nearest = np.lexsort((sizes, np.abs(sizes - share * len(labels))))[0]
    return HeldOut(HIGHEST if highest else LOWEST, (reach >= cuts[nearest],))


def similarity_clusters(structures: Sequence[str], groups: Numbers, count: int) -> HeldOut | None:
    """Divide molecules into clusters of similar structures, by Ward's method.

    A group counts as the mean of its structures. Groups beyond `MOST_CLUSTERED`, drawn by a hash,
    join the cluster that they are most similar to on average.

    Parameters
    ----------
    structures, groups
        SMILES and number of the group of every molecule.
    count
        Number of clusters.

    Returns
    -------
    HeldOut or None
        None if there are fewer than two groups or clusters.
    """
    of_group: dict[int, set[str]] = defaultdict(set)
    for structure, group in zip(structures, groups.tolist(), strict=True):
        of_group[group].add(structure)
    texts = {group: sorted(found) for group, found in of_group.items()}
    drawn = sorted(texts, key=lambda group: random_draws.rank(texts[group][0], "clusters", 1))
    clustered, others = drawn[:MOST_CLUSTERED], drawn[MOST_CLUSTERED:]
    if min(len(clustered), count) < 2:
        return None
    kernel = _mean_similarities([texts[group] for group in clustered])
    own = np.diag(kernel)
    squared = np.maximum(own[:, None] + own - 2 * kernel, 0.0)
    np.fill_diagonal(squared, 0.0)
    tree = linkage(squareform(np.sqrt(squared), checks=False), "ward")
    found = fcluster(tree, count, "maxclust")
    number_of = dict(zip(clustered, found.tolist(), strict=True))
    members = {
        number: [text for group in clustered if number_of[group] == number for text in texts[group]]
        for number in sorted(set(number_of.values()))
    }
    for group in others:
        means = {number: _similarity(texts[group], own) for number, own in members.items()}
        number_of[group] = max(means, key=lambda number: means[number])
    return number_parts(CLUSTERS, np.array([number_of[group] for group in groups.tolist()]))


def nearest_similarities(structures: Sequence[str], held_out: Sequence[HeldOut]) -> list[Floats]:
    """Return the similarity of molecules to the most similar one that is not held out with them.

    Returns
    -------
    list of ndarray
        By what is held out, shape (molecules,); NaN for molecules that are not held out.
    """
    prints = [fingerprint(structure) for structure in structures]
    nearest = [np.full(len(structures), np.nan) for _ in held_out]
    for place, own in enumerate(prints):
        similar = similarities([own], prints)[0]
        for found, one in zip(nearest, held_out, strict=True):
            for part in one.parts:
                if part[place]:
                    found[place] = similar[~part].max()
    return nearest


def _mean_similarities(groups: Sequence[Sequence[str]]) -> Floats:
    """Return the mean similarity between the structures of two groups, for all pairs of groups."""
    structures = [structure for group in groups for structure in group]
    prints = [fingerprint(structure) for structure in structures]
    starts = np.cumsum([0, *map(len, groups[:-1])])
    sizes = np.array([len(group) for group in groups])
    sums = np.add.reduceat(similarities(prints, prints), starts, axis=0)
    return np.asarray(np.add.reduceat(sums, starts, axis=1) / np.outer(sizes, sizes))


def _similarity(one: Sequence[str], other: Sequence[str]) -> float:
    """Return the mean similarity between two sets of structures."""
    prints = [[fingerprint(structure) for structure in side] for side in (one, other)]
    return float(np.mean(similarities(*prints)))
