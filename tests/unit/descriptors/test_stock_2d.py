"""Stock mordred, family by family: what is given up costs its own family alone."""

import numpy as np
from mordred import McGowanVolume, Polarizability

from confaug.descriptors import stock_2d
from confaug.descriptors.stock_2d import (
    ENUMERATING,
    describe_with_mordred,
    family_columns,
)
from confaug.infrastructure.sums import sum_in_order

SECONDS, MEMORY = 60.0, 2**31


def test_mordred_adds_in_order():
    family_columns()  # loads mordred
    for module in (McGowanVolume, Polarizability):
        assert vars(module)["sum"] is sum_in_order


def test_the_families_share_out_every_column():
    columns = family_columns()
    assert list(columns) == ["others", *ENUMERATING]
    assert sorted(np.concatenate(list(columns.values()))) == list(range(1613))
    assert all(len(places) for places in columns.values())


def test_what_does_not_end_is_given_up_alone(monkeypatch):
    smiles = ["C1CC1", "CC"]
    undisturbed = [values for values, _ in describe_with_mordred(smiles, SECONDS, MEMORY)]
    original = stock_2d._calculate_task

    def endless_for_rings(task, calculators):
        while task == ("C1CC1", "PathCount"):
            pass
        return original(task, calculators)

    monkeypatch.setattr(stock_2d, "_calculate_task", endless_for_rings)
    seconds = 2 * len(family_columns())
    (ring, lost), (chain, nothing) = describe_with_mordred(smiles, seconds, MEMORY)
    assert lost == ["21 descriptors of the family PathCount: given up after 2 s of processor time"]
    assert nothing == []
    undisturbed[0][family_columns()["PathCount"]] = np.nan
    np.testing.assert_array_equal([ring, chain], undisturbed)


def test_what_fails_is_a_reason_of_its_own_family_and_molecule(monkeypatch):
    smiles = ["C1CC1", "CC"]
    undisturbed = [values for values, _ in describe_with_mordred(smiles, SECONDS, MEMORY)]
    original = stock_2d.as_numbers

    def failing(results):
        values = original(results)
        if results.mol.GetRingInfo().NumRings() and len(values) == 21:
            raise RuntimeError("Invariant Violation")
        return values

    monkeypatch.setattr(stock_2d, "as_numbers", failing)
    (ring, lost), (chain, nothing) = describe_with_mordred(smiles, SECONDS, MEMORY)
    reason = "21 descriptors of the family PathCount: RuntimeError: Invariant Violation"
    assert (lost, nothing) == ([reason], [])
    undisturbed[0][family_columns()["PathCount"]] = np.nan
    np.testing.assert_array_equal([ring, chain], undisturbed)
