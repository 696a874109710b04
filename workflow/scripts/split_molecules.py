"""Split the molecules into training part, test part and folds: one replicate."""

from confaug.job import job_log
from confaug.splitting import split_molecules
from confaug.tables import MOLECULES, SPLIT, read_table, write_table


def main(snakemake):
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


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
