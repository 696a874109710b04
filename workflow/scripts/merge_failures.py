"""List everything that failed in any shard in one table."""

import logging
from collections import defaultdict

import pyarrow as pa

from confaug.infrastructure.job import Job, job_log
from confaug.tables.engine import read_table, write_table
from confaug.tables.failures import FAILURES


def main(snakemake: Job) -> None:
    """Concatenate the failure tables of all stages, in an order that sharding does not change."""
    table = pa.concat_tables(read_table(path, FAILURES) for path in snakemake.input)
    table = table.sort_by([(name, "ascending") for name in FAILURES.names])
    write_table(table, snakemake.output.table, FAILURES)
    logger = logging.getLogger("confaug")
    molecules: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in table.to_pylist():
        kind = (row["stage"], row["protocol"] or "every protocol", row["reason"])
        molecules[kind].append(row["molecule"])
    for kind, names in sorted(molecules.items()):
        logger.info("%s, %s: %s (records: %d, molecules: %d)", *kind, len(names), len(set(names)))
    logger.info("%d failures recorded", table.num_rows)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
