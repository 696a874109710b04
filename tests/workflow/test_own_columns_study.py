"""Studies that learn from columns of the user's own alone, from the table to predictions."""

import csv
import json
import shutil
from collections import Counter

import pytest
from csv_rows import read_rows

from study import rules_of

SOLVENTS = ("THF", "water")
NEW = """solvent,SMILES,T,log P
THF,CCCCCCCCN,310,0.5
benzene,CCN,310,0.25
THF,CCCCl,,0.1
THF,CCCCCCCCN,310,0.9
"""


def measured(structure, temperature):
    """Return a row whose label follows from its own columns."""
    log_p, solvent = structure * 7 % 11 / 10, SOLVENTS[structure % 2]
    label = 10 * log_p + temperature / 50 + 3 * (solvent == "water")
    return ["C" * structure, f"{label:.3f}", f"{log_p}", f"{temperature}", solvent]


def configure(study, temperatures, conditions):
    """Give a study a table of its own, whose columns are all that is learned from."""
    rows = [measured(n, t) for n in range(1, 25) for t in temperatures]
    with study.table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["SMILES", "y", "log P", "T", "solvent"], *rows])
    (study.folder / "new.csv").write_text(NEW, encoding="utf-8")
    study.configure(
        input={
            "table": "resources/quick.csv",
            "smiles_column": "SMILES",
            "label_column": "y",
            "feature_columns": ["log P", "T", "solvent"],
            "condition_columns": conditions,
        },
        splits={"train": 0.7, "folds": 3},
        variants={
            "ridge_own": {"representation": "own_columns", "learner": "ridge"},
            "lightgbm_own": {"representation": ["own_columns"], "learner": "lightgbm"},
        },
        evaluation__y_randomisations=0,
        prediction={"table": "new.csv", "model": "ridge_own"},
    )


@pytest.mark.parametrize(
    ("temperatures", "conditions"), [((300,), []), ((280, 320), ["T"])], ids=["plain", "conditions"]
)
def test_own_columns_from_the_table_to_predictions(fresh, temperatures, conditions):
    configure(fresh, temperatures, conditions)
    ran = rules_of(fresh.run_and_list("predict"))
    assert not {"embed_conformers", "minimise_conformers", "describe_3d"} & set(ran)
    molecules = read_rows(fresh.results / "molecules/molecules.csv")
    sizes = Counter(row["group"] for row in molecules)
    assert set(sizes.values()) == {len(temperatures)}
    assert {row["conditions"] for row in molecules} == (
        {f"T={one}" for one in temperatures} if conditions else {""}
    )
    split = read_rows(fresh.results / "splits/replicate-1.csv")
    assert len({(row["group"], row["part"], row["fold"]) for row in split}) == len(sizes)
    found = read_rows(fresh.results / "predictions/new/predictions.csv")
    assert [row["status"] for row in found] == [
        *("predicted", "predicted", "failed" if conditions else "predicted", "predicted")
    ]
    if conditions:  # the label follows from columns that a linear model has
        assert float(found[0]["prediction"]) == pytest.approx(10 * 0.5 + 310 / 50, abs=1)
        assert float(found[3]["prediction"]) == pytest.approx(10 * 0.9 + 310 / 50, abs=1)
        assert found[2]["reason"] == "the condition 'T' is missing; give it"
    assert "'benzene' is none of those that were learned" in found[1]["remark"]
    _predict_elsewhere(fresh, found)


def _predict_elsewhere(study, expected):
    """Predict with the bundle alone, in a study that knows nothing of the columns."""
    bundle = study.folder / "taken_home"
    shutil.copytree(study.results / "final_model/bundle", bundle)
    document = json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in document["own_columns"]] == ["log P", "T", "solvent"]
    study.configure(
        pathvars__results="results/elsewhere",
        input={"table": "none.csv", "smiles_column": "SMILES", "label_column": "y"},
        variants={"plain": {"representation": "mordred_2d", "learner": "lightgbm"}},
        prediction={"table": "new.csv", "bundle": "taken_home"},
    )
    study.snakemake("predict")
    again = read_rows(study.folder / "results/elsewhere/predictions/new/predictions.csv")
    assert [row["prediction"] for row in again] == [row["prediction"] for row in expected]
    study.configure(prediction__table="lacking.csv")
    (study.folder / "lacking.csv").write_text("SMILES,T,solvent\nC,300,THF\n", encoding="utf-8")
    told = study.refused("predict")
    assert "lacking.csv has no column 'log P' (which the model has learned)" in told


def test_a_variant_of_own_columns_needs_columns(fresh):
    fresh.configure(variants__own={"representation": "own_columns", "learner": "ridge"})
    told = fresh.refused("--dry-run")
    assert "'variants.own' reads own_columns, but 'input.feature_columns' names none" in told
