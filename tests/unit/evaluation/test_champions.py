"""The best variant of each group, by out-of-fold errors alone."""

from dataclasses import replace

import pytest

from confaug.config.settings.variants import Variant
from confaug.evaluation.champions import find_champions
from confaug.evaluation.rows import VariantErrors

VARIANTS = {
    "constant": Variant(representation="mordred_2d", learner="constant"),
    "unit": Variant(representation=("rdkit_2d", "backbone"), learner="extra_trees"),
    "monomer": Variant(representation="rdkit_2d_as_given", learner="extra_trees"),
    "process": Variant(representation="rdkit_2d_as_given", learner="gaussian_process"),
    "both": Variant(representation=("rdkit_2d_as_given", "backbone"), learner="lightgbm"),
    "shapes": Variant(representation=("rdkit_2d", "augmented_3d"), learner="lightgbm"),
    "pooled": Variant(representation=("rdkit_2d", "mean_3d"), learner="extra_trees"),
    "noise": Variant(representation=("rdkit_2d", "noise_3d"), learner="lightgbm"),
}
OUT_OF_FOLD = {
    "constant": 1.0,
    "unit": 25.0,
    "monomer": 28.0,
    "process": 27.0,
    "both": 24.0,
    "shapes": 26.0,
    "pooled": 27.0,
    "noise": 2.0,
}


def errors(**out_of_fold):
    row = VariantErrors("", 1, 9, 30.0, None, None, None, 40.0, None, None, None, None)
    return {
        name: replace(row, variant=name, mae=-value, mae_cross_validation=value)
        for name, value in out_of_fold.items()
    }


def test_neither_controls_nor_constants_nor_held_out_errors_count():
    found = find_champions(errors(**OUT_OF_FOLD), VARIANTS)
    assert (found.with_conformers, found.without_conformers) == ("shapes", "both")
    assert (found.modelled, found.as_given) == ("both", "process")
    assert found.pairs == {"conformers": ("shapes", "both"), "structure": ("both", "process")}


@pytest.mark.parametrize(
    ("left", "questions"),
    [
        (("constant", "unit", "monomer"), {"structure"}),
        (("unit", "shapes", "noise"), {"conformers"}),
        (("shapes", "pooled"), set()),
        (("monomer", "process"), set()),
    ],
)
def test_a_group_without_members_is_not_asked_about(left, questions):
    variants = {name: VARIANTS[name] for name in left}
    found = find_champions(errors(**{name: OUT_OF_FOLD[name] for name in left}), variants)
    assert set(found.pairs) == questions


def test_columns_of_the_user_are_no_form_of_the_structure():
    variants = {
        "own": Variant(representation="own_columns", learner="ridge"),
        "monomer": Variant(representation=("rdkit_2d_as_given", "own_columns"), learner="ridge"),
    }
    found = find_champions(errors(own=3.0, monomer=2.0), variants)
    assert found.without_conformers == "monomer"
    assert set(found.pairs) == set()


def test_a_variant_that_was_not_evaluated_is_left_out():
    known = errors(**{name: OUT_OF_FOLD[name] for name in ("unit", "shapes", "pooled")})
    known["shapes"] = replace(known["shapes"], mae_cross_validation=None)
    found = find_champions(known, VARIANTS)
    assert (found.with_conformers, found.without_conformers, found.as_given) == (
        "pooled",
        "unit",
        None,
    )
