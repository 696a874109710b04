"""Print how the jobs of a study share the cores, and which of them are its longest path.

    python tests/benchmarks/benchmark_schedule.py config/lecture.yaml [...] [--cores 2 8]
        [--results results/lecture]

Names the configuration files as `--configfile` takes them; for a file without a section `input`,
name config/config.yaml before it. Jobs take what the cost model expects or, with `--results`, the
processor time of those of a finished study.

Cleaning and sharding run in a temporary folder. All other jobs are planned by Snakemake and
scheduled by `confaug.costs.schedule`, with the priorities and threads that the rules give them. The
last column is the mean of random orders, every job with one thread.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from statistics import mean

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "workflow" / "scripts"), str(ROOT / "tests" / "helpers")]

from recorded_costs import configuration, job_seconds, parse_job  # noqa: E402

from confaug.costs.facts import StudyFacts, shapes_of_shards  # noqa: E402
from confaug.costs.order import seconds_by_the_clock  # noqa: E402
from confaug.costs.schedule import STARTING, longest_path, schedule_jobs  # noqa: E402
from confaug.costs.seconds import expected_seconds  # noqa: E402
from confaug.infrastructure.snakemake_jobs import PlannedJob, plan_jobs  # noqa: E402

#: Random orders that the priorities are compared with.
ORDERS = 20
#: Jobs of the longest path are named if they take so many seconds.
NAMED = 2.0


def divide_molecules(configs: Sequence[Path], folder: Path) -> None:
    """Clean and shard the molecules of a study, so that its plan knows every job."""
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "check"]
    command += ["--snakefile", str(ROOT / "Snakefile"), "--configfile", *map(str, configs)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the molecules could not be divided:\n{done.stderr}")


def planned(configs: Sequence[Path], folder: Path, cores: int) -> list[PlannedJob]:
    """Return all jobs of a study; it has to be a process of its own that asks."""
    from snakemake.api import SnakemakeApi
    from snakemake.settings import types

    os.chdir(folder)
    quiet = types.OutputSettings(dryrun=True, quiet={types.Quietness.ALL})
    with SnakemakeApi(quiet) as api:
        workflow = api.workflow(
            resource_settings=types.ResourceSettings(cores=cores),
            config_settings=types.ConfigSettings(configfiles=configs),
            snakefile=ROOT / "Snakefile",
            workdir=folder,
        )
        dag = workflow.dag(types.DAGSettings(targets={"check"}))
        settings = types.ExecutionSettings(lock=False)
        dag.execute_workflow(executor="dryrun", execution_settings=settings)
        return plan_jobs(workflow._workflow, "all")


def seconds_of(jobs: Sequence[PlannedJob], facts: StudyFacts, results: Path | None) -> list[float]:
    """Return what each job took in a finished study, or is expected to take."""
    known = {}
    for name, taken in (job_seconds(results) if results else {}).items():
        rule, wildcards = parse_job(name)
        known[rule, frozenset(wildcards.items())] = taken
    return [
        known.get((job.rule, frozenset(job.wildcards.items())))
        or expected_seconds(job.rule, job.wildcards, facts)
        for job in jobs
    ]


def without_order(jobs: Sequence[PlannedJob], seconds: Sequence[float], cores: int) -> float:
    """Return how long a study takes on average if any job may start first and none is divided."""
    clocks = []
    for seed in range(ORDERS):
        draw = random.Random(seed)
        anyhow = [replace(job, threads=1, priority=draw.random()) for job in jobs]
        clocks.append(schedule_jobs(anyhow, seconds, cores).clock)
    return mean(clocks)


def minutes(seconds: float) -> str:
    """Write a time as minutes and seconds."""
    return "{} min {} s".format(*divmod(round(seconds), 60))


def path_words(jobs: Sequence[PlannedJob], seconds: Sequence[float], path: Sequence[int]) -> str:
    """Name the longer jobs of a path, with their seconds and threads."""
    named = [
        " ".join([jobs[n].rule, *jobs[n].wildcards.values()])
        + f" {seconds[n]:.0f} s"
        + (f" on {jobs[n].threads} cores" if jobs[n].threads > 1 else "")
        for n in path
        if seconds[n] >= NAMED
    ]
    return ", ".join(named)


def main() -> None:
    """Print one line of a table for each number of cores, and its longest path below."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("configs", nargs="+")
    parser.add_argument("--cores", type=int, nargs="+", default=[2, 8])
    parser.add_argument("--results", type=Path)
    given = parser.parse_args()
    config = configuration(given.configs)
    files = [ROOT / name for name in given.configs]
    paths = []
    print("| cores | time | idle | longest path | without order and threads |")
    print("| --: | --: | --: | --: | --: |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        divide_molecules(files, folder)
        manifest = folder / config["pathvars"]["results"] / "shards" / "manifest.json"
        shapes = shapes_of_shards(manifest)
        facts = StudyFacts.read(config, manifest, manifest.with_name("none.parquet"))
        facts = facts.with_shapes({shard: found.values() for shard, found in shapes.items()})
        for cores in given.cores:
            # Snakemake plans one workflow per process.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
                jobs = process.submit(planned, files, folder, cores).result()
            alone = seconds_of(jobs, facts, given.results)
            seconds = seconds_by_the_clock(jobs, alone, facts)
            schedule = schedule_jobs(jobs, seconds, cores)
            path = longest_path(jobs, seconds)
            longest = sum(STARTING + seconds[n] for n in path)
            print(
                f"| {cores} | {minutes(schedule.clock)} | {schedule.idle:.0%} | "
                f"{minutes(longest)} | {minutes(without_order(jobs, alone, cores))} |"
            )
            paths.append(f"{cores} cores: {path_words(jobs, seconds, path)}")
    print("\n" + "\n".join(paths))


if __name__ == "__main__":
    main()
