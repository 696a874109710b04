"""The best variants of groups, chosen in every replicate by out-of-fold errors alone."""

import numpy as np
import pytest

from confaug.config.roles import assign_roles
from confaug.config.settings.variants import Variant
from confaug.evaluation.champions import compare_groups
from confaug.evaluation.comparison import HURT
from confaug.evaluation.errors import Study

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
MOLECULES, REPLICATES = 12, 2


def study_of(test, cross_validation, trained):
    """Make a study from errors of shape (replicates, molecules) and its training molecules."""
    return Study(
        replicates=tuple(range(1, len(trained) + 1)),
        molecules=tuple(f"m{i}" for i in range(trained.shape[1])),
        groups=np.arange(trained.shape[1]),
        labels=np.full(trained.shape[1], 300.0),
        test={name: np.where(trained, np.nan, errors) for name, errors in test.items()},
        cross_validation={
            name: np.where(trained, errors, np.nan) for name, errors in cross_validation.items()
        },
        train={},
        train_sizes=trained.sum(axis=1),
        split_numbers=np.arange(len(trained)),
        overlap=0.3,
    )


def compare(out_of_fold, variants=VARIANTS):
    """Compare variants with some out-of-fold errors in each replicate; the worst tests best."""
    trained = np.arange(MOLECULES) % REPLICATES == np.arange(REPLICATES)[:, None]
    errors = {
        name: np.broadcast_to(values, REPLICATES)[:, None] * np.ones(MOLECULES)
        for name, values in out_of_fold.items()
    }
    study = study_of({name: 100 - own for name, own in errors.items()}, errors, trained)
    return compare_groups(study, variants, assign_roles(variants).present(out_of_fold))


def chosen(found):
    return found and tuple(tuple(times) for times in found.times_chosen)


def test_neither_controls_nor_constants_nor_held_out_errors_count():
    found = compare(OUT_OF_FOLD)
    assert chosen(found.conformers) == (("shapes",), ("both",))
    assert chosen(found.structure) == (("both",), ("process",))
    assert chosen(found.classical) == (("shapes",), ("unit",))
    assert found.conformers.errors == (74.0, 76.0)
    assert found.conformers.difference.difference == -2.0
    assert found.conformers.difference.difference_cross_validation == 2.0


@pytest.mark.parametrize(
    ("left", "questions"),
    [
        (("constant", "unit", "monomer"), {"structure"}),
        (("unit", "shapes", "noise"), {"conformers", "classical"}),
        (("shapes", "pooled"), set()),
        (("monomer", "process"), set()),
        (("unit",), set()),
        (("shapes",), set()),
        (("constant",), set()),
    ],
)
def test_a_group_without_members_is_not_asked_about(left, questions):
    variants = {name: VARIANTS[name] for name in left}
    found = compare({name: OUT_OF_FOLD[name] for name in left}, variants)
    assert {name for name, value in vars(found).items() if value} == questions


def test_columns_of_the_user_are_no_form_of_the_structure():
    variants = {
        "own": Variant(representation="own_columns", learner="ridge"),
        "monomer": Variant(representation=("rdkit_2d_as_given", "own_columns"), learner="ridge"),
    }
    assert compare({"own": 3.0, "monomer": 2.0}, variants).structure is None


def test_a_variant_that_was_not_evaluated_is_left_out():
    known = {name: OUT_OF_FOLD[name] for name in ("unit", "shapes", "pooled")}
    assert chosen(compare({**known, "shapes": np.nan}).conformers) == (("pooled",), ("unit",))
    assert chosen(compare({"unit": 1.0, "pooled": 2.0}).conformers) == (("pooled",), ("unit",))
    # A replicate in which nothing was cross-validated leaves nothing to choose from.
    assert compare({"unit": 1.0, "pooled": [2.0, np.nan]}).conformers is None


def test_each_replicate_is_judged_by_its_own_choice():
    found = compare({"unit": [1.0, 4.0], "process": [3.0, 2.0], "pooled": [5.0, 5.0]}).conformers
    assert found.chosen == (("pooled", "pooled"), ("unit", "process"))
    assert found.errors == (95.0, (99 + 98) / 2)
    assert found.difference.difference == 95.0 - (99 + 98) / 2


def test_equally_good_variants_are_taken_by_name():
    assert chosen(compare({"process": 1.0, "monomer": 1.0, "pooled": 2.0}).conformers) == (
        ("pooled",),
        ("monomer",),
    )


def test_the_best_of_many_equally_good_variants_is_not_better_than_a_single_one():
    plain = {f"plain_{i}": VARIANTS["unit"] for i in range(8)}
    variants = {"shapes": VARIANTS["shapes"], **plain}
    differences, wrong = [], 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        trained = np.zeros((8, 160), bool)
        for row in trained:
            row[random.permutation(160)[:50]] = True
        hard = random.gamma(2, 12, 160)  # for every variant
        own = {name: hard + random.normal(0, 8, 160) for name in variants}
        errors = {name: own[name] + random.normal(0, 3, trained.shape) for name in variants}
        found = compare_groups(study_of(errors, errors, trained), variants, assign_roles(variants))
        differences.append(found.conformers.difference.difference)
        wrong += found.conformers.difference.verdict == HURT
    standard_error = np.std(differences) / len(differences) ** 0.5
    assert abs(np.mean(differences)) < 3 * standard_error
    assert wrong <= 3
