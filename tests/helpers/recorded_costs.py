"""What the jobs of finished studies took, as recorded in `tests/data/costs`, and what was expected.

A record is a table of jobs and their processor seconds, and a JSON file with what the study was:
its configuration, and the shapes of the molecules of its shards.
"""

import csv
import json
import re
from collections import defaultdict
from dataclasses import astuple
from functools import cache
from pathlib import Path

from snakemake.utils import update_config

from confaug.config.check import complete_config, read_schema
from confaug.config.files import read_config_file
from confaug.costs.embedding import Shape
from confaug.costs.facts import StudyFacts, shapes_of_shards
from confaug.costs.seconds import expected_seconds
from confaug.infrastructure.job import read_cost

ROOT = Path(__file__).parents[2]
RECORDS = ROOT / "tests" / "data" / "costs"
#: How the logs of jobs are named below the folder of their rule.
NAMES = [
    r"(?P<protocol>\w+)/repeat-(?P<repeat>\d+)/shard-(?P<shard>\d+)",
    r"(?P<kind>\w+)/shard-(?P<shard>\d+)",
    r"(?P<variant>\w+)/replicate-(?P<replicate>\d+)",
    r"replicate-(?P<replicate>\d+)",
]


def parse_job(job: str) -> tuple[str, dict[str, str]]:
    """Return the rule and the wildcards of a job by the path of its log below all logs.

    >>> parse_job("tune_model/lightgbm_2d/replicate-1")
    ('tune_model', {'variant': 'lightgbm_2d', 'replicate': '1'})
    """
    rule, _, rest = job.partition("/")
    matches = (re.fullmatch(name, rest) for name in NAMES)
    return rule, next((match.groupdict() for match in matches if match), {})


@cache
def _schema():
    return read_schema(ROOT / "workflow" / "schemas" / "config.schema.yaml")


def configuration(names):
    """Return a complete configuration; of several files, each is laid over those before it."""
    config = {}
    for name in names:
        update_config(config, read_config_file(ROOT / name))
    return complete_config(config, _schema())


def job_seconds(results: Path) -> dict[str, float]:
    """Return the processor seconds of every finished job of a study, by their logs."""
    logs = Path(results, "logs")
    costs = {path: read_cost(path) for path in sorted(logs.rglob("*.log"))}
    return {
        str(path.relative_to(logs).with_suffix("")): cost.processor
        for path, cost in costs.items()
        if cost
    }


def write_record(name: str, results: Path, configs: list[str]) -> None:
    """Record what the jobs of a finished study took."""
    manifest = Path(results, "shards", "manifest.json")
    shapes = {
        shard: [list(astuple(shape)) for shape in found.values()]
        for shard, found in shapes_of_shards(manifest).items()
    }
    study = {"configs": configs, **json.loads(manifest.read_text(encoding="utf-8"))}
    RECORDS.joinpath(f"{name}.json").write_text(
        json.dumps({**study, "shapes": shapes}) + "\n", encoding="utf-8"
    )
    with RECORDS.joinpath(f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([("job", "seconds"), *job_seconds(results).items()])


def read_record(name: str) -> tuple[StudyFacts, dict[str, float]]:
    """Return the facts of a recorded study and the seconds of its jobs."""
    path = RECORDS / f"{name}.json"
    study = json.loads(path.read_text(encoding="utf-8"))
    shapes = {
        shard: [Shape(*values) for values in found] for shard, found in study["shapes"].items()
    }
    with RECORDS.joinpath(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        seconds = {row["job"]: float(row["seconds"]) for row in csv.DictReader(file)}
    facts = StudyFacts.read(configuration(study["configs"]), path, "none")
    return facts.with_shapes(shapes), seconds


def by_rule(facts: StudyFacts, seconds: dict[str, float]) -> dict[str, tuple[int, float, float]]:
    """Return the jobs of each rule, the seconds that they took, and those that are expected."""
    found = defaultdict(lambda: [0, 0.0, 0.0])
    for job, taken in seconds.items():
        rule, wildcards = parse_job(job)
        of_rule = found[rule]
        of_rule[0] += 1
        of_rule[1] += taken
        of_rule[2] += expected_seconds(rule, wildcards, facts)
    return {rule: tuple(values) for rule, values in found.items()}
