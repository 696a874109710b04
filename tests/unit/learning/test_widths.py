import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from confaug.config.settings.variants import Variant
from confaug.learning.widths import CALIBRATED, count_columns


def variant(*kinds):
    return Variant(representation=kinds, learner="lightgbm")


@pytest.fixture
def own_columns(tmp_path):
    path = tmp_path / "own_columns.parquet"
    pq.write_table(pa.table({"molecule": ["m"], "own_x": [1.0], "own_y": [2.0]}), path)
    return path


@pytest.mark.parametrize(
    ("kinds", "columns"),
    [
        (["rdkit_2d"], 217),
        (["rdkit_2d", "rdkit_2d_as_given", "backbone"], 217 + 217 + 36),
        (["own_columns"], 2),
        (["mordred_2d", "morgan_counts", "own_columns", "augmented_3d"], 1613 + 2048 + 2 + 223),
        (["ensemble_statistics_3d"], 5 * 223),
        (["distribution_3d"], 5 * 223 * 6),
    ],
)
def test_columns_are_those_of_all_kinds(own_columns, kinds, columns):
    assert count_columns(variant(*kinds), 6, own_columns) == columns


def test_a_file_that_cannot_be_read_has_no_columns(own_columns):
    own_columns.write_bytes(b"PAR1")
    assert count_columns(variant("own_columns"), 6, own_columns) == 0
    assert count_columns(variant("own_columns"), 6, own_columns.parent / "none") == 0
    assert count_columns(CALIBRATED, 6, "none") == 1613 + 223
