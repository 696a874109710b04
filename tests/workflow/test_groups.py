"""Jobs that share an allocation of a cluster run one after another in it."""

import json
import subprocess
import sys

import pytest

from study import QUICK, Study

#: Prints the group of every job, and the jobs that it waits for.
PRINT_GROUPS = """
import gc, json
from snakemake.cli import main
from snakemake.workflow import Workflow

try:
    main({arguments!r})
except SystemExit as end:
    assert not end.code
(workflow,) = [found for found in gc.get_objects() if type(found) is Workflow]
jobs = list(workflow.dag.jobs)
number = {{job: place for place, job in enumerate(jobs)}}
print(json.dumps([
    {{
        "rule": job.rule.name,
        "group": job.group,
        "needs": sorted(number[one] for one in workflow.dag.dependencies[job]),
    }}
    for job in jobs
]))
"""
PREDICT = ("predict", "--config", "prediction={table: new.csv, smiles_column: smiles}")


def jobs_of(study: Study, *target: str) -> list[dict]:
    arguments = ["--cores", "1", "--dry-run", "--forceall", *target, "--configfile", QUICK]
    done = subprocess.run(
        [sys.executable, "-c", PRINT_GROUPS.format(arguments=arguments)],
        cwd=study.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: list[dict] = json.loads(done.stdout.splitlines()[-1])
    return found


def connected(members: set[int], jobs: list[dict]) -> list[set[int]]:
    """Divide the jobs of a group into those that depend on each other."""
    parts: list[set[int]] = []
    for one in members:
        linked = {one, *(members & set(jobs[one]["needs"]))}
        apart = [part for part in parts if not part & linked]
        parts = [*apart, linked.union(*(part for part in parts if part & linked))]
    return parts


def level(job: int, part: set[int], jobs: list[dict]) -> int:
    """Return how many jobs of the part have to run before a job, one after another."""
    return max((1 + level(one, part, jobs) for one in part & set(jobs[job]["needs"])), default=0)


@pytest.mark.parametrize("target", [(), ("plain",), PREDICT], ids=["study", "plain", "predict"])
def test_connected_jobs_of_a_group_form_one_chain(finished, tmp_path, target):
    """An allocation has one processor, and Slurm refuses a step that asks for two at once."""
    study = finished.copy(tmp_path / "study")
    (study.folder / "new.csv").write_text("smiles\nCCO\n")
    jobs = jobs_of(study, *target)
    groups = {job["group"] for job in jobs} - {None}
    assert len(groups) > 3
    for group in groups:
        members = {place for place, job in enumerate(jobs) if job["group"] == group}
        for part in connected(members, jobs):
            levels = [level(one, part, jobs) for one in part]
            assert len(set(levels)) == len(part), sorted(jobs[one]["rule"] for one in part)
