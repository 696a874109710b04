"""Draw the parity plot of one variant on one replicate."""

from confaug.infrastructure.job import job_log
from confaug.report.figures.parity import draw_parity, save_figure
from confaug.tables.engine import read_table
from confaug.tables.learning import METRICS, PREDICTIONS


def main(snakemake):
    """Draw cross-validation and held-out predictions against the labels."""
    averaged = snakemake.wildcards.variant == "consensus"
    figure = draw_parity(
        read_table(snakemake.input.predictions, PREDICTIONS),
        read_table(snakemake.input.metrics, METRICS),
        snakemake.params.settings["property"],
        deviation_over="the averaged variants" if averaged else "conformers",
    )
    save_figure(figure, snakemake.output.svg, snakemake.output.png)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
