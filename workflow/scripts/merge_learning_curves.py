"""Put the learning curves of all replicates into one table."""

import pyarrow as pa

from confaug.infrastructure.job import Job, job_log
from confaug.tables.engine import read_table, write_table
from confaug.tables.evaluation import LEARNING_CURVES


def main(snakemake: Job) -> None:
    """Concatenate the tables, sorted by axis, order and replicate."""
    table = pa.concat_tables(read_table(path, LEARNING_CURVES) for path in snakemake.input.tables)
    order = [(name, "ascending") for name in ("axis", "order", "replicate")]
    write_table(table.sort_by(order), snakemake.output.table, LEARNING_CURVES)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
