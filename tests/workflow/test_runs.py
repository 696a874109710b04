"""What the console says about a run, and what becomes of a run whose console goes away."""

import os
import re
import subprocess

import pytest
from interruption import Run

from study import LEDGER, ROOT, Study, command

TABLES = [f"results/quick/descriptors_2d/rdkit_2d/shard-{shard}.parquet" for shard in (0, 1)]


def first_words(done: subprocess.CompletedProcess[str]) -> str:
    """Return what is said first, after the profile that Snakemake names."""
    assert "Traceback" not in done.stdout
    return next(line for line in done.stdout.splitlines() if not line.startswith("Using "))


def test_every_run_names_its_study_first(fresh):
    named = first_words(fresh.snakemake("--dry-run", LEDGER))
    assert named.startswith("Study: Glass transition temperature (K), resources/quick.csv ")
    assert named.endswith("results/quick/")
    unnamed = fresh.snakemake("--dry-run", "results/molecules/ledger.csv", configs=())
    example = first_words(unnamed)
    assert "resources/polymer_tg.csv, the bundled example; yours needs --configfile" in example


def test_a_run_shows_rows_progress_and_conclusion_and_nothing_else(finished, console):
    summary = (finished.results / "report" / "summary.txt").read_text().splitlines()
    report, logs = console[-2:]
    assert console[-2 - len(summary) : -2] == summary
    assert report == "Report: results/quick/report/index.html"
    assert logs.startswith("Complete log(s): ")
    profile, study, *rows = console[: -2 - len(summary)]
    assert profile.startswith("Using workflow specific profile")
    assert study.startswith("Study: ")
    progress = [line for line in rows if re.match(r"\d+ of \d+ jobs done \(\d+%\)", line)]
    assert 5 <= len(progress) <= 11
    assert progress[-1].endswith(" jobs done (100%)")
    assert any(" rejected: the SMILES " in line for line in rows)
    assert any(line.startswith("read 34 rows: 31 accepted, 2 merged") for line in rows)
    assert len(rows) - len(progress) < 8, rows


def test_the_log_file_has_what_the_console_does_not_show(finished, console):
    first = min((finished.folder / ".snakemake" / "log").glob("*.snakemake.log"))
    text = first.read_text()
    for jobs in (r"^Finished jobid: \d+ ", r"^(Reason|    reason): ", r"^Job stats:"):
        assert re.search(jobs, text, re.MULTILINE), jobs
    assert text.count("Finished jobid: ") == int(re.findall(r"(\d+) steps \(100%\)", text)[-1])
    lost = [line for line in console[1:] if line not in text]
    assert not lost


def test_a_run_with_nothing_to_do_says_how_the_study_ended(study, console):
    again = study.snakemake().stdout.splitlines()
    assert again[:2] == console[:2]
    assert again[2].startswith("Nothing to be done")
    assert again[3:] == console[-(len(again) - 3) - 1 : -1]


def test_a_failed_run_shows_the_cause_and_no_report_of_every_job(fresh):
    fresh.configure(input__label_column="Tg")
    told = fresh.refused().splitlines()
    assert len(told) <= 10
    assert told[2].startswith("[clean_molecules] ERROR: ")
    for plain in ("jobid", "Reason", "Select jobs", "output:"):
        assert not [line for line in told if plain in line]
    (log,) = (fresh.folder / ".snakemake" / "log").glob("*.snakemake.log")
    assert "Error in rule clean_molecules" in log.read_text()


def test_everything_is_shown_if_the_user_asks_for_it(fresh):
    said = fresh.snakemake(LEDGER, "--verbose").stdout
    for part in ("SNAKEMAKE", "Job stats:", "Finished jobid: ", "[clean_molecules] finished in "):
        assert part in said


def test_a_foreign_table_is_not_predicted_by_the_example_that_nobody_named(fresh):
    (fresh.folder / "new.csv").write_text("smiles\nCCO\n")
    asked = ("predict", "--dry-run", "--config", "prediction={table: new.csv}")
    refused = fresh.snakemake(*asked, check=False, configs=())
    assert refused.returncode == 1
    assert "Glass transition temperature (K); name your study with --configfile" in refused.stdout
    assert "Traceback" not in refused.stdout
    named = fresh.snakemake(*asked, configs=("config/config.yaml",))
    (told,) = [line for line in named.stdout.splitlines() if line.startswith("Prediction: ")]
    assert "new.csv by the recommended model" in told


def test_a_lock_names_the_run_that_holds_it_and_is_not_taken_away(study):
    table = study.table
    table.write_text(table.read_text() + "Poly(x),CCCCCC=C,300\n")
    run = Run.start(study)
    try:
        run.wait_for_work()
        second = study.snakemake(check=False)
        unlocked = study.snakemake("--unlock", check=False)
        assert run.process.poll() is None, run.console
    finally:
        run.process.kill()
        run.process.wait()
    for refused in (second, unlocked):
        assert refused.returncode == 1
        assert f"process {run.process.pid} (" in refused.stdout
        assert "Traceback" not in refused.stdout
        assert "can be removed with" not in refused.stdout
    run.outlast_jobs()
    after = study.snakemake(check=False)
    assert after.returncode == 1
    assert "--unlock, then again without" in after.stdout
    study.snakemake("--unlock")


@pytest.mark.parametrize(
    ("lines", "options"),
    [(1, ()), (4, ()), (30, ["--verbose"]), (60, ["--verbose"]), (120, ["--verbose"])],
)
def test_a_console_that_goes_away_ends_a_run_without_a_lock(fresh, lines, options):
    process = subprocess.Popen(
        command(*TABLES, *options),
        cwd=fresh.folder,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    try:
        for _ in range(lines):
            process.stdout.readline()
        process.stdout.close()
        # One whose console goes away shortly before the end may finish.
        assert process.wait(120) != 0 or all((fresh.folder / table).is_file() for table in TABLES)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, 9)
    assert fresh.snakemake(*TABLES).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "folder", "message"),
    [
        (("--configfile", "config/quick.yaml", "predict"), ".", "FileNotFoundError"),
        (("--configfile", "my_study.yaml"), ".", "FileNotFoundError"),
        ((), "resources", "No Snakefile found"),
    ],
)
def test_what_snakemake_says_before_this_program_runs_is_explained(
    fresh, arguments, folder, message
):
    study = Study(fresh.folder / folder)
    done = study.snakemake(*arguments, check=False, configs=())
    assert done.returncode == 1
    assert message in done.stdout
    assert message in (ROOT / "README.md").read_text()
