"""What the console says about a run, and what becomes of a run whose console goes away."""

import os
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


@pytest.mark.parametrize("lines", [1, 30, 45, 60])
def test_a_console_that_goes_away_ends_a_run_without_a_lock(fresh, lines):
    process = subprocess.Popen(
        command(*TABLES),
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
        assert process.wait(120) != 0
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
