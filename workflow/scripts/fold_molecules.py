"""Put all labelled molecules into cross-validation folds, for the final model."""

from confaug.infrastructure.job import Job, job_log
from confaug.molecules.splitting import fold_all_molecules
from confaug.tables.engine import read_table, write_table
from confaug.tables.molecules import MOLECULES, SPLIT


def main(snakemake: Job) -> None:
    """Draw the folds and write them."""
    settings = snakemake.params.settings["splits"]
    molecules = read_table(snakemake.input.molecules, MOLECULES)
    split = fold_all_molecules(molecules, folds=settings["folds"], seed=settings["seed"])
    write_table(split, snakemake.output.split, SPLIT)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
