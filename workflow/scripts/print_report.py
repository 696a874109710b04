"""Print the report of a study as PDF."""

import logging

from confaug.infrastructure.job import Job, job_log
from confaug.report.printing import print_page

logger = logging.getLogger("confaug")


def main(snakemake: Job) -> None:
    """Print the page."""
    print_page(snakemake.input.html, snakemake.output.pdf)
    logger.info("printed %s", snakemake.input.html)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
