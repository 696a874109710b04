"""Export the predictions with drawn structures as an SD file."""

import logging

from confaug.infrastructure.job import Job, job_log
from confaug.prediction.sd_file import write_predictions_sdf
from confaug.tables.engine import read_in_pieces
from confaug.tables.prediction import NEW_PREDICTIONS


def main(snakemake: Job) -> None:
    """Write one record for every predicted row."""
    pieces = read_in_pieces(snakemake.input.table, NEW_PREDICTIONS)
    count = write_predictions_sdf(pieces, snakemake.output.sdf)
    logging.getLogger("confaug").info("%d predictions written", count)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
