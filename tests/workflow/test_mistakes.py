"""A user's mistake ends in one clear sentence and never in a traceback."""

import csv
import re
import shutil

import pytest

from study import LEDGER, QUICK


def test_a_typo_in_a_key(fresh):
    fresh.configure(embedding__repaets=2)
    assert (
        "Error: config key 'embedding.repaets' is not known; did you mean 'repeats'?"
        in fresh.refused()
    )


def test_a_key_that_is_given_twice(fresh):
    path = fresh.folder / QUICK
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines, "splits: {train: 10}", ""]))
    told = fresh.refused()
    assert "quick.yaml gives the key 'splits' twice, in lines" in told
    assert f" and {len(lines) + 1};" in told


def test_a_table_of_an_unusual_name(fresh):
    name = 'Ärger\'s "neue" Tabelle (2) $x 100%.csv'
    fresh.table.rename(fresh.folder / name)
    fresh.configure(input__table=name)
    fresh.snakemake(LEDGER)
    assert (fresh.results / "molecules/ledger.csv").exists()


def test_a_table_with_braces_in_its_name(fresh):
    fresh.configure(input__table="{tg}.csv")
    assert "Error: config key 'input.table' names '{tg}.csv', but '{'" in fresh.refused()


def test_a_missing_table(fresh):
    fresh.configure(input__table="nowhere.csv")
    assert "config key 'input.table' names nowhere.csv" in fresh.refused()


def test_a_table_where_results_go_is_refused_and_stays(fresh):
    path = fresh.results / "molecules" / "molecules.csv"
    path.parent.mkdir(parents=True)
    shutil.move(fresh.table, path)
    before = path.read_bytes()
    fresh.configure(input__table="results/quick/molecules/molecules.csv")
    for target in ("all", LEDGER):
        assert "Error: config key 'input.table' names results/quick/mol" in fresh.refused(target)
    assert path.read_bytes() == before


def test_a_table_beside_the_results_is_read_and_stays(fresh):
    path = fresh.results / "mine.csv"
    path.parent.mkdir(parents=True)
    shutil.move(fresh.table, path)
    before = path.read_bytes()
    fresh.configure(input__table="results/quick/mine.csv")
    fresh.snakemake(LEDGER)
    fresh.snakemake("--delete-all-output")
    assert not (fresh.results / "molecules" / "ledger.csv").exists()
    assert path.read_bytes() == before


@pytest.mark.parametrize("results", ["/", ".", "workflow"])
def test_results_need_a_folder_of_their_own(fresh, results):
    fresh.configure(pathvars__results=results)
    assert f"Error: config key 'pathvars.results' names {results}, " in fresh.refused("-n")


def test_a_missing_column(fresh):
    fresh.configure(input__label_column="Tg")
    told = fresh.refused()
    assert "resources/quick.csv" in told
    assert "'Tg'" in told
    assert "'tg'" in told


def test_a_label_that_is_no_number_is_rejected_with_its_row(fresh):
    table = fresh.table
    table.write_text(table.read_text() + "Poly(oops),CCCCCC=C,about 300\n")
    fresh.snakemake(LEDGER)
    last = (fresh.results / "molecules/ledger.csv").read_text().splitlines()[-1]
    assert "rejected" in last
    assert "about 300" in last


def test_more_training_molecules_than_there_are(fresh):
    fresh.configure(splits__train=500)
    told = fresh.refused("results/quick/splits/replicate-1.csv")
    assert "splits.train" in told
    assert "500" in told


def test_what_was_computed_before_a_mistake_is_kept(study):
    study.configure(splits__train=500)
    study.refused()
    assert (study.results / "augmented.parquet").exists()
    study.configure(splits__train=20)
    assert "embed_conformers" not in study.planned()


def test_a_table_with_a_third_of_bad_rows_finishes_and_says_so(study):
    table = study.table
    with table.open(newline="") as file:
        n_good = len(list(csv.DictReader(file))) - 1  # one is bad already
    bad = ["=1+1,C1CC,300", "+x,polystyrene,300", "b,C C,300", "b,CCO,>300", "@x,CCN,"] * 4
    table.write_text(table.read_text() + "\n".join(bad) + "\n")
    molecules = (study.results / "molecules/molecules.csv").read_bytes()
    study.snakemake(LEDGER)
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


#: What is wrong, and the words that its cause holds.
LATE = [
    ({"splits__train": 500}, ("splits.train", "500")),
    ({"splits__train": 30, "splits__folds": 31, "input__split_column": "part"}, ("31", "folds")),
    ({"evaluation__published_row_splits": [300]}, ("published_row_splits", "300")),
]


@pytest.mark.parametrize(("changes", "words"), LATE)
def test_a_study_that_cannot_work_stops_before_embedding_and_says_why(fresh, changes, words):
    table = fresh.table
    header, *rows = table.read_text().splitlines()
    parts = ["test" if number % 2 else "train" for number in range(len(rows))]
    lines = (f"{row},{part}" for row, part in zip(rows, parts, strict=True))
    table.write_text("\n".join([f"{header},part", *lines, ""]))
    fresh.configure(**changes)
    told = fresh.refused()
    assert "embed_conformers" not in {name.split("/")[0] for name in fresh.logs()}
    assert not (fresh.results / "shards").exists()
    causes = [line for line in told.splitlines() if all(word in line for word in words)]
    assert 1 <= len(causes) <= 2, "once more if something else was said since"
    for cause in causes:
        assert re.match(r"\[(shard_molecules|split_molecules/replicate-1)( and 1 more)?\] ", cause)


def test_training_on_fewer_molecules_than_folds_is_refused_at_once(fresh):
    fresh.configure(splits__train=5, splits__folds=6)
    assert "splits.folds" in fresh.refused()
    assert not fresh.results.exists()


def test_an_error_is_told_once(fresh):
    fresh.configure(input__label_column="Tg")
    told = fresh.refused(LEDGER)
    errors = [line for line in told.splitlines() if "'Tg'" in line]
    assert len(errors) == 1
    assert errors[0].startswith("[clean_molecules] ERROR: ")
    assert "CalledProcessError" not in told
    assert "WorkflowError" not in told


def test_other_requirements_embed_and_learn_nothing_again(study):
    study.configure(evaluation__published_row_splits=[20])
    assert study.run_and_list() == {
        "study_row_splits",
        "draw_figures",
        "write_report",
    }


def test_a_finished_study_is_checked_again_before_more_is_embedded(study):
    study.configure(evaluation__published_row_splits=[300], embedding__repeats=3)
    assert "300 training rows" in study.refused()
    assert not list(study.results.glob("conformers/*/repeat-3/*"))
