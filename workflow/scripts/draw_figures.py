"""Draw the figures of a study, each as one SVG file."""

import logging

from confaug.infrastructure.files import write_text
from confaug.infrastructure.job import Job, job_log
from confaug.report.figures.drawing import draw_figure
from confaug.report.results import read_results

logger = logging.getLogger("confaug")


def main(snakemake: Job) -> None:
    """Draw every figure that is named among the outputs."""
    settings = snakemake.params.settings
    results = read_results(
        dict(snakemake.input.items()), settings["property"], settings.get("main")
    )
    for name, path in snakemake.output.items():
        write_text(draw_figure(name, results), path)
        logger.info("drew %s", name)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
