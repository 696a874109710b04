"""List everything that failed in any shard in one table."""

import logging

import pyarrow as pa

from confaug.job import job_log
from confaug.tables import FAILURES, read_table, write_table


def main(snakemake) -> None:
    """Concatenate the failure tables of all stages, in an order that sharding does not change."""
    table = pa.concat_tables(read_table(path, FAILURES) for path in snakemake.input)
    table = table.sort_by([(name, "ascending") for name in FAILURES.names])
    write_table(table, snakemake.output.table, FAILURES)
    logging.getLogger("confaug").info("%d failures recorded", table.num_rows)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
