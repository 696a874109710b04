"""Compare what the jobs of a finished study took with what is expected of them.

    python tests/benchmarks/benchmark_costs.py results config/config.yaml [...] [--record default]

Names the results folder and the configuration files as `--configfile` takes them; for a file
without a section `input`, name config/config.yaml before it. With `--record`, the table in
tests/data/costs that the unit tests compare with is written anew.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "workflow" / "scripts"), str(ROOT / "tests" / "helpers")]

from recorded_costs import by_rule, configuration, job_seconds, write_record  # noqa: E402

from confaug.costs.facts import StudyFacts, shapes_of_shards  # noqa: E402


def main() -> None:
    """Print one line for each rule, most expensive first, and one for all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path)
    parser.add_argument("configs", nargs="+")
    parser.add_argument("--record", help="name of the record that is written")
    given = parser.parse_args()
    manifest = given.results / "shards" / "manifest.json"
    own_columns = given.results / "molecules" / "own_columns.parquet"
    facts = StudyFacts.read(configuration(given.configs), manifest, own_columns)
    shapes = shapes_of_shards(manifest)
    facts = facts.with_shapes({shard: found.values() for shard, found in shapes.items()})
    rules = by_rule(facts, job_seconds(given.results))
    print(f"{'rule':28}{'jobs':>6}{'took (s)':>10}{'expected':>10}{'ratio':>8}")
    total = (sum(values) for values in zip(*rules.values(), strict=True))
    lines = sorted(rules.items(), key=lambda line: -line[1][1])
    for rule, (jobs, taken, expected) in [*lines, ("all", tuple(total))]:
        ratio = expected / taken if taken else float("nan")
        print(f"{rule:28}{jobs:6}{taken:10.1f}{expected:10.1f}{ratio:8.2f}")
    if given.record:
        write_record(given.record, given.results, given.configs)


if __name__ == "__main__":
    main()
