"""Snakemake looks for jobs when some may start, and Snakemake still needs the correction."""

import json

from new_python import run_python

#: Jobs that end one by one, each a look at what may start next.
SNAKEFILE = """
rule last:
    input: expand("{i}.txt", i=range(12))

rule one:
    output: "{i}.txt"
    shell: "sleep 0.3; touch {output}"
"""
#: Runs them with a limit of new jobs, and prints how many looks that took and when jobs started.
COUNT_LOOKS = """
import json, time
from snakemake.cli import main
from snakemake.scheduling.job_scheduler import JobScheduler
from confaug.infrastructure.snakemake_scheduler import look_again_once

if {corrected}:
    look_again_once()
looks, starts = [], []
select, run = JobScheduler.job_selector, JobScheduler.run

def look(scheduler, jobs):
    looks.append(time.monotonic())
    return select(scheduler, jobs)

def start(scheduler, jobs, **options):
    jobs = list(jobs)
    starts.extend([time.monotonic()] * len(jobs))
    return run(scheduler, jobs, **options)

JobScheduler.job_selector, JobScheduler.run = look, start
try:
    main(["--cores", "{cores}", "--quiet", "all", "--max-jobs-per-timespan", "{limit}"])
except SystemExit as end:
    assert not end.code
print(json.dumps([len(looks), starts]))
"""


def count_looks(folder, *, corrected, cores=1, limit="100/1s"):
    (folder / "Snakefile").write_text(SNAKEFILE)
    code = COUNT_LOOKS.format(corrected=corrected, cores=cores, limit=limit)
    looks, starts = json.loads(run_python(code, cwd=folder).splitlines()[-1])
    assert all((folder / f"{i}.txt").exists() for i in range(12))
    return looks, starts


def test_jobs_are_looked_for_when_one_has_ended(tmp_path):
    looks, _ = count_looks(tmp_path, corrected=True)
    assert looks <= 12 + 1


def test_snakemake_still_looks_for_jobs_more_often(tmp_path):
    """If this fails, Snakemake has been mended, and the correction can go."""
    looks, _ = count_looks(tmp_path, corrected=False)
    assert looks > 2 * 12


def test_the_limit_of_new_jobs_is_kept_and_jobs_that_it_holds_back_start_later(tmp_path):
    _, starts = count_looks(tmp_path, corrected=True, cores=12, limit="4/1s")
    assert len(starts) >= 12
    assert all(later - first >= 0.9 for first, later in zip(starts, starts[4:], strict=False))
