"""Values are the same whether or not the built-in sum compensates rounding errors."""

import builtins
import math

import numpy as np
import pytest
from rdkit import Chem

from confaug.descriptors.backbone.declaration import describe_backbone
from confaug.descriptors.mordred2d import Mordred2D
from confaug.descriptors.rdkit_2d import FAMILIES, describe_family
from confaug.infrastructure.sums import sum_in_order
from confaug.molecules.label_checks import replicate_scatter


def compensated(values, start=0):
    """Add as the built-in sum of Python 3.12 and later does: floats without rounding errors.

    Numbers of NumPy are no such floats.
    """
    values = [start, *values]
    kinds = {type(value) for value in values}
    if float in kinds and kinds <= {int, bool, float}:
        return math.fsum(values)
    return sum_in_order(values[1:], values[0])


def rounded(values, start=0):
    """Add as the built-in sum of Python 3.11 does."""
    return sum_in_order(values, start)


SMILES = [
    "CC(=O)Oc1ccccc1C(=O)O",
    "C=C(C)C(=O)OCCCCCC",
    "CCCCCCCCCCCCOC(=O)C=C",
    "NCCCCCC(O)=O",
]


def descriptors():
    return Mordred2D()([Chem.MolFromSmiles(text) for text in SMILES])[0]


def rdkit_descriptors():
    molecules = [Chem.MolFromSmiles(text) for text in SMILES]
    return np.concatenate(
        [describe_family(mol, family).values for mol in molecules for family in FAMILIES]
    )


def backbones():
    units = ("*CC(*)c1ccccc1", "*OC(=O)CCCCC*", "*CC(*)(C)C(=O)OCCCCCC")
    return [describe_backbone(unit) for unit in units]


def scatter():
    draws = np.random.default_rng(0).normal(300.0, 5.0, (50, 3))
    return np.array(replicate_scatter(draws.tolist())["scatter"])


def test_sums_are_rounded_at_every_step():
    tenths = [0.1] * 10  # the built-in sum gives 1.0 from Python 3.12 on
    assert sum_in_order(tenths) == 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 < 1
    assert compensated(tenths) == 1
    assert (sum_in_order([True, 2]), sum_in_order([]), sum_in_order([[1]], [])) == (3, 0, [1])


@pytest.mark.parametrize("calculate", [descriptors, rdkit_descriptors, backbones, scatter])
def test_values_do_not_depend_on_the_built_in_sum(calculate, monkeypatch):
    results = []
    for built_in in (rounded, compensated):
        monkeypatch.setattr(builtins, "sum", built_in)
        results.append(calculate())
    np.testing.assert_array_equal(*results)
