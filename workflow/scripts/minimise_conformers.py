"""Minimise the conformers of one shard with the force field of one protocol."""

from confaug.config.protocols import Protocol
from confaug.config.settings.embedding import EmbeddingSettings
from confaug.conformers.shards import minimise_shard
from confaug.infrastructure.job import Job, job_log, spare_pandas
from confaug.tables.conformers import CONFORMERS
from confaug.tables.engine import read_table, write_table
from confaug.tables.failures import FAILURES
from confaug.tables.molecules import SHARD


def main(snakemake: Job) -> None:
    """Read the shard and its embedded conformers; write minimised ones and failures."""
    spare_pandas()
    conformers, failures = minimise_shard(
        read_table(snakemake.input.shard, SHARD),
        read_table(snakemake.input.starts, CONFORMERS),
        Protocol.named(snakemake.wildcards.protocol),
        int(snakemake.wildcards.repeat),
        EmbeddingSettings(**snakemake.params.settings["embedding"]),
        snakemake.threads,
    )
    write_table(conformers, snakemake.output.conformers, CONFORMERS)
    write_table(failures, snakemake.output.failures, FAILURES)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
