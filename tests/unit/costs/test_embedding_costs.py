"""How long conformers take, against times measured with RDKit 2026.9.1 on one core."""

import math

import pytest

from confaug.costs.embedding import BENT, Shape, conformer_seconds, seconds_of_all

#: Structure, and measured milliseconds of one conformer: dg, etkdg, and MMFF94 from dg.
MEASURED = {
    "CC(=O)Oc1ccccc1C(=O)O": (0.78, 2.45, 2.9),
    "CN1CCC[C@H]1c1cccnc1": (2.0, 3.9, 3.8),
    "c1ccc(-c2ccc(-c3ccc(-c4ccccc4)cc3)cc2)cc1": (2.8, 8.2, 12.9),
    "COCCOCCOCCOCCOCCOCCOCCOCCOC": (7.7, 28.9, 66.6),
    "CC(C)CC1NC(=O)C(C)NC(=O)CNC(=O)C(Cc2ccccc2)NC1=O": (6.7, 20.4, 32.8),
    "C" * 40: (101.6, 161.1, 284.2),
}


@pytest.mark.parametrize("smiles", MEASURED)
def test_times_are_those_measured_within_a_factor_of_two(smiles):
    shape = Shape.of(smiles)
    for part, milliseconds in zip(("dg", "etkdg", "mmff"), MEASURED[smiles], strict=True):
        assert abs(math.log2(1000 * conformer_seconds(shape, part) / milliseconds)) < 1


def test_a_bent_benzene_ring_costs_many_attempts():
    bent, free = Shape.of("c1cc2ccc1CCc1ccc(cc1)CC2"), Shape.of("c1ccc(CCc2ccccc2)cc1")
    assert (bent.bent, free.bent) == (True, False)
    assert conformer_seconds(bent, "etkdg") > BENT
    assert conformer_seconds(bent, "dg") < BENT / 50


def test_rings_that_are_fused_or_joined_by_a_long_chain_are_not_bent():
    assert not Shape.of("c1ccc2c(c1)ccc1ccccc12").bent
    assert not Shape.of("c1cc2ccc1CCCCCCCCCC2").bent


def test_hydrogens_count_whether_or_not_they_are_written():
    assert Shape.of("[CH3][CH3]") == Shape.of("CC")
    assert Shape.of("C").atoms == 5


def test_no_force_field_takes_no_time():
    assert conformer_seconds(Shape.of("CCO"), "none") == 0


def test_the_seconds_of_all_are_those_of_each():
    shapes = [Shape.of("CCO"), Shape.of("c1ccccc1")]
    found = seconds_of_all(shapes)
    for part in ("kdg", "sretkdg", "mmff94s", "uff"):
        assert found[part] == pytest.approx(sum(conformer_seconds(one, part) for one in shapes))
