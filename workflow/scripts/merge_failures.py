"""List everything that failed in any shard in one table."""

import logging
from collections import Counter

import pyarrow as pa

from confaug.job import job_log
from confaug.tables import FAILURES, read_table, write_table


def main(snakemake) -> None:
    """Concatenate the failure tables of all stages, in an order that sharding does not change."""
    table = pa.concat_tables(read_table(path, FAILURES) for path in snakemake.input)
    table = table.sort_by([(name, "ascending") for name in FAILURES.names])
    write_table(table, snakemake.output.table, FAILURES)
    logger = logging.getLogger("confaug")
    kinds = [table[name].to_pylist() for name in ("stage", "protocol", "reason")]
    for (stage, protocol, reason), count in sorted(
        Counter(zip(*kinds, strict=True)).items(), key=str
    ):
        logger.info("%s, %s: %d times: %s", stage, protocol or "every protocol", count, reason)
    logger.info("%d failures recorded", table.num_rows)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
