"""Prove that nothing leaks between training and test, and show what a leak would pretend."""

import json
from pathlib import Path

import pyarrow as pa

from confaug import comparison, leakage, tables
from confaug.job import job_log
from confaug.mordred_names import NAMES_3D
from confaug.splitting import source_rows


def main(snakemake):
    """Write the certificate, and the errors of row-wise splits beside the honest ones."""
    settings, inputs, output = snakemake.params.settings, snakemake.input, snakemake.output
    molecules = tables.read_table(inputs.molecules, tables.MOLECULES)
    bundles = {}
    for path in map(Path, inputs.bundles):  # .../{variant}/replicate-{replicate}/bundle/bundle.json
        replicate = comparison.replicate_of(path.parts[-3])
        bundles.setdefault(path.parts[-4], {})[replicate] = json.loads(path.read_text("utf-8"))
    splits = comparison.read_all_splits(inputs.splits)
    certificate = leakage.prove_no_leakage(
        molecules,
        splits,
        comparison.read_all_predictions(inputs.predictions),
        comparison.read_all(inputs.fits, tables.FITS),
        bundles,
        settings["splits"]["group_by"],
    )
    table = leakage.row_split_study(
        molecules,
        source_rows(tables.read_table(inputs.ledger, tables.LEDGER)),
        pa.concat_tables(
            tables.read_table(path, tables.DESCRIPTORS_2D) for path in inputs.descriptors_2d
        ),
        leakage.read_spread_rows(inputs.augmented, NAMES_3D),
        splits[1],
        settings.get("evaluation", {}).get("published_row_splits", []),
    )
    certificate["row_splits"] = leakage.row_split_summary(table)
    tables.write_table(table, output.row_splits, tables.ROW_SPLIT_ERRORS)
    tables.write_json(certificate, output.certificate)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
