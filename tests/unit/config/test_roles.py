"""Which variant plays which part: like is compared with like."""

import pytest

from confaug.config.roles import assign_roles, examined
from confaug.config.settings.variants import Variant


def lightgbm(*kinds):
    return Variant(representation=kinds, learner="lightgbm")


AUGMENTED = lightgbm("rdkit_2d", "backbone", "augmented_3d")


def test_the_order_of_kinds_does_not_matter():
    variants = {
        "other": lightgbm("mordred_2d"),
        "plain": lightgbm("backbone", "rdkit_2d"),
        "augmented": AUGMENTED,
        "noise": lightgbm("backbone", "rdkit_2d", "noise_3d"),
    }
    roles = assign_roles(variants)
    assert (roles.primary, roles.reference) == ("augmented", "plain")
    assert roles.controls == {"noise": "noise_3d"}


def test_what_has_other_columns_is_neither_reference_nor_baseline_nor_control():
    variants = {
        "plain": lightgbm("mordred_2d"),
        "default": Variant(representation="mordred_2d", learner="lightgbm_default"),
        "augmented": AUGMENTED,
        "noise": lightgbm("mordred_2d", "noise_3d"),
    }
    roles = assign_roles(variants)
    assert (roles.reference, roles.baseline, roles.controls) == (None, None, {})


def test_an_augmented_variant_that_can_be_judged_is_preferred():
    variants = {
        "first": lightgbm("own_columns", "augmented_3d"),
        "second": lightgbm("rdkit_2d", "augmented_3d"),
        "plain": lightgbm("rdkit_2d"),
    }
    assert assign_roles(variants).primary == "second"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("noise", "plain", "augmented"), "augmented"),
        (("noise", "plain"), "plain"),
        (("noise", "pooled"), "pooled"),
        (("noise",), "noise"),
    ],
)
def test_no_control_is_examined_if_there_is_anything_else(names, expected):
    variants = {
        "augmented": AUGMENTED,
        "plain": lightgbm("rdkit_2d"),
        "pooled": lightgbm("rdkit_2d", "mean_3d"),
        "noise": lightgbm("rdkit_2d", "noise_3d"),
    }
    assert examined({name: variants[name] for name in names}) == expected
