"""What the final model's description says of the error that the study measured."""

import pyarrow as pa
import pytest

from confaug.prediction.final_model import measured_error
from confaug.tables.evaluation import PAIRED_DIFFERENCES, VARIANT_SUMMARY

SUMMARY = {"variant": "recommended", "replicates": 2, "molecules": 9, "mae": 14.0}


def differences(verdict):
    row = {"variant": "recommended", "reference": "mean", "verdict": verdict}
    return pa.Table.from_pylist([row], schema=PAIRED_DIFFERENCES.schema())


@pytest.mark.parametrize(
    ("verdict", "constant", "expected"),
    [
        ("helped", "mean", True),
        ("no_difference", "mean", False),
        ("hurt", "mean", False),
        ("helped", "another", None),
        ("helped", None, None),
        ("helped", "recommended", False),
    ],
)
def test_better_than_a_constant_is_what_the_comparison_showed(verdict, constant, expected):
    summary = pa.Table.from_pylist([SUMMARY], schema=VARIANT_SUMMARY.schema())
    found = measured_error(summary, differences(verdict), "recommended", constant)
    assert found.beats_constant is expected
    assert (found.error, found.splits, found.molecules) == (14.0, 2, 9)
