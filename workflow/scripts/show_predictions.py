"""Write the page that shows the predictions next to the training range."""

import logging
from pathlib import Path

from confaug.infrastructure.files import write_text
from confaug.infrastructure.job import Job, job_log
from confaug.prediction.predictor import load_predictor
from confaug.report.predictions import build_page
from confaug.report.wording.recommendation import NO_BETTER_THAN_CONSTANT
from confaug.tables.engine import read_table
from confaug.tables.prediction import MEASURE_NEXT, NEW_PREDICTIONS


def main(snakemake: Job) -> None:
    """Read the predictions and build the page."""
    settings, inputs = snakemake.params.settings, snakemake.input
    predictor = load_predictor(
        Path(inputs.bundle).parent, settings["evaluation"]["interval_coverage"]
    )
    page = build_page(
        read_table(inputs.table, NEW_PREDICTIONS),
        predictor,
        settings["source"],
        ranking=read_table(inputs.ranking, MEASURE_NEXT),
        wanted=settings["wanted"],
    )
    write_text(page, snakemake.output.html)
    if predictor.bundle.description.is_doubtful:
        logging.getLogger("confaug").warning(NO_BETTER_THAN_CONSTANT)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
