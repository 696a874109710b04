"""Calculate the 3D descriptors of every conformer of one shard."""

import logging

from confaug.descriptors.describe_3d import describe_shard_3d
from confaug.infrastructure.job import Job, job_log
from confaug.tables.conformers import CONFORMERS
from confaug.tables.descriptors import DESCRIPTORS_3D
from confaug.tables.engine import read_table, write_table
from confaug.tables.failures import FAILURES


def main(snakemake: Job) -> None:
    """Read the conformers of a shard, write their descriptors and what is undefined."""
    conformers = read_table(snakemake.input.conformers, CONFORMERS)
    chosen, wildcards = snakemake.params.settings["descriptors"], snakemake.wildcards
    engine = chosen["engine"]
    table, failures = describe_shard_3d(
        conformers, wildcards.protocol, int(wildcards.repeat), engine, chosen["partial_charges"]
    )
    write_table(table, snakemake.output.descriptors, DESCRIPTORS_3D)
    write_table(failures, snakemake.output.failures, FAILURES)
    logging.getLogger("confaug").info(
        "%d conformers of %d molecules described with the %s engine, %d remarks",
        *(table.num_rows, conformers.num_rows, engine, failures.num_rows),
    )


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
