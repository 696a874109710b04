"""Protocols that have nothing for most molecules are found, single failures are not."""

from confaug.evaluation.protocol_failures import ProtocolFailure, failed_protocols

MOLECULES = [f"m{i}" for i in range(10)]


def rows(protocol, molecules, repeats=(1, 2), conformer=None):
    return [
        {"protocol": protocol, "molecule": m, "repeat": repeat, "conformer": conformer}
        for m in molecules
        for repeat in repeats
    ]


def found(failures):
    return failed_protocols(failures, 10, ["dg", "dg_mmff", "etkdg"], repeats=2)


def test_protocols_that_failed_for_all_and_for_most_are_named_in_their_order():
    failures = rows("etkdg", MOLECULES) + rows("dg", MOLECULES[:6])
    assert found(failures) == [ProtocolFailure("dg", 6, 10), ProtocolFailure("etkdg", 10, 10)]
    assert [one.throughout for one in found(failures)] == [False, True]


def test_half_of_the_molecules_one_seed_or_single_conformers_are_no_failed_protocol():
    assert found(rows("dg", MOLECULES[:5])) == []
    assert found(rows("dg", MOLECULES, repeats=(1,))) == []
    assert found(rows("dg", MOLECULES, conformer=3)) == []
    assert found(rows(None, MOLECULES)) == []
