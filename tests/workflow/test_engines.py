"""The batched engine and stock mordred give the same tables."""

import numpy as np
import pytest

from confaug.descriptors.names import NAMES_2D, NAMES_3D
from confaug.tables.descriptors import AUGMENTED, DESCRIPTORS_2D
from confaug.tables.engine import read_table
from study import rules_of


@pytest.fixture
def tables(finished, study):
    """Return what a run with stock mordred made, and a function that reads both tables."""
    study.configure(descriptors__engine="mordred")
    ran = rules_of(study.run_and_list("results/quick/augmented.parquet"))

    def read(file, spec, names):
        both = [read_table(s.results / file, spec, list(names)) for s in (finished, study)]
        assert both[0].select(spec.names).equals(both[1].select(spec.names))
        return [np.column_stack([table[name].to_numpy() for name in names]) for table in both]

    return ran, read


def test_stock_mordred_gives_the_same_tables(tables):
    ran, read = tables
    assert ran == {"describe_2d": 2, "describe_3d": 8, "merge_augmented": 1}
    ours, theirs = read("augmented.parquet", AUGMENTED, NAMES_3D)
    assert np.isfinite(ours).mean() > 0.9
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
    for shard in range(2):
        ours, theirs = read(
            f"descriptors_2d/mordred_2d/shard-{shard}.parquet", DESCRIPTORS_2D, NAMES_2D
        )
        assert np.isfinite(ours).mean() > 0.7
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
