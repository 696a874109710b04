"""A study ranks its own molecules without a label by what measuring them is worth."""

import csv
from collections import Counter

from confaug.tables.engine import read_table
from confaug.tables.learning import PREDICTIONS
from confaug.tables.molecules import LEDGER
from confaug.tables.prediction import MEASURE_NEXT
from study import Study

VARIANTS = {
    "constant": {"representation": "rdkit_2d", "learner": "constant"},
    "extra_trees": {"representation": "rdkit_2d", "learner": "extra_trees"},
    "lightgbm": {"representation": "mordred_2d", "learner": "lightgbm"},
}
#: Structures that are not in the table, two of them alike, and one that is.
UNMEASURED = ("C=Cc1ccncc1", "C=CC(=O)OCCCCCCCCCCO", "C=CC(=O)OCCCCCCCCCCCO", "CC=CC=C")
RANKING = "results/quick/final_model/measure_next.csv"


def add_rows(study: Study) -> None:
    """Write rows without a label under those of the table."""
    with study.table.open(newline="") as file:
        names = next(csv.reader(file))
    with study.table.open("a", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writerows({"smiles": smiles, "name": smiles} for smiles in UNMEASURED)


def test_molecules_without_a_label_are_ranked(tmp_path):
    study = Study.fresh(tmp_path / "study")
    add_rows(study)
    study.configure(variants=VARIANTS)
    assert study.planned()["choose_unlabelled"] == 0, "their rows are rejected"
    study.configure(cleaning__unlabelled="keep")
    study.snakemake(RANKING)
    ranking = read_table(study.folder / RANKING, MEASURE_NEXT).to_pylist()
    assert {row["name"] for row in ranking} == set(UNMEASURED[:3]), "not the measured one"
    assert ranking[-1]["name"] in UNMEASURED[1:3], "it is like the one above"
    assert ranking[-1]["similarity_above"] == 1.0
    assert all(row["reason"] and row["low"] < row["prediction"] < row["high"] for row in ranking)
    lines = read_table(study.results / "molecules/ledger.csv", LEDGER).to_pylist()
    assert {row["row"]: row["name"] for row in ranking}.items() <= {
        line["row"]: line["name"] for line in lines
    }.items()
    predicted = read_table(study.results / "final_model/predictions.csv", PREDICTIONS).to_pylist()
    values = {
        row["molecule"]: row["prediction"] for row in predicted if row["part"] == "unlabelled"
    }
    assert {row["molecule"]: row["prediction"] for row in ranking} == values
    content = (study.folder / RANKING).read_bytes()
    (study.folder / RANKING).unlink()
    assert study.planned(RANKING) == Counter(choose_unlabelled=1), "it costs no other job"
    study.snakemake(RANKING)
    assert (study.folder / RANKING).read_bytes() == content
