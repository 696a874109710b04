"""Rank the new molecules that are worth measuring next."""

import logging
from pathlib import Path

from confaug.infrastructure.job import Job, job_log
from confaug.prediction.bundle_files import read_description
from confaug.prediction.measure_next import (
    Background,
    choose_criterion,
    rank_to_measure,
    read_structures,
)
from confaug.report.wording.measure_next import with_reasons
from confaug.tables.engine import read_in_pieces, write_table
from confaug.tables.prediction import MEASURE_NEXT, NEW_PREDICTIONS


def main(snakemake: Job) -> None:
    """Read the predictions piece by piece, and write the ranking with its reasons."""
    settings, inputs = snakemake.params.settings, snakemake.input
    ranking = rank_to_measure(
        read_in_pieces(inputs.table, NEW_PREDICTIONS),
        read_structures(inputs.shards),
        Background.of(read_description(Path(inputs.bundle).parent)),
        choose_criterion(settings["prediction"]["measure_next"], settings["wanted"]),
        settings["wanted"],
    )
    write_table(with_reasons(ranking), snakemake.output.ranking, MEASURE_NEXT)
    logging.getLogger("confaug").info("%d molecules ranked", ranking.num_rows)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
