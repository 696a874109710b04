"""Turn a table of SMILES without labels into unique molecules and a ledger of its rows."""

import logging
from pathlib import Path

from confaug.infrastructure.files import write_json
from confaug.infrastructure.job import Job, job_log
from confaug.molecules.cleaning import clean_molecules
from confaug.molecules.cleaning_rules import CleaningRules
from confaug.molecules.reading.records import read_records
from confaug.molecules.verdicts import describe
from confaug.prediction.origin import source_of
from confaug.tables.engine import write_table
from confaug.tables.molecules import LEDGER, MOLECULES


def main(snakemake: Job) -> None:
    """Clean the table as the study's was cleaned; it needs no labels, and may have none at all."""
    logger = logging.getLogger("confaug")
    settings = snakemake.params.settings
    table = read_records(snakemake.input.table, settings["prediction"], section="prediction")
    for warning in table.warnings:
        logger.warning("WARNING: %s", warning)
    for remark in table.remarks:
        logger.info(remark)
    cleaning = {**settings["cleaning"], "unlabelled": "keep"}
    cleaned = clean_molecules(table.records, CleaningRules.of({**settings, "cleaning": cleaning}))
    for line in describe(cleaned):
        logger.info(line)
    output = snakemake.output
    write_table(cleaned.ledger, output.ledger, LEDGER)
    write_table(cleaned.molecules, output.molecules, MOLECULES)
    write_json(source_of(snakemake.input.table, Path(output.source).parent), output.source)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
