"""Merge the 3D descriptors into one table with one row per molecule."""

import logging

from confaug.job import job_log
from confaug.merging import merge_distribution
from confaug.tables import MOLECULES, read_table


def main(snakemake):
    """Stream the shards into the table."""
    molecules = read_table(snakemake.input.molecules, MOLECULES)
    count = merge_distribution(
        molecules,
        snakemake.input.descriptors_3d,
        snakemake.params.settings["protocols"],
        snakemake.output.table,
    )
    logging.getLogger("confaug").info("%d molecules", count)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
