"""Write the page that shows the predictions next to the training range."""

from pathlib import Path

from confaug.files import write_text
from confaug.job import job_log
from confaug.prediction import load_predictor
from confaug.report.predictions import build_page
from confaug.tables import NEW_PREDICTIONS, read_table


def main(snakemake):
    """Read the predictions and build the page."""
    settings, inputs = snakemake.params.settings, snakemake.input
    predictor = load_predictor(Path(inputs.bundle).parent, settings["evaluation"]["coverage"])
    page = build_page(read_table(inputs.table, NEW_PREDICTIONS), predictor, settings["source"])
    write_text(page, snakemake.output.html)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
