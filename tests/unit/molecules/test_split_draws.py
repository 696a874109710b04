import pyarrow as pa
import pytest

from confaug.molecules.split_draws import Draws, describe_draws, number_splits
from confaug.molecules.splitting import split_molecules


def study(n_fixed):
    """Return twelve molecules, some with a fixed part, and three splits of them."""
    names = [f"m{i:02d}" for i in range(12)]
    parts = [("train", "test")[i % 2] if i < n_fixed else None for i in range(12)]
    molecules = pa.table(
        {
            "molecule": names,
            "group": names,
            "label": [float(i) for i in range(12)],
            "fixed_part": pa.array(parts, pa.string()),
        }
    )
    return molecules, {r: split_molecules(molecules, 0.5, 2, 1, r) for r in (1, 2, 3)}


@pytest.mark.parametrize(("n_fixed", "different"), [(12, 1), (4, 1), (0, 3)])
def test_replicates_of_a_fixed_split_are_recognised(n_fixed, different):
    molecules, splits = study(n_fixed)
    draws = describe_draws(splits, molecules)
    assert draws == Draws(3, different, 12, n_fixed)
    assert draws.one == (different == 1)
    assert splits[1]["fold"] != splits[2]["fold"]


def test_equal_splits_have_one_number():
    _, splits = study(0)
    again = {**splits, 4: splits[2]}
    assert number_splits(again) == [0, 1, 2, 1]
