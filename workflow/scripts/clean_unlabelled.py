"""Turn a table of SMILES without labels into unique molecules and a ledger of its rows."""

from pathlib import Path

from confaug.infrastructure.files import write_json
from confaug.infrastructure.job import Job, job_log
from confaug.molecules.cleaning import clean_molecules
from confaug.molecules.cleaning_messages import log_cleaning, log_reading
from confaug.molecules.cleaning_rules import CleaningRules
from confaug.molecules.reading.records import read_records
from confaug.prediction.origin import source_of
from confaug.tables.engine import write_table
from confaug.tables.molecules import LEDGER, MOLECULES


def main(snakemake: Job) -> None:
    """Clean the table as the study's was cleaned; it needs no labels, and may have none at all."""
    settings = snakemake.params.settings
    table = read_records(snakemake.input.table, settings["prediction"], section="prediction")
    log_reading(table)
    cleaning = {**settings["cleaning"], "unlabelled": "keep"}
    cleaned = clean_molecules(table.records, CleaningRules.of({**settings, "cleaning": cleaning}))
    log_cleaning(cleaned)
    output = snakemake.output
    write_table(cleaned.ledger, output.ledger, LEDGER)
    write_table(cleaned.molecules, output.molecules, MOLECULES)
    write_json(source_of(snakemake.input.table, Path(output.source).parent), output.source)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
