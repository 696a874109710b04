"""The batched engine and stock mordred give the same table."""

import numpy as np

from confaug.descriptors.names import NAMES_3D
from confaug.tables.descriptors import AUGMENTED
from confaug.tables.engine import read_table
from study import rules_of


def test_stock_mordred_gives_the_same_table(finished, study):
    study.configure(descriptors__engine="mordred")
    jobs = study.run_and_list("results/quick/augmented.parquet")
    assert rules_of(jobs) == {"describe_3d": 8, "merge_augmented": 1}
    columns = list(NAMES_3D)
    batched, stock = (
        read_table(s.results / "augmented.parquet", AUGMENTED, columns) for s in (finished, study)
    )
    assert batched.select(AUGMENTED.names).equals(stock.select(AUGMENTED.names))
    ours, theirs = (
        np.column_stack([table[name].to_numpy() for name in columns]) for table in (batched, stock)
    )
    assert np.isfinite(ours).mean() > 0.9
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
