"""Gains of the ways to use conformers, and verdicts where there is nothing to find."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from confaug.atlas.gains import (
    BEST_WAY,
    PLAIN,
    RULE,
    SAME_LEARNERS,
    describe_study,
    measure_gains,
    null_verdicts,
)
from confaug.config.roles import RECOMMENDED
from confaug.config.settings.variants import Variant
from confaug.evaluation.errors import Study
from confaug.tables.molecules import MOLECULES
from confaug.tables.trust import COVERAGE

VARIANTS = {
    "constant": Variant(representation="rdkit_2d", learner="constant"),
    "ridge": Variant(representation="rdkit_2d", learner="ridge"),
    "trees": Variant(representation="rdkit_2d", learner="extra_trees"),
    "rows": Variant(representation=("rdkit_2d", "augmented_3d"), learner="lightgbm"),
    "trees_mean": Variant(representation=("rdkit_2d", "mean_3d"), learner="extra_trees"),
    "process_mean": Variant(representation=("rdkit_2d", "mean_3d"), learner="gaussian_process"),
}
#: Held-out errors are these times a scatter of 1 on average; out of fold, `ridge` and
#: `trees_mean` are the best of their groups.
HELD_OUT = {
    "constant": 40.0,
    "ridge": 20.0,
    "trees": 10.0,
    "rows": 30.0,
    "trees_mean": 15.0,
    "process_mean": 5.0,
    RECOMMENDED: 15.0,
}
OUT_OF_FOLD = {**HELD_OUT, "ridge": 9.0, "process_mean": 16.0}
COUNT, REPLICATES = 60, 5


def study_of(held_out=HELD_OUT, seed=1):
    """Make a study of molecules whose errors have one size for each variant and some scatter."""
    rng = np.random.default_rng(seed)
    trained = np.array([rng.permutation(COUNT) < 40 for _ in range(REPLICATES)])
    scatter = rng.uniform(0.5, 1.5, (REPLICATES, COUNT))
    signs = rng.choice([-1, 1], COUNT)

    def errors(sizes, part):
        return {
            name: np.where(part, size * scatter * signs, np.nan) for name, size in sizes.items()
        }

    return Study(
        replicates=tuple(range(1, REPLICATES + 1)),
        molecules=tuple(f"m{i}" for i in range(COUNT)),
        groups=np.arange(COUNT),
        labels=rng.normal(300, 50, COUNT),
        test=errors(held_out, ~trained),
        cross_validation=errors(OUT_OF_FOLD, trained),
        train={},
        train_sizes=trained.sum(axis=1),
        split_numbers=np.arange(REPLICATES),
        overlap=40 / 60,
    )


def by_way(table, against=PLAIN):
    return {row["way"]: row for row in table.to_pylist() if row["against"] == against}


def test_a_way_is_compared_with_the_best_without_conformers_that_cross_validation_chose():
    found = by_way(measure_gains("one", study_of(), VARIANTS))
    assert list(found) == ["rows", "mean", BEST_WAY, RULE]
    assert {row["reference"] for row in found.values()} == {
        "ridge"
    }  # not `trees`, which tests best
    assert found["rows"]["gain"] == pytest.approx(-50)  # 30 against 20
    assert found["rows"]["verdict"] == "hurt"
    assert found["mean"]["variant"] == "trees_mean"  # not `process_mean`, which tests best
    assert found["mean"]["gain"] == pytest.approx(25)  # 15 against 20
    assert found["mean"]["verdict"] == "helped"
    assert found["mean"]["low"] < 25 < found["mean"]["high"]
    assert found[BEST_WAY]["variant"] == "trees_mean"
    assert found[RULE]["gain"] == pytest.approx(25)


def test_a_way_is_also_compared_with_the_same_learners_without_conformers():
    found = by_way(measure_gains("one", study_of(), VARIANTS), SAME_LEARNERS)
    assert list(found) == ["mean"]  # there is no LightGBM without conformers
    assert found["mean"]["reference"] == "trees"
    assert found["mean"]["gain"] == pytest.approx(-50)  # 15 against 10


def test_nothing_is_said_of_a_reference_without_errors_or_a_study_without_conformers():
    right = study_of({**HELD_OUT, "ridge": 0.0, "trees": 0.0})
    assert by_way(measure_gains("one", right, VARIANTS)) == {}
    plain = {name: one for name, one in VARIANTS.items() if one.conformer_kind is None}
    assert list(by_way(measure_gains("one", study_of(), plain))) == [RULE]
    assert null_verdicts(study_of(), plain, np.random.default_rng(1)) == []


def test_equal_errors_are_no_gain():
    study = study_of({**HELD_OUT, "rows": 20.0})
    row = by_way(measure_gains("one", study, VARIANTS))["rows"]
    assert (row["gain"], row["low"], row["high"], row["standard_error"]) == (0, 0, 0, 0)
    assert row["verdict"] == "no_difference"


def test_a_gain_without_an_interval_is_given_without():
    """As with one split of molecules that are all of one group."""
    study = study_of()
    one_group = replace(
        study,
        replicates=(1,),
        groups=np.zeros(COUNT, int),
        test={name: errors[:1] for name, errors in study.test.items()},
        cross_validation={name: errors[:1] for name, errors in study.cross_validation.items()},
        train_sizes=study.train_sizes[:1],
        split_numbers=study.split_numbers[:1],
        overlap=0.0,
    )
    row = by_way(measure_gains("one", one_group, VARIANTS))["mean"]
    assert (row["low"], row["high"]) == (None, None)
    assert row["gain"] == pytest.approx(25, abs=2)


def test_a_study_is_described_by_its_own_figures():
    study = study_of()
    rows = [{"molecule": m, "smiles": "CCCC", "group": m} for m in study.molecules]
    schema = pa.schema([MOLECULES.schema().field(name) for name in ("molecule", "smiles", "group")])
    schema_coverage = COVERAGE.schema()
    coverage = pa.Table.from_pylist(
        [
            {
                **dict.fromkeys(schema_coverage.names, 0),
                "variant": RECOMMENDED,
                "replicate": replicate,
                "test_molecules": 20,
                "covered": 18,
                "scaled": False,
            }
            for replicate in study.replicates
        ],
        schema=schema_coverage,
    )
    (row,) = describe_study(
        "one",
        study,
        VARIANTS,
        pa.Table.from_pylist(rows, schema=schema),
        property_={"name": "Length", "unit": ""},
        label_scatter=None,
        recommended=["ridge", "ridge", "trees"],
        coverage=coverage,
    ).to_pylist()
    assert (row["molecules"], row["training"], row["replicates"]) == (60, 40, 5)
    assert row["unit"] is None
    assert row["rotatable_bonds"] == 1  # butane's
    assert (row["plain"], row["recommended"], row["best"]) == ("ridge", "ridge", "process_mean")
    ratio = row["plain_mae"] / row["constant_mae"]
    assert ratio == pytest.approx(0.5)
    assert row["best_mae"] / row["constant_mae"] == pytest.approx(5 / 40)
    assert (row["covered"], row["intervals"]) == (90, 100)
    assert row["null_verdicts"] == 1000


def test_random_signs_are_found_better_or_worse_in_at_most_five_per_cent():
    rng = np.random.default_rng(5)
    verdicts = null_verdicts(study_of(), VARIANTS, rng)
    assert len(verdicts) == 1000
    assert 1000 - verdicts.count("no_difference") <= 65  # 5 %, and twice its standard error
