"""The comparison of a study as a whole: tables and verdict belong together."""

import pyarrow as pa
import pytest
from prediction_tables import make_predictions, make_split

from confaug.config.settings.variants import Variant
from confaug.evaluation.study_comparison import compare_variants
from confaug.tables.engine import check_table
from confaug.tables.evaluation import (
    MOLECULE_ERRORS,
    PAIRED_DIFFERENCES,
    REPLICATE_ERRORS,
    VARIANT_SUMMARY,
)

VARIANTS = {
    "augmented": Variant(representation=("mordred_2d", "augmented_3d"), learner="lightgbm"),
    "plain": Variant(representation="mordred_2d", learner="lightgbm"),
    "not_evaluated": Variant(representation="mordred_2d", learner="constant"),
}


@pytest.fixture
def found():
    splits = {1: make_split({"m0", "m1", "m2"}), 2: make_split({"m2", "m3", "m4"})}
    predictions = {
        name: {r: make_predictions(split, offset) for r, split in splits.items()}
        for name, offset in [("augmented", -2.0), ("plain", 5.0)]
    }
    names = [f"m{i}" for i in range(6)]
    columns = {"molecule": names, "label": [1.0] * 6, "fixed_part": pa.nulls(6, pa.string())}
    return compare_variants(
        predictions, splits, pa.table(columns), VARIANTS, unit="K", transform="none"
    )


def test_all_tables_compare_with_the_reference_of_the_roles(found):
    assert check_table(found.summary, VARIANT_SUMMARY)["variant"].to_pylist() == [
        *("augmented", "plain")
    ]
    (row,) = check_table(found.differences, PAIRED_DIFFERENCES).to_pylist()
    assert (row["variant"], row["reference"], row["difference"]) == ("augmented", "plain", -3.0)
    rows = check_table(found.replicates, REPLICATE_ERRORS).to_pylist()
    assert {(row["variant"], row["difference"]) for row in rows} == {
        ("augmented", -3.0),
        ("plain", 0.0),
    }
    assert set(check_table(found.molecules, MOLECULE_ERRORS)["variant"].to_pylist()) == {
        *("augmented", "plain")
    }


def test_the_verdict_is_on_the_evaluated_variants(found):
    document = found.verdict.document()
    assert document
    assert "not_evaluated" not in str(document)
