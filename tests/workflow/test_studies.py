"""Other people's data: small public tables run from CSV to report without touching code."""

import json
import shutil

import pytest

from confaug.tables.engine import read_table
from confaug.tables.molecules import LEDGER, MOLECULES
from study import ROOT, Study

STUDIES = ROOT / "tests" / "data" / "studies"


def run(folder, name: str) -> Study:
    """Run one of the studies with tiny settings in a folder of its own."""
    study = Study.fresh(folder / "study")
    shutil.copytree(STUDIES, study.folder / "tests" / "data" / "studies")
    configs = [f"tests/data/studies/{config}.yaml" for config in (name, "tiny")]
    study.snakemake(configs=configs)
    return study


@pytest.mark.parametrize(
    ("name", "quantity"),
    [
        ("salts", "Melting point (K)"),
        ("silicon_boron_metals", "Refractive index ·"),  # a property without a unit
        ("repeat_units", "Glass transition temperature (K)"),
    ],
)
def test_a_public_table_runs_from_csv_to_report(tmp_path, name, quantity):
    study = run(tmp_path, name)
    results = study.folder / "results" / name
    ledger = read_table(results / "molecules/ledger.csv", LEDGER).to_pylist()
    molecules = read_table(results / "molecules/molecules.csv", MOLECULES)
    n_lines = len((STUDIES / f"{name}.csv").read_text().splitlines())
    assert [line["row"] for line in ledger] == list(range(2, n_lines + 1))  # the header is row 1
    assert molecules.num_rows >= 20
    assert sum(line["status"] == "accepted" for line in ledger) == molecules.num_rows
    for line in ledger:
        assert line["status"] == "accepted" or line["reason"]
    verdict = json.loads((results / "comparison/verdict.json").read_text())
    assert verdict["headline"]
    assert quantity in (results / "report/index.html").read_text()
    special = {
        "salts": lambda smiles: "." in smiles,
        "silicon_boron_metals": lambda smiles: "[Si" in smiles or "B" in smiles or "[Hg" in smiles,
        "repeat_units": lambda smiles: "*" not in smiles,
    }[name]
    assert sum(map(special, molecules["smiles"].to_pylist())) >= 15
