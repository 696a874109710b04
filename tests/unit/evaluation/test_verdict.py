"""The verdict says what the figures say, and nothing more."""

import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from prediction_tables import make_predictions, make_split
from synthetic_study import write_study

from confaug.config.roles import assign_roles
from confaug.config.settings.variants import Variant
from confaug.evaluation.champions import GroupComparison, GroupComparisons
from confaug.evaluation.errors import collect_errors
from confaug.evaluation.rows import differences_by_pair, errors_by_variant
from confaug.evaluation.study_size import StudySize, study_size
from confaug.evaluation.verdict import Verdict, give_verdict
from confaug.molecules.split_draws import Draws
from confaug.report.wording.full_verdict import CAUSES, verdict_words
from confaug.report.wording.scope import scope
from confaug.tables.evaluation import PAIRED_DIFFERENCES, VARIANT_SUMMARY

VARIANTS = {
    "default": Variant(representation="mordred_2d", learner="lightgbm_default"),
    "plain": Variant(representation="mordred_2d", learner="lightgbm"),
    "trees": Variant(representation="mordred_2d", learner="extra_trees"),
    "gp": Variant(representation="mordred_2d", learner="gaussian_process"),
    "augmented": Variant(representation=("mordred_2d", "augmented_3d"), learner="lightgbm"),
    "noise": Variant(representation=("mordred_2d", "noise_3d"), learner="lightgbm"),
    "copies": Variant(representation=("mordred_2d", "duplicated_3d"), learner="lightgbm"),
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


def groups(differences, maes, one, other):
    row = differences_by_pair(differences)[one, other]
    return GroupComparison(row, (maes[one], maes[other]), ((one,) * 10, (other,) * 10))


def verdict_on(maes, decided, replicates=10):
    summary = make_summary(maes, replicates)
    differences = make_differences(maes, decided, replicates=replicates)
    compared = {}
    if {"augmented", "trees"} <= set(maes):
        compared["classical"] = groups(differences, maes, "augmented", "trees")
    verdict = give_verdict(
        summary, differences, assign_roles(VARIANTS), "K", random(replicates),
        groups=GroupComparisons(**compared),
    )  # fmt: skip
    return verdict, verdict_words(verdict, errors_by_variant(summary))


MAES = {"default": 34.2, "plain": 34.0, "trees": 29.4, "gp": 29.3, "augmented": 30.5,
        "noise": 30.9, "copies": 31.0}  # fmt: skip


@pytest.mark.parametrize(
    ("decided", "opening"),
    [
        (("augmented trees",), "The best model with conformers is better than the best one"),
        ((), "Conformers add nothing that can be shown"),
    ],
)
def test_conformers_are_judged_against_the_best_model_without_them(decided, opening):
    maes = {**MAES, "augmented": 25.0}
    summary = make_summary(maes, 10)
    differences = make_differences(maes, pairs(*decided), replicates=10)
    best = GroupComparisons(conformers=groups(differences, maes, "augmented", "trees"))
    roles = assign_roles(VARIANTS)
    verdict = give_verdict(summary, differences, roles, "K", random(10), groups=best)
    assert Verdict.from_document(json.loads(json.dumps(verdict.document()))) == verdict
    assert verdict.comparisons.conformers == best.conformers
    assert verdict.comparisons.structure is None
    words = verdict_words(verdict, errors_by_variant(summary))
    assert any(sentence.startswith(opening) for sentence in words.sentences)


def test_roles_follow_from_representation_and_learner():
    roles = assign_roles(VARIANTS)
    assert (roles.primary, roles.reference, roles.baseline) == ("augmented", "plain", "default")
    assert roles.classical == ("trees", "gp")
    assert list(roles.controls) == ["noise", "copies"]
    assert roles.references == ["plain", "default", "trees", "gp", "noise", "copies"]


def test_a_benefit_that_noise_has_too_is_called_jitter():
    decided = pairs("augmented plain", "augmented default", "noise plain")
    verdict, words = verdict_on(MAES, decided)
    assert (verdict.verdict, verdict.cause) == ("helped", "jitter")
    assert words.headline.startswith("Augmentation helped: ")
    for fact in (
        *("augmented", "30.5 K", "plain", "34.0 K", "−3.5 K", "−10.3%", "95%"),
        *("−5.5 K to −1.5 K", "9 of 10 splits", "130 of 224 molecules"),
    ):
        assert fact in words.headline
    text = " ".join(words.sentences)
    assert "do not demonstrably differ from Gaussian noise" in text
    assert CAUSES["jitter"] in words.sentences
    assert "no evidence" in CAUSES["jitter"]
    assert "as good as the augmented model, as far as can be shown" in text


def test_a_benefit_over_all_controls_is_called_physics():
    decided = pairs("augmented plain", "augmented noise", "augmented copies")
    assert verdict_on(MAES, decided)[0].cause == "physics"


def test_controls_that_show_nothing_leave_the_cause_open():
    assert verdict_on(MAES, pairs("augmented plain"))[0].cause == "undetermined"


def test_no_difference_says_what_is_ruled_out():
    verdict, words = verdict_on({**MAES, "plain": 31.0}, set())
    assert (verdict.verdict, verdict.cause) == ("no_difference", "not_asked")
    assert words.headline.startswith("No difference can be shown: ")
    assert words.headline.endswith("gain of up to 2.5 K and with a loss of up to 1.5 K.")


def test_method_of_the_intervals_is_stated():
    _, words = verdict_on(MAES, pairs("augmented plain"))
    (resampled,) = [sentence for sentence in words.sentences if "resampled t test" in sentence]
    assert "Nadeau and Bengio 2003" in resampled
    assert "−7.5 K to +0.5 K" in resampled
    assert "Cameron, Gelbach and Miller 2011" in words.scope
    _, single = verdict_on(MAES, pairs("augmented plain"), replicates=1)
    assert "Nadeau" not in " ".join(single.sentences)
    assert "BCa bootstrap" in single.scope


def test_harm_is_called_harm():
    decided = pairs("augmented plain", "augmented trees")
    verdict, words = verdict_on({**MAES, "augmented": 40.0}, decided)
    assert verdict.verdict == "hurt"
    assert words.headline.startswith("Augmentation made predictions worse: ")
    assert any(
        s.startswith("Another learner without conformers is better") for s in words.sentences
    )


def test_best_classical_model_is_chosen_out_of_fold():
    assert verdict_on(MAES, set())[0].best_classical == "trees"  # gp tests better by 0.1 K


def test_one_split_is_named_as_such():
    _, words = verdict_on(MAES, pairs("augmented plain"), replicates=1)
    assert words.headline.startswith("Augmentation helped on this one split: ")
    assert "do not cover the choice of training molecules" in words.scope
    assert "closer to the label for 130 of 224 molecules" in words.headline


@pytest.mark.parametrize("replicates", [1, 3])
@pytest.mark.parametrize(("fixed", "word"), [(224, "all 224"), (40, "40 of 224")])
def test_a_fixed_split_is_one_split_and_not_random(replicates, fixed, word):
    words = scope(Draws(replicates, 1, 224, fixed))
    assert f"one split{', the same in all 3 replicates' if replicates > 1 else ''}: " in words
    assert f"assigns {word} labelled molecules" in words
    assert ("the others follow" in words) == (fixed < 224)
    assert "random split" not in words
    assert "do not cover the choice of training molecules" in words
    assert "More replicates" not in words


def test_equal_draws_are_counted_once():
    assert scope(Draws(3, 1, 4)).startswith("One random split was made, as all replicates are the")
    assert scope(Draws(3, 2, 4)).startswith("2 random splits were made, each counted once.")


@pytest.mark.parametrize(
    ("missing", "word"), [("augmented", "an augmented variant"), ("plain", "LightGBM on the same")]
)
def test_a_missing_role_is_not_judged(missing, word):
    verdict, words = verdict_on({k: v for k, v in MAES.items() if k != missing}, set())
    assert verdict.verdict == "not_asked"
    assert word in words.headline


WITH_CONSTANT = {**VARIANTS, "mean": Variant(representation="mordred_2d", learner="constant")}
SIZE = StudySize(224, 154, 70, {}, labelled_groups=222, held_out_groups=153)


def full_verdict(maes, decided, out_of_fold=None, size=SIZE, replicates=10):
    rows = make_summary(maes, replicates).to_pylist()
    for row in rows:
        row["mae_cross_validation"] = (out_of_fold or maes)[row["variant"]]
    summary = pa.Table.from_pylist(rows, schema=VARIANT_SUMMARY.schema())
    roles = assign_roles(WITH_CONSTANT)
    draws = random(replicates)
    differences = make_differences(maes, decided)
    verdict = give_verdict(summary, differences, roles, "K", draws, size=size)
    return verdict, verdict_words(verdict, errors_by_variant(summary))


RIDGE_WINS = {"default": 24.0, "plain": 23.1, "trees": 8.3, "gp": 9.0, "augmented": 25.1,
              "noise": 25.0, "copies": 25.0, "mean": 60.0, "recommended": 8.2}  # fmt: skip
ALL_BEAT_MEAN = pairs(*(f"{name} mean" for name in [*VARIANTS, "recommended"]))


def test_what_cross_validation_chose_is_compared_with_a_constant():
    verdict, words = full_verdict(RIDGE_WINS, ALL_BEAT_MEAN)
    assert verdict.verdict == "no_difference"
    assert verdict.predictive.verdict == "yes"
    comparison = verdict.predictive.comparison
    assert (comparison.variant, comparison.reference) == ("recommended", "mean")
    assert verdict.recommends
    assert next(iter(verdict.document())) == "predictive"
    assert "what cross-validation chose in each split" in words.sentences[0]


def test_the_choice_is_not_taken_for_a_variant():
    verdict, words = full_verdict(RIDGE_WINS, ALL_BEAT_MEAN)
    assert verdict.best_variant == "trees"
    assert words.sentences[-1].startswith("Of all 8 variants, trees has the lowest")


def test_a_verdict_is_read_back_from_its_document():
    size = StudySize(48, 10, 38, {"default": 10}, 48, 10)
    for verdict, _ in (
        full_verdict(RIDGE_WINS, ALL_BEAT_MEAN | pairs("trees plain"), size=size),
        full_verdict(RIDGE_WINS, ALL_BEAT_MEAN, size=StudySize(5, 2, 3, {}, 5, 2)),
        verdict_on(MAES, set()),
    ):
        document = json.loads(json.dumps({"headline": "words", **verdict.document()}))
        assert Verdict.from_document(document) == verdict


@pytest.mark.parametrize("mean", [60.0, 4.0])
def test_nothing_is_recommended_that_is_no_better_than_a_constant(mean):
    decided = ALL_BEAT_MEAN if mean < 8 else ALL_BEAT_MEAN - pairs("recommended mean")
    verdict, words = full_verdict({**RIDGE_WINS, "mean": mean}, decided)
    assert verdict.predictive.verdict == verdict.first_answer == "not_shown"
    assert not verdict.recommends
    assert "mean always predicts the same value" in words.headline
    assert "interval" in words.headline
    assert words.sentences[0].startswith("No difference can be shown")


@pytest.mark.parametrize("missing", ["mean", "recommended"])
def test_without_a_constant_the_first_question_is_not_asked(missing):
    left = {name: mae for name, mae in RIDGE_WINS.items() if name != missing}
    verdict, words = full_verdict(left, ALL_BEAT_MEAN)
    assert verdict.predictive.verdict == "not_asked"
    assert verdict.predictive.comparison is None
    assert verdict.recommends
    assert words.sentences[0].startswith("Whether anything can be predicted was not tested")


@pytest.mark.parametrize(("labelled", "held_out", "enough"), [(19, 9, 0), (20, 7, 0), (20, 8, 1)])
def test_nothing_is_concluded_below_a_stated_size(labelled, held_out, enough):
    size = StudySize(labelled, held_out, labelled - held_out, {}, labelled, held_out)
    verdict, words = full_verdict(RIDGE_WINS, ALL_BEAT_MEAN, size=size)
    assert (verdict.verdict != "too_few") == bool(enough)
    assert words.headline.startswith("Nothing can be concluded") != bool(enough)
    assert verdict.document()["size"]["enough"] == bool(enough)
    assert verdict.recommends == bool(enough)


@pytest.mark.parametrize(
    ("groups", "held_out", "enough"), [(5, 2, 0), (19, 9, 0), (20, 7, 0), (20, 8, 1)]
)
def test_structures_under_many_conditions_do_not_make_a_study_larger(groups, held_out, enough):
    size = StudySize(400, 160, 240, {}, groups, held_out)
    verdict, words = full_verdict(RIDGE_WINS, ALL_BEAT_MEAN, size=size)
    assert (verdict.verdict != "too_few") == bool(enough)
    counts = f"there are 400 labelled molecules in {groups} groups that no split divides, of which"
    held = f"160 in {held_out} groups are held out. With fewer than 20 groups of labelled molecules"
    assert (f"{counts} {held}" in words.headline) != bool(enough)


def test_groups_are_counted_from_the_splits():
    split = make_split({"m0", "m1", "m2"})
    place = split.column_names.index("group")
    split = split.set_column(place, "group", pa.array(["A", "A", "B", "C", "C", "C"]))
    predictions = {"plain": {1: make_predictions(split, 1.0)}}
    size = study_size(collect_errors(predictions, {1: split}), predictions)
    assert (size.labelled, size.held_out) == (6, 3)
    assert (size.labelled_groups, size.held_out_groups) == (3, 2)


def test_defaults_that_cannot_split_are_explained():
    size = StudySize(48, 10, 38, {"default": 10, "mean": 10, "noise": 3}, 48, 10)
    _, words = full_verdict(RIDGE_WINS, ALL_BEAT_MEAN, size=size)
    found = [sentence for sentence in words.sentences if " predicts the same value for" in sentence]
    default, noise = found
    assert default.startswith("default ")
    assert "in 10 of 10 splits" in default
    assert "38 training molecules cannot be split" in default
    assert noise.startswith("noise ")
    assert noise.endswith("in 3 of 10 splits.")


def test_size_and_single_values_are_counted_from_the_predictions(tmp_path):
    files = write_study(tmp_path, optional=False, one_value=("lightgbm_2d",))
    size = json.loads(Path(files["verdict"]).read_text(encoding="utf-8"))["size"]
    assert (size["labelled"], size["held_out"], size["training"]) == (40, 20, 20)
    assert size["one_value"] == {"lightgbm_2d": 3}


def visible_in(names, size=None, decided=()):
    """Return a verdict on variants whose differences have standard errors of 1 and 2 K."""
    maes = {name: MAES[name] for name in names}
    rows = make_differences(maes, pairs(*decided)).to_pylist()
    rows = [{**row, "standard_error": 1.0, "degrees_of_freedom": 1e9} for row in rows]
    differences = pa.Table.from_pylist(rows, schema=PAIRED_DIFFERENCES.schema())
    row = differences_by_pair(differences)["augmented", "trees"]
    best = GroupComparison(
        replace(row, variant="with_conformers", reference="without_conformers", standard_error=2.0),
        (maes["augmented"], maes["trees"]),
        (("augmented",), ("trees",)),
    )
    summary = make_summary(maes)
    verdict = give_verdict(
        summary, differences, assign_roles(VARIANTS), "K", random(10), size=size,
        groups=GroupComparisons(conformers=best),
    )  # fmt: skip
    return verdict, verdict_words(verdict, errors_by_variant(summary))


def test_what_could_have_been_seen_is_of_the_difference_that_is_judged():
    verdict, words = visible_in(("augmented", "plain", "trees"))
    visible = verdict.smallest_visible
    assert (visible.variant, visible.reference) == ("augmented", "plain")
    assert visible.difference == pytest.approx(1.959964 + 0.841621)
    assert visible.relative == pytest.approx(visible.difference / MAES["plain"])
    (sentence,) = [one for one in words.sentences if "2.8 K" in one]
    assert "224 molecules and 10 splits" in sentence
    assert "8%" in sentence
    assert Verdict.from_document(json.loads(json.dumps(verdict.document()))) == verdict


def test_without_a_reference_it_is_of_the_best_models():
    verdict, words = visible_in(("augmented", "trees"))
    visible = verdict.smallest_visible
    assert (visible.variant, visible.reference) == ("with_conformers", "without_conformers")
    assert visible.difference == pytest.approx(2 * (1.959964 + 0.841621))
    assert any("5.6 K" in one for one in words.sentences)


def test_it_is_not_said_of_a_study_that_is_too_small():
    verdict, words = visible_in(("augmented", "plain", "trees"), StudySize(5, 2, 3, {}, 5, 2))
    assert verdict.smallest_visible is None
    assert not words.sentences
