"""The verdict says what the figures say, and nothing more."""

import pyarrow as pa
import pytest

from confaug.roles import assign_roles
from confaug.tables import PAIRED_DIFFERENCES, VARIANT_SUMMARY
from confaug.verdict import give_verdict

VARIANTS = {
    "default": {"representation": "2d", "learner": "lightgbm_default"},
    "plain": {"representation": "2d", "learner": "lightgbm"},
    "trees": {"representation": "2d", "learner": "extra_trees"},
    "gp": {"representation": "2d", "learner": "gaussian_process"},
    "augmented": {"representation": "augmented_2d_3d", "learner": "lightgbm"},
    "noise": {"representation": "gaussian_noise", "learner": "lightgbm"},
    "copies": {"representation": "duplicated", "learner": "lightgbm"},
}


def make_summary(maes, replicates=10):
    rows = [
        {"variant": v, "replicates": replicates, "molecules": 224, "mae": mae, "rmse": mae,
         "low": None, "high": None, "mae_cross_validation": mae + (1 if v == "gp" else 0)}
        for v, mae in sorted(maes.items(), key=lambda item: item[1])
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=VARIANT_SUMMARY.schema())


def make_differences(maes, decided, half=2.0, replicates=10):
    rows = []
    for variant in maes:
        for reference in maes:
            difference = maes[variant] - maes[reference]
            helped = "helped" if difference < 0 else "hurt"
            verdict = helped if frozenset((variant, reference)) in decided else "no_difference"
            rows.append({
                "variant": variant, "reference": reference, "difference": difference,
                "low": difference - half, "high": difference + half,
                "low_resampled": difference - 2 * half if replicates > 1 else None,
                "high_resampled": difference + 2 * half if replicates > 1 else None,
                "relative_difference": difference / maes[reference], "replicates": replicates,
                "replicates_better": 9, "molecules": 224, "molecules_better": 130,
                "molecules_worse": 94, "verdict": verdict,
            })  # fmt: skip
    return pa.Table.from_pylist(rows, schema=PAIRED_DIFFERENCES.schema())


def pairs(*names):
    return {frozenset(pair.split()) for pair in names}


def verdict_on(maes, decided, replicates=10):
    summary = make_summary(maes, replicates)
    differences = make_differences(maes, decided, replicates=replicates)
    return give_verdict(summary, differences, assign_roles(VARIANTS), "K")


MAES = {"default": 34.2, "plain": 34.0, "trees": 29.4, "gp": 29.3, "augmented": 30.5,
        "noise": 30.9, "copies": 31.0}  # fmt: skip


def test_roles_follow_from_representation_and_learner():
    roles = assign_roles(VARIANTS)
    assert (roles.primary, roles.reference, roles.baseline) == ("augmented", "plain", "default")
    assert roles.classical == ("trees", "gp")
    assert list(roles.controls) == ["noise", "copies"]
    assert roles.references == ["plain", "default", "trees", "gp", "noise", "copies"]


def test_a_benefit_that_noise_has_too_is_called_jitter():
    result = verdict_on(MAES, pairs("augmented plain", "augmented default", "noise plain"))
    assert (result["verdict"], result["cause"]) == ("helped", "jitter")
    assert result["headline"] == (
        "Augmentation helped: augmented has a mean error of 30.5 K on held-out molecules and plain "
        "34.0 K, a difference of −3.5 K or −10.3% (95% interval −5.5 K to −1.5 K); it is better in "
        "9 of 10 splits and for 130 of 224 molecules."
    )
    text = " ".join(result["sentences"])
    assert "do not demonstrably differ from Gaussian noise of the same scatter" in text
    assert "nothing shows that physics adds to it" in text
    assert "A plain model on 2D descriptors is as good, as far as can be shown" in text


def test_a_benefit_over_all_controls_is_called_physics():
    decided = pairs("augmented plain", "augmented noise", "augmented copies")
    assert verdict_on(MAES, decided)["cause"] == "physics"


def test_controls_that_show_nothing_leave_the_cause_open():
    assert verdict_on(MAES, pairs("augmented plain"))["cause"] == "undetermined"


def test_no_difference_says_what_is_ruled_out():
    result = verdict_on({**MAES, "plain": 31.0}, set())
    assert (result["verdict"], result["cause"]) == ("no_difference", "not_asked")
    assert result["headline"].startswith("No difference can be shown: augmented has")
    assert result["headline"].endswith("gain of up to 2.5 K and with a loss of up to 1.5 K.")


def test_method_of_the_intervals_is_stated():
    result = verdict_on(MAES, pairs("augmented plain"))
    text = " ".join(result["sentences"])
    assert "(Nadeau and Bengio 2003) the interval of this difference is −7.5 K to +0.5 K" in text
    assert "clustered by molecule (Cameron, Gelbach and Miller 2011)" in result["scope"]
    single = verdict_on(MAES, pairs("augmented plain"), replicates=1)
    assert "Nadeau" not in " ".join(single["sentences"])
    assert "BCa bootstrap" in single["scope"]


def test_harm_is_called_harm():
    result = verdict_on({**MAES, "augmented": 40.0}, pairs("augmented plain", "augmented trees"))
    assert result["verdict"] == "hurt"
    assert result["headline"].startswith("Augmentation hurt: ")
    assert any(
        s.startswith("A plain model on 2D descriptors is better") for s in result["sentences"]
    )


def test_best_classical_model_is_chosen_out_of_fold():
    assert verdict_on(MAES, set())["best_classical"] == "trees"  # gp tests better by 0.1 K


def test_one_split_is_named_as_such():
    result = verdict_on(MAES, pairs("augmented plain"), replicates=1)
    assert result["headline"].startswith("Augmentation helped on this one split: ")
    assert "do not cover the choice of training molecules" in result["scope"]
    assert "it is nearer to the label for 130 of 224 molecules" in result["headline"]


@pytest.mark.parametrize(
    ("missing", "word"), [("augmented", "an augmented variant"), ("plain", "LightGBM on 2D")]
)
def test_a_missing_role_is_not_judged(missing, word):
    result = verdict_on({k: v for k, v in MAES.items() if k != missing}, set())
    assert result["verdict"] == "not_asked"
    assert word in result["headline"]
