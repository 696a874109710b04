"""Export the conformers of one molecule, of all protocols and repeats, as an SD file."""

import logging
from pathlib import Path

from confaug.conformers.store import write_sdf
from confaug.infrastructure.job import Job, job_log
from confaug.tables.conformers import CONFORMERS
from confaug.tables.engine import read_table


def main(snakemake: Job) -> None:
    """Collect the molecule from the conformer files and write it."""
    tables = (
        (path.parts[-3], int(path.parts[-2].removeprefix("repeat-")), read_table(path, CONFORMERS))
        for path in map(Path, snakemake.input.conformers)
    )
    wanted = [snakemake.wildcards.molecule]
    count = write_sdf(tables, snakemake.output.sdf, wanted)
    logging.getLogger("confaug").info("%d conformers written", count)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
