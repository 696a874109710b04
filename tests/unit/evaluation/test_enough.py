"""What the learning curves amount to."""

import pytest

from confaug.evaluation.enough import Level, summarise_curves


def rows(axis, errors, replicates=(1,)):
    return [
        {"axis": axis, "level": level, "order": i, "replicate": replicate, "mae": mae + replicate}
        for i, (level, mae) in enumerate(errors.items())
        for replicate in replicates
    ]


def summary(found, reference="plain"):
    plain = [
        {"variant": variant, "replicate": replicate, "mae": 10.0 * replicate}
        for variant in ("plain", "other")
        for replicate in (1, 2, 3)
    ]
    return summarise_curves(found, plain, reference)


def test_errors_are_averaged_over_replicates_in_the_order_of_the_levels():
    found = rows("conformers", {"30": 20.0, "3": 40.0}, replicates=(1, 3))
    curves = summary(found[::-1])
    assert curves.conformers == (Level("30", 22.0), Level("3", 42.0))
    assert curves.replicates == 2
    assert curves.plain == 20.0, "on the same replicates"
    assert curves.molecules == curves.protocols == ()


@pytest.mark.parametrize(
    ("errors", "enough"),
    [({"1": 40.0, "3": 30.3, "10": 30.0}, "3"), ({"1": 40.0, "3": 35.0, "10": 30.0}, "10")],
)
def test_the_fewest_conformers_within_two_percent_are_enough(errors, enough):
    assert summary(rows("conformers", errors)).enough_conformers.name == enough


def test_the_last_step_is_relative_to_the_one_before():
    assert summary(rows("molecules", {"5": 99, "20": 39, "70": 29})).last_change == -0.25
    assert summary(rows("molecules", {"20": -1, "70": 29})).last_change == 0


def test_all_protocols_together_are_no_single_protocol():
    curves = summary(rows("protocols", {"dg": 1.0, "etkdg": 2.0, "all": 3.0}), reference=None)
    assert [level.name for level in curves.single_protocols] == ["dg", "etkdg"]
    assert curves.plain is None
