"""Draw what conformers gained in all studies of the atlas."""

import json
from pathlib import Path

from confaug.atlas.figure import draw_gains
from confaug.infrastructure.job import Job, job_log
from confaug.report.figures.style import save_drawing, style
from confaug.tables.atlas import GAINS, STUDIES
from confaug.tables.engine import read_table


def main(snakemake: Job) -> None:
    """Draw the figure as SVG and PNG."""
    inputs, output = snakemake.input, snakemake.output
    summary = json.loads(Path(inputs.summary).read_text("utf-8"))
    gains, studies = read_table(inputs.gains, GAINS), read_table(inputs.studies, STUDIES)
    with style():
        drawing = draw_gains(gains, studies, summary)
    save_drawing(drawing, "What conformers gained", output.svg, output.png)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
