"""Assess which molecules lie in the applicability domain of the training molecules."""

import pyarrow as pa

from confaug.infrastructure.job import Job, job_log
from confaug.report.wording.domain import with_flags
from confaug.tables.descriptors import DESCRIPTORS_2D
from confaug.tables.engine import read_table, write_table
from confaug.tables.learning import PREDICTIONS
from confaug.tables.molecules import MOLECULES
from confaug.tables.trust import DOMAIN, NEIGHBOURS
from confaug.trust.domain_summary import judge_study


def main(snakemake: Job) -> None:
    """Write the flags of every molecule and its nearest training molecules."""
    inputs, output = snakemake.input, snakemake.output
    trust = judge_study(
        read_table(inputs.molecules, MOLECULES),
        pa.concat_tables(read_table(path, DESCRIPTORS_2D) for path in inputs.descriptors_2d),
        read_table(inputs.predictions, PREDICTIONS),
    )
    write_table(with_flags(trust.table), output.domain, DOMAIN)
    write_table(trust.neighbours, output.neighbours, NEIGHBOURS)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
