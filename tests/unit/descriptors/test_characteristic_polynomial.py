"""Characteristic polynomials: closed forms, numpy, and RDKit where its arithmetic holds."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem
from rdkit.Chem import GraphDescriptors

from confaug.descriptors.characteristic_polynomial import (
    characteristic_polynomial,
    information_content,
)


def matchings_of_a_path(n):
    """Coefficients of a linear chain: a path has C(n - k, k) matchings of k edges."""
    coefficients = [0] * (n + 1)
    for k in range(n // 2 + 1):
        coefficients[2 * k] = (-1) ** k * math.comb(n - k, k)
    return coefficients


@pytest.mark.parametrize("n", [1, 2, 3, 30, 120])
def test_a_chain_has_the_matching_polynomial(n):
    assert characteristic_polynomial(Chem.MolFromSmiles("C" * n)) == matchings_of_a_path(n)


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 9), st.integers(0, 2**32 - 1))
def test_random_graphs_agree_with_numpy(n, seed):
    bonded = np.triu(np.random.default_rng(seed).random((n, n)) < 0.4, 1)
    mol = Chem.RWMol()
    for _ in range(n):
        mol.AddAtom(Chem.Atom(6))
    for one, other in np.argwhere(bonded).tolist():
        mol.AddBond(one, other, Chem.BondType.SINGLE)
    expected = np.poly((bonded | bonded.T).astype(float))
    np.testing.assert_allclose(characteristic_polynomial(mol), expected, atol=1e-6)


def test_components_multiply():
    one, other = (characteristic_polynomial(Chem.MolFromSmiles(s)) for s in ("C1CC1C", "CCC"))
    both = characteristic_polynomial(Chem.MolFromSmiles("C1CC1C.CCC"))
    assert both == np.polymul(one, other).tolist()


@pytest.mark.parametrize("smiles", ["C", "C=CC(=O)OCCCC", "c1ccc2ccccc2c1", "CCO.CC(=O)O"])
def test_information_is_that_of_rdkit_in_small_molecules(smiles):
    mol = Chem.MolFromSmiles(smiles)
    entropy, total = information_content(mol)
    assert entropy == pytest.approx(GraphDescriptors.AvgIpc(mol), rel=1e-12)
    assert entropy * total == pytest.approx(GraphDescriptors.Ipc(mol), rel=1e-12)


def test_information_is_exact_in_large_molecules():
    sizes = np.array([abs(c) for c in matchings_of_a_path(150) if c], dtype=np.float64)
    shares = sizes / sizes.sum()
    entropy, total = information_content(Chem.MolFromSmiles("C" * 150))
    assert entropy == pytest.approx(-(shares * np.log2(shares)).sum(), rel=1e-12)
    assert total == sum(abs(c) for c in matchings_of_a_path(150))
