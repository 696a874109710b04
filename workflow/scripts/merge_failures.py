"""List everything that failed in any shard in one table."""

import logging

from confaug.infrastructure.job import Job, job_log
from confaug.tables.engine import read_table, write_table
from confaug.tables.failures import FAILURES, count_failures, merge_failures


def main(snakemake: Job) -> None:
    """Merge the failures of all stages, and log how many there are of each kind."""
    logger = logging.getLogger("confaug")
    table = merge_failures(read_table(path, FAILURES) for path in snakemake.input)
    write_table(table, snakemake.output.table, FAILURES)
    for one in count_failures(table):
        kind = (one.stage, one.protocol or "every protocol", one.reason)
        logger.info("%s, %s: %s (records: %d, molecules: %d)", *kind, one.records, one.molecules)
    logger.info("%d failures recorded", table.num_rows)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
