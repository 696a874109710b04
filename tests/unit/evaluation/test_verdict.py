"""The verdict says what the figures say, and nothing more."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from synthetic_study import write_study

from confaug.config.roles import assign_roles
from confaug.evaluation.advice import StudySize
from confaug.evaluation.verdict import give_verdict, scope
from confaug.molecules.splitting import Draws
from confaug.tables.evaluation import PAIRED_DIFFERENCES, VARIANT_SUMMARY

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


def random(replicates):
    return Draws(replicates, replicates, 224)


def pairs(*names):
    return {frozenset(pair.split()) for pair in names}


def verdict_on(maes, decided, replicates=10):
    summary = make_summary(maes, replicates)
    differences = make_differences(maes, decided, replicates=replicates)
    return give_verdict(summary, differences, assign_roles(VARIANTS), "K", random(replicates))


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


@pytest.mark.parametrize("replicates", [1, 3])
@pytest.mark.parametrize(("fixed", "word"), [(224, "all 224"), (40, "40 of 224")])
def test_a_fixed_split_is_one_split_and_not_random(replicates, fixed, word):
    words = scope(Draws(replicates, 1, 224, fixed))
    assert f"one split{', the same in all 3 replicates' if replicates > 1 else ''}: " in words
    assert f"fixes the part of {word} labelled molecules" in words
    assert ("the others follow" in words) == (fixed < 224)
    assert "random split" not in words
    assert "do not cover the choice of training molecules" in words
    assert "More replicates do" not in words


def test_equal_draws_are_counted_once():
    assert scope(Draws(3, 1, 4)).startswith("One random split was made, as all replicates are the")
    assert scope(Draws(3, 2, 4)).startswith("2 random splits were made, each counted once.")


@pytest.mark.parametrize(
    ("missing", "word"), [("augmented", "an augmented variant"), ("plain", "LightGBM on 2D")]
)
def test_a_missing_role_is_not_judged(missing, word):
    result = verdict_on({k: v for k, v in MAES.items() if k != missing}, set())
    assert result["verdict"] == "not_asked"
    assert word in result["headline"]


WITH_CONSTANT = {**VARIANTS, "mean": {"representation": "2d", "learner": "constant"}}
SIZE = StudySize(labelled=224, held_out=154, training=70, one_value={})


def full_verdict(maes, decided, out_of_fold=None, size=SIZE, replicates=10):
    rows = make_summary(maes, replicates).to_pylist()
    for row in rows:
        row["mae_cross_validation"] = (out_of_fold or maes)[row["variant"]]
    summary = pa.Table.from_pylist(rows, schema=VARIANT_SUMMARY.schema())
    roles = assign_roles(WITH_CONSTANT)
    draws = random(replicates)
    return give_verdict(summary, make_differences(maes, decided), roles, "K", draws, size=size)


RIDGE_WINS = {"default": 24.0, "plain": 23.1, "trees": 8.3, "gp": 9.0, "augmented": 25.1,
              "noise": 25.0, "copies": 25.0, "mean": 60.0}  # fmt: skip
ALL_BEAT_MEAN = pairs(*(f"{name} mean" for name in VARIANTS))


def test_a_plain_model_that_is_clearly_better_is_advised():
    decided = ALL_BEAT_MEAN | pairs("trees plain", "trees augmented")
    result = full_verdict(RIDGE_WINS, decided)
    assert result["verdict"] == "no_difference"
    assert result["advice"] == {
        "variant": "trees", "kind": "plain", "beats": ["plain", "augmented"]
    }  # fmt: skip
    assert result["predictive"]["verdict"] == "yes"
    assert result["predictive"]["comparison"]["reference"] == "mean"
    assert next(iter(result)) == "predictive"


def test_what_is_advised_is_chosen_out_of_fold():
    out_of_fold = {**RIDGE_WINS, "plain": 7.0, "trees": 8.0}
    assert full_verdict(RIDGE_WINS, ALL_BEAT_MEAN, out_of_fold)["advice"]["variant"] == "plain"
    decided = ALL_BEAT_MEAN | pairs("trees plain")  # unless held-out molecules say otherwise
    assert full_verdict(RIDGE_WINS, decided, out_of_fold)["advice"]["variant"] == "trees"


def test_conformers_are_advised_only_where_they_demonstrably_pay():
    maes = {**RIDGE_WINS, "augmented": 5.0}
    assert full_verdict(maes, ALL_BEAT_MEAN)["advice"]["variant"] == "trees"
    decided = ALL_BEAT_MEAN | pairs("augmented plain")
    assert full_verdict(maes, decided)["advice"]["variant"] == "trees"
    decided |= pairs("augmented trees")
    assert full_verdict(maes, decided)["advice"]["variant"] == "augmented"


@pytest.mark.parametrize("mean", [60.0, 4.0])
def test_nothing_is_advised_that_is_no_better_than_a_constant(mean):
    decided = ALL_BEAT_MEAN if mean < 8 else set()
    result = full_verdict({**RIDGE_WINS, "mean": mean}, decided)
    assert result["predictive"]["verdict"] == "not_shown"
    assert result["advice"] == {"variant": None, "kind": None, "beats": []}
    assert "always gives the same value" in result["headline"]
    assert "interval" in result["headline"]
    assert result["sentences"][0].startswith("No difference can be shown")


def test_only_what_beats_the_constant_is_advised():
    result = full_verdict(RIDGE_WINS, pairs("plain mean"))
    assert result["advice"]["variant"] == "plain"


def test_without_a_constant_the_first_question_is_not_asked():
    result = verdict_on(MAES, set())
    assert result["predictive"]["verdict"] == "not_asked"
    assert result["advice"]["variant"] == "trees"


@pytest.mark.parametrize(("labelled", "held_out", "enough"), [(19, 9, 0), (20, 7, 0), (20, 8, 1)])
def test_nothing_is_concluded_below_a_stated_size(labelled, held_out, enough):
    size = StudySize(labelled, held_out, labelled - held_out, {})
    result = full_verdict(RIDGE_WINS, ALL_BEAT_MEAN, size=size)
    assert (result["verdict"] != "too_few") == bool(enough)
    assert result["headline"].startswith("Nothing can be concluded") != bool(enough)
    assert result["size"]["enough"] == bool(enough)
    assert (result["advice"]["variant"] is None) != bool(enough)


def test_defaults_that_cannot_split_are_explained():
    size = StudySize(48, 10, 38, {"default": 10, "mean": 10, "noise": 3})
    text = " ".join(full_verdict(RIDGE_WINS, ALL_BEAT_MEAN, size=size)["sentences"])
    assert "default gives all held-out molecules the same value in 10 of 10 splits" in text
    assert "38 training molecules cannot be split" in text
    assert "noise gives all held-out molecules the same value in 3 of 10 splits." in text
    assert "mean gives" not in text


def test_size_and_single_values_are_counted_from_the_predictions(tmp_path):
    files = write_study(tmp_path, optional=False, one_value=("lightgbm_2d",))
    size = json.loads(Path(files["verdict"]).read_text(encoding="utf-8"))["size"]
    assert (size["labelled"], size["held_out"], size["training"]) == (40, 20, 20)
    assert size["one_value"] == {"lightgbm_2d": 3}
