"""The batched engine and stock mordred give the same tables."""

import numpy as np
import pytest

from confaug.descriptors.names import NAMES_2D, NAMES_3D
from confaug.tables.descriptors import AUGMENTED, DESCRIPTORS_2D
from confaug.tables.engine import read_table
from study import rules_of

TABLES_2D = [f"descriptors_2d/mordred_2d/shard-{shard}.parquet" for shard in (0, 1)]
WANTED = ("augmented.parquet", *TABLES_2D)


def read(study):
    """Return the tables of a study, by file."""
    return {
        file: read_table(study.results / file, AUGMENTED if file == WANTED[0] else DESCRIPTORS_2D)
        for file in WANTED
    }


@pytest.fixture
def tables(study):
    """Return what a run with stock mordred made, and the tables of both engines."""
    targets = [f"results/quick/{file}" for file in WANTED]
    study.snakemake(*targets)
    ours = read(study)
    study.configure(descriptors__engine="mordred")
    return rules_of(study.run_and_list(*targets)), ours, read(study)


def test_stock_mordred_gives_the_same_tables(tables):
    ran, ours, theirs = tables
    assert ran == {"describe_2d": 2, "describe_3d": 8, "merge_augmented": 1}
    for file, names, known in (
        (WANTED[0], NAMES_3D, 0.9),
        *((file, NAMES_2D, 0.7) for file in TABLES_2D),
    ):
        pair = [
            np.column_stack([table[file][name].to_numpy() for name in names])
            for table in (ours, theirs)
        ]
        keys = [table[file].drop_columns(list(names)) for table in (ours, theirs)]
        assert keys[0].equals(keys[1])
        assert np.isfinite(pair[0]).mean() > known
        np.testing.assert_allclose(*pair, rtol=1e-9, atol=1e-9)
