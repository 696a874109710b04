"""Prove that nothing leaks between training and test, and show what a leak would pretend."""

import json
from pathlib import Path

import pyarrow as pa

from confaug.descriptors.names import NAMES_3D
from confaug.evaluation.errors import read_all, read_all_predictions, read_all_splits, replicate_of
from confaug.evaluation.leakage import check_leakage
from confaug.evaluation.row_splits import read_spread_rows, row_split_study, row_split_summary
from confaug.infrastructure.job import job_log
from confaug.molecules.splitting import source_rows
from confaug.tables.descriptors import DESCRIPTORS_2D
from confaug.tables.engine import read_table, write_json, write_table
from confaug.tables.evaluation import ROW_SPLIT_ERRORS
from confaug.tables.learning import FITS
from confaug.tables.molecules import LEDGER, MOLECULES


def main(snakemake):
    """Write the leakage, and the errors of row-wise splits beside the honest ones."""
    settings, inputs, output = snakemake.params.settings, snakemake.input, snakemake.output
    molecules = read_table(inputs.molecules, MOLECULES)
    bundles = {}
    for path in map(Path, inputs.bundles):  # .../{variant}/replicate-{replicate}/bundle/bundle.json
        replicate = replicate_of(path.parts[-3])
        bundles.setdefault(path.parts[-4], {})[replicate] = json.loads(path.read_text("utf-8"))
    splits = read_all_splits(inputs.splits)
    leakage = check_leakage(
        molecules,
        splits,
        read_all_predictions(inputs.predictions),
        read_all(inputs.fits, FITS),
        bundles,
        settings["splits"]["group_by"],
    )
    table = row_split_study(
        molecules,
        source_rows(read_table(inputs.ledger, LEDGER)),
        pa.concat_tables(read_table(path, DESCRIPTORS_2D) for path in inputs.descriptors_2d),
        read_spread_rows(inputs.augmented, NAMES_3D),
        splits[1],
        settings.get("evaluation", {}).get("published_row_splits", []),
    )
    leakage["row_splits"] = row_split_summary(table)
    write_table(table, output.row_splits, ROW_SPLIT_ERRORS)
    write_json(leakage, output.leakage)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
