"""Draw the parity plot of one variant on one replicate."""

from confaug.config.roles import CONSENSUS, CONSENSUS_2D, RECOMMENDED
from confaug.infrastructure.job import Job, job_log
from confaug.report.figures.catalog import FIGURES
from confaug.report.figures.parity import draw_variant_parity
from confaug.report.figures.style import save_drawing
from confaug.report.quantity import Quantity
from confaug.tables.engine import read_table
from confaug.tables.learning import METRICS, PREDICTIONS

#: What the deviation of a prediction is over, where it is not over conformers alone.
DEVIATION_OVER = {
    **dict.fromkeys((CONSENSUS, CONSENSUS_2D), "the averaged variants"),
    RECOMMENDED: "conformers or averaged variants",
}


def main(snakemake: Job) -> None:
    """Draw out-of-fold and held-out predictions against the labels."""
    output = snakemake.output
    drawing = draw_variant_parity(
        read_table(snakemake.input.predictions, PREDICTIONS),
        read_table(snakemake.input.metrics, METRICS),
        Quantity.from_config(snakemake.params.settings["property"]),
        deviation_over=DEVIATION_OVER.get(snakemake.wildcards.variant, "conformers"),
    )
    save_drawing(drawing, FIGURES["parity"].title, output.svg, output.png)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
