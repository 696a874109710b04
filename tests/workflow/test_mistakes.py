"""A user's mistake ends in one clear sentence and never in a traceback."""

import csv

import pytest

from study import Study


@pytest.fixture
def fresh(tmp_path) -> Study:
    return Study.fresh(tmp_path / "study")


def sentence(study: Study, *arguments: str) -> str:
    done = study.snakemake(*arguments, check=False)
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    return done.stdout


def test_a_typo_in_a_key(fresh):
    fresh.configure(embedding__sedes=2)
    assert "Error: config key 'embedding.sedes' is not known; did you mean 'seeds'?" in sentence(
        fresh
    )


def test_a_key_that_is_given_twice(fresh):
    path = fresh.folder / "config" / "quick.yaml"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines, "splits: {train: 10}", ""]))
    told = sentence(fresh)
    assert "quick.yaml gives the key 'splits' twice, in lines" in told
    assert f" and {len(lines) + 1};" in told


def test_a_table_of_an_unusual_name(fresh):
    name = 'Ärger\'s "neue" Tabelle (2) $x 100%.csv'
    (fresh.folder / "resources" / "quick.csv").rename(fresh.folder / name)
    fresh.configure(input__table=name)
    fresh.snakemake("results/quick/molecules/ledger.csv")
    assert (fresh.results / "molecules/ledger.csv").exists()


def test_a_table_with_braces_in_its_name(fresh):
    fresh.configure(input__table="{tg}.csv")
    assert "Error: config key 'input.table' names '{tg}.csv', but Snakemake" in sentence(fresh)


def test_a_missing_table(fresh):
    fresh.configure(input__table="nowhere.csv")
    assert "config key 'input.table' names nowhere.csv" in sentence(fresh)


def test_a_missing_column(fresh):
    fresh.configure(input__label_column="Tg")
    told = sentence(fresh)
    assert "resources/quick.csv" in told
    assert "'Tg'" in told
    assert "'tg'" in told


def test_a_label_that_is_no_number_is_rejected_with_its_row(fresh):
    table = fresh.folder / "resources" / "quick.csv"
    table.write_text(table.read_text() + "Poly(oops),CCCCCC=C,about 300\n")
    fresh.snakemake("results/quick/molecules/ledger.csv")
    last = (fresh.results / "molecules/ledger.csv").read_text().splitlines()[-1]
    assert "rejected" in last
    assert "about 300" in last


def test_more_training_molecules_than_there_are(fresh):
    fresh.configure(splits__train=500)
    told = sentence(fresh, "results/quick/splits/replicate-1.csv")
    assert "splits.train" in told
    assert "500" in told


def test_what_was_computed_before_a_mistake_is_kept(study):
    study.configure(splits__train=500)
    sentence(study)
    assert (study.results / "augmented.parquet").exists()
    study.configure(splits__train=20)
    assert "embed_conformers" not in study.planned()


def test_a_table_with_a_third_of_bad_rows_finishes_and_says_so(study):
    table = study.folder / "resources" / "quick.csv"
    with table.open(newline="") as file:
        n_good = len(list(csv.DictReader(file))) - 1  # one is bad already
    bad = ["=1+1,C1CC,300", "+x,polystyrene,300", "b,C C,300", "b,CCO,>300", "@x,CCN,"] * 4
    table.write_text(table.read_text() + "\n".join(bad) + "\n")
    molecules = (study.results / "molecules/molecules.csv").read_bytes()
    study.snakemake("results/quick/molecules/ledger.csv")
    jobs = study.run_and_list()
    assert "write_report" in jobs
    log = (study.results / "logs/clean_molecules.log").read_text()
    share = round(100 * 21 / (n_good + 21))
    assert share > 30
    assert f"WARNING: {share}% of the rows were rejected" in log
    page = (study.results / "report/index.html").read_text()
    assert f"{n_good + 21} rows read" in page
    assert "21 rejected" in page
    assert (study.results / "molecules/molecules.csv").read_bytes() == molecules, "nothing leaks"
    assert not [job for job in jobs if job.startswith(("embed", "describe", "tune", "fit"))]
