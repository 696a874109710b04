"""The first configuration of a table."""

import shlex
import subprocess
import sys

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from project_imports import ROOT

from confaug.config.check import complete_config, read_schema
from confaug.molecules.inspection import Inspection, NumericColumn
from confaug.molecules.reading.layout import Layout
from confaug.molecules.tolerance import NONE, RANGE, REPEATS, Tolerance
from confaug.report.wording.starter import starter_text

SCHEMA = read_schema(ROOT / "workflow" / "schemas" / "config.schema.yaml")
SMILES = ["CCO", "c1ccccc1", "CC(=O)O", "C1CCCCC1", "CCN", "CC#N", "CCCO", "CC=O"]
ANY = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=40)


def column(name="y", low=1.0, high=2.0, title="y", unit="", unlikely=False):
    return NumericColumn(name, 8, low, high, title, unit, unlikely)


def inspection(smiles="smiles", label=None, others=(), layout=None, **changes):
    label = label or column()
    layout = layout or Layout(None, None, (smiles, label.name), (("CCO", "1"),), True, (0,))
    found = {
        "layout": layout,
        "smiles": smiles,
        "structures": 100,
        "label": label,
        "candidates": (label, *others),
        "name_column": None,
        "id_column": None,
        "conditions": (),
        "unlabelled": 0,
        "polymers": False,
        "tolerance": Tolerance(2.0, RANGE, share=0.01),
    }
    return Inspection(**{**found, **changes})


def written(found, table="my.csv"):
    """Return the text, and the complete configuration that it makes."""
    text = starter_text(found, table, "results/my", "snakemake check")
    return text, complete_config(yaml.safe_load(text), SCHEMA)


def test_what_was_found_is_configured():
    layout = Layout("Data", 4, ("s", "y"), (("CCO", "1"),), True, (0,))
    label = column("Tb (K)", title="Tb", unit="K")
    found = inspection("s", label, layout=layout, name_column="Name", id_column="No", polymers=True)
    config = written(found)[1]
    given_input = {"table": "my.csv", "sheet": "Data", "header_row": 4, "smiles_column": "s"}
    names = {"label_column": "Tb (K)", "name_column": "Name", "id_column": "No"}
    assert config["input"].items() >= {**given_input, **names}.items()
    assert (config["property"]["name"], config["property"]["unit"]) == ("Tb", "K")
    assert config["cleaning"]["polymers"] == "repeat_unit"
    assert config["pathvars"]["results"] == "results/my"


def test_a_decision_is_asked_for_where_there_are_several_labels():
    text, config = written(inspection(others=[column("z"), column("T", unlikely=True)]))
    assert "# DECIDE" in text
    assert "  #   z: 8 numbers from 1 to 2" in text
    assert "# other columns of numbers: T" in text
    assert config["input"]["label_column"] == "y"
    assert "DECIDE" not in written(inspection())[0]


@pytest.mark.parametrize(
    ("structures", "train", "folds"), [(100, 0.8, 5), (30, 0.6, 5), (12, 0.6, 3)]
)
def test_small_tables_hold_out_more_and_have_fewer_folds(structures, train, folds):
    splits = written(inspection(structures=structures))[1]["splits"]
    assert (splits["train"], splits["folds"]) == (train, folds)


def test_hints_are_comments():
    label = column(low=1e-3, high=5e3)
    text, config = written(inspection(label=label, conditions=("T",), unlabelled=3))
    assert "# transform: log10 # the values span 6 decades" in text
    assert '# condition_columns: ["T"]' in text
    assert "3 rows without a value" in text
    assert config["property"]["transform"] == "none"
    assert config["input"]["feature_columns"] == []


@pytest.mark.parametrize(
    ("tolerance", "reason"),
    [
        (Tolerance(4.0, REPEATS, 12, 1.5, 0.02), "usual difference, 1.5, between"),
        (Tolerance(3.0, RANGE, 1, None, 0.01), "about 1% of the range"),
        (Tolerance(0.0, NONE), "two good measurements"),
    ],
)
def test_the_tolerance_stands_with_its_reason(tolerance, reason):
    text, config = written(inspection(tolerance=tolerance))
    assert config["cleaning"]["tolerance"] == tolerance.value
    assert reason in text


@given(name=ANY, smiles=ANY, table=ANY)
def test_whatever_columns_are_called_the_text_is_yaml_that_means_them(name, smiles, table):
    found = inspection(smiles, column(name, title=name), [column(f"{name} 2")], name_column=name)
    text = starter_text(found, table, "results/my", "snakemake check")
    section = yaml.safe_load(text)["input"]
    assert (section["smiles_column"], section["label_column"]) == (smiles, name)
    assert (section["name_column"], section["table"]) == (name, table)


@pytest.fixture
def start(tmp_path):
    """A function that runs the program in a folder with a table."""
    rows = [("SMILES", "Tb / K"), *zip(SMILES, range(290, 298), strict=True)]
    content = "\n".join(",".join(map(str, row)) for row in rows)
    (tmp_path / "my table.csv").write_text(content, encoding="utf-8")

    def run(*arguments):
        program = [sys.executable, ROOT / "workflow" / "start.py", *arguments]
        return subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


def test_the_program_writes_the_configuration_once(start, tmp_path):
    done = start("my table.csv")
    assert done.returncode == 0, done.stderr
    command = done.stdout.rpartition("run: ")[2]
    assert shlex.split(command) == [
        *("snakemake", "--cores", "1", "check"),
        *("--snakefile", str(ROOT / "Snakefile"), "--configfile", "my table.yaml"),
    ], "the workflow lies in another folder"
    path = tmp_path / "my table.yaml"
    assert yaml.safe_load(path.read_text())["input"]["label_column"] == "Tb / K"
    path.write_text("mine")
    again = start("my table.csv")
    assert again.returncode == 1
    assert again.stderr.strip() == "Error: my table.yaml exists already; name another file with -o"
    assert path.read_text() == "mine"
    assert start("my table.csv", "-o", "other.yaml").returncode == 0


@pytest.mark.parametrize("options", [(), ("--label", "Tb / K")])
def test_the_program_asks_for_a_table_with_an_example(start, options):
    done = start(*options)
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert "confaug start my_table.csv" in line


def test_the_program_refuses_in_one_sentence(start, tmp_path):
    done = start("none.csv")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: the table none.csv does not exist")
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.glob("*.yaml")) == []
