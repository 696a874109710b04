"""Calculate the columns of one kind for the molecules of one shard."""

from functools import partial

from confaug.descriptors.describe_2d import describe_shard_2d
from confaug.descriptors.molecule_kinds import columns_of, describe_shard
from confaug.infrastructure.job import Job, job_log
from confaug.tables.engine import read_table, write_table
from confaug.tables.failures import FAILURES
from confaug.tables.molecules import SHARD


def main(snakemake: Job) -> None:
    """Read the shard, describe its molecules and write columns and failures."""
    kind, settings = snakemake.wildcards.kind, snakemake.params.settings["descriptors"]
    described, failures = describe_shard(
        kind,
        read_table(snakemake.input.shard, SHARD),
        settings["seconds_per_molecule_2d"],
        partial(describe_shard_2d, engine=settings["engine"]),
    )
    write_table(described, snakemake.output.descriptors, columns_of(kind).table)
    write_table(failures, snakemake.output.failures, FAILURES)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
