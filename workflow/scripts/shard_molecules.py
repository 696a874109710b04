"""Divide the molecules into shards and rewrite only the shards that changed."""

import logging

from confaug.infrastructure.job import Job, job_log
from confaug.molecules.feasibility import require_workable
from confaug.molecules.sharding import shard_molecules, shard_work, write_shards
from confaug.tables.engine import read_table
from confaug.tables.molecules import MOLECULES


def main(snakemake: Job) -> None:
    """Check that the study can work, write the shard files and their manifest."""
    require_workable(snakemake.input.molecules, snakemake.params.requirements)
    molecules = read_table(snakemake.input.molecules, MOLECULES)
    settings = snakemake.params.settings["shards"]
    shards = shard_molecules(molecules, settings["count"], settings["molecules"])
    work = shard_work(shards, molecules)
    changed = write_shards(shards, work, snakemake.output.manifest)
    logging.getLogger("confaug").info(
        "%d molecules in %d shards, %d of them new or changed",
        molecules.num_rows,
        len(shards),
        len(changed),
    )


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
