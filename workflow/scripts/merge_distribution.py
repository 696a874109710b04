"""Merge the 3D descriptors into one table with one row per molecule."""

import logging

from confaug.config.protocols import Protocol
from confaug.descriptors.distribution import merge_distribution
from confaug.infrastructure.job import Job, job_log
from confaug.tables.engine import read_table
from confaug.tables.molecules import MOLECULES


def main(snakemake: Job) -> None:
    """Stream the shards into the table."""
    molecules = read_table(snakemake.input.molecules, MOLECULES)
    count = merge_distribution(
        molecules,
        snakemake.input.descriptors_3d,
        {name: Protocol.named(name) for name in snakemake.params.settings["protocols"]},
        snakemake.output.table,
    )
    logging.getLogger("confaug").info("%d molecules", count)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
