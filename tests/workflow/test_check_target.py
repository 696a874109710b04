"""A study is checked before anything expensive is computed, and goes on from there."""

import pytest

from study import Study, digests, rules_of

CHECKED = {"clean_molecules", "shard_molecules"}


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """A study that was checked, and what its run did and said."""
    study = Study.fresh(tmp_path_factory.mktemp("check") / "study")
    said = study.snakemake("check").stdout
    return study, set(study.logs()), said


def test_nothing_but_the_molecules_is_computed(checked):
    study, jobs, _ = checked
    assert set(rules_of(jobs)) == CHECKED
    assert {path.name for path in study.results.iterdir() if path.is_dir()} <= {
        *("benchmarks", "logs", "molecules", "records", "shards"),
    }


def test_rows_molecules_and_cost_are_told(checked):
    said = checked[2]
    assert "Rows: 34 rows read = 31 accepted + 2 merged + 1 rejected." in said
    assert "row 7 (Poly(4-hydroxybutyrate)) rejected: " in said
    assert "Split: 20 molecules train, 11 are held out." in said
    assert "Compared: 6 variants" in said
    assert "Slowest molecules:" in said
    assert "Run the study: snakemake --cores 2 --configfile config/quick.yaml" in said


def test_a_check_can_be_repeated_and_computes_nothing(checked):
    study, _, said = checked
    before = study.logs()
    again = study.snakemake("check").stdout
    assert study.logs() == before
    first, second = (
        text[text.index("Rows: ") :].split("Run the study")[0] for text in (said, again)
    )
    assert first == second


def test_the_number_of_jobs_is_that_of_the_whole_study(checked, finished):
    # The target all has no log, and the checkpoint is no part of the plan once it has run.
    jobs = len(finished.logs().keys() - {"shard_molecules"}) + 1
    assert f"of processor time in {jobs} jobs" in checked[2]


def test_the_study_goes_on_from_the_check_with_the_same_results(checked, finished, tmp_path):
    study = checked[0].copy(tmp_path / "study")
    ran = rules_of(study.run_and_list())
    assert not CHECKED & set(ran)
    assert digests(study.results) == digests(finished.results)


def test_another_column_can_be_checked_in_the_same_folder(checked, tmp_path):
    study = checked[0].copy(tmp_path / "study")
    table = study.table
    table.write_text(table.read_text().replace("name,smiles,tg", "name,smiles,Tg", 1))
    told = study.refused("check")
    assert "no column 'tg' (input: label_column)" in told
    assert "did you mean 'Tg'?" in told
    study.configure(input__label_column="Tg", property__name="Temperature")
    assert "Rows: 34 rows read" in study.snakemake("check").stdout


def test_a_finished_study_costs_nothing_more(study):
    before = digests(study.results)
    assert "All of them have finished." in study.snakemake("check").stdout
    assert digests(study.results) == before


def test_a_table_that_allows_nothing_is_refused_in_one_sentence(fresh):
    fresh.configure(splits__train=31)
    assert "31" in fresh.refused("check")
    assert not (fresh.results / "splits").exists()
