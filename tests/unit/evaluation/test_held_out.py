"""What is held out to see how far models extrapolate."""

from itertools import combinations

import numpy as np
import pytest
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator
from sklearn.cluster import AgglomerativeClustering

from confaug.evaluation import held_out
from confaug.evaluation.held_out import (
    HIGHEST,
    LOWEST,
    end_of_labels,
    nearest_similarities,
    number_parts,
    similarity_clusters,
)

ACIDS = [f"{'C' * n}C(=O)O" for n in range(2, 9)]
ARENES = [f"c1ccccc1{'C' * n}" for n in range(1, 8)]
AMINES = [f"{'C' * n}N({'C' * n}){'C' * n}" for n in range(1, 7)]


def tanimoto(a, b):
    """Return the similarity of two structures, by RDKit alone."""
    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    prints = [generator.GetFingerprint(Chem.MolFromSmiles(smiles)) for smiles in (a, b)]
    return DataStructs.TanimotoSimilarity(*prints)


def partition(numbers):
    """Return which molecules are together, whatever their part is called."""
    return {frozenset(np.flatnonzero(numbers == number)) for number in set(numbers)}


def parts_of(found):
    return {frozenset(np.flatnonzero(part)) for part in found.parts}


@pytest.mark.parametrize("highest", [True, False])
def test_an_end_holds_the_most_extreme_labels_and_no_label_of_training_reaches_it(highest):
    random = np.random.default_rng(3)
    labels, groups = random.normal(size=50), np.arange(50)
    found = end_of_labels(labels, groups, 0.2, highest)
    (part,) = found.parts
    order = np.argsort(-labels if highest else labels)
    assert set(np.flatnonzero(part)) == set(order[:10])
    assert found.name == (HIGHEST if highest else LOWEST)


def test_groups_are_never_divided_and_training_stays_below_the_cut():
    random = np.random.default_rng(5)
    labels, groups = random.normal(size=60), np.repeat(np.arange(20), 3)
    (part,) = end_of_labels(labels, groups, 0.2, True).parts
    assert all(len(set(part[groups == group])) == 1 for group in range(20))
    assert part.sum() == 12
    inside = {group: labels[groups == group].max() for group in range(20)}
    held = {int(group) for group in groups[part]}
    assert min(inside[g] for g in held) > max(inside[g] for g in inside if g not in held)


def test_equal_labels_stay_together():
    labels = np.array([1.0] * 6 + [2.0] * 3 + [3.0])
    (part,) = end_of_labels(labels, np.arange(10), 0.2, True).parts
    assert part.sum() == 1  # with the next cut four would be held out, which is as far from two
    (part,) = end_of_labels(labels, np.arange(10), 0.3, True).parts
    assert part.sum() == 4
    assert end_of_labels(labels, np.arange(10), 0.2, False) is None
    assert end_of_labels(np.ones(10), np.arange(10), 0.2, True) is None


def test_clusters_are_those_of_ward_on_the_geometry_of_the_kernel():
    structures = [*ACIDS, *ARENES, *AMINES]
    kernel = np.array([[tanimoto(a, b) for b in structures] for a in structures])
    values, vectors = np.linalg.eigh(kernel)
    places = vectors * np.sqrt(np.maximum(values, 0))
    for count in (2, 3, 5):
        expected = AgglomerativeClustering(count, linkage="ward").fit_predict(places)
        found = similarity_clusters(structures, np.arange(len(structures)), count)
        assert parts_of(found) == partition(expected)
    found = similarity_clusters(structures, np.arange(len(structures)), 3)
    families = np.repeat([0, 1, 2], [len(ACIDS), len(ARENES), len(AMINES)])
    assert parts_of(found) == partition(families)


def test_clusters_keep_groups_together_and_leave_nobody_out():
    structures = [*ACIDS, *ARENES]
    groups = np.array([*range(7), 0, *range(7, 13)])  # an arene that belongs to the first acid
    found = similarity_clusters(structures, groups, 4)
    assert np.sum(found.parts, axis=0).tolist() == [1] * 14
    assert any(part[0] and part[7] for part in found.parts)


def test_clusters_do_not_depend_on_the_order_of_molecules():
    structures = np.array([*ACIDS, *ARENES, *AMINES])
    order = np.random.default_rng(1).permutation(len(structures))
    numbers = np.arange(len(structures))
    one = similarity_clusters(list(structures), numbers, 4)
    other = similarity_clusters(list(structures[order]), numbers, 4)
    shuffled = {frozenset(order[list(part)].tolist()) for part in parts_of(other)}
    assert parts_of(one) == shuffled


def test_groups_that_are_too_many_join_the_most_similar_cluster(monkeypatch):
    structures = [*ACIDS, *ARENES]
    whole = similarity_clusters(structures, np.arange(14), 2)
    monkeypatch.setattr(held_out, "MOST_CLUSTERED", 8)
    assert parts_of(similarity_clusters(structures, np.arange(14), 2)) == parts_of(whole)


def test_there_are_no_clusters_of_one_group():
    assert similarity_clusters(ACIDS, np.zeros(7, int), 3) is None
    assert similarity_clusters(ACIDS, np.arange(7), 1) is None
    assert len(similarity_clusters(ACIDS[:2], np.arange(2), 5).parts) == 2


def test_similarity_is_that_to_the_nearest_molecule_of_another_part():
    structures = [*ACIDS[:4], *ARENES[:3]]
    numbers = np.array([0, 0, 1, 1, 2, 2, 2])
    end = held_out.HeldOut(HIGHEST, (numbers == 2,))
    all_parts, one_part = nearest_similarities(structures, [number_parts("folds", numbers), end])
    for i, j in combinations(range(7), 2):
        if numbers[i] != numbers[j]:
            assert all_parts[i] >= tanimoto(structures[i], structures[j]) - 1e-12
    for i in range(7):
        others = [
            tanimoto(structures[i], structures[j]) for j in range(7) if numbers[j] != numbers[i]
        ]
        assert all_parts[i] == pytest.approx(max(others))
    assert np.isnan(one_part).tolist() == [True] * 4 + [False] * 3
    assert one_part[4:] == pytest.approx(all_parts[4:])
