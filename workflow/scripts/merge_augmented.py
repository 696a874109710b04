"""Merge labels, 2D and 3D descriptors into one table with one row per conformer."""

import logging

from confaug.job import job_log
from confaug.merging import merge_augmented
from confaug.tables import MOLECULES, read_table


def main(snakemake):
    """Stream the shards into the table."""
    molecules = read_table(snakemake.input.molecules, MOLECULES)
    count = merge_augmented(
        molecules,
        snakemake.input.descriptors_2d,
        snakemake.input.descriptors_3d,
        snakemake.output.table,
    )
    logging.getLogger("confaug").info("%d rows of %d molecules", count, molecules.num_rows)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
