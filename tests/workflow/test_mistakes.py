"""A user's mistake ends in one clear sentence and never in a traceback."""

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
