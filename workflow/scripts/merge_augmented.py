"""Merge labels and 3D descriptors into one table with one row per conformer."""

import logging
from pathlib import Path

from confaug.descriptors.augmented import merge_augmented
from confaug.infrastructure.job import Job, job_log
from confaug.tables.engine import read_table
from confaug.tables.molecules import MOLECULES, SHARD


def main(snakemake: Job) -> None:
    """Stream the shards into the table."""
    molecules = read_table(snakemake.input.molecules, MOLECULES)
    shards = {
        Path(path).stem: read_table(path, SHARD)["molecule"].to_pylist()
        for path in snakemake.input.shards
    }
    count = merge_augmented(
        molecules, shards, snakemake.input.descriptors_3d, snakemake.output.table
    )
    logging.getLogger("confaug").info("%d rows of %d molecules", count, molecules.num_rows)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
