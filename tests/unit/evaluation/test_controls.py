"""The verdict on the augmentation is right where the truth is known, see `controlled_studies`."""

import numpy as np
import pytest
from controlled_studies import CONTROLS, MOLECULES, POOL, SPLITS, compare, make_pool

STUDIES = 20


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    return make_pool(tmp_path_factory.mktemp("pool"), POOL)


@pytest.mark.parametrize("kind", CONTROLS)
def test_nearly_every_verdict_is_right(pool, kind):
    labels, right = CONTROLS[kind]
    found = [compare(pool, labels, MOLECULES, SPLITS, seed)[0] for seed in range(STUDIES)]
    verdicts = [one.verdict.verdict for one in found]
    assert verdicts.count(right) >= 0.95 * STUDIES, verdicts


def test_conformers_that_describe_are_not_those_of_the_labels(pool):
    """The part of labels is no column, and the columns of the graph hardly know it."""
    known, rows = {}, pool.rows["augmented"]
    for name, values in zip(rows.feature_names, rows.X.T.astype(float), strict=True):
        means = np.add.reduceat(values, rows.starts) / rows.counts
        if np.isfinite(means).all() and means.std() > 1e-9:
            known[name] = abs(np.corrcoef(means, pool.ensemble)[0, 1])
    of_graph = [value for name, value in known.items() if name.startswith("rdkit_")]
    of_conformers = [value for name, value in known.items() if not name.startswith("rdkit_")]
    assert max(of_graph) < 0.3 < max(of_conformers) < 0.99
