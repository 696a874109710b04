"""Write the page that draws monomers, their repeat units and what is modelled."""

from confaug.infrastructure.files import write_text
from confaug.infrastructure.job import Job, job_log
from confaug.report.polymers import build_page
from confaug.tables.engine import read_table
from confaug.tables.molecules import LEDGER, MOLECULES


def main(snakemake: Job) -> None:
    """Read molecules and ledger, and build the page."""
    settings, inputs = snakemake.params.settings, snakemake.input
    page = build_page(
        read_table(inputs.molecules, MOLECULES),
        read_table(inputs.ledger, LEDGER),
        settings["cleaning"],
        settings["property"],
    )
    write_text(page, snakemake.output.html)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
