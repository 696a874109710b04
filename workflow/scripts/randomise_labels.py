"""Deal the labels of the training molecules out anew."""

from confaug.evaluation.y_randomisation import randomise_labels
from confaug.infrastructure.job import Job, job_log
from confaug.tables.engine import read_table, write_table
from confaug.tables.molecules import MOLECULES, SPLIT


def main(snakemake: Job) -> None:
    """Write the molecules with randomised training labels."""
    randomised = randomise_labels(
        read_table(snakemake.input.molecules, MOLECULES),
        read_table(snakemake.input.split, SPLIT),
        snakemake.params.settings["splits"]["seed"],
        int(snakemake.wildcards.randomisation),
    )
    write_table(randomised, snakemake.output.molecules, MOLECULES)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
