"""Measure the apparent error under row-wise splits, beside that of splits by molecule."""

import pyarrow as pa

from confaug.descriptors.names import NAMES_3D
from confaug.evaluation.row_split_study import read_spread_rows, row_split_study
from confaug.infrastructure.job import Job, job_log
from confaug.molecules.ledger import source_rows
from confaug.tables.descriptors import DESCRIPTORS_2D
from confaug.tables.engine import read_table, write_table
from confaug.tables.evaluation import ROW_SPLIT_ERRORS
from confaug.tables.molecules import LEDGER, MOLECULES, SPLIT


def main(snakemake: Job) -> None:
    """Write the errors of both kinds of splits, by draw."""
    settings, inputs = snakemake.params.settings, snakemake.input
    table = row_split_study(
        read_table(inputs.molecules, MOLECULES),
        source_rows(read_table(inputs.ledger, LEDGER)),
        pa.concat_tables(read_table(path, DESCRIPTORS_2D) for path in inputs.descriptors_2d),
        read_spread_rows(inputs.augmented, NAMES_3D),
        read_table(inputs.split, SPLIT),
        settings["evaluation"]["published_row_splits"],
    )
    write_table(table, snakemake.output.row_splits, ROW_SPLIT_ERRORS)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
