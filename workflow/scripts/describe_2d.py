"""Calculate the 2D descriptors of the molecules of one shard."""

from confaug.descriptors.describe_2d import describe_shard_2d
from confaug.infrastructure.job import Job, job_log
from confaug.tables.descriptors import DESCRIPTORS_2D
from confaug.tables.engine import read_table, write_table
from confaug.tables.failures import FAILURES
from confaug.tables.molecules import SHARD


def main(snakemake: Job) -> None:
    """Read the shard, describe its molecules and write descriptors and failures."""
    shard = read_table(snakemake.input.shard, SHARD)
    settings = snakemake.params.settings["descriptors"]
    descriptors, failures = describe_shard_2d(
        shard, settings["seconds_per_molecule_2d"], settings["engine"]
    )
    write_table(descriptors, snakemake.output.descriptors, DESCRIPTORS_2D)
    write_table(failures, snakemake.output.failures, FAILURES)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
