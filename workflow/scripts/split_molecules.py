"""Split the molecules into training part, test part and folds: one replicate."""

from confaug.infrastructure.job import Job, job_log
from confaug.molecules.splitting import split_molecules
from confaug.tables.engine import read_table, write_table
from confaug.tables.molecules import MOLECULES, SPLIT


def main(snakemake: Job) -> None:
    """Draw one replicate and write it."""
    settings = snakemake.params.settings["splits"]
    split = split_molecules(
        read_table(snakemake.input.molecules, MOLECULES),
        train=settings["train"],
        folds=settings["folds"],
        seed=settings["seed"],
        replicate=int(snakemake.wildcards.replicate),
    )
    write_table(split, snakemake.output.split, SPLIT)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
