"""How far models extrapolate: simulations in which the answer is known, and errors by distance."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.linear_model import LinearRegression

from confaug.errors import UserError
from confaug.evaluation import extrapolation_study
from confaug.evaluation.extrapolation import (
    EQUAL_LABELS,
    TOO_FEW,
    design_extrapolation,
    errors_table,
    mean_interval,
    predict_design,
    predictions_table,
)
from confaug.evaluation.extrapolation_facts import (
    NO_MODEL,
    Extrapolation,
    Subject,
    choose_subject,
    choose_variants,
)
from confaug.evaluation.extrapolation_study import measure_extrapolation
from confaug.evaluation.recommended_model import RecommendedModel
from confaug.tables.molecules import MOLECULES

CHAINS = [f"{'C' * n}{end}" for n in range(1, 14) for end in ("O", "N", "C(=O)O", "c1ccccc1")]
FAMILIES = {"line": "ridge", "forest": "extra_trees", "mean": "constant"}


def molecules(labels, groups=None):
    """Return a MOLECULES table of real structures."""
    rows = [
        {
            "molecule": f"m{i:012x}",
            "smiles": smiles,
            "group": smiles if groups is None else groups[i],
            "label": label,
            "n_rows": 1,
            "n_heavy_atoms": 5,
            "n_components": 1,
            "modelled_smiles": smiles,
        }
        for i, (smiles, label) in enumerate(zip(CHAINS, labels, strict=False))
    ]
    return pa.Table.from_pylist(rows, schema=MOLECULES.schema())


def folds_of(table, count=4):
    return {name: i % count for i, name in enumerate(table["molecule"].to_pylist())}


def learner_of(model, X, labels):
    """Return what fits a scikit-learn model without some molecules and predicts those."""

    def predict(held_out):
        return model.fit(X[~held_out], labels[~held_out]).predict(X[held_out])

    return predict


@pytest.fixture(scope="module")
def linear():
    """A label that is linear in one descriptor, which a line extrapolates and trees do not."""
    x = np.linspace(0, 100, len(CHAINS))
    X = np.column_stack([x, np.random.default_rng(1).normal(size=(len(x), 2))])
    labels = 200 + 2 * x
    table = molecules(labels)
    models = {
        "line": LinearRegression(),
        "forest": ExtraTreesRegressor(100, random_state=0),
    }

    def predictor(name, some):
        assert list(some) == table["molecule"].to_pylist()
        if name == "mean":
            return lambda held_out: np.full(held_out.sum(), labels[~held_out].mean())
        return learner_of(models[name], X, labels)

    subject = Subject("both", ("line", "forest"), True)
    found = measure_extrapolation(
        table, folds_of(table), FAMILIES, subject, predictor, share=0.2, clusters=3
    )
    return found, labels


def test_a_line_extrapolates_a_line_and_trees_fall_short(linear):
    found, labels = linear
    high, low = found.facts.ends
    n, step = len(labels), labels[1] - labels[0]
    held = round(0.2 * n)
    # Trees predict at most the highest label of training: half a range of labels too low.
    least = step * (held + 1) / 2
    for end, limit in ((high, labels[n - held - 1]), (low, labels[held])):
        assert (end.molecules, end.limit) == (held, pytest.approx(limit))
        assert end.of("line").value == pytest.approx(0, abs=1e-6)
        assert end.of("line").beyond == held
        assert end.of("forest").value > least
        assert end.of("forest").beyond == 0
        assert end.of("forest").usual < end.of("forest").value
        mean_of_rest = labels[: n - held].mean() if end is high else labels[held:].mean()
        ends = labels[n - held :] if end is high else labels[:held]
        assert end.of("mean").value == pytest.approx(abs(ends.mean() - mean_of_rest))
        both = (end.of("line").value + end.of("forest").value) / 2
        assert end.of("both").value == pytest.approx(both)
        (gain,) = end.gains
        assert (gain.variant, gain.trees, gain.clear) == ("line", "forest", True)
        assert gain.value == pytest.approx(end.of("forest").value - end.of("line").value)
    assert found.facts.trees == "forest"
    assert found.facts.errors[0].variant == "line"
    assert found.facts.comparisons == 2


def test_the_facts_survive_json(linear):
    facts = linear[0].facts
    assert Extrapolation.from_document(json.loads(json.dumps(facts.document()))) == facts


def test_errors_are_means_over_molecules_of_a_place(linear):
    found, _ = linear
    predictions = found.predictions.to_pandas()
    errors = found.errors.to_pandas()
    assert (predictions.groupby(["variant", "held_out", "molecule"]).size() == 1).all()
    predictions["error"] = predictions["prediction"] - predictions["label"]
    for row in errors.itertuples():
        own = predictions[
            (predictions["variant"] == row.variant) & (predictions["held_out"] == row.held_out)
        ]
        if row.by == "label" and row.place != "all":
            own = own[own["region"] == row.place]
        if row.by == "similarity":
            ends = {"below 0.35": (0, 0.35), "0.35 to 0.5": (0.35, 0.5), "0.5 to 0.7": (0.5, 0.7)}
            low, high = ends.get(row.place, (0.7, 2.0))
            own = own[(own["similarity"] >= low) & (own["similarity"] < high)]
        assert len(own) == row.molecules
        assert own["error"].mean() == pytest.approx(row.bias)
        assert own["error"].abs().mean() == pytest.approx(row.mae)
        if row.molecules >= 5:
            assert row.low <= row.mae <= row.high or row.mae == pytest.approx(row.low)
        else:
            assert np.isnan(row.low)
    parts = errors[(errors["by"] == "label") & (errors["place"] != "all")]
    whole = errors[errors["place"] == "all"].set_index(["variant", "held_out"])["molecules"]
    assert (parts.groupby(["variant", "held_out"])["molecules"].sum() == whole).all()


def test_regions_are_those_of_the_labels_that_each_fit_had(linear):
    predictions, labels = linear[0].predictions.to_pandas(), linear[1]
    one = predictions[(predictions["variant"] == "line") & (predictions["held_out"] == "folds")]
    for row in one.itertuples():
        place = int(row.molecule[1:], 16)
        train = labels[np.arange(len(labels)) % 4 != place % 4]
        assert (row.training_low, row.training_high) == (train.min(), train.max())
        low, high = np.quantile(train, [0.25, 0.75])
        outside = not train.min() <= row.label <= train.max()
        inside = low <= row.label <= high
        assert row.region == ("outside" if outside else "inside" if inside else "edge")


def test_an_interval_covers_the_mean_of_groups():
    """Nineteen of twenty intervals over groups of equal values hold the true mean, 0."""
    random = np.random.default_rng(7)
    held = 0
    for _ in range(100):
        values = np.repeat(random.normal(size=25), 3)
        _, low, high = mean_interval(values, [f"g{i // 3}" for i in range(75)])
        held += low <= 0 <= high
    assert held >= 85
    assert mean_interval(np.ones(4), list("abcd")) == (1.0, None, None)
    assert mean_interval(np.ones(8), list("aabbccdd"))[1:] == (None, None)


def test_groups_stay_together_with_conditions():
    """One structure under three temperatures is one group, although its labels differ."""
    labels = np.arange(48.0)
    groups = [f"g{i % 16}" for i in range(48)]
    table = molecules(labels, groups)
    folds = {name: (i % 16) % 4 for i, name in enumerate(table["molecule"].to_pylist())}
    design = design_extrapolation(table.to_pylist(), folds, 0.2, 3)
    assert [one.name for one in design.held_out] == ["folds", "clusters", "highest", "lowest"]
    for one in design.held_out:
        for part in one.parts:
            inside = {groups[i] for i in np.flatnonzero(part)}
            assert not inside & {groups[i] for i in np.flatnonzero(~part)}
    table = predictions_table(design, {"mean": predict_design(design, lambda h: np.zeros(h.sum()))})
    high = table.filter(pc.equal(table["held_out"], "highest")).to_pandas()
    assert {"outside", "inside"} <= set(high["region"])
    outside = high[high["region"] == "outside"]
    assert (outside["label"] > outside["training_high"]).all()
    errors = errors_table(table, dict(zip(design.molecules, groups, strict=True)))
    assert errors.num_rows > 10


@pytest.mark.parametrize(
    ("labels", "reason"),
    [(np.arange(24.0), TOO_FEW), (np.ones(30), EQUAL_LABELS), (np.arange(0.0), TOO_FEW)],
)
def test_data_that_do_not_allow_the_test_give_the_reason(labels, reason):
    table = molecules(labels)

    def predictor(name, some):
        raise AssertionError("nothing may be fitted")

    found = measure_extrapolation(
        table, folds_of(table), FAMILIES, Subject("line", ("line",), True), predictor,
        share=0.2, clusters=3,
    )  # fmt: skip
    assert (found.facts.refusal, found.facts.molecules) == (reason, len(labels))
    assert found.predictions.num_rows == found.errors.num_rows == 0
    assert Extrapolation.from_document(found.facts.document()) == found.facts


def test_unlabelled_molecules_take_no_part():
    table = molecules([*np.arange(40.0), *[None] * 12])
    folds = dict(list(folds_of(table).items())[:40])
    found = measure_extrapolation(
        table, folds, {"mean": "constant"}, Subject("mean", ("mean",), True),
        lambda name, some: lambda held_out: np.zeros(held_out.sum()), share=0.2, clusters=0,
    )  # fmt: skip
    assert found.facts.molecules == 40
    assert set(found.predictions["held_out"].to_pylist()) == {"folds", "highest", "lowest"}
    assert found.facts.trees is None
    assert found.facts.ends[0].gains == ()


def test_a_label_that_most_molecules_have_cannot_be_held_out():
    labels = np.array([10.0] * 35 + list(np.linspace(0, 9, 15)))
    table = molecules(labels)
    found = measure_extrapolation(
        table, folds_of(table), {"mean": "constant"}, Subject("mean", ("mean",), True),
        lambda name, some: lambda held_out: np.zeros(held_out.sum()), share=0.2, clusters=3,
    )  # fmt: skip
    assert [end.name for end in found.facts.ends] == ["lowest"]


def test_a_variant_that_cannot_be_fitted_is_left_out_with_its_reason():
    table = molecules(np.arange(40.0))

    def predictor(name, some):
        if name == "line":
            raise UserError("no descriptor is left")
        return lambda held_out: np.full(held_out.sum(), 20.0)

    given = {"share": 0.2, "clusters": 0}
    both = Subject("both", ("line", "forest"), True)
    found = measure_extrapolation(table, folds_of(table), FAMILIES, both, predictor, **given).facts
    assert found.left_out == {"line": "no descriptor is left"}
    assert (found.subject.name, found.subject.recommended) == ("forest", False)
    alone = Subject("line", ("line",), True)
    found = measure_extrapolation(
        table, folds_of(table), {"line": "ridge"}, alone, predictor, **given
    ).facts
    assert (found.refusal, found.subject) == (NO_MODEL, None)


def test_predictions_beyond_all_numbers_leave_a_variant_out():
    table = molecules(np.arange(40.0))

    def predictor(name, some):
        value = np.inf if name == "line" else 20.0
        return lambda held_out: np.full(held_out.sum(), value)

    found = measure_extrapolation(
        table, folds_of(table), FAMILIES, Subject("line", ("line",), True), predictor,
        share=0.2, clusters=0,
    ).facts  # fmt: skip
    assert set(found.left_out) == {"line"}
    assert found.subject.name == "forest"


def test_of_many_molecules_whole_groups_are_drawn(monkeypatch):
    monkeypatch.setattr(extrapolation_study, "MOST_MOLECULES", 30)
    groups = [f"g{i // 4}" for i in range(52)]
    table = molecules(np.arange(52.0), groups)
    drawn = extrapolation_study.draw_molecules(table)
    kept = drawn["group"].to_pylist()
    assert len(kept) == 28
    assert all(kept.count(group) == 4 for group in set(kept))
    other = extrapolation_study.draw_molecules(table.take(list(reversed(range(52)))))
    assert set(other["molecule"].to_pylist()) == set(drawn["molecule"].to_pylist())
    found = measure_extrapolation(
        table, folds_of(table), {"mean": "constant"}, Subject("mean", ("mean",), True),
        lambda name, some: lambda held_out: np.zeros(held_out.sum()), share=0.2, clusters=0,
    )  # fmt: skip
    assert found.facts.molecules == 28


def recommendation(model, consensuses=None):
    return RecommendedModel(
        model=model, consensuses=consensuses or {}, needs_conformers=False, error=1.0,
        molecules=10, runner_up=None, chosen=(model,),
    )  # fmt: skip


def test_the_subject_is_what_is_recommended_or_what_comes_next_without_conformers():
    standings = [{"variant": name} for name in ("shapes", "forest", "line", "other_forest")]
    plain = ["line", "forest", "other_forest"]
    chosen = choose_subject(recommendation("line"), standings, plain)
    assert chosen == Subject("line", ("line",), True)
    mean = recommendation("consensus", {"consensus": ("line", "forest")})
    assert choose_subject(mean, standings, plain) == Subject("consensus", ("line", "forest"), True)
    shapes = {"consensus": ("shapes", "line"), "consensus_2d": ("forest", "line")}
    chosen = choose_subject(recommendation("consensus", shapes), standings, plain)
    assert chosen == Subject("consensus_2d", ("forest", "line"), False)
    chosen = choose_subject(recommendation("shapes"), standings, plain)
    assert chosen == Subject("forest", ("forest",), False)


def test_the_best_of_each_learner_and_all_members_are_fitted():
    standings = [{"variant": n} for n in ("shapes", "consensus", "forest", "line", "other", "mean")]
    families = {
        "mean": "constant",
        "line": "ridge",
        "forest": "extra_trees",
        "other": "extra_trees",
    }
    subject = Subject("forest", ("forest",), True)
    assert choose_variants(subject, standings, families) == ["forest", "line", "mean"]
    subject = Subject("both", ("other", "line"), True)
    assert choose_variants(subject, standings, families) == ["forest", "line", "other", "mean"]
