"""Values are the same whether or not the built-in sum compensates rounding errors."""

import builtins
import math

import numpy as np
import pytest
from rdkit import Chem

from confaug.descriptors.mordred2d import Mordred2D
from confaug.infrastructure.sums import sum_in_order
from confaug.molecules.label_checks import replicate_scatter


def compensated(values, start=0):
    """Add as the built-in sum of Python 3.12 and later does: floats without rounding errors."""
    values = [start, *values]
    if any(isinstance(value, float) for value in values):
        return math.fsum(values)
    return sum_in_order(values[1:], values[0])


def rounded(values, start=0):
    """Add as the built-in sum of Python 3.11 does."""
    return sum_in_order(values, start)


def descriptors():
    smiles = [
        "CC(=O)Oc1ccccc1C(=O)O",
        "C=C(C)C(=O)OCCCCCC",
        "CCCCCCCCCCCCOC(=O)C=C",
        "NCCCCCC(O)=O",
    ]
    return Mordred2D()([Chem.MolFromSmiles(text) for text in smiles])[0]


def scatter():
    draws = np.random.default_rng(0).normal(300.0, 5.0, (50, 3))
    return np.array(replicate_scatter(draws.tolist())["scatter"])


def test_sums_are_rounded_at_every_step():
    tenths = [0.1] * 10  # the built-in sum gives 1.0 from Python 3.12 on
    assert sum_in_order(tenths) == 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 < 1
    assert compensated(tenths) == 1
    assert (sum_in_order([True, 2]), sum_in_order([]), sum_in_order([[1]], [])) == (3, 0, [1])


@pytest.mark.parametrize("calculate", [descriptors, scatter])
def test_values_do_not_depend_on_the_built_in_sum(calculate, monkeypatch):
    results = []
    for built_in in (rounded, compensated):
        monkeypatch.setattr(builtins, "sum", built_in)
        results.append(calculate())
    np.testing.assert_array_equal(*results)
